// Duplicate ACKs: receivers that ask again and again for the same byte (RFC 5681 §2).

import { count, defineDetector, share } from '../../detector.ts';
import { ofSegments, watchShare } from './segment-share.ts';

export const duplicateAcks = defineDetector({
  name: 'perf.duplicate-acks',
  title: 'Many duplicate ACKs',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'A receiver misses segments and says so with each one that comes after: they are lost or out of order.',
  benign: 'Paths that reorder packets, and captures that see packets twice, give duplicate ACKs without any loss.',
  next: 'Compare with perf.loss and perf.out-of-order of the same path.',
  options: {
    warnShare: share(0.05, 'Duplicate ACKs per data segment, told from'),
    segments: count(100, 'Data segments from which a share counts'),
    acks: count(10, 'Duplicate ACKs at the least'),
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
        least: options.acks,
      },
      {
        // Without a run of three, nobody would repeat anything for them.
        part: (s) => (s.oDuplicateRuns + s.rDuplicateRuns === 0 ? 0 : s.oDuplicateAcks + s.rDuplicateAcks),
        whole: (s) => s.oSegments + s.rSegments,
        unit: 'per data segment',
        words: (part, whole) => `duplicate ACKs for ${ofSegments(part, whole)}`,
      },
    );
  },
});
