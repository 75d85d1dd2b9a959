// Ping of death (CERT CA-1996-26): fragments that together are longer than any datagram may be.

import type { Packet } from '../../../../core/index.ts';
import { count, defineDetector } from '../../detector.ts';
import { counted, fromHost, grouped } from '../../wording.ts';
import { sourceOf, Tally, targetOf } from '../tally.ts';
import { shape, shapeOf } from './shape.ts';

export const pingOfDeath = defineDetector({
  name: 'proto.ping-of-death',
  title: 'Datagram longer than any may be',
  version: 1,
  severity: 'high',
  mitre: 'T1499.004',
  meaning: 'Fragments that end beyond 65,535 bytes overflow the buffer of hosts that put them together without care.',
  benign: 'None is known: no sender makes such fragments by itself.',
  next: 'See whether the target still answers; filter fragments from this source.',
  options: { fragments: count(1, 'Such fragments of one source') },
  open: (around) => {
    const { options, now, raise } = around;
    const tally = new Tally(around, 256, 600);
    return {
      frame(p: Packet): void {
        if (p.isFragment === 0 || p.level !== 0 || p.fragOffset < 60_000 || (shapeOf(p) & shape.tooLong) === 0) return;
        const n = tally.add(now, p.ipVersion, p.src0, p.src1, p.src2, p.src3);
        if (n === 0 || !tally.isNews(options.fragments)) return;
        const source = sourceOf(p);
        const target = targetOf(p);
        raise({
          key: source,
          sources: [source],
          targets: [target],
          observed: n,
          threshold: options.fragments,
          unit: 'fragments',
          ...tally.when(),
          explain: `${source} sent ${target} ${counted(n, 'fragment')} that end beyond 65,535 bytes (at ${grouped(p.fragOffset)} of a datagram).`,
          filter: `${fromHost(source)} && ${p.ipVersion === 4 ? 'ip.frag_offset' : 'ipv6.fraghdr.offset'} > 0`,
        });
      },
    };
  },
});
