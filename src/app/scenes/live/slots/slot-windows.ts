// Windows on rows that change in place: which rows fit is remembered until they change, and an order holds for a second,
// so that one page fits the next.

import { Failure } from '../../../../core/index.ts';
import type { Sort, Value } from '../../../../output/store/index.ts';
import type { LiveWindow, Matcher, ReadColumn, WindowRequest } from '../live-table.ts';
import { bestOf } from './best-of.ts';
import type { SlotColumn } from './slot-columns.ts';

/** The rows: which slots are in use. */
export interface SlotRows {
  readonly columns: readonly SlotColumn[];
  /** Slots in use, newest first. */
  newestFirst(): Int32Array;
  readonly kept: number;
  readonly forgotten: number;
  readonly capacity: number;
  /** By slot: tells rows of the same slot apart. */
  readonly generations: Uint32Array;
}

/** How deep a window may reach in an order other than that of arrival: deeper ones would hold up the capture. */
const deepestSorted = 10_000;
const rememberedFilters = 8;
const rememberedOrders = 4;
/** So long an order holds, and so long nothing else gets its turn. */
const orderHoldsMs = 1000;
const longestMs = 5;

const unknownFit = 0;
const fits = 1;
const fitsNot = 2;

/** Rows that fitted when the order was made, in the order of arrival, and the first of them in that order. */
interface HeldOrder {
  readonly madeMs: number;
  readonly slots: Int32Array;
  readonly generations: Uint32Array;
  readonly ranks: Float64Array | null;
  readonly isDescending: boolean;
  /** Places in `slots`; as many as were asked for so far. */
  first: Int32Array;
}

export class SlotWindows {
  readonly #rows: SlotRows;
  readonly #byName: ReadonlyMap<string, SlotColumn>;
  readonly #filters = new Map<string, { states: Uint8Array }>();
  readonly #orders = new Map<string, HeldOrder>();
  readonly #nowMs: () => number;
  #slot = 0;
  readonly #read: ReadColumn;

  constructor(rows: SlotRows, nowMs: () => number = () => performance.now()) {
    this.#rows = rows;
    this.#byName = new Map(rows.columns.map((column) => [column.name, column]));
    this.#nowMs = nowMs;
    this.#read = (name) => this.valueAt(this.#slot, name);
  }

  /** A value for filters. */
  valueAt(slot: number, name: string): Value | Uint8Array {
    const column = this.#byName.get(name);
    if (column === undefined) return null;
    return column.raw === undefined ? column.read(slot) : column.raw(slot);
  }

  /** The row has changed: filters are to be asked again. */
  changed(slot: number): void {
    for (const { states } of this.#filters.values()) if (slot < states.length) states[slot] = unknownFit;
  }

  /** Nothing changes any more: the next window is of the rows as they are, whatever was asked just before. */
  settle(): void {
    this.#orders.clear();
  }

  /** Asks a filter of rows that it was not asked of yet, with other work in between; `window` is then quick. */
  async prepare(filter: string, matcher: Matcher): Promise<void> {
    const known = this.#remembered(filter);
    let since = performance.now();
    let count = 0;
    for (const slot of this.#rows.newestFirst()) {
      this.#fits(known, slot, matcher);
      if ((++count & 255) !== 0 || performance.now() - since < longestMs) continue;
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    }
  }

  /** @param filter text that `matcher` was made from; empty: every row fits. Throws BAD_QUERY. */
  window(filter: string, matcher: Matcher | null, request: WindowRequest): LiveWindow {
    const { from, count, sort } = request;
    const columns = (request.columns ?? [...this.#byName.keys()]).map((name) => this.#column(name));
    if (sort !== undefined && from + count > deepestSorted) {
      const hint = 'Narrow it with a filter, or leave the sorting out: newest rows first reach to the end.';
      throw new Failure('BAD_QUERY', `a sorted window of live rows ends at row ${deepestSorted}`, hint);
    }
    const order = this.#order(filter, matcher, sort);
    if (order.ranks !== null && order.first.length < Math.min(from + count, order.slots.length)) {
      // Twice at the most: the first page, then all that can be reached.
      const most = order.first.length === 0 ? Math.max(200, from + count) : deepestSorted;
      order.first = bestOf(order.ranks, most, order.isDescending);
    }
    const rows: (readonly Value[])[] = [];
    const end = Math.min(from + count, order.slots.length);
    for (let i = from; i < end; i++) {
      const place = order.ranks === null ? i : order.first[i];
      const slot = order.slots[place];
      // A slot that another row has by now.
      if (this.#rows.generations[slot] !== order.generations[place]) continue;
      rows.push(columns.map((column) => column.read(slot)));
    }
    return {
      columns: columns.map(({ name, kind }) => ({ name, kind })),
      rows,
      total: order.slots.length,
      kept: this.#rows.kept,
      forgotten: this.#rows.forgotten,
    };
  }

  #column(name: string): SlotColumn {
    const column = this.#byName.get(name);
    if (column !== undefined) return column;
    const hint = `Columns are ${[...this.#byName.keys()].join(', ')}.`;
    throw new Failure('BAD_QUERY', `there is no live column '${name}'`, hint);
  }

  #order(filter: string, matcher: Matcher | null, sort: Sort | undefined): HeldOrder {
    const key = `${sort === undefined ? '' : `${sort.descending ? '-' : '+'}${sort.column}`}\n${filter}`;
    const held = this.#orders.get(key);
    const now = this.#nowMs();
    if (held !== undefined && now - held.madeMs < orderHoldsMs) return held;
    const order = this.#makeOrder(filter, matcher, sort, now);
    this.#orders.delete(key);
    this.#orders.set(key, order);
    for (const [old, { madeMs }] of this.#orders) {
      if (this.#orders.size <= rememberedOrders && now - madeMs < 5 * orderHoldsMs) break;
      this.#orders.delete(old);
    }
    return order;
  }

  #makeOrder(filter: string, matcher: Matcher | null, sort: Sort | undefined, madeMs: number): HeldOrder {
    const slots = this.#fitting(filter, matcher);
    const now = this.#rows.generations;
    const generations = new Uint32Array(slots.length);
    for (let i = 0; i < slots.length; i++) generations[i] = now[slots[i]];
    const ranks = sort === undefined ? null : ranksOf(this.#column(sort.column), slots);
    return { madeMs, slots, generations, ranks, isDescending: sort?.descending === true, first: new Int32Array(0) };
  }

  #fitting(filter: string, matcher: Matcher | null): Int32Array {
    const slots = this.#rows.newestFirst();
    if (matcher === null) return slots;
    const known = this.#remembered(filter);
    let count = 0;
    for (const slot of slots) if (this.#fits(known, slot, matcher)) slots[count++] = slot;
    return slots.subarray(0, count);
  }

  #fits(known: { states: Uint8Array }, slot: number, matcher: Matcher): boolean {
    if (slot >= known.states.length) {
      const states = new Uint8Array(this.#rows.capacity);
      states.set(known.states);
      known.states = states;
    }
    let state = known.states[slot];
    if (state === unknownFit) {
      this.#slot = slot;
      state = matcher(this.#read) ? fits : fitsNot;
      known.states[slot] = state;
    }
    return state === fits;
  }

  #remembered(filter: string): { states: Uint8Array } {
    const known = this.#filters.get(filter) ?? { states: new Uint8Array(this.#rows.capacity) };
    this.#filters.delete(filter);
    this.#filters.set(filter, known);
    if (this.#filters.size > rememberedFilters) this.#filters.delete(this.#filters.keys().next().value ?? '');
    return known;
  }
}

/** What is not known is NaN. Texts are put in order once each: most columns have few different ones. */
function ranksOf({ rank, read }: SlotColumn, slots: Int32Array): Float64Array {
  const ranks = new Float64Array(slots.length);
  if (rank !== undefined) {
    for (let i = 0; i < slots.length; i++) ranks[i] = rank(slots[i]);
    return ranks;
  }
  const places = new Map<string, number>();
  for (let i = 0; i < slots.length; i++) {
    const text = textRank(read(slots[i]));
    let place = places.get(text);
    if (place === undefined) {
      place = places.size;
      places.set(text, place);
    }
    ranks[i] = place;
  }
  const order = new Float64Array(places.size);
  for (const [i, [text, place]] of [...places].sort(byText).entries()) order[place] = text === '' ? Number.NaN : i;
  for (let i = 0; i < slots.length; i++) ranks[i] = order[ranks[i]];
  return ranks;
}

const byText = ([a]: readonly [string, number], [b]: readonly [string, number]): number => (a < b ? -1 : a > b ? 1 : 0);

const textRank = (value: Value): string =>
  value === null ? '' : Array.isArray(value) ? value.join(', ') : String(value);
