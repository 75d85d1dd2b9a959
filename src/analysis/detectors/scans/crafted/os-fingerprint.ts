// Active fingerprint of an operating system (Nmap -O, Xprobe): a handful of packets that no standard foresees, of
// different kinds, whose answers differ from system to system.

import { formatAddress, ipProto, type Packet } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { betweenHosts, span } from '../../wording.ts';
import { crafters } from './crafters.ts';
import { isOddEcho, odd, oddKind, oddNames } from './odd-flags.ts';

const KINDS = 0;
const SINCE = 1;
const FIRST_US = 0;
const FIRST_PACKET = 1;

export const osFingerprint = defineDetector({
  name: 'scan.os-fingerprint',
  title: 'Operating system fingerprinting',
  version: 1,
  severity: 'medium',
  mitre: 'T1592',
  meaning: 'Knowing a host’s operating system tells an intruder which weaknesses to try.',
  benign: 'Inventory scanners of your own; tests of network gear.',
  next: 'See whether the source scanned ports before, and what it does with the host afterwards.',
  options: {
    kinds: count(2, 'Different kinds of odd packets of one source to one host within `windowSec`'),
    windowSec: seconds(10, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, table, raise } = around;
    const named = crafters(around);
    // 1024 pairs of hosts: 80 KiB.
    const pairs = table({ capacity: 1024, keyWords: 6, words: 2, doubles: 2, idleSec: 60 });

    function see(p: Packet, kind: number): void {
      // IPv6 pairs by their lower halves: six words are all there is for a key.
      const isV6 = p.ipVersion === 6;
      const row = pairs.claim(
        now.sec,
        p.ipVersion,
        isV6 ? p.src2 : 0,
        isV6 ? p.src3 : p.src0,
        isV6 ? p.dst2 : 0,
        isV6 ? p.dst3 : p.dst0,
      );
      if (row < 0) return;
      const w = pairs.words;
      const o = pairs.at(row);
      const d = row * pairs.doublesPerRow;
      if (w[o + KINDS] === 0 || now.sec - w[o + SINCE] > options.windowSec) {
        w[o + KINDS] = 0;
        w[o + SINCE] = now.sec;
        pairs.doubles[d + FIRST_US] = p.timeUs;
        pairs.doubles[d + FIRST_PACKET] = p.number;
      }
      if ((w[o + KINDS] & kind) !== 0) return;
      w[o + KINDS] |= kind;
      const kinds = bits(w[o + KINDS]);
      pairs.setWorth(row, kinds - 1);
      if (kinds < options.kinds) return;
      tell(p, w[o + KINDS], pairs.doubles[d + FIRST_US], pairs.doubles[d + FIRST_PACKET]);
    }

    function tell(p: Packet, kinds: number, firstUs: number, firstPacket: number): void {
      const source = formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
      const target = formatAddress(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
      named.name(source, p.timeUs);
      raise({
        key: `${source} → ${target}`,
        sources: [source],
        targets: [target],
        observed: bits(kinds),
        threshold: options.kinds,
        unit: 'kinds',
        firstUs,
        firstPacket,
        count: bits(kinds),
        packets: [firstPacket],
        explain: `${source} sent ${target} packets that no standard foresees in ${span(p.timeUs - firstUs)}: ${oddNames(kinds)}.`,
        filter: betweenHosts(source, target),
      });
    }

    return {
      frame(p) {
        if (p.proto === ipProto.tcp) {
          const kind = oddKind(p);
          if (kind !== odd.none) see(p, kind);
        } else if (isOddEcho(p)) see(p, odd.icmpCode);
      },
    };
  },
});

function bits(word: number): number {
  let n = 0;
  for (let w = word; w !== 0; w &= w - 1) n++;
  return n;
}
