// Appends batches to one table, in the order in which the file has the columns.

import type { Batch } from '../../batches/batch.ts';
import type { Table } from '../../tables/column.ts';
import type { Appender, Bindings, Connection, DataChunk } from '../opening/bindings.ts';
import { kindOfSqlType, logicalType } from '../opening/column-types.ts';
import type { StoredColumn } from '../opening/schema.ts';
import { checkBatch } from './check-batch.ts';
import { chunkRows } from './string-column.ts';
import type { VectorWriter } from './vectors.ts';

export class TableAppender {
  readonly #duckdb: Bindings;
  readonly #writer: VectorWriter;
  readonly #table: Table;
  readonly #appender: Appender;
  readonly #chunk: DataChunk;
  /** By column of the file: place in the batch, -1 where nobody declares it any more; and its kind. */
  readonly #columns: readonly { readonly place: number; readonly kind: Table['columns'][number]['kind'] }[];

  constructor(
    duckdb: Bindings,
    connection: Connection,
    writer: VectorWriter,
    table: Table,
    stored: readonly StoredColumn[],
  ) {
    this.#duckdb = duckdb;
    this.#writer = writer;
    this.#table = table;
    this.#columns = stored.map(({ name, type }) => {
      const place = table.columns.findIndex((column) => column.name === name);
      const kind = place < 0 ? kindOfSqlType(type) : table.columns[place].kind;
      if (kind === undefined) throw new Error(`column ${name} of table ${table.name} is ${type}`);
      return { place, kind };
    });
    this.#appender = duckdb.appender_create(connection, 'main', table.name);
    this.#chunk = duckdb.create_data_chunk(this.#columns.map(({ kind }) => logicalType(duckdb, kind)));
  }

  /** Appends and hands over to the transaction of the connection. */
  append(batch: Batch): void {
    checkBatch(this.#table, batch);
    for (let from = 0; from < batch.rows; from += chunkRows) {
      this.#appendRows(batch, from, Math.min(batch.rows, from + chunkRows));
    }
    this.#duckdb.appender_flush_sync(this.#appender);
  }

  #appendRows(batch: Batch, from: number, to: number): void {
    const duckdb = this.#duckdb;
    const chunk = this.#chunk;
    duckdb.data_chunk_reset(chunk);
    for (let i = 0; i < this.#columns.length; i++) {
      const { place, kind } = this.#columns[i];
      const vector = duckdb.data_chunk_get_vector(chunk, i);
      if (place < 0) this.#writer.writeEmpty(vector, kind, to - from);
      else this.#writer.write(vector, kind, batch.columns[place], from, to);
    }
    duckdb.data_chunk_set_size(chunk, to - from);
    duckdb.append_data_chunk(this.#appender, chunk);
  }

  /** Forgets what is not handed over; for after a failure. */
  discard(): void {
    try {
      this.#duckdb.appender_clear(this.#appender);
      this.#duckdb.appender_close_sync(this.#appender);
    } catch {
      // It is given up anyway.
    }
  }
}
