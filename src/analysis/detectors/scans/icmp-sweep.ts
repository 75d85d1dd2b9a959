// Ping sweep: one host asks many others whether they are there (echo, timestamp, information and mask requests).

import { formatAddress, ipProto, type Packet } from '../../../core/index.ts';
import { hashWords } from '../../sketches/index.ts';
import { count, defineDetector, seconds } from '../detector.ts';
import { counted, fromHost, span } from '../wording.ts';

/** ICMP requests (RFC 792, RFC 950) and ICMPv6 echo request (RFC 4443 §4.1). */
const requests4 = new Set([8, 13, 15, 17]);
const request6 = 128;

const FIRST_SEC = 0;
const RAISED = 1;
const FIRST_US = 0;
const FIRST_PACKET = 1;

export const icmpSweep = defineDetector({
  name: 'scan.icmp',
  title: 'Ping sweep',
  version: 1,
  severity: 'low',
  mitre: 'T1018',
  meaning: 'Whoever looks for hosts to attack asks first which ones are there.',
  benign: 'Monitoring systems and network discovery of printers or phones ask the same hosts again and again.',
  next: 'See whether the source is a monitoring host, and what it does with the hosts that answered.',
  options: {
    hosts: count(10, 'Different hosts asked within `windowSec`'),
    windowSec: seconds(30, 'Window in which they are counted'),
  },
  open: ({ options, now, table, distinct, raise }) => {
    const sources = table({ capacity: 4096, keyWords: 5, words: 2, doubles: 2, idleSec: options.windowSec });
    const asked = distinct(sources);
    return {
      frame(p: Packet): void {
        if (p.l4Ok === 0 || p.level !== 0) return;
        const isRequest =
          p.proto === ipProto.icmp ? requests4.has(p.icmpType) : p.proto === ipProto.icmpv6 && p.icmpType === request6;
        if (!isRequest) return;
        const row = sources.claim(now.sec, p.ipVersion, p.src0, p.src1, p.src2, p.src3);
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
        if (hosts < options.hosts || hosts < w[at + RAISED] * 2) return;
        w[at + RAISED] = hosts;
        sources.setWorth(row, hosts);
        const source = formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
        const firstUs = sources.doubles[d + FIRST_US];
        raise({
          key: source,
          sources: [source],
          targets: [],
          observed: hosts,
          threshold: options.hosts,
          unit: 'hosts',
          firstUs,
          firstPacket: sources.doubles[d + FIRST_PACKET],
          count: hosts,
          explain: `${source} pinged ${counted(hosts, 'host')} in ${span(p.timeUs - firstUs)}, limit ${options.hosts}.`,
          filter: `${fromHost(source)} && ${p.ipVersion === 4 ? 'icmp' : 'icmpv6'}`,
        });
      },
    };
  },
});
