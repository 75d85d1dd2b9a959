// A capture of one direction only: many TCP connections of which one side never speaks, though it must have.

import { type FlowSignal, ipProto, moment, tcpFlag } from '../../../../core/index.ts';
import { count, defineDetector, share } from '../../detector.ts';
import { counted, percent } from '../../wording.ts';
import { captureQuality } from './quality.ts';

/** A side that answers somebody: it acknowledges, in more than one packet. */
const speaks = (packets: number, flags: number): boolean => packets >= 2 && (flags & tcpFlag.ack) !== 0;

export const asymmetry = defineDetector({
  name: 'capture.one-sided',
  title: 'The capture sees one direction only',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning:
    'Without answers nobody can tell whether connections succeed: scans, floods and losses are judged with less certainty.',
  benign: 'It says something of the capture, and of no host: routes that differ by direction, half of a mirror.',
  next: 'Capture where both directions pass, or join the captures of both ways.',
  options: {
    share: share(0.5, 'TCP connections of which one side was seen, of those that ended'),
    flows: count(10, 'Ended connections needed to tell'),
  },
  open: (around) => {
    const { options, raise } = around;
    const quality = captureQuality(around);
    let told = 0;
    return {
      moments: moment.ended,
      flow(s: FlowSignal): void {
        if (s.proto !== ipProto.tcp) return;
        const isOriginator = speaks(s.oPackets, s.oFlags);
        const isResponder = speaks(s.rPackets, s.rFlags);
        if (s.oPackets > 0 && s.rPackets > 0) {
          quality.twoSided++;
          return;
        }
        if (!isOriginator && !isResponder) return;
        const one = ++quality.oneSided;
        const all = one + quality.twoSided;
        if (all < options.flows || one < options.share * all || one < told * 2) return;
        told = one;
        raise({
          key: 'capture',
          sources: [],
          targets: [],
          observed: one,
          threshold: Math.ceil(options.share * all),
          unit: 'connections',
          count: one,
          explain: `Of ${one} of ${counted(all, 'TCP connection')} (${percent(one / all)}) only one side was captured.`,
          filter: 'tcp',
        });
      },
    };
  },
});
