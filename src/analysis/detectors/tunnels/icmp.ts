// Tunnels in ICMP echoes (ptunnel, icmptx, hans, loki): answers that are not what was asked, answers to nothing, echoes that
// carry IP packets or words. RFC 792 and RFC 4443 §4.2 want the data of a reply to be those of its request.

import { ipProto, type Packet } from '../../../core/index.ts';
import { hashWords, type KeyTable } from '../../sketches/index.ts';
import { count, defineDetector, type Moment, seconds } from '../detector.ts';
import { betweenHosts, counted, grouped } from '../wording.ts';
import { isIpv4Packet, isText } from './echo.ts';
import { pairOf } from './pair.ts';

const request4 = 8;
const reply4 = 0;
const request6 = 128;
const reply6 = 129;

/** Requests remembered of each conversation: number, then length and hash of what was sent. */
const ringMost = 16;
const ringWords = 3;
const REQUESTS = 0;
const REPLIES = 1;
const MISMATCHES = 2;
const UNASKED = 3;
/** Carried an IP packet; spoke in words; hash of the words said last. */
const PACKETS = 4;
const TEXTS = 5;
const TEXT = 6;
/** Sizes seen, one bit for every eight bytes modulo 256, and the largest. */
const SIZES = 7;
const LARGEST = 8;
const RAISED = 9;
const BYTES = 10;
const FIRST_SEC = 11;
const RING = 12;
const words = RING + ringMost * ringWords;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const SHOWN = 2;
const shownMost = 6;
const doubles = SHOWN + shownMost;

/** A hash of at most 512 bytes. */
function hashBytes(b: Uint8Array, at: number, end: number): number {
  let h = 0x811c9dc5;
  for (let i = at; i < Math.min(end, at + 512); i++) h = Math.imul(h ^ b[i], 0x01000193);
  return h | 1;
}

const bitsIn = (word: number): number => {
  let n = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) n++;
  return n;
};

/** Counts echoes of one conversation; the row's words begin at `at`. */
class Echoes {
  readonly #table: KeyTable;
  /** Payload bytes above which two copies of a ping are compared. */
  constructor(table: KeyTable) {
    this.#table = table;
  }

  /** Row of the conversation of an echo, -1 when there is no room. */
  claim(now: Moment, p: Packet, id: number): number {
    const pair = pairOf(p);
    const row = this.#table.claim(now.sec, p.ipVersion, pair.low, pair.high, id);
    if (row < 0) return row;
    const w = this.#table.words;
    const at = this.#table.at(row);
    if (w[at + REQUESTS] === 0 && w[at + REPLIES] === 0) {
      w[at + FIRST_SEC] = now.sec;
      this.#table.doubles[row * doubles + FIRST_US] = now.timeUs;
      this.#table.doubles[row * doubles + FIRST_PACKET] = p.number;
    }
    return row;
  }

  /** Counts an echo; true when it is odd. */
  see(row: number, p: Packet, isRequest: boolean, isForward: boolean): boolean {
    const w = this.#table.words;
    const at = this.#table.at(row);
    const b = p.bytes;
    const from = p.l4At + 8;
    const length = p.payloadLen;
    w[at + BYTES] += length;
    if (length > w[at + LARGEST]) w[at + LARGEST] = length;
    w[at + SIZES] |= 1 << ((length >>> 3) & 31);
    const sequence = (b[p.l4At + 6] << 8) | b[p.l4At + 7];
    const slot = at + RING + (sequence & (ringMost - 1)) * ringWords;
    const key = (sequence << 1) | (isForward ? 1 : 0) | (1 << 20);
    const hash = hashBytes(b, from, p.payloadEnd);
    let isOdd = isRequest ? this.#ask(at, slot, key, length, hash) : this.#answer(at, slot, key ^ 1, length, hash);
    if (isIpv4Packet(b, from, p.payloadEnd, length)) {
      w[at + PACKETS]++;
      isOdd = true;
    } else if (length >= 32 && w[at + TEXTS] < 100 && hash !== w[at + TEXT] && isText(b, from, p.payloadEnd)) {
      w[at + TEXT] = hash;
      w[at + TEXTS]++;
      isOdd = true;
    }
    if (isOdd) this.#show(row, p.number);
    return isOdd;
  }

  #ask(at: number, slot: number, key: number, length: number, hash: number): boolean {
    const w = this.#table.words;
    w[at + REQUESTS]++;
    w[slot] = key;
    w[slot + 1] = length;
    w[slot + 2] = hash;
    return false;
  }

  #answer(at: number, slot: number, key: number, length: number, hash: number): boolean {
    const w = this.#table.words;
    w[at + REPLIES]++;
    if (w[slot] !== key) {
      // Without a request nothing says that both ways are captured.
      if (w[at + REQUESTS] === 0) return false;
      w[at + UNASKED]++;
      return true;
    }
    if (w[slot + 1] === length && w[slot + 2] === hash) return false;
    w[at + MISMATCHES]++;
    return true;
  }

  #show(row: number, number: number): void {
    const d = this.#table.doubles;
    const from = row * doubles + SHOWN;
    for (let i = from; i < from + shownMost; i++) {
      if (d[i] !== 0) continue;
      d[i] = number;
      return;
    }
  }

  shown(row: number): number[] {
    const from = row * doubles + SHOWN;
    return [...this.#table.doubles.subarray(from, from + shownMost)].filter((number) => number > 0);
  }
}

export const icmpTunnel = defineDetector({
  name: 'tunnel.icmp',
  title: 'Tunnel in pings',
  version: 1,
  severity: 'high',
  mitre: 'T1572',
  meaning: 'Pings that carry data pass firewalls that let pings pass: a way in, or a way out for what is stolen.',
  benign: 'Devices that answer pings wrongly, and monitoring systems that write words into their pings.',
  next: 'Read the payload of the pings; look at what runs on the host that sends them.',
  options: {
    odd: count(5, 'Replies that differ from their request, or that nobody asked for, in one conversation'),
    packets: count(3, 'Echoes of one conversation that carry an IP packet'),
    windowSec: seconds(3600, 'Silence after which a conversation is forgotten'),
  },
  open: (around) => {
    const { options, now, raise } = around;
    // 2,048 conversations at the most, 340 bytes each.
    const table = around.table({ capacity: 2048, keyWords: 4, words, doubles, idleSec: options.windowSec });
    const echoes = new Echoes(table);

    /** Severity by what is certain; 0 when nothing is to be told. */
    const judge = (at: number): { n: number; limit: number; severity: 'low' | 'medium' | 'high' } | null => {
      const w = table.words;
      const odd = w[at + MISMATCHES] + w[at + UNASKED];
      const isVaried = w[at + LARGEST] > 64 || bitsIn(w[at + SIZES]) >= 4;
      if (w[at + PACKETS] >= options.packets) return { n: w[at + PACKETS], limit: options.packets, severity: 'high' };
      if (odd >= options.odd && isVaried) return { n: odd, limit: options.odd, severity: 'high' };
      const texts = w[at + TEXTS];
      return texts === 0 ? null : { n: texts, limit: 1, severity: texts >= 3 ? 'medium' : 'low' };
    };

    const tell = (p: Packet, row: number): void => {
      const w = table.words;
      const at = table.at(row);
      const found = judge(at);
      if (found === null || found.n < w[at + RAISED] * 2) return;
      w[at + RAISED] = found.n;
      table.setWorth(row, found.n);
      const pair = pairOf(p);
      const parts = [
        [w[at + PACKETS], counted(w[at + PACKETS], 'echo'), 'carry an IP packet'],
        [w[at + MISMATCHES], counted(w[at + MISMATCHES], 'reply'), 'differ from their request'],
        [w[at + UNASKED], counted(w[at + UNASKED], 'reply'), 'answer no request'],
        [w[at + TEXTS], counted(w[at + TEXTS], 'echo'), 'speak in words'],
      ] as const;
      const what = parts
        .filter(([n]) => n > 0)
        .map(([, things, does]) => `${things.replace(/ys$/, 'ies').replace(/hos$/, 'hoes')} ${does}`);
      const all = w[at + REQUESTS] + w[at + REPLIES];
      raise({
        key: `${pair.lowText} ↔ ${pair.highText}`,
        sources: [pair.lowText],
        targets: [pair.highText],
        severity: found.severity,
        confidence: found.severity === 'low' ? 0.5 : 1,
        observed: found.n,
        threshold: found.limit,
        unit: 'pings',
        firstUs: table.doubles[row * doubles + FIRST_US],
        firstPacket: table.doubles[row * doubles + FIRST_PACKET],
        count: all,
        packets: echoes.shown(row),
        explain: `Of ${counted(all, 'ping')} between ${pair.lowText} and ${pair.highText}, ${what.join(', ')}; ${grouped(w[at + BYTES])} bytes in all.`,
        filter: `${betweenHosts(pair.lowText, pair.highText)} && ${p.ipVersion === 4 ? 'icmp' : 'icmpv6'}`,
      });
    };

    return {
      frame(p: Packet): void {
        if (p.l4Ok !== 1 || p.isFragment !== 0 || p.level !== 0) return;
        if (p.proto !== ipProto.icmp && p.proto !== ipProto.icmpv6) return;
        const type = p.icmpType;
        const isRequest = p.ipVersion === 4 ? type === request4 : type === request6;
        if (!isRequest && !(p.ipVersion === 4 ? type === reply4 : type === reply6)) return;
        const id = hashWords((p.bytes[p.l4At + 4] << 8) | p.bytes[p.l4At + 5]);
        const row = echoes.claim(now, p, id);
        if (row >= 0 && echoes.see(row, p, isRequest, pairOf(p).isForward)) tell(p, row);
      },
    };
  },
});
