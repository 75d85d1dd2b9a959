// Memory in which the parts of a vector are put together before they are copied into it.
//
// A string in a DuckDB vector (`string_t`) is 16 bytes: u32 length, then up to 12 bytes of text; or, of longer text, its
// first 4 bytes and a pointer. The text of a whole vector is handed over as one string, which makes DuckDB own a copy;
// the pointers of the rows are then set into that copy. One call a vector, not one a row.

import type { Bindings, Vector } from '../opening/bindings.ts';

/** Rows of a chunk: DuckDB's vector size. */
export const chunkRows = 2048;

const inlineBytes = 12;

/** The strings of one vector, one after the other. */
export class StringColumn {
  #records = new Uint32Array(4 * chunkRows);
  #recordBytes = new Uint8Array(this.#records.buffer);
  #heap = new Uint8Array(1 << 16);
  #heapUsed = 0;
  #rows = 0;
  /** Rows whose text lies in the heap, and where. */
  #far = new Uint32Array(2 * chunkRows);
  #farRows = 0;

  begin(rows: number): void {
    this.#rows = 0;
    this.#heapUsed = 0;
    this.#farRows = 0;
    if (4 * rows > this.#records.length) {
      this.#records = new Uint32Array(4 * rows);
      this.#recordBytes = new Uint8Array(this.#records.buffer);
      this.#far = new Uint32Array(2 * rows);
    }
  }

  /** Adds the text of a row. */
  add(bytes: Uint8Array, from: number, to: number): void {
    const row = this.#rows++;
    const length = to - from;
    const records = this.#records;
    records[4 * row] = length;
    records[4 * row + 1] = 0;
    records[4 * row + 2] = 0;
    records[4 * row + 3] = 0;
    const start = 16 * row + 4;
    const near = length <= inlineBytes ? length : 4;
    const recordBytes = this.#recordBytes;
    for (let i = 0; i < near; i++) recordBytes[start + i] = bytes[from + i];
    if (length > inlineBytes) this.#addFar(row, bytes, from, to);
  }

  #addFar(row: number, bytes: Uint8Array, from: number, to: number): void {
    const at = this.#heapUsed;
    const end = at + to - from;
    if (end > this.#heap.length) this.#grow(end);
    if (to - from < 64) {
      const heap = this.#heap;
      for (let i = from, o = at; i < to; i++, o++) heap[o] = bytes[i];
    } else this.#heap.set(bytes.subarray(from, to), at);
    this.#heapUsed = end;
    this.#far[2 * this.#farRows] = row;
    this.#far[2 * this.#farRows++ + 1] = at;
  }

  #grow(bytes: number): void {
    const larger = new Uint8Array(2 * bytes);
    larger.set(this.#heap.subarray(0, this.#heapUsed));
    this.#heap = larger;
  }

  /** Adds the same text as an earlier row. */
  addSame(row: number): void {
    const to = 4 * this.#rows++;
    const from = 4 * row;
    const records = this.#records;
    for (let i = 0; i < 4; i++) records[to + i] = records[from + i];
    if (records[from] <= inlineBytes) return;
    // Its place in the heap stands in the record until the pointer is known.
    this.#far[2 * this.#farRows] = to >>> 2;
    this.#far[2 * this.#farRows++ + 1] = this.#placeOf(row);
  }

  #placeOf(row: number): number {
    let low = 0;
    let high = this.#farRows - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#far[2 * middle] < row) low = middle + 1;
      else high = middle;
    }
    return this.#far[2 * low + 1];
  }

  /** Writes the rows to the beginning of a vector of VARCHAR or BLOB; throws where the text is not UTF-8. */
  write(duckdb: Bindings, vector: Vector): void {
    if (this.#heapUsed > 0) this.#setPointers(duckdb, vector);
    duckdb.copy_data_to_vector(vector, 0, this.#records.buffer, 0, 16 * this.#rows);
  }

  #setPointers(duckdb: Bindings, vector: Vector): void {
    // A string of 12 bytes or less would not get a pointer; those here are longer.
    duckdb.vector_assign_string_element_len(vector, 0, this.#heap.subarray(0, this.#heapUsed));
    const first = duckdb.vector_get_data(vector, 16);
    const view = new DataView(first.buffer, first.byteOffset, 16);
    if (view.getUint32(0, true) !== this.#heapUsed) throw new Error('text of a batch is not UTF-8');
    const low = view.getUint32(8, true);
    const high = view.getUint32(12, true);
    const records = this.#records;
    for (let i = 0; i < this.#farRows; i++) {
      const record = 4 * this.#far[2 * i];
      const place = low + this.#far[2 * i + 1];
      records[record + 2] = place;
      records[record + 3] = place > 0xffffffff ? high + 1 : high;
    }
  }
}
