// Out of order: segments that come later than those sent after them (RFC 4737).

import { count, defineDetector, share } from '../../detector.ts';
import { ofSegments, watchShare } from './segment-share.ts';

export const outOfOrder = defineDetector({
  name: 'perf.out-of-order',
  title: 'Segments out of order',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'Receivers take reordering for loss, and senders slow down for nothing.',
  benign: 'Captures of several queues or interfaces that were merged may hold packets in another order than they went.',
  next: 'Look for links that are bundled packet by packet, and for merged captures.',
  options: {
    warnShare: share(0.03, 'Segments out of order, told from'),
    segments: count(100, 'Data segments from which a share counts'),
  },
  open: (around) => {
    const { options } = around;
    return watchShare(
      around,
      {
        warn: options.warnShare,
        minor: Number.POSITIVE_INFINITY,
        major: Number.POSITIVE_INFINITY,
        segments: options.segments,
        someSegments: Number.POSITIVE_INFINITY,
        manySegments: Number.POSITIVE_INFINITY,
        least: 5,
      },
      {
        part: (s) => s.oOutOfOrder + s.rOutOfOrder,
        whole: (s) => s.oSegments + s.rSegments,
        unit: 'share of segments',
        words: (part, whole) => `${ofSegments(part, whole)} came out of order`,
      },
    );
  },
});
