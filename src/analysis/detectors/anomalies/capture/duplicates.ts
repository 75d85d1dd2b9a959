// Packets that were captured twice: two taps on one way, or a mirror port that shows both directions of a port. Every
// repetition then looks like one of the network.

import { count, defineDetector, share } from '../../detector.ts';
import { grouped, percent } from '../../wording.ts';
import { captureQuality } from './quality.ts';

export const duplicates = defineDetector({
  name: 'capture.duplicates',
  title: 'Packets captured twice',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'Counts are too high and repetitions are not the network’s: retransmissions and losses cannot be judged.',
  benign: 'It is the way this capture was made, and no attack.',
  next: 'Mirror one direction of a port only, or remove copies (editcap -d) before measuring.',
  options: {
    share: share(0.2, 'Packets that came again within 5 ms, of all'),
    packets: count(50, 'Packets needed to tell'),
  },
  open: (around) => {
    const { options, capture, raise } = around;
    captureQuality(around);
    let told = 0;
    const look = (): void => {
      const { packets, duplicates: copies } = capture;
      if (packets < options.packets || copies < options.share * packets || copies < told * 2) return;
      told = copies;
      raise({
        key: 'capture',
        sources: [],
        targets: [],
        observed: copies,
        threshold: Math.ceil(options.share * packets),
        unit: 'packets',
        firstPacket: capture.firstDuplicate,
        count: copies,
        explain: `${grouped(copies)} of ${grouped(packets)} packets (${percent(copies / packets)}) came again within 5 ms.`,
        filter: `frame.number >= ${capture.firstDuplicate}`,
      });
    };
    return { tick: look, end: look };
  },
});
