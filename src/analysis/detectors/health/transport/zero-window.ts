// Zero window: a receiver that takes no more (RFC 9293 §3.8.6.1) for longer than an instant.

import { type HealthSignal, healthMoment } from '../../../../core/index.ts';
import { defineDetector, seconds, share } from '../../detector.ts';
import { span } from '../../wording.ts';
import { aboutFlow } from '../flow-words.ts';

export const zeroWindow = defineDetector({
  name: 'perf.zero-window',
  title: 'Receiver takes nothing',
  version: 1,
  severity: 'low',
  mitre: null,
  meaning: 'A receive buffer is full because its application does not read: the network is not to blame.',
  benign: 'Printers and players that are full on purpose, downloads that a user paused.',
  next: 'Look at the receiver: what its application does, its disk, its processor.',
  options: {
    stallSec: seconds(0.2, 'Time that a window is shut at once'),
    flowShare: share(0.01, 'Part of the flow’s time that windows were shut'),
  },
  open: ({ options, raise }) => ({
    health(s: HealthSignal): void {
      const shutUs = s.oShutUs + s.rShutUs;
      const isStall = s.moment === healthMoment.stall && s.waitUs >= options.stallSec * 1e6;
      const isLong =
        s.moment === healthMoment.ended &&
        shutUs >= options.stallSec * 1e6 &&
        shutUs >= options.flowShare * (s.flow.lastUs - s.flow.firstUs);
      if (!isStall && !isLong) return;
      const about = aboutFlow(s);
      const isOrigin = isStall ? s.isOriginStalled : s.oShutUs > s.rShutUs;
      const who = isOrigin ? about.sources[0] : about.targets[0];
      const us = Math.max(isStall ? s.waitUs : 0, shutUs);
      raise({
        ...about,
        sources: [who],
        targets: [isOrigin ? about.targets[0] : about.sources[0]],
        observed: us / 1e6,
        threshold: options.stallSec,
        unit: 'sec',
        explain: `${about.key}: ${who} kept its receive window shut for ${span(us)}, limit ${span(options.stallSec * 1e6)}.`,
        filter: `${about.filter} && tcp.window_size == 0`,
      });
    },
  }),
});
