// Counts by who is concerned, and says when to tell: one alert for each, raised at the first sight and at each doubling.

import type { EventPlace } from '../../core/index.ts';
import { hashWords, type KeyTable, type KeyTableOptions } from '../sketches/index.ts';
import type { Moment } from './detector.ts';

const COUNT = 0;
const RAISED = 1;
const words = 2;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const doubles = 2;

/** What is known of a key when it is time to tell. Reused. */
export interface Repeated {
  count: number;
  firstUs: number;
  firstPacket: number;
}

/** Rows for so many keys; 68 bytes each. */
export const repeatsTable = (capacity: number): KeyTableOptions => ({
  capacity,
  keyWords: 6,
  words,
  doubles,
  idleSec: 3600,
});

export class Repeats {
  readonly #table: KeyTable;
  readonly #now: Moment;
  readonly #found: Repeated = { count: 0, firstUs: 0, firstPacket: 0 };

  /** @param table made by `repeatsTable` */
  constructor(table: KeyTable, now: Moment) {
    this.#table = table;
    this.#now = now;
  }

  /** Once more of a server's port; `more` tells apart what else is told by itself. Null: nothing new to tell. */
  server(at: EventPlace, more = 0, least = 1): Repeated | null {
    return this.#see(at, hashWords(at.sPort, at.proto, at.ipVersion, more), 0, least);
  }

  /** Once more of a client and a server. */
  pair(at: EventPlace, more = 0, least = 1): Repeated | null {
    return this.#see(at, hashWords(at.c0, at.c1, at.c2, at.c3), hashWords(at.ipVersion, more), least);
  }

  #see(at: EventPlace, e: number, f: number, least: number): Repeated | null {
    const table = this.#table;
    const row = table.claim(this.#now.sec, at.s0, at.s1, at.s2, at.s3, e, f);
    if (row < 0) return null;
    const w = table.words;
    const o = table.at(row);
    const d = row * table.doublesPerRow;
    const count = ++w[o + COUNT];
    if (count === 1) {
      table.doubles[d + FIRST_US] = at.timeUs;
      table.doubles[d + FIRST_PACKET] = at.packet;
    }
    if (count < least || count < 2 * w[o + RAISED]) return null;
    w[o + RAISED] = count;
    table.setWorth(row, count);
    this.#found.count = count;
    this.#found.firstUs = table.doubles[d + FIRST_US];
    this.#found.firstPacket = table.doubles[d + FIRST_PACKET];
    return this.#found;
  }
}
