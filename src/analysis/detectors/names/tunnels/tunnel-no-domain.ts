// DNS tunnel straight to its own server: long names that have no domain in common, as dnscat2 asks without one.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { bytes, count, defineDetector, seconds, share } from '../../detector.ts';
import { betweenHosts, clientOf, communityAt, counted, serverOf, span } from '../../wording.ts';
import { looksEncoded, roomyTypes, underscored } from '../encoded-name.ts';
import { type NameMessage, readerOf } from '../message.ts';

const SINCE = 0;
const NAMES = 1;
const RAISED = 2;
const FIRST_US = 0;
const FIRST_PACKET = 1;

/** Characters of the longest label. */
function longestLabel(name: string): number {
  let longest = 0;
  for (let from = 0; from <= name.length; ) {
    const dot = name.indexOf('.', from);
    const end = dot < 0 ? name.length : dot;
    longest = Math.max(longest, end - from);
    from = end + 1;
  }
  return longest;
}

export const tunnelNoDomain = defineDetector({
  name: 'dns.tunnel-no-domain',
  title: 'DNS tunnel without a domain',
  version: 1,
  severity: 'high',
  mitre: 'T1071.004',
  meaning:
    'Long names that end differently each time can be answered only by a server that made them up: it is the other end of a tunnel.',
  benign: 'Hardly anything: programs that test name servers ask for long random names.',
  next: 'See what the server is and who runs it; ordinary resolvers answer such names with NXDOMAIN.',
  options: {
    names: count(10, 'Different long names without a common domain within `windowSec`'),
    windowSec: seconds(60, 'Window in which they are counted'),
    nameLength: bytes(90, 'Length from which a name is long'),
    labelLength: bytes(52, 'Length from which one label makes a name long'),
    encodedLength: bytes(
      30,
      'Length from which a name that looks like data, asked with a type that holds data, is long',
    ),
    domainShare: share(0.7, 'Different registered domains per name'),
  },
  open: (around) => {
    const { options: at, now, table, distinct, raise } = around;
    const reader = readerOf(around);
    // 256 pairs of client and server with 260 bytes for names and domains each: 150 KiB.
    const pairs = table({
      capacity: 256,
      keyWords: 6,
      words: 3,
      doubles: 2,
      idleSec: at.windowSec,
      evicted: (row) => domains.clear(row),
    });
    const domains = distinct(pairs);
    const isLong = (m: NameMessage): boolean => {
      if (m.isReverse || m.name.length < at.encodedLength || underscored.test(m.name)) return false;
      if (m.name.length >= at.nameLength || longestLabel(m.name) >= at.labelLength) return true;
      return roomyTypes.has(m.type) && looksEncoded(m.name);
    };

    return {
      events: {
        dns(event: AnyEvent, place: EventPlace): void {
          const m = reader.read(event, place);
          if (m === null || m.isResponse || !isLong(m)) return;
          const server = hashWords(place.ipVersion, place.s0, place.s1, place.s2, place.s3);
          const row = pairs.claim(now.sec, place.c0, place.c1, place.c2, place.c3, server, place.ipVersion);
          if (row < 0) return;
          const w = pairs.words;
          const o = pairs.at(row);
          const d = row * pairs.doublesPerRow;
          if (now.sec - w[o + SINCE] > at.windowSec) {
            w[o + SINCE] = now.sec;
            w[o + NAMES] = w[o + RAISED] = 0;
            pairs.doubles[d + FIRST_US] = place.timeUs;
            pairs.doubles[d + FIRST_PACKET] = place.packet;
            domains.clear(row);
          }
          w[o + NAMES]++;
          if (!domains.add(row, m.ownedHash)) return;
          const different = domains.count(row);
          if (different < at.names || different < at.domainShare * w[o + NAMES] || different < 2 * w[o + RAISED])
            return;
          w[o + RAISED] = different;
          pairs.setWorth(row, different);
          const client = clientOf(place);
          const target = serverOf(place);
          const firstUs = pairs.doubles[d + FIRST_US];
          raise({
            key: `${client} → ${target}`,
            sources: [client],
            targets: [target],
            observed: different,
            threshold: at.names,
            unit: 'domains',
            firstUs,
            firstPacket: pairs.doubles[d + FIRST_PACKET],
            count: w[o + NAMES],
            explain: `${client} asked ${target} for ${counted(w[o + NAMES], 'long name')} that end in ${counted(different, 'different domain')} within ${span(now.timeUs - firstUs)}, limit ${at.names}.`,
            flows: [communityAt(place)],
            filter: `${betweenHosts(client, target)} && dns.qry.name.len >= ${at.encodedLength}`,
          });
        },
      },
    };
  },
});
