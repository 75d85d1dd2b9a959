// Small results of our own statements, as objects of plain values.

import type { Bindings, Connection } from './bindings.ts';

/** Runs a statement and gives its text values row by row; for few rows. Every column has to be VARCHAR. */
export async function textRows(duckdb: Bindings, connection: Connection, sql: string): Promise<string[][]> {
  const result = await duckdb.query(connection, sql);
  const width = duckdb.column_count(result);
  const rows: string[][] = [];
  for (let chunk = await duckdb.fetch_chunk(result); chunk !== null; chunk = await duckdb.fetch_chunk(result)) {
    const size = duckdb.data_chunk_get_size(chunk);
    if (size === 0) break;
    const columns = Array.from({ length: width }, (_, column) => {
      const vector = duckdb.data_chunk_get_vector(chunk, column);
      return textsOf(duckdb, duckdb.vector_get_data(vector, 16 * size), size);
    });
    for (let row = 0; row < size; row++) rows.push(columns.map((values) => values[row]));
  }
  return rows;
}

function textsOf(duckdb: Bindings, data: Uint8Array, size: number): string[] {
  const view = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: size }, (_, row) => {
    const at = 16 * row;
    const length = view.readUInt32LE(at);
    if (length <= 12) return view.toString('utf8', at + 4, at + 4 + length);
    const far = duckdb.get_data_from_pointer(data.buffer as ArrayBuffer, data.byteOffset + at + 8, length);
    return Buffer.from(far.buffer, far.byteOffset, length).toString('utf8');
  });
}
