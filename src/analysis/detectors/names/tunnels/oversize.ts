// Answers larger than their client said it takes (RFC 1035 §4.2.1: 512 bytes; RFC 6891 §6.2.5), and DNS in fragments.

import { type AnyEvent, type EventPlace, formatAddress, ipProto, type Packet } from '../../../../core/index.ts';
import { bytes, count, defineDetector, seconds } from '../../detector.ts';
import { betweenHosts, clientOf, communityAt, counted, serverOf, span } from '../../wording.ts';
import { readerOf } from '../message.ts';

const udp = 17;
const port = 53;

const SINCE = 0;
const MESSAGES = 1;
const RAISED = 2;
const LIMIT = 3;
const LARGEST = 4;

export const oversize = defineDetector({
  name: 'dns.oversize',
  title: 'DNS answers larger than asked for',
  version: 1,
  severity: 'low',
  mitre: 'T1071.004',
  meaning:
    'Answers beyond what the client said it takes come from forged questions (reflection) or carry something else.',
  benign: 'Signed zones with large keys, and old servers that know no limit.',
  next: 'See whether the client asked, and what the answers hold.',
  options: {
    messages: count(10, 'Such answers within `windowSec`'),
    windowSec: seconds(60, 'Window in which they are counted'),
    plainBytes: bytes(512, 'What a client takes that says nothing'),
  },
  open: (around) => {
    const { options: at, now, table, raise } = around;
    const reader = readerOf(around);
    // 512 pairs of client and server; the words of the client and a hash of the server are the key.
    const pairs = table({ capacity: 512, keyWords: 6, words: 5, idleSec: Math.max(600, at.windowSec) });

    const add = (row: number, client: string, server: string, size: number, flow: readonly string[]): void => {
      const w = pairs.words;
      const o = pairs.at(row);
      if (now.sec - w[o + SINCE] > at.windowSec) {
        w[o + SINCE] = now.sec;
        w[o + MESSAGES] = w[o + RAISED] = w[o + LARGEST] = 0;
      }
      w[o + LARGEST] = Math.max(w[o + LARGEST], size);
      const messages = ++w[o + MESSAGES];
      if (messages < at.messages || messages < 2 * w[o + RAISED]) return;
      w[o + RAISED] = messages;
      pairs.setWorth(row, messages);
      raise({
        key: `${client} ← ${server}`,
        sources: [server],
        targets: [client],
        observed: messages,
        threshold: at.messages,
        unit: 'answers',
        count: messages,
        explain: `${server} sent ${client} ${counted(messages, 'answer')} larger than it takes, up to ${w[o + LARGEST]} bytes, within ${span((now.sec - w[o + SINCE]) * 1e6)}.`,
        flows: flow,
        filter: `${betweenHosts(client, server)} && (dns || ip.frag_offset > 0)`,
      });
    };

    return {
      events: {
        dns(event: AnyEvent, place: EventPlace): void {
          const m = reader.read(event, place);
          if (m === null || place.proto !== udp) return;
          const { ipVersion, c0, c1, c2, c3 } = place;
          const key = serverKey(place.s0, place.s1, place.s2, place.s3);
          if (!m.isResponse) {
            // What the client takes is remembered only where it differs from the plain limit.
            if (m.ednsBytes === 0) return;
            const row = pairs.claim(now.sec, ipVersion, c0, c1, c2, c3, key);
            if (row >= 0) pairs.words[pairs.at(row) + LIMIT] = m.ednsBytes;
            return;
          }
          if (m.bytes <= at.plainBytes) return;
          const known = pairs.find(ipVersion, c0, c1, c2, c3, key);
          const limit = known < 0 ? 0 : pairs.words[pairs.at(known) + LIMIT];
          // A client that was not seen to ask may have said more than is known here.
          if (limit === 0 || m.bytes <= Math.max(limit, at.plainBytes)) return;
          add(known, clientOf(place), serverOf(place), m.bytes, [communityAt(place)]);
        },
      },
      frame(p: Packet): void {
        if (p.isFragment !== 1 || p.proto !== ipProto.udp || p.l4Ok !== 1 || p.srcPort !== port) return;
        const row = pairs.claim(
          now.sec,
          p.ipVersion,
          p.dst0,
          p.dst1,
          p.dst2,
          p.dst3,
          serverKey(p.src0, p.src1, p.src2, p.src3),
        );
        if (row < 0) return;
        const client = formatAddress(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
        add(row, client, formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3), p.wireLen, []);
      },
    };
  },
});

const serverKey = (a: number, b: number, c: number, d: number): number => a ^ (b << 1) ^ (c << 2) ^ (d << 3);
