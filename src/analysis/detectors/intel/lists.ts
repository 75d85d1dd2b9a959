// Threat lists in memory: indicators by hash, packed into two arrays, and what finds them again.
//
// An indicator costs 12 bytes: a 53-bit hash and the number of its list, at four fifths of the places used. Two million of
// them take 25 MiB. By chance, one of five billion questions finds a hash that is another's.
//
//   hash of   an address or network: its words and length   a domain: its characters from the end, so that every
//             suffix is met on the way                       a text: its characters

import { formatAddress } from '../../../core/index.ts';
import { hashWords } from '../../sketches/index.ts';
import type { Indicator, IndicatorKind } from './indicators.ts';

/** Indicators kept at the most. */
export const intelLimit = 2_000_000;
/** Lists told apart; the last one stands for all further ones. */
const listLimit = 1024;

export interface IntelList {
  readonly name: string;
  /** 0..1. */
  readonly confidence: number;
}

export interface IntelMatch {
  readonly list: IntelList;
  /** The entry as it stands in the list. */
  readonly indicator: string;
}

const two32 = 2 ** 32;
/** Of two halves of 32 bits; never 0, which marks a free place. */
const joinHash = (high: number, low: number): number => (high >>> 11) * two32 + (low >>> 0) || 1;

function textHash(seed: number, text: string): number {
  let a = 0x811c9dc5 ^ seed;
  let b = 0x2c1b3c6d ^ seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 15;
  }
  return joinHash(hashWords(b, a), hashWords(a, seed));
}

function addressHash(version: number, bits: number, a: number, b: number, c: number, d: number): number {
  const kind = (version << 8) | bits;
  return joinHash(hashWords(kind, d, c, b, a, 0x51ed), hashWords(a, b, c, d, kind));
}

const seeds = { url: 1, hash: 2, fingerprint: 3 } as const;
const domainSeed = 4;

/** Places by hash: open addressing, the next free place. */
class Places {
  #hashes = new Float64Array(1024);
  #lists = new Uint16Array(1024);
  size = 0;

  get bytes(): number {
    return this.#hashes.byteLength + this.#lists.byteLength;
  }

  /** Number of the list, -1 when it is not there. */
  find(hash: number): number {
    const hashes = this.#hashes;
    for (let at = this.#start(hash); ; at = at + 1 === hashes.length ? 0 : at + 1) {
      if (hashes[at] === hash) return this.#lists[at];
      if (hashes[at] === 0) return -1;
    }
  }

  /** False when it was there already: the first list counts. */
  add(hash: number, list: number): boolean {
    if (this.find(hash) >= 0) return false;
    if (this.size >= 0.8 * this.#hashes.length) this.#resize(this.#hashes.length * 2);
    this.#put(hash, list);
    this.size++;
    return true;
  }

  /** Takes no more room than needed. */
  close(): void {
    this.#resize(Math.max(16, Math.ceil(this.size / 0.8) + 1));
  }

  #start(hash: number): number {
    return Math.floor(((hash % two32) / two32) * this.#hashes.length);
  }

  #put(hash: number, list: number): void {
    const hashes = this.#hashes;
    let at = this.#start(hash);
    while (hashes[at] !== 0) at = at + 1 === hashes.length ? 0 : at + 1;
    hashes[at] = hash;
    this.#lists[at] = list;
  }

  #resize(capacity: number): void {
    const hashes = this.#hashes;
    const lists = this.#lists;
    this.#hashes = new Float64Array(capacity);
    this.#lists = new Uint16Array(capacity);
    for (let i = 0; i < hashes.length; i++) if (hashes[i] !== 0) this.#put(hashes[i], lists[i]);
  }
}

/** What was read of all lists; not changed any more once it is in use. */
export class IntelLists {
  readonly #places = new Places();
  readonly #lists: IntelList[] = [];
  /** First 16 bits of IPv4 addresses that any entry begins with: most addresses are done with here. */
  readonly #firstHalves = new Uint32Array(2048);
  /** Lengths of networks there are, the longest first. */
  #lengths4: number[] = [];
  #lengths6: number[] = [];
  readonly counts: Record<IndicatorKind, number> = {
    address: 0,
    network: 0,
    domain: 0,
    url: 0,
    hash: 0,
    fingerprint: 0,
  };
  /** Entries for which there was no room. */
  left = 0;

  get size(): number {
    return this.#places.size;
  }

  get bytes(): number {
    return this.#places.bytes + this.#firstHalves.byteLength;
  }

  get lists(): readonly IntelList[] {
    return this.#lists;
  }

  /** Number of a list for `add`. */
  open(list: IntelList): number {
    if (this.#lists.length < listLimit) this.#lists.push(list);
    return this.#lists.length - 1;
  }

  /** Takes an entry; false when it was there or there is no room. */
  add(indicator: Indicator, list: number): boolean {
    if (this.#places.size >= intelLimit) {
      this.left++;
      return false;
    }
    const hash = this.#hashOf(indicator);
    if (hash === null || !this.#places.add(hash, list)) return false;
    this.counts[indicator.kind]++;
    return true;
  }

  /** After the last entry. */
  close(): this {
    this.#places.close();
    return this;
  }

  #hashOf({ kind, text, net }: Indicator): number | null {
    if (kind === 'domain') return this.#domainHash(text);
    if (kind !== 'address' && kind !== 'network') return textHash(seeds[kind], text);
    if (net === undefined) return null;
    const { ipVersion, words, bits } = net;
    if (ipVersion === 4) this.#mark(words[0], bits);
    const lengths = ipVersion === 4 ? this.#lengths4 : this.#lengths6;
    if (!lengths.includes(bits)) {
      lengths.push(bits);
      lengths.sort((a, b) => b - a);
    }
    return addressHash(ipVersion, bits, ...words);
  }

  #mark(word: number, bits: number): void {
    const first = word >>> 16;
    const last = bits >= 16 ? first : first + (1 << (16 - bits)) - 1;
    for (let half = first; half <= last; half++) this.#firstHalves[half >>> 5] |= 1 << (half & 31);
  }

  #domainHash(name: string): number {
    let a = 0x811c9dc5 ^ domainSeed;
    let b = 0x2c1b3c6d ^ domainSeed;
    for (let i = name.length - 1; i >= 0; i--) {
      const code = name.charCodeAt(i);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x85ebca6b);
      b ^= b >>> 15;
    }
    return joinHash(hashWords(b, a), hashWords(a, domainSeed));
  }

  get hasAddresses(): boolean {
    return this.counts.address + this.counts.network > 0;
  }

  /** Whether an address or a network it lies in is listed: bits of the longest such entry, -1 when none is. */
  addressBits(ipVersion: number, a: number, b: number, c: number, d: number): number {
    if (ipVersion === 4) {
      const half = a >>> 16;
      if ((this.#firstHalves[half >>> 5] & (1 << (half & 31))) === 0) return -1;
    }
    const lengths = ipVersion === 4 ? this.#lengths4 : this.#lengths6;
    for (let i = 0; i < lengths.length; i++) {
      const bits = lengths[i];
      if (this.#places.find(networkHash(ipVersion, bits, a, b, c, d)) >= 0) return bits;
    }
    return -1;
  }

  /** The entry that {@link addressBits} found. */
  address(ipVersion: number, bits: number, a: number, b: number, c: number, d: number): IntelMatch {
    const list = this.#places.find(networkHash(ipVersion, bits, a, b, c, d));
    const isHost = bits === (ipVersion === 4 ? 32 : 128);
    const words = [0, 1, 2, 3].map((i) => [a, b, c, d][i] & mask(bits - 32 * i));
    const text = formatAddress(ipVersion, words[0], words[1], words[2], words[3]);
    return { list: this.#lists[list], indicator: isHost ? text : `${text}/${bits}` };
  }

  /** The entry for a name in lower case or a domain it lies below, the longest first; null when there is none. */
  domain(name: string): IntelMatch | null {
    if (this.counts.domain === 0 || name.length > 1024) return null;
    let a = 0x811c9dc5 ^ domainSeed;
    let b = 0x2c1b3c6d ^ domainSeed;
    let found: IntelMatch | null = null;
    for (let i = name.length - 1; i >= 0; i--) {
      const code = name.charCodeAt(i);
      if (code === 46) found = this.#suffix(a, b, name, i + 1) ?? found;
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x85ebca6b);
      b ^= b >>> 15;
    }
    return this.#suffix(a, b, name, 0) ?? found;
  }

  #suffix(a: number, b: number, name: string, at: number): IntelMatch | null {
    const list = this.#places.find(joinHash(hashWords(b, a), hashWords(a, domainSeed)));
    return list < 0 ? null : { list: this.#lists[list], indicator: name.slice(at) };
  }

  /** The entry for a text in its plain form. */
  text(kind: keyof typeof seeds, text: string): IntelMatch | null {
    if (this.counts[kind] === 0) return null;
    const list = this.#places.find(textHash(seeds[kind], text));
    return list < 0 ? null : { list: this.#lists[list], indicator: text };
  }
}

function mask(bits: number): number {
  return bits <= 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits);
}

function networkHash(ipVersion: number, bits: number, a: number, b: number, c: number, d: number): number {
  return addressHash(ipVersion, bits, a & mask(bits), b & mask(bits - 32), c & mask(bits - 64), d & mask(bits - 96));
}

/** Where detectors find the lists of the moment: they are exchanged as a whole when a file has changed. */
export interface IntelSource {
  lists: IntelLists;
}
