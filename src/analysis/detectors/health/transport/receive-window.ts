// Receive window: transfers that a receiver's window holds back, with no loss and no full buffer.

import { type HealthSignal, healthMoment, wait } from '../../../../core/index.ts';
import { count, defineDetector, seconds, share } from '../../detector.ts';
import { grouped, percent, span } from '../../wording.ts';
import { aboutFlow, millis } from '../flow-words.ts';

export const receiveWindow = defineDetector({
  name: 'perf.receive-window',
  title: 'Receive window too small',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'A transfer can move no more than one window in each round trip, however fast the path is.',
  benign: 'Small devices keep small windows; a player that reads at its own pace holds its window back on purpose.',
  next: 'A window of bandwidth times round trip would not hold the path back: see buffer sizes and window scaling of the receiver.',
  options: {
    waitShare: share(0.3, 'Part of its time that the flow waited for the window'),
    waitSec: seconds(1, 'Such time at the least'),
    segments: count(20, 'Data segments at the least'),
  },
  open: ({ options, raise }) => ({
    health(s: HealthSignal): void {
      if (s.moment !== healthMoment.ended && s.moment !== healthMoment.alive) return;
      const us = s.waitedUs[wait.receiverWindow];
      const busyUs = s.totalUs - s.waitedUs[wait.client] - s.waitedUs[wait.server];
      const segments = s.oSegments + s.rSegments;
      if (us < options.waitSec * 1e6 || us < options.waitShare * busyUs || segments < options.segments) return;
      // A window that is shut is another matter: perf.zero-window.
      if ((s.oShutUs + s.rShutUs) * 2 > us || (s.oRepeated + s.rRepeated) * 50 > segments) return;
      const about = aboutFlow(s);
      const isDownload = s.rSegments > s.oSegments;
      const window = isDownload ? s.oWindow : s.rWindow;
      const rttUs = Math.max(0, s.serverRttUs) + Math.max(0, s.clientRttUs);
      const most = window > 0 && rttUs > 0 ? `: ${grouped(window)} bytes in ${millis(rttUs)}` : '';
      raise({
        ...about,
        observed: us / busyUs,
        threshold: options.waitShare,
        unit: 'share of time',
        explain: `${about.key}: for ${percent(us / busyUs)} of the transfer (${span(us)}) the window of ${isDownload ? about.sources[0] : about.targets[0]} was full${most}.`,
      });
    },
  }),
});
