// Bufferbloat: round trips that grow under load because a queue on the way fills up (RFC 7567 §1.2).

import { type HealthSignal, healthMoment } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { aboutFlow, millis } from '../flow-words.ts';

export const bufferbloat = defineDetector({
  name: 'perf.bufferbloat',
  title: 'Queues fill under load',
  version: 1,
  severity: 'low',
  mitre: null,
  meaning: 'A transfer fills a large buffer in front of the narrowest link, and everyone else on it waits behind.',
  benign: 'Mobile networks and satellites buffer much; a receiver that holds back its ACKs looks alike.',
  next: 'Use queue management (fq_codel, CAKE) at the narrowest link, or limit the transfer below its speed.',
  options: {
    growthSec: seconds(0.1, 'Growth of the round trip under load'),
    factor: count(4, 'Times the round trip without load'),
    segments: count(60, 'Data segments at the least'),
    samples: count(8, 'Round trips measured at the least'),
  },
  open: ({ options, raise }) => ({
    health(s: HealthSignal): void {
      if (s.moment !== healthMoment.ended && s.moment !== healthMoment.alive) return;
      if (s.samples < options.samples) return;
      const isUp = s.serverTopUs - s.serverBaseUs >= s.clientTopUs - s.clientBaseUs;
      const baseUs = Math.max(1, Math.max(0, s.serverBaseUs) + Math.max(0, s.clientBaseUs));
      const growthUs = isUp ? s.serverTopUs - s.serverBaseUs : s.clientTopUs - s.clientBaseUs;
      if (growthUs < options.growthSec * 1e6 || baseUs + growthUs < options.factor * baseUs) return;
      if ((isUp ? s.oSegments : s.rSegments) < options.segments) return;
      const about = aboutFlow(s);
      raise({
        ...about,
        observed: (baseUs + growthUs) / 1e6,
        threshold: (options.factor * baseUs) / 1e6,
        unit: 'sec',
        expected: baseUs / 1e6,
        explain: `${about.key}: under load the round trip rose from ${millis(baseUs)} to ${millis(baseUs + growthUs)}, on the way to the ${isUp ? 'server' : 'client'}.`,
      });
    },
  }),
});
