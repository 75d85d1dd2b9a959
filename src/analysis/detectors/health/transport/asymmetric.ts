// Asymmetric capture: only one direction of conversations comes by here, so half of all measurements are missing.

import { type FlowSignal, ipProto, moment, tcpFlag } from '../../../../core/index.ts';
import { count, defineDetector, share } from '../../detector.ts';
import { grouped, percent } from '../../wording.ts';

/** Packets of one side that belong to a conversation under way, not to an attempt. */
const leastPackets = 3;

export const asymmetric = defineDetector({
  name: 'perf.asymmetric',
  title: 'Only one direction is captured',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning:
    'Round trips, response times and many detectors need both directions; here half of the conversations lack one.',
  benign: 'A mirror port that copies one direction only, or ways there and back over different links.',
  next: 'Mirror both directions, or capture where both ways come together.',
  options: {
    flowShare: share(0.5, 'TCP conversations of which only one direction was seen'),
    flows: count(10, 'TCP conversations at the least'),
  },
  open: ({ options, raise }) => {
    let whole = 0;
    let half = 0;
    let raised = 0;
    return {
      moments: moment.ended,
      flow(s: FlowSignal): void {
        if (s.proto !== ipProto.tcp || ((s.oFlags | s.rFlags) & tcpFlag.ack) === 0) return;
        if (s.oPackets > 0 && s.rPackets > 0) {
          whole++;
          return;
        }
        const flags = s.oFlags | s.rFlags;
        if (s.oPackets + s.rPackets < leastPackets || (flags & tcpFlag.rst) !== 0) return;
        half++;
        const seen = half / (half + whole);
        if (half + whole < options.flows || seen < options.flowShare || half < 2 * raised) return;
        raised = half;
        raise({
          key: 'capture',
          sources: [],
          targets: [],
          observed: seen,
          threshold: options.flowShare,
          unit: 'share of conversations',
          count: half,
          explain: `Of ${grouped(half + whole)} TCP conversations ${grouped(half)} (${percent(seen)}) were seen in one direction only.`,
          filter: 'tcp',
        });
      },
    };
  },
});
