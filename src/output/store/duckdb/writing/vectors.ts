// Columns of a batch into vectors of a chunk, a memory copy each where the layouts are the same.

import type { ColumnData, FixedData, ListData, TextData, WordData } from '../../batches/batch.ts';
import { widths } from '../../batches/batch.ts';
import type { ColumnKind } from '../../tables/column.ts';
import type { Bindings, Vector } from '../opening/bindings.ts';
import { chunkRows, StringColumn } from './string-column.ts';

const addressBytes = 16;

/** Writes columns; holds the scratch memory, so one is enough for a connection. */
export class VectorWriter {
  readonly #duckdb: Bindings;
  readonly #strings = new StringColumn();
  readonly #valid = new Uint8Array(chunkRows / 8);
  readonly #entries = new Uint32Array(4 * chunkRows);
  /** Words of a column as UTF-8, and the row of the chunk that had each one first. */
  readonly #words = new WeakMap<WordData, { bytes: Uint8Array; ends: Uint32Array; firstRow: Int32Array }>();

  constructor(duckdb: Bindings) {
    this.#duckdb = duckdb;
  }

  /** Writes rows `from` to `to` of a column to the beginning of a vector; at most a chunk's. */
  write(vector: Vector, kind: ColumnKind, data: ColumnData, from: number, to: number): void {
    if (data.shape === 'fixed') this.#fixed(vector, kind, data, from, to);
    else if (data.shape === 'text') this.#text(vector, data, from, to);
    else if (data.shape === 'word') this.#word(vector, data, from, to);
    else this.#list(vector, kind, data, from, to);
  }

  /** What rows have in a column that nobody declares any more: empty text and lists, otherwise NULL. */
  writeEmpty(vector: Vector, kind: ColumnKind, rows: number): void {
    if (kind === 'text' || kind === 'texts' || kind === 'reals') {
      this.#duckdb.copy_data_to_vector(vector, 0, new ArrayBuffer(addressBytes * rows), 0, addressBytes * rows);
      return;
    }
    this.#setMissing(vector, new Uint8Array(rows).fill(1), 0, rows);
  }

  #fixed(vector: Vector, kind: ColumnKind, data: FixedData, from: number, to: number): void {
    if (kind === 'address') {
      this.#strings.begin(to - from);
      for (let row = from; row < to; row++) {
        this.#strings.add(data.values, addressBytes * row, addressBytes * (row + 1));
      }
      this.#strings.write(this.#duckdb, vector);
    } else {
      const width = widths[kind];
      const { buffer, byteOffset } = data.values;
      this.#duckdb.copy_data_to_vector(
        vector,
        0,
        buffer as ArrayBuffer,
        byteOffset + width * from,
        width * (to - from),
      );
    }
    if (data.missing !== null) this.#setMissing(vector, data.missing, from, to);
  }

  #setMissing(vector: Vector, missing: Uint8Array, from: number, to: number): void {
    const valid = this.#valid.fill(0);
    let lacking = 0;
    for (let row = from, bit = 0; row < to; row++, bit++) {
      if (missing[row] === 0) valid[bit >> 3] |= 1 << (bit & 7);
      else lacking++;
    }
    if (lacking === 0) return;
    this.#duckdb.vector_ensure_validity_writable(vector);
    const bytes = 8 * Math.ceil((to - from) / 64);
    this.#duckdb.copy_data_to_vector_validity(vector, 0, valid.buffer, 0, bytes);
  }

  #text(vector: Vector, { bytes, ends }: TextData, from: number, to: number): void {
    const strings = this.#strings;
    strings.begin(to - from);
    let start = from === 0 ? 0 : ends[from - 1];
    for (let row = from; row < to; row++) {
      strings.add(bytes, start, ends[row]);
      start = ends[row];
    }
    strings.write(this.#duckdb, vector);
  }

  #word(vector: Vector, data: WordData, from: number, to: number): void {
    const { bytes, ends, firstRow } = this.#encoded(data);
    const strings = this.#strings;
    strings.begin(to - from);
    firstRow.fill(-1);
    for (let row = from; row < to; row++) {
      const word = data.indexes[row];
      const first = firstRow[word];
      if (first >= 0) strings.addSame(first);
      else {
        firstRow[word] = row - from;
        strings.add(bytes, word === 0 ? 0 : ends[word - 1], ends[word]);
      }
    }
    strings.write(this.#duckdb, vector);
  }

  #encoded(data: WordData): { bytes: Uint8Array; ends: Uint32Array; firstRow: Int32Array } {
    let encoded = this.#words.get(data);
    if (encoded === undefined) {
      const bytes = Buffer.from(data.words.join(''), 'utf8');
      const ends = new Uint32Array(data.words.length);
      let end = 0;
      for (let i = 0; i < ends.length; i++) ends[i] = end += Buffer.byteLength(data.words[i], 'utf8');
      encoded = { bytes, ends, firstRow: new Int32Array(data.words.length) };
      this.#words.set(data, encoded);
    }
    return encoded;
  }

  #list(vector: Vector, kind: ColumnKind, { ends, items }: ListData, from: number, to: number): void {
    const first = from === 0 ? 0 : ends[from - 1];
    const count = ends[to - 1] - first;
    const entries = this.#entries;
    for (let row = from, start = first; row < to; row++) {
      const at = 4 * (row - from);
      entries[at] = start - first;
      entries[at + 1] = 0;
      entries[at + 2] = ends[row] - start;
      entries[at + 3] = 0;
      start = ends[row];
    }
    const duckdb = this.#duckdb;
    duckdb.copy_data_to_vector(vector, 0, entries.buffer, 0, addressBytes * (to - from));
    duckdb.list_vector_reserve(vector, Math.max(1, count));
    duckdb.list_vector_set_size(vector, count);
    if (count === 0) return;
    const child = duckdb.list_vector_get_child(vector);
    this.write(child, kind === 'reals' ? 'real' : 'text', items, first, first + count);
  }
}
