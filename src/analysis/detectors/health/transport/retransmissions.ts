// Retransmissions: data segments sent again (RFC 6298, RFC 5681 §3.2), as a share and as silence after several in a row.

import { type HealthSignal, healthMoment } from '../../../../core/index.ts';
import { count, defineDetector, share } from '../../detector.ts';
import { aboutFlow } from '../flow-words.ts';
import { ofSegments, watchShare } from './segment-share.ts';

export const retransmissions = defineDetector({
  name: 'perf.retransmissions',
  title: 'Many retransmissions',
  version: 1,
  severity: 'low',
  mitre: null,
  meaning: 'What is lost has to be sent again: each time costs a round trip or a timeout, and throughput falls.',
  benign: 'Wireless links lose some; a host that was switched off or moved leaves repetitions behind.',
  next: 'See on which side of the capture the segments are lost (perf.loss), and whether other paths of that side lose too.',
  options: {
    warnShare: share(0.02, 'Repeated data segments, told from'),
    minorShare: share(0.05, 'Repeated data segments, low from'),
    majorShare: share(0.15, 'Repeated data segments, medium from'),
    segments: count(50, 'Data segments from which a share counts'),
    someSegments: count(150, 'Data segments from which it may be low'),
    manySegments: count(400, 'Data segments from which it may be medium'),
    inRow: count(4, 'Repetitions of one segment without an answer'),
    longRow: count(6, 'Repetitions in a row from which it is low: about a quarter of a minute'),
  },
  open: (around) => {
    const { options, raise } = around;
    const shares = watchShare(
      around,
      {
        warn: options.warnShare,
        minor: options.minorShare,
        major: options.majorShare,
        segments: options.segments,
        someSegments: options.someSegments,
        manySegments: options.manySegments,
        least: 3,
      },
      {
        part: (s) => s.oRepeated + s.rRepeated,
        whole: (s) => s.oSegments + s.rSegments,
        unit: 'share of segments',
        words: (part, whole) => `${ofSegments(part, whole)} were sent again`,
      },
    );
    return {
      health(s: HealthSignal): void {
        shares.health?.(s);
        const inRow = Math.max(s.oUnanswered, s.rUnanswered);
        if (s.isDoubled || inRow < options.inRow || s.moment !== healthMoment.ended) return;
        const about = aboutFlow(s);
        const who = s.oUnanswered >= s.rUnanswered ? about.targets[0] : about.sources[0];
        raise({
          ...about,
          observed: inRow,
          threshold: options.inRow,
          unit: 'repetitions in a row',
          count: s.oRepeated + s.rRepeated,
          // A host that was there before and is no longer: usual at the end of a conversation of a mobile one.
          severity: s.samples > 0 || inRow < options.longRow ? 'info' : 'low',
          explain: `${about.key}: a segment was sent again ${inRow === 7 ? '7 or more' : inRow} times in a row, and ${who} acknowledged none of them.`,
        });
      },
    };
  },
});
