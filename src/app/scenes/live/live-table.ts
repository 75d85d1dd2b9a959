// The newest rows of a table, in memory: bounded, column by column, asked for in windows.

import { Failure } from '../../../core/index.ts';
import {
  type Batch,
  type Column,
  joinBatches,
  type ReadValue,
  type ResultColumn,
  type Sort,
  type Table,
  type Value,
  valueReader,
} from '../../../output/store/index.ts';
import { largest, type Order } from './largest.ts';

/** Reads a row's columns by name; addresses as 16 bytes, which are quicker to compare than text. */
export type ReadColumn = (name: string) => Value | Uint8Array;

/** Whether a row fits. */
export type Matcher = (column: ReadColumn) => boolean;

/** A window on the rows that fit, in an order. */
export interface WindowRequest {
  /** Left out: newest first. */
  readonly sort?: Sort | undefined;
  readonly from: number;
  readonly count: number;
  /** Left out: all. */
  readonly columns?: readonly string[] | undefined;
}

export interface LiveWindow {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Value[])[];
  /** Rows that fit, of those that are kept. */
  readonly total: number;
  readonly kept: number;
  /** Rows that gave way to newer ones. */
  readonly forgotten: number;
}

/** How deep a window may reach in an order other than that of arrival: deeper ones would hold up the capture. */
const deepestSorted = 10_000;
/** Pieces below this size are joined with what comes next, so that a quiet network does not make thousands of them. */
const smallRows = 512;
/** Filters whose rows are remembered, so that asking again looks at new rows only. */
const rememberedFilters = 8;

/** So long nothing else gets its turn. */
const longestMs = 5;

/** One piece: a batch, how to read it, and which of its rows fit a filter. */
interface Piece {
  readonly batch: Batch;
  /** Number of its first row since the beginning. */
  readonly first: number;
  readonly readers: readonly ReadValue[];
  /** For filters. */
  readonly byName: ReadonlyMap<string, (row: number) => Value | Uint8Array>;
}

/** Keeps at least `capacity` rows once so many came; whole batches make room. */
export class LiveTable {
  readonly table: Table;
  readonly #capacity: number;
  #pieces: Piece[] = [];
  #added = 0;
  #kept = 0;
  /** Of `state` tables: the newest row of each thing. */
  readonly #newest: Map<string, number> | null;
  readonly #keyAt: readonly number[];
  /** Made when a filter asks for it, thrown away with the next rows. */
  #byFlow: Map<string, ReadColumn[]> | null = null;
  readonly #fits = new Map<string, WeakMap<Batch, Uint32Array>>();

  constructor(table: Table, capacity: number) {
    this.table = table;
    this.#capacity = capacity;
    this.#newest = table.keep === 'state' ? new Map() : null;
    this.#keyAt = (table.key ?? []).map((name) => table.columns.findIndex((column) => column.name === name));
  }

  /** Rows that gave way to newer ones. */
  get forgotten(): number {
    return this.#added - this.#kept;
  }

  /** Takes a copy of all rows. */
  add(batch: Batch): void {
    if (batch.rows === 0) return;
    const last = this.#pieces.at(-1);
    const isSmall = last !== undefined && last.batch.rows < smallRows;
    if (isSmall) this.#pieces.pop();
    const joined = isSmall ? joinBatches([last.batch, batch]) : joinBatches([batch]);
    const piece = pieceOf(joined, this.table, isSmall ? last.first : this.#added);
    this.#pieces.push(piece);
    this.#byFlow = null;
    for (let row = joined.rows - batch.rows; row < joined.rows; row++) {
      this.#newest?.set(this.#keyOf(piece, row), piece.first + row);
    }
    this.#added += batch.rows;
    this.#kept += batch.rows;
    while (this.#kept - this.#pieces[0].batch.rows >= this.#capacity) this.#forget();
  }

  /** Asks the filter of rows that it was not asked of yet, with other work in between; `window` is then quick. */
  async prepare(filter: string, matcher: Matcher): Promise<void> {
    let since = performance.now();
    for (const piece of [...this.#pieces]) {
      this.#fitting(piece, filter, matcher);
      if (performance.now() - since < longestMs) continue;
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    }
  }

  /** @param filter text that `matcher` was made from; empty: every row fits. Throws BAD_QUERY. */
  window(filter: string, matcher: Matcher | null, request: WindowRequest): LiveWindow {
    const { from, count, sort } = request;
    const columns = (request.columns ?? this.table.columns.map(({ name }) => name)).map((name) => this.#column(name));
    const sorted = sort === undefined ? null : this.#column(sort.column);
    if (sorted !== null && from + count > deepestSorted) {
      const hint = 'Narrow it with a filter, or leave the sorting out: newest rows first reach to the end.';
      throw new Failure('BAD_QUERY', `a sorted window of live rows ends at row ${deepestSorted}`, hint);
    }
    const fits = this.#pieces.map((piece) => this.#fitting(piece, filter, matcher));
    const total = fits.reduce((sum, rows) => sum + rows.length, 0);
    const places = sorted === null ? newestFirst(fits, from, count) : this.#sorted(fits, sorted, request, sort);
    const at = columns.map(({ column }) => column);
    return {
      columns: columns.map(({ name, kind }) => ({ name, kind })),
      rows: places.map(([piece, row]) => at.map((i) => this.#pieces[piece].readers[i](row))),
      total,
      kept: this.#kept,
      forgotten: this.#added - this.#kept,
    };
  }

  /** Rows of a flow, for filters that ask of one table what another has. */
  rowsOfFlow(run: number, flow: number): readonly ReadColumn[] {
    this.#byFlow ??= this.#indexFlows();
    return this.#byFlow.get(`${run} ${flow}`) ?? [];
  }

  #indexFlows(): Map<string, ReadColumn[]> {
    const index = new Map<string, ReadColumn[]>();
    for (const { batch, byName } of this.#pieces) {
      const [run, flow] = [byName.get('run'), byName.get('flow_id')];
      if (run === undefined || flow === undefined) break;
      for (let row = 0; row < batch.rows; row++) {
        const key = `${run(row)} ${flow(row)}`;
        const read: ReadColumn = (name) => byName.get(name)?.(row) ?? null;
        const rows = index.get(key);
        if (rows === undefined) index.set(key, [read]);
        else rows.push(read);
      }
    }
    return index;
  }

  #column(name: string): Column & { readonly column: number } {
    const at = this.table.columns.findIndex((column) => column.name === name);
    if (at >= 0) return { ...this.table.columns[at], column: at };
    const hint = `Columns are ${this.table.columns.map((column) => column.name).join(', ')}.`;
    throw new Failure('BAD_QUERY', `the table '${this.table.name}' has no column '${name}'`, hint);
  }

  /** Rows of a piece that fit, oldest first. */
  #fitting(piece: Piece, filter: string, matcher: Matcher | null): Uint32Array {
    const known = this.#remembered(filter);
    let rows = known.get(piece.batch);
    if (rows === undefined) {
      rows = matching(piece, matcher);
      known.set(piece.batch, rows);
    }
    // A newer version elsewhere hides a row: that may change while the piece does not.
    const newest = this.#newest;
    return newest === null ? rows : rows.filter((row) => newest.get(this.#keyOf(piece, row)) === piece.first + row);
  }

  #remembered(filter: string): WeakMap<Batch, Uint32Array> {
    const known = this.#fits.get(filter) ?? new WeakMap();
    this.#fits.delete(filter);
    this.#fits.set(filter, known);
    if (this.#fits.size > rememberedFilters) this.#fits.delete(this.#fits.keys().next().value ?? '');
    return known;
  }

  #sorted(
    fits: readonly Uint32Array[],
    { column }: { readonly column: number },
    { from, count }: WindowRequest,
    sort: Sort | undefined,
  ): [number, number][] {
    const order: Order<Place> = (a, b) => compareValues(a.value, b.value, sort?.descending === true);
    const best = largest(placesOf(this.#pieces, fits, column), from + count, order);
    return best.slice(from).map(({ piece, row }) => [piece, row]);
  }

  #keyOf(piece: Piece, row: number): string {
    return this.#keyAt.map((i) => piece.readers[i](row)).join('\n');
  }

  #forget(): void {
    const piece = this.#pieces.shift();
    if (piece === undefined) return;
    this.#kept -= piece.batch.rows;
    if (this.#newest === null) return;
    for (let row = 0; row < piece.batch.rows; row++) {
      const key = this.#keyOf(piece, row);
      if (this.#newest.get(key) === piece.first + row) this.#newest.delete(key);
    }
  }
}

interface Place {
  readonly piece: number;
  readonly row: number;
  readonly value: Value;
}

/** Newest first, so that of equal values the newest are kept. */
function* placesOf(pieces: readonly Piece[], fits: readonly Uint32Array[], column: number): Generator<Place> {
  for (let piece = pieces.length - 1; piece >= 0; piece--) {
    const read = pieces[piece].readers[column];
    for (let i = fits[piece].length - 1; i >= 0; i--) {
      const row = fits[piece][i];
      yield { piece, row, value: read(row) };
    }
  }
}

function pieceOf(batch: Batch, { columns }: Table, first: number): Piece {
  const readers = batch.columns.map((data, i) => valueReader(columns[i].kind, data));
  const byName = new Map<string, (row: number) => Value | Uint8Array>(
    columns.map(({ name, kind }, i) => {
      const data = batch.columns[i];
      if (kind !== 'address' || data.shape !== 'fixed') return [name, readers[i]];
      return [name, (row: number) => data.values.subarray(row * 16, row * 16 + 16)];
    }),
  );
  return { batch, first, readers, byName };
}

function matching({ batch, byName }: Piece, matcher: Matcher | null): Uint32Array {
  const rows = new Uint32Array(batch.rows);
  let row = 0;
  const column: ReadColumn = (name) => byName.get(name)?.(row) ?? null;
  let count = 0;
  for (; row < batch.rows; row++) if (matcher === null || matcher(column)) rows[count++] = row;
  return rows.slice(0, count);
}

function newestFirst(fits: readonly Uint32Array[], from: number, count: number): [number, number][] {
  const places: [number, number][] = [];
  let skip = from;
  for (let piece = fits.length - 1; piece >= 0 && places.length < count; piece--) {
    const rows = fits[piece];
    for (let i = rows.length - 1 - skip; i >= 0 && places.length < count; i--) places.push([piece, rows[i]]);
    skip = Math.max(0, skip - rows.length);
  }
  return places;
}

/** Below 0 when `a` comes first; what is not known comes last either way. */
export function compareValues(a: Value, b: Value, isDescending: boolean): number {
  const [isNoA, isNoB] = [a === null || a === '', b === null || b === ''];
  if (isNoA || isNoB) return Number(isNoA) - Number(isNoB);
  const [x, y] = Array.isArray(a) || Array.isArray(b) ? [String(a), String(b)] : [a as string, b as string];
  const order = x < y ? -1 : x > y ? 1 : 0;
  return isDescending ? -order : order;
}
