// Traceroute: routers on the way to one host each say that a packet has travelled too far (RFC 792, RFC 4443 §3.3), as
// Zeek's detect-traceroute counts them.

import { formatAddress, type Packet } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted, span } from '../../wording.ts';
import { isTimeExceeded, readQuoted } from '../quoted.ts';

const SINCE = 0;
const RAISED = 1;

export const traceroute = defineDetector({
  name: 'recon.traceroute',
  title: 'Traceroute',
  version: 1,
  severity: 'info',
  mitre: 'T1590',
  meaning: 'The way to a host shows the routers and firewalls in front of it.',
  benign: 'The usual means of finding out where a connection is slow; monitoring does it all the time.',
  next: 'Nothing, unless the source is a stranger or does it for many hosts.',
  options: {
    routers: count(3, 'Different routers that answer for one pair of hosts within `windowSec`'),
    windowSec: seconds(180, 'Window in which they are counted'),
  },
  open: ({ options, now, table, distinct, raise }) => {
    // 512 pairs of hosts: 0.2 MiB with their pool.
    const pairs = table({ capacity: 512, keyWords: 2, words: 2, doubles: 2, idleSec: options.windowSec });
    const routers = distinct(pairs);
    return {
      frame(p: Packet) {
        if (!isTimeExceeded(p)) return;
        const s = readQuoted(p);
        if (s === null) return;
        const row = pairs.claim(now.sec, hashWords(s.o0, s.o1, s.o2, s.o3), hashWords(s.r0, s.r1, s.r2, s.r3));
        if (row < 0) return;
        const w = pairs.words;
        const o = pairs.at(row);
        if (w[o + SINCE] === 0 || now.sec - w[o + SINCE] > options.windowSec) {
          w[o + SINCE] = now.sec;
          w[o + RAISED] = 0;
          pairs.doubles[row * 2] = p.timeUs;
          pairs.doubles[row * 2 + 1] = p.number;
          routers.clear(row);
        }
        if (!routers.add(row, hashWords(p.src0, p.src1, p.src2, p.src3))) return;
        const seen = routers.count(row);
        pairs.setWorth(row, seen - 1);
        if (seen < options.routers || seen < w[o + RAISED] * 2) return;
        w[o + RAISED] = seen;
        const source = formatAddress(s.ipVersion, s.o0, s.o1, s.o2, s.o3);
        const target = formatAddress(s.ipVersion, s.r0, s.r1, s.r2, s.r3);
        const firstUs = pairs.doubles[row * 2];
        raise({
          key: `${source} → ${target}`,
          sources: [source],
          targets: [target],
          observed: seen,
          threshold: options.routers,
          unit: 'routers',
          firstUs,
          firstPacket: pairs.doubles[row * 2 + 1],
          packets: [pairs.doubles[row * 2 + 1]],
          count: seen,
          explain: `${counted(seen, 'router')} on the way from ${source} to ${target} said that its packets travelled too far, within ${span(p.timeUs - firstUs)}.`,
          filter:
            p.ipVersion === 4 ? `icmp.type == 11 && ip.dst == ${source}` : `icmpv6.type == 3 && ipv6.dst == ${source}`,
        });
      },
    };
  },
});
