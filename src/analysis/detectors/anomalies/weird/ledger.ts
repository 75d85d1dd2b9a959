// Who contradicted what: one table for (event, source), with a policy per event, as Zeek's weird framework keeps it: ignore,
// tell once, once per host, count connections, tell at once; the same is not told again for ten minutes.

import type { DistinctPool, KeyTable } from '../../../sketches/index.ts';
import { hashText } from '../../../sketches/index.ts';
import type { Moment, Surroundings } from '../../detector.ts';

export type Policy = 'ignore' | 'once' | 'host' | 'flow' | 'notice';

/** Kinds of event whose names are kept. */
const namesMost = 512;
/** Seconds for which one event of one source is not told again (Zeek's `weird_ignore`, 10 min). */
const quietSec = 600;

const FIRST_SEC = 0;
const COUNT = 1;
const RAISED = 2;
const NAME = 3;
const words = 4;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const doubles = 2;

/** What is to be told of an event: nothing, that it was seen, or that a host makes very many. */
export const verdicts = { nothing: 0, seen: 1, many: 2 } as const;

export class Ledger {
  readonly #table: KeyTable;
  readonly #flows: DistinctPool;
  readonly #policies: Readonly<Record<string, Policy>>;
  readonly #windowSec: number;
  readonly #limit: number;
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();
  #row = -1;
  /** Of the verdict given last: flows of the host within the window, and times the event was seen. */
  flows = 0;
  count = 0;

  /**
   * @param capacity rows at the most: one for each host and one for each of its kinds of event; 330 bytes each
   * @param limit connections with events of one host within the window that are very many
   */
  constructor(
    around: Pick<Surroundings, 'table' | 'distinct'>,
    capacity: number,
    policies: Readonly<Record<string, Policy>>,
    limit: number,
    windowSec: number,
  ) {
    this.#table = around.table({ capacity, keyWords: 6, words, doubles, idleSec: quietSec });
    this.#flows = around.distinct(this.#table);
    this.#policies = policies;
    this.#limit = limit;
    this.#windowSec = windowSec;
  }

  /**
   * Notes an event.
   * @param flow a hash of the connection
   * @returns one of `verdicts`
   */
  note(now: Moment, name: string, ipVersion: number, a: number, b: number, c: number, d: number, flow: number): number {
    const policy = this.#policies[name] ?? 'flow';
    if (policy === 'ignore') return verdicts.nothing;
    const isNew = policy !== 'flow' && this.#isNew(now, name, policy, ipVersion, a, b, c, d);
    const isMany = this.#isMany(now, name, ipVersion, a, b, c, d, flow);
    if (isMany) return verdicts.many;
    return isNew ? verdicts.seen : verdicts.nothing;
  }

  #isNew(now: Moment, name: string, policy: Policy, v: number, a: number, b: number, c: number, d: number): boolean {
    const key = hashText(name) | 1;
    const row = policy === 'once' ? this.#claim(now, 0, 0, 0, 0, 0, key) : this.#claim(now, v, a, b, c, d, key);
    if (row < 0) return false;
    const at = this.#table.at(row);
    const w = this.#table.words;
    this.count = ++w[at + COUNT];
    const isNew = w[at + RAISED] === 0 || (policy !== 'once' && now.sec - w[at + FIRST_SEC] > quietSec);
    if (isNew) w[at + FIRST_SEC] = now.sec;
    w[at + RAISED] = 1;
    return isNew;
  }

  #isMany(now: Moment, name: string, v: number, a: number, b: number, c: number, d: number, flow: number): boolean {
    const row = this.#claim(now, v, a, b, c, d, 0);
    if (row < 0) return false;
    const at = this.#table.at(row);
    const w = this.#table.words;
    if (now.sec - w[at + FIRST_SEC] > this.#windowSec) {
      w[at + FIRST_SEC] = now.sec;
      w[at + RAISED] = 0;
      this.#table.doubles[row * doubles + FIRST_US] = now.timeUs;
      this.#table.doubles[row * doubles + FIRST_PACKET] = now.packet;
      this.#flows.clear(row);
    }
    w[at + NAME] = this.#numberOf(name);
    if (!this.#flows.add(row, flow)) return false;
    this.flows = this.#flows.count(row);
    if (this.flows < this.#limit || this.flows < w[at + RAISED] * 2) return false;
    w[at + RAISED] = this.flows;
    this.#table.setWorth(row, this.flows);
    return true;
  }

  #claim(now: Moment, v: number, a: number, b: number, c: number, d: number, key: number): number {
    const row = this.#table.claim(now.sec, v, a, b, c, d, key);
    this.#row = row;
    return row;
  }

  #numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined || this.#names.length >= namesMost) return known ?? 0;
    this.#numbers.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  /** Of the host of the verdict `many`: when the window began. */
  get firstUs(): number {
    return this.#table.doubles[this.#row * doubles + FIRST_US];
  }
  get firstPacket(): number {
    return this.#table.doubles[this.#row * doubles + FIRST_PACKET];
  }
}
