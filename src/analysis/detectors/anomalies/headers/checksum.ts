// Wrong checksums (RFC 1071), where the user has them verified: damage on the way, or segments meant for a monitor only,
// which the host behind it throws away.

import type { OddSignal } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted, fromHost, span } from '../../wording.ts';
import { oddSource, oddTarget, Tally } from '../tally.ts';

export const checksum = defineDetector({
  name: 'proto.checksum',
  title: 'Wrong checksums',
  version: 1,
  severity: 'low',
  mitre: 'T1562',
  meaning:
    'Packets with wrong checksums are lost for the receiver, but not for a monitor that does not look: a way to hide.',
  benign: 'A bad cable or network card; on the sending machine itself, cards that fill checksums in after the capture.',
  next: 'Does the source sit on the capturing machine? Then turn checksum offload off, or ignore this.',
  options: {
    packets: count(20, 'Packets of one source within `windowSec`'),
    windowSec: seconds(60, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, raise } = around;
    const tally = new Tally(around, 1024, options.windowSec);
    return {
      odd(s: OddSignal): void {
        if (s.what !== 'checksum.wrong') return;
        const n = tally.add(now, s.ipVersion, s.s0, s.s1, s.s2, s.s3);
        if (n === 0 || !tally.isNews(options.packets)) return;
        const source = oddSource(s);
        const { firstUs, ...when } = tally.when();
        raise({
          key: source,
          sources: [source],
          targets: [oddTarget(s)],
          observed: n,
          threshold: options.packets,
          unit: 'packets',
          ...when,
          firstUs,
          explain: `${counted(n, 'packet')} of ${source} had wrong checksums within ${span(now.timeUs - firstUs)}, limit ${options.packets}.`,
          filter: fromHost(source),
        });
      },
    };
  },
});
