// What failed of each source of the book: different pairs of host and port, about how many hosts and ports among them.

import type { FlowSignal } from '../../../../../core/index.ts';
import { type DistinctPool, hashWords, type KeyTable } from '../../../../sketches/index.ts';
import { bitsCounted, setBit } from './bit-count.ts';

/** Words of a row: since when, what was told, hosts and ports as bits. Doubles: time and packet of the first. */
const SINCE = 0;
const TOLD = 1;
const HOSTS = 2;
const PORTS = 4;
export const failureWords = 6;
export const failureDoubles = 2;
/** Seconds in which failures are counted together. */
const failureSec = 900;

/** Beyond this the bits are nearly full and tell no more. */
const tellable = 100;

/** What failures look like: peers have each a port of their own, a scan has hosts or ports in common. */
export function isGrid({ pairs, hosts, ports }: FailureCounts, spread: number): boolean {
  return Math.max(hosts, ports) <= Math.min(pairs * spread, tellable);
}

/** Whether nearly every host that failed has a port of its own. */
export function arePeers({ pairs, hosts, ports }: FailureCounts): boolean {
  return Math.min(hosts, ports) > Math.min(pairs * 0.6, tellable);
}

export interface FailureCounts {
  readonly pairs: number;
  readonly hosts: number;
  readonly ports: number;
  readonly told: number;
  readonly firstUs: number;
  readonly firstPacket: number;
}

export class Failures {
  readonly #table: KeyTable;
  readonly #pool: DistinctPool;
  readonly #word: number;
  readonly #double: number;

  /** @param word first word of the owner's row that is ours, likewise `double` */
  constructor(table: KeyTable, pool: DistinctPool, word: number, double: number) {
    this.#table = table;
    this.#pool = pool;
    this.#word = word;
    this.#double = double;
  }

  /** Adds a failure; false when it is not new. */
  add(s: FlowSignal, row: number, host: number, sec: number): boolean {
    const w = this.#table.words;
    const o = this.#table.at(row) + this.#word;
    const d = row * this.#table.doublesPerRow + this.#double;
    if (w[o + SINCE] === 0 || sec - w[o + SINCE] > failureSec) {
      w.fill(0, o, o + failureWords);
      w[o + SINCE] = sec;
      this.#pool.clear(row);
      this.#table.doubles[d] = s.firstUs;
      this.#table.doubles[d + 1] = s.firstPacket;
    }
    if (!this.#pool.add(row, hashWords(host, s.rPort))) return false;
    setBit(w, o + HOSTS, host);
    setBit(w, o + PORTS, hashWords(s.rPort));
    return true;
  }

  pairs(row: number): number {
    return this.#pool.count(row);
  }

  counts(row: number): FailureCounts {
    const w = this.#table.words;
    const o = this.#table.at(row) + this.#word;
    const d = row * this.#table.doublesPerRow + this.#double;
    return {
      pairs: this.#pool.count(row),
      hosts: bitsCounted(w, o + HOSTS),
      ports: bitsCounted(w, o + PORTS),
      told: w[o + TOLD],
      firstUs: this.#table.doubles[d],
      firstPacket: this.#table.doubles[d + 1],
    };
  }

  setTold(row: number, pairs: number): void {
    this.#table.words[this.#table.at(row) + this.#word + TOLD] = pairs;
  }

  clear(row: number): void {
    this.#pool.clear(row);
  }
}
