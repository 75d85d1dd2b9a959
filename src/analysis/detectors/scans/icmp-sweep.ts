// Ping sweep: one host asks many others whether they are there (echo, timestamp, information and mask requests).

import { formatAddress, ipProto, type Packet } from '../../../core/index.ts';
import { hashWords } from '../../sketches/index.ts';
import { count, defineDetector, seconds } from '../detector.ts';
import { counted, fromHost, span } from '../wording.ts';

/** ICMP echo request (RFC 792), ICMPv6 echo request (RFC 4443 §4.1); timestamp, information and mask request (RFC 950). */
const echo4 = 8;
const echo6 = 128;
const oldRequests = new Set([13, 15, 17]);
/** What a packet asks, as part of the key. */
const kind = { none: 0, echo: 1, old: 2 } as const;

const FIRST_SEC = 0;
const RAISED = 1;
const FIRST_US = 0;
const FIRST_PACKET = 1;

export const icmpSweep = defineDetector({
  name: 'scan.icmp',
  title: 'Ping sweep',
  version: 2,
  severity: 'low',
  mitre: 'T1018',
  meaning: 'Whoever looks for hosts to attack asks first which ones are there.',
  benign: 'Monitoring systems and network discovery of printers or phones ask the same hosts again and again.',
  next: 'See whether the source is a monitoring host, and what it does with the hosts that answered.',
  options: {
    hosts: count(10, 'Different hosts asked within `windowSec`'),
    oldHosts: count(3, 'The same with timestamp, information or mask requests, which nobody needs today'),
    windowSec: seconds(30, 'Window in which they are counted'),
  },
  open: ({ options, now, table, distinct, raise }) => {
    const sources = table({ capacity: 2048, keyWords: 5, words: 2, doubles: 2, idleSec: options.windowSec });
    const asked = distinct(sources);
    return {
      frame(p: Packet): void {
        if (p.l4Ok === 0 || p.level !== 0) return;
        const asks = kindOf(p);
        if (asks === kind.none) return;
        const row = sources.claim(now.sec, p.ipVersion | (asks << 8), p.src0, p.src1, p.src2, p.src3);
        if (row < 0) return;
        const w = sources.words;
        const at = sources.at(row);
        const d = row * sources.doublesPerRow;
        if (now.sec - w[at + FIRST_SEC] > options.windowSec) {
          w[at + FIRST_SEC] = now.sec;
          w[at + RAISED] = 0;
          sources.doubles[d + FIRST_US] = p.timeUs;
          sources.doubles[d + FIRST_PACKET] = p.number;
          asked.clear(row);
        }
        if (!asked.add(row, hashWords(p.dst0, p.dst1, p.dst2, p.dst3))) return;
        const hosts = asked.count(row);
        const limit = asks === kind.old ? options.oldHosts : options.hosts;
        if (hosts < limit || hosts < w[at + RAISED] * 2) return;
        // Nmap asks for the time too: one sweep, told by its pings.
        const pings =
          asks === kind.old ? sources.find(p.ipVersion | (kind.echo << 8), p.src0, p.src1, p.src2, p.src3) : -1;
        if (pings >= 0 && sources.words[sources.at(pings) + RAISED] > 0) return;
        w[at + RAISED] = hosts;
        sources.setWorth(row, hosts);
        const source = formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
        const firstUs = sources.doubles[d + FIRST_US];
        raise({
          key: source,
          sources: [source],
          targets: [],
          observed: hosts,
          threshold: limit,
          unit: 'hosts',
          firstUs,
          firstPacket: sources.doubles[d + FIRST_PACKET],
          count: hosts,
          explain: `${source} pinged ${counted(hosts, 'host')} in ${span(p.timeUs - firstUs)}, limit ${limit}.`,
          filter: `${fromHost(source)} && ${p.ipVersion === 4 ? 'icmp' : 'icmpv6'}`,
        });
      },
    };
  },
});

function kindOf(p: Packet): number {
  if (p.proto === ipProto.icmpv6) return p.icmpType === echo6 ? kind.echo : kind.none;
  if (p.proto !== ipProto.icmp) return kind.none;
  if (p.icmpType === echo4) return kind.echo;
  return oldRequests.has(p.icmpType) ? kind.old : kind.none;
}
