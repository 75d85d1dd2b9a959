// Columns of rows that change in place: a row is a slot, a value is found by its number. Memory grows with the slots in
// use, up to the table's bound.

import { formatIpv4, formatIpv6 } from '../../../../core/index.ts';
import type { ColumnKind, Value } from '../../../../output/store/index.ts';

/** How windows and filters read a column. */
export interface SlotColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  read(slot: number): Value;
  /** For filters: addresses as 16 bytes. Left out: as it is read. */
  readonly raw?: (slot: number) => Uint8Array;
  /** What it is sorted by where that is a number; NaN: not known. Left out: sorted as it is read. */
  readonly rank?: (slot: number) => number;
}

/** Values of one column, or of several that go together. */
export interface Slots {
  grow(capacity: number): void;
}

/** Numbers; NaN: not known. */
export class NumberSlots implements Slots {
  values = new Float64Array(0);

  grow(capacity: number): void {
    const values = new Float64Array(capacity);
    values.set(this.values);
    this.values = values;
  }

  column(name: string, kind: ColumnKind): SlotColumn {
    const read = (slot: number): number | null => {
      const value = this.values[slot];
      return Number.isNaN(value) ? null : value;
    };
    return { name, kind, read, rank: (slot) => this.values[slot] };
  }
}

/** Numbers below 2^31 and flags; -1: not known. */
export class SmallSlots implements Slots {
  values = new Int32Array(0);

  grow(capacity: number): void {
    const values = new Int32Array(capacity);
    values.set(this.values);
    this.values = values;
  }

  column(name: string, kind: ColumnKind): SlotColumn {
    const isFlag = kind === 'flag';
    const read = (slot: number): number | boolean | null => {
      const value = this.values[slot];
      return value < 0 ? null : isFlag ? value === 1 : value;
    };
    const rank = (slot: number): number => (this.values[slot] < 0 ? Number.NaN : this.values[slot]);
    return { name, kind, read, rank };
  }
}

/** What stands in `WholeSlots` where nothing is known. */
export const noWhole = 0xffffffff;

/** Numbers of 32 bits. */
export class WholeSlots implements Slots {
  values = new Uint32Array(0);

  grow(capacity: number): void {
    const values = new Uint32Array(capacity);
    values.set(this.values);
    this.values = values;
  }

  column(name: string, kind: ColumnKind): SlotColumn {
    const rank = (slot: number): number => (this.values[slot] === noWhole ? Number.NaN : this.values[slot]);
    return { name, kind, read: (slot) => (this.values[slot] === noWhole ? null : this.values[slot]), rank };
  }
}

/** Texts that are remembered so that equal ones share their memory; then they are forgotten, which only costs memory. */
const mostShared = 65_536;
const shared = new Map<string, string>();

function sharedText(text: string): string {
  const known = shared.get(text);
  if (known !== undefined) return known;
  if (shared.size >= mostShared) shared.clear();
  shared.set(text, text);
  return text;
}

/** Texts; empty: not known. */
export class TextSlots implements Slots {
  readonly values: string[] = [];

  grow(capacity: number): void {
    for (let slot = this.values.length; slot < capacity; slot++) this.values.push('');
  }

  set(slot: number, text: string): void {
    if (this.values[slot] !== text) this.values[slot] = text === '' ? '' : sharedText(text);
  }

  column(name: string, kind: ColumnKind): SlotColumn {
    return { name, kind, read: (slot) => this.values[slot] };
  }
}

/** Addresses as four words, IPv4 as ::ffff:a.b.c.d; also halves of a hash. */
export class WordSlots implements Slots {
  readonly width: number;
  words = new Int32Array(0);

  constructor(width: 2 | 4) {
    this.width = width;
  }

  grow(capacity: number): void {
    const words = new Int32Array(capacity * this.width);
    words.set(this.words);
    this.words = words;
  }

  setAddress(slot: number, w0: number, w1: number, w2: number, w3: number): void {
    const at = slot * 4;
    const { words } = this;
    words[at] = w0;
    words[at + 1] = w1;
    words[at + 2] = w2;
    words[at + 3] = w3;
  }

  isAddress(slot: number, w0: number, w1: number, w2: number, w3: number): boolean {
    const at = slot * 4;
    const { words } = this;
    return words[at + 3] === w3 && words[at + 2] === w2 && words[at + 1] === w1 && words[at] === w0;
  }

  text(slot: number): string {
    const at = slot * 4;
    return addressText(this.words[at], this.words[at + 1], this.words[at + 2], this.words[at + 3]);
  }

  addressColumn(name: string): SlotColumn {
    return {
      name,
      kind: 'address',
      read: (slot) => this.text(slot),
      raw: (slot) => this.#bytes(slot),
      rank: (slot) => this.#rank(slot),
    };
  }

  /** IPv4 before IPv6, each in the order of its bits, as far as 53 of them tell. */
  #rank(slot: number): number {
    const at = slot * 4;
    const { words } = this;
    if (words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0xffff) return words[at + 3] >>> 0;
    return 2 ** 32 + (words[at] >>> 0) * 2 ** 20 + (words[at + 1] >>> 12);
  }

  hashColumn(name: string): SlotColumn {
    const half = (at: number): string => (this.words[at] >>> 0).toString(16).padStart(8, '0');
    return { name, kind: 'hash', read: (slot) => half(slot * 2) + half(slot * 2 + 1) };
  }

  #bytes(slot: number): Uint8Array {
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < 4; i++) view.setInt32(i * 4, this.words[slot * 4 + i]);
    return bytes;
  }
}

/** Text of an address of either family in four words. */
export function addressText(w0: number, w1: number, w2: number, w3: number): string {
  return w0 === 0 && w1 === 0 && w2 === 0xffff ? formatIpv4(w3) : formatIpv6(w0, w1, w2, w3);
}
