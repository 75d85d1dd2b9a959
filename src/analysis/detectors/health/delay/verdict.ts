// The verdict on a slow flow: what it waited for, as shares of its time in one sentence (PERF-CLASS).

import { type HealthSignal, healthMoment, wait, waits } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { aboutFlow } from '../flow-words.ts';

export const verdict = defineDetector({
  name: 'perf.verdict',
  title: 'What a slow flow waited for',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'Names the bottleneck: server, client, receiver, loss, queues, bandwidth, the path, or this capture.',
  benign: 'Waiting is no fault where nobody waits in front of a screen.',
  next: 'Look first where the largest share is.',
  options: {
    waitSec: seconds(3, 'Time that a flow waited for anything but its client'),
    segments: count(20, 'Data segments at the least'),
  },
  open: ({ options, raise }) => ({
    health(s: HealthSignal): void {
      if (s.moment !== healthMoment.ended && s.moment !== healthMoment.alive) return;
      const waitUs = s.totalUs - s.waitedUs[wait.client];
      if (s.verdict < 0 || s.verdict === wait.client || waitUs < options.waitSec * 1e6) return;
      if (s.isDoubled || s.oSegments + s.rSegments < options.segments) return;
      const about = aboutFlow(s);
      raise({
        ...about,
        observed: waitUs / 1e6,
        threshold: options.waitSec,
        unit: 'sec',
        explain: `${about.key} (${waits[s.verdict].replaceAll('_', ' ')}): ${s.sentence}`,
      });
    },
  }),
});
