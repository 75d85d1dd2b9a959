// DNS tunnel: one client asks for many different names below one domain, names that carry data (MITRE T1071.004).
//
// Encoded data has no words: iodine, dnscat2, dns2tcp and their like write base32, base64 or hexadecimal digits into the
// labels. Few answers carry enough in A records, so most ask for types that hold more.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import type { DistinctPool, KeyTable } from '../../../sketches/index.ts';
import { bytes, count, defineDetector, type Moment, type OptionValues, seconds, share } from '../../detector.ts';
import { clientOf, communityAt, counted, fromHost, grouped, percent, serverOf, span } from '../../wording.ts';
import { looksEncoded, roomyTypes as roomy, underscored } from '../encoded-name.ts';
import { isDelivery, isLookup } from '../known-domains.ts';
import { isAlone, type NameMessage, readerOf } from '../message.ts';
import { nameServersOf } from '../name-servers.ts';
import { quoted, tunnelDomainsOf } from './tunnel-domains.ts';

/** Types that nothing else asks for. */
const idle = new Set(['NULL', 'KEY', '65399', 'WKS']);
/** Names that a DistinctPool knows one by one. */
const exactMost = 48;

/** Bytes of an answer for each name that are more than an address. */
const answerEach = 120;

const words = {
  since: 0,
  labelBytes: 1,
  roomy: 2,
  encoded: 3,
  idle: 4,
  answerBytes: 5,
  raised: 6,
  isFull: 7,
  /** Names that were new when they came; fewer than there are once they are estimated. */
  fresh: 8,
} as const;
const doubles = { firstUs: 0, firstPacket: 1 } as const;

const options = {
  names: count(30, 'Different names below one domain within `windowSec`'),
  labelBytes: bytes(1000, 'Bytes that these names carry'),
  windowSec: seconds(300, 'Window in which they are counted'),
  meanLength: bytes(
    20,
    'Mean length of what stands before the domain; half as much again when only addresses are asked for',
  ),
  roomyShare: share(0.5, 'Share of questions for types that hold data, instead of the mean length'),
  answerBytes: bytes(4096, 'Bytes of answers, instead of the mean length'),
  encodedShare: share(0.4, 'Share of names that look like data and not like words'),
  earlyNames: count(8, 'Names from which a tunnel is suspected when nearly all look like data and ask for such types'),
  slowNames: count(60, 'Different names within `slowSec`, when nearly all look like data'),
  slowSec: seconds(3600, 'Window in which slow tunnels are counted'),
};

class Pairs {
  readonly #at: OptionValues<typeof options>;
  readonly table: KeyTable;
  readonly names: DistinctPool;
  /** Domain by row of what was raised, for the closing numbers: at most as many as rows. */
  readonly last = new Map<number, { readonly client: string; readonly server: string; readonly domain: string }>();

  constructor(at: OptionValues<typeof options>, table: KeyTable, names: DistinctPool) {
    this.#at = at;
    this.table = table;
    this.names = names;
  }

  get(row: number, word: number): number {
    return this.table.words[this.table.at(row) + word];
  }

  set(row: number, word: number, value: number): void {
    this.table.words[this.table.at(row) + word] = value;
  }

  #add(row: number, word: number, value: number): void {
    const at = this.table.at(row) + word;
    // Totals of a long tunnel stay at the most.
    this.table.words[at] = Math.min(0x7fffffff, this.table.words[at] + value);
  }

  /** Ends windows: one that shows no data is over soon, others are kept for slow tunnels; one that was raised has no end. */
  renew(row: number, now: Moment, place: EventPlace): void {
    const since = this.get(row, words.since);
    const old = now.sec - since;
    if (since !== 0 && (this.get(row, words.raised) > 0 || old <= this.#at.windowSec)) return;
    const unique = this.names.count(row);
    const isSlow =
      unique >= 3 && this.get(row, words.encoded) >= 0.9 * this.get(row, words.fresh) && old <= this.#at.slowSec;
    if (since !== 0 && isSlow) return;
    this.names.clear(row);
    for (const word of Object.values(words)) this.set(row, word, 0);
    this.set(row, words.since, now.sec);
    const d = row * this.table.doublesPerRow;
    this.table.doubles[d + doubles.firstUs] = place.timeUs;
    this.table.doubles[d + doubles.firstPacket] = place.packet;
  }

  /** Counts a message; true when its name is a new one. */
  count(row: number, m: NameMessage): boolean {
    if (m.isResponse) this.#add(row, words.answerBytes, m.bytes);
    const isEstimate = this.names.count(row) > exactMost;
    const isNew = this.names.add(row, m.nameHash);
    const { below } = m;
    if (isNew || (isEstimate && !m.isResponse)) this.#add(row, words.labelBytes, below.length);
    if (!isNew) return false;
    this.#add(row, words.fresh, 1);
    if (roomy.has(m.type)) this.#add(row, words.roomy, 1);
    if (idle.has(m.type)) this.#add(row, words.idle, 1);
    if (looksEncoded(below)) this.#add(row, words.encoded, 1);
    this.table.setWorth(row, this.names.count(row));
    return true;
  }

  /** 0 nothing, 1 suspected, 2 sure. `many` is how many clients the one who asks speaks for. */
  judge(row: number, sec: number, many: number): 0 | 1 | 2 {
    const at = this.#at;
    const unique = this.names.count(row);
    if (unique < at.earlyNames) return 0;
    const labelBytes = this.get(row, words.labelBytes);
    const fresh = this.get(row, words.fresh);
    const encoded = this.get(row, words.encoded) / fresh;
    const roomyShare = this.get(row, words.roomy) / fresh;
    const mean = labelBytes / unique;
    const isQuick = sec - this.get(row, words.since) <= at.windowSec;
    const answers = this.get(row, words.answerBytes);
    // Many short names for addresses are drawn by lot: tests and floods of name servers, not data.
    const holdsData =
      roomyShare >= at.roomyShare ||
      mean >= (roomyShare >= 0.1 ? at.meanLength : 1.5 * at.meanLength) ||
      (answers >= at.answerBytes && answers >= answerEach * unique);
    if (isQuick && unique >= at.names * many && labelBytes >= at.labelBytes * many) {
      if (holdsData && encoded >= at.encodedShare) return 2;
    }
    if (unique >= at.slowNames * many && labelBytes >= 2 * at.labelBytes && holdsData && encoded >= 0.9) return 2;
    if (unique < at.earlyNames * many || roomyShare < 0.9) return 0;
    const isOnlyTunnels = this.get(row, words.idle) >= 0.9 * fresh && mean >= 6;
    return isOnlyTunnels || (mean >= at.meanLength && encoded >= 0.8) ? 1 : 0;
  }
}

export const tunnel = defineDetector({
  name: 'dns.tunnel',
  title: 'DNS tunnel',
  version: 1,
  severity: 'high',
  mitre: 'T1071.004',
  meaning:
    'Names that carry data go through every firewall that lets names be looked up: a way out for data and in for orders.',
  benign:
    'Reputation lookups of mail filters and virus scanners, and delivery networks with a name per object, ask in the same way.',
  next: 'See who owns the domain and which program of the client asks; look at the names in clear.',
  options,
  open: (around) => {
    const { options: at, now, raise } = around;
    const reader = readerOf(around);
    const servers = nameServersOf(around);
    const domains = tunnelDomainsOf(around);
    // 4,096 pairs of client and domain: 88 bytes each, and 260 for their names.
    const table = around.table({
      capacity: 4096,
      keyWords: 6,
      words: 9,
      doubles: 2,
      idleSec: at.slowSec,
      evicted: (row) => {
        pairs.names.clear(row);
        pairs.last.delete(row);
      },
    });
    const pairs = new Pairs(at, table, around.distinct(table));

    const tell = (row: number, client: string, server: string, domain: string, flow?: string): void => {
      const unique = pairs.names.count(row);
      pairs.set(row, words.raised, unique);
      pairs.last.set(row, { client, server, domain });
      const isSure = pairs.get(row, words.isFull) === 1;
      const d = row * table.doublesPerRow;
      const firstUs = table.doubles[d + doubles.firstUs];
      const carried = pairs.get(row, words.labelBytes);
      const answered = pairs.get(row, words.answerBytes);
      const encoded = percent(pairs.get(row, words.encoded) / pairs.get(row, words.fresh));
      raise({
        key: `${client} → ${domain}`,
        sources: [client],
        targets: [server],
        severity: isSure ? 'high' : 'medium',
        confidence: isSure ? 0.95 : 0.7,
        observed: unique,
        threshold: isSure ? at.names : at.earlyNames,
        unit: 'names',
        firstUs,
        firstPacket: table.doubles[d + doubles.firstPacket],
        count: unique,
        explain: `${client} asked for ${counted(unique, 'different name')} below ${domain} in ${span(now.timeUs - firstUs)}; they carry ${grouped(carried)} bytes, ${encoded} look like data, answers came to ${grouped(answered)} bytes.`,
        against: unique < at.names ? `Only ${counted(unique, 'name')} so far.` : '',
        ...(flow === undefined ? {} : { flows: [flow] }),
        filter: `${fromHost(client)} && dns.qry.name contains "${quoted(domain)}"`,
      });
    };

    return {
      events: {
        dns(event: AnyEvent, place: EventPlace): void {
          const m = reader.read(event, place);
          if (m === null || isAlone(place)) return;
          if (!m.isResponse) servers.note(place, now.sec);
          const row = rowOf(table, m, place, now);
          if (row < 0) return;
          pairs.renew(row, now, place);
          if (!pairs.count(row, m)) return;
          const unique = pairs.names.count(row);
          const before = pairs.get(row, words.isFull);
          const found = before === 1 ? 2 : pairs.judge(row, now.sec, servers.behind(place));
          if (found === 0) return;
          domains.add(m.ownedHash);
          if (found === 2) pairs.set(row, words.isFull, 1);
          if (unique < 2 * pairs.get(row, words.raised) && (found < 2 || before === 1)) return;
          tell(row, clientOf(place), serverOf(place), m.owned, communityAt(place));
        },
      },
      end(): void {
        for (const [row, { client, server, domain }] of pairs.last) {
          if (pairs.names.count(row) > pairs.get(row, words.raised)) tell(row, client, server, domain);
        }
      },
    };
  },
});

/** The row of client and domain; made only for names that may carry something. */
function rowOf(table: KeyTable, m: NameMessage, place: EventPlace, now: Moment): number {
  if (m.ownedAt < 2 || m.isReverse) return -1;
  const row = table.find(place.ipVersion, place.c0, place.c1, place.c2, place.c3, m.ownedHash);
  // Touched, so that it is no longer idle.
  if (row >= 0) return table.claim(now.sec, place.ipVersion, place.c0, place.c1, place.c2, place.c3, m.ownedHash);
  if (m.ownedAt < 7 && !roomy.has(m.type)) return -1;
  if (m.name.startsWith('www.') || underscored.test(m.below)) return -1;
  const { registered } = m;
  if (isLookup(registered) || isDelivery(registered)) return -1;
  return table.claim(now.sec, place.ipVersion, place.c0, place.c1, place.c2, place.c3, m.ownedHash);
}
