// Packets that the capture missed: acknowledgments of bytes that were never seen (Zeek's capture-loss).

import { count, defineDetector, seconds, share } from '../../detector.ts';
import { grouped, percent, span } from '../../wording.ts';
import { captureQuality } from './quality.ts';

export const loss = defineDetector({
  name: 'capture.loss',
  title: 'The capture misses packets',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'What is missing cannot be judged: attacks go unseen, and streams have holes.',
  benign: 'It says something of the capture, and of no host.',
  next: 'Give the capture a larger buffer, more workers or a filter; see whether the mirror port is overloaded.',
  options: {
    share: share(0.1, 'Segments that acknowledge what was not captured, of all in `windowSec`'),
    segments: count(100, 'TCP segments needed to tell'),
    windowSec: seconds(900, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, capture, raise } = around;
    captureQuality(around);
    let fromSec = Number.NEGATIVE_INFINITY;
    let fromUs = 0;
    let segmentsBefore = 0;
    let unseenBefore = 0;
    let told = 0;
    const look = (): void => {
      const segments = capture.segments - segmentsBefore;
      const unseen = capture.ackedUnseen - unseenBefore;
      if (segments < options.segments || unseen < options.share * segments || unseen < told * 2) return;
      told = unseen;
      raise({
        key: 'capture',
        sources: [],
        targets: [],
        observed: unseen,
        threshold: Math.ceil(options.share * segments),
        unit: 'segments',
        firstUs: fromUs,
        count: unseen,
        explain: `${grouped(unseen)} of ${grouped(segments)} TCP segments (${percent(unseen / segments)}) in ${span(now.timeUs - fromUs)} acknowledge bytes that were not captured.`,
        filter: 'tcp.analysis.ack_lost_segment',
      });
    };
    return {
      tick(sec: number): void {
        look();
        if (sec - fromSec <= options.windowSec) return;
        fromSec = sec;
        fromUs = now.timeUs;
        segmentsBefore = capture.segments;
        unseenBefore = capture.ackedUnseen;
        told = 0;
      },
      end: look,
    };
  },
});
