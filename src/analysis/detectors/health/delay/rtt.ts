// Round trip time: paths that are long, or have become long.

import { type HealthSignal, healthMoment } from '../../../../core/index.ts';
import { defineDetector, seconds, share } from '../../detector.ts';
import { aboutFlow, millis } from '../flow-words.ts';

export const rtt = defineDetector({
  name: 'perf.rtt',
  title: 'Long round trip',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'Each question and answer waits for the path: many small steps become slow, whatever the bandwidth.',
  benign: 'Far continents, satellites and mobile networks are that far away.',
  next: 'See which side of the capture is slow, and whether the way there has changed (traceroute).',
  options: {
    warnSec: seconds(0.25, 'Round trip without queues, told from'),
    majorSec: seconds(1, 'Round trip without queues, low from'),
    stepShare: share(0.5, 'Growth of the round trip in the middle of a flow'),
    stepSec: seconds(0.02, 'Such growth at the least'),
  },
  open: ({ options, raise }) => ({
    health(s: HealthSignal): void {
      if (s.moment !== healthMoment.ended && s.moment !== healthMoment.alive) return;
      const server = Math.max(0, s.serverBaseUs);
      const client = Math.max(0, s.clientBaseUs);
      const baseUs = server + client;
      const grownUs = s.beforeStepUs < 0 ? 0 : baseUs - s.beforeStepUs;
      const hasStep = grownUs >= options.stepSec * 1e6 && grownUs >= options.stepShare * s.beforeStepUs;
      // Where the handshake was not seen, a few samples may hold an application's time.
      const isLong = baseUs >= options.warnSec * 1e6 && (s.samples >= 8 || s.flow.handshakeRttUs >= 0);
      const isMajor = baseUs >= options.majorSec * 1e6 && s.samples >= 8 && s.flow.handshakeRttUs >= 0;
      if (!isLong && !hasStep) return;
      const about = aboutFlow(s);
      const legs = `${millis(server)} to the server and back, ${millis(client)} to the client`;
      raise({
        ...about,
        severity: isMajor ? 'low' : 'info',
        observed: baseUs / 1e6,
        threshold: options.warnSec,
        unit: 'sec',
        ...(hasStep ? { expected: s.beforeStepUs / 1e6 } : {}),
        explain: hasStep
          ? `${about.key}: the round trip rose from ${millis(s.beforeStepUs)} to ${millis(baseUs)} and stayed there.`
          : `${about.key}: a round trip takes ${millis(baseUs)} at the least (${legs}), limit ${millis(options.warnSec * 1e6)}.`,
      });
    },
  }),
});
