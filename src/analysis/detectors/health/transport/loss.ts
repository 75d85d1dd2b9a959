// Loss, and on which side of the capture: a hole that is filled later was lost before us, what we saw and see again after.

import { count, defineDetector, share } from '../../detector.ts';
import { ofSegments, watchShare } from './segment-share.ts';

export const loss = defineDetector({
  name: 'perf.loss',
  title: 'Packet loss',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'Segments vanish on the way: TCP halves its rate each time.',
  benign: 'Where the capture itself drops packets, holes look like loss before it.',
  next: 'Loss before the capture point is on the side of the sender, loss after it on the side of the receiver.',
  options: {
    warnShare: share(0.01, 'Lost segments, told from'),
    segments: count(100, 'Data segments from which a share counts'),
  },
  open: (around) => {
    const { options } = around;
    return watchShare(
      around,
      {
        warn: options.warnShare,
        minor: 1,
        major: 1,
        segments: options.segments,
        someSegments: Number.POSITIVE_INFINITY,
        manySegments: Number.POSITIVE_INFINITY,
        least: 5,
      },
      {
        part: (s) => Math.max(s.oLost + s.rLost, s.oRepeated + s.rRepeated),
        whole: (s) => s.oSegments + s.rSegments,
        unit: 'share of segments',
        words: (part, whole) => `${ofSegments(part, whole)} were lost on the way`,
        against: (s) =>
          `in the latest flow ${s.oLost + s.rLost} holes (before the capture), ${s.oRepeated + s.rRepeated} sent again (mostly after it)`,
      },
    );
  },
});
