// Fragments that are read differently by different hosts, and so carry past a filter what it should have seen
// (Ptacek, Newsham 1998; RFC 1858, RFC 3128, RFC 5722).

import type { OddSignal, Packet } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted, fromHost, span } from '../../wording.ts';
import { oddSource, oddTarget, sourceOf, Tally, targetOf } from '../tally.ts';
import { shape, shapeOf, wordsOf } from './shape.ts';
import { sharedTeardrop } from './teardrop.ts';

/** Two datagrams with one number meet where a fast sender has run through all 65,536 of them; one may be chance. */
const chanceMost = 2;
/** One fragment of IPv4 that is odd in one way: a stack's slip or a cut capture. Of IPv6 every one is crafted (RFC 5722). */
const isSingle = (ipVersion: number, n: number, kinds: number): boolean =>
  ipVersion === 4 && n === 1 && (kinds & (kinds - 1)) === 0 && kinds !== shape.huge;
const filter = (source: string): string =>
  source.includes(':')
    ? `${fromHost(source)} && ipv6.fraghdr`
    : `${fromHost(source)} && (ip.flags.mf == 1 || ip.frag_offset > 0)`;

export const frag = defineDetector({
  name: 'proto.frag',
  title: 'Fragments that hide something',
  version: 1,
  severity: 'medium',
  mitre: 'T1562',
  meaning: 'Overlapping or cut-up fragments are put together differently by a firewall and by the host behind it.',
  benign:
    'Broken network stacks and test tools make such fragments; a sender so fast that its datagram numbers repeat.',
  next: 'Look at what the fragments carry, and whether the target put them together.',
  options: {
    fragments: count(1, 'Such fragments of one source within `windowSec`'),
    windowSec: seconds(600, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, raise } = around;
    const tally = new Tally(around, 1024, options.windowSec);
    const teardrop = sharedTeardrop(around);

    const tell = (ipVersion: number, n: number, source: string, target: string): void => {
      const { kinds } = tally;
      const isChance = ipVersion === 4 && kinds === shape.conflict && n <= chanceMost;
      // Of IPv4 an odd length alone may be noise on the line.
      const isBroken = kinds === shape.huge || (ipVersion === 4 && kinds === shape.length);
      const { firstUs, ...when } = tally.when();
      raise({
        key: source,
        sources: [source],
        targets: [target],
        severity: isSingle(ipVersion, n, kinds) ? 'info' : isChance || isBroken ? 'low' : 'medium',
        observed: n,
        threshold: options.fragments,
        unit: 'fragments',
        ...when,
        firstUs,
        explain: `${source} sent ${target} ${counted(n, 'odd fragment')} in ${span(now.timeUs - firstUs)}: ${wordsOf(kinds)}.`,
        against: isChance ? 'Datagram numbers of IPv4 repeat at high speed.' : '',
        filter: filter(source),
      });
    };

    return {
      frame(p: Packet): void {
        if (p.level !== 0 || p.ipVersion === 0 || (p.ipVersion === 4 && p.isFragment === 0)) return;
        const kinds = shapeOf(p) & ~shape.tooLong;
        if (kinds === 0) return;
        const n = tally.add(now, p.ipVersion, p.src0, p.src1, p.src2, p.src3, 0, kinds);
        if (n > 0 && tally.isNews(options.fragments)) tell(p.ipVersion, n, sourceOf(p), targetOf(p));
      },
      odd(s: OddSignal): void {
        let kind = 0;
        if (s.what === 'fragment.conflict') kind = shape.conflict;
        else if (s.what === 'fragment.overlap') kind = shape.overlap;
        else if (s.what === 'fragment.end' && s.ipVersion === 6) kind = shape.end;
        // What is a teardrop is told as one.
        if (kind === 0 || teardrop.packet === s.packet) return;
        const n = tally.add(now, s.ipVersion, s.s0, s.s1, s.s2, s.s3, 0, kind);
        if (n > 0 && tally.isNews(options.fragments)) tell(s.ipVersion, n, oddSource(s), oddTarget(s));
      },
    };
  },
});
