// Makes a batch of one table, row by row: columns are asked for once, by name, then filled by row number.

import { type Column, columnOf, type Table } from '../tables/column.ts';
import { type Batch, type ColumnData, widths } from './batch.ts';
import { FixedColumn } from './fixed-column.ts';
import { ListColumn, TextColumn, WordColumn } from './text-column.ts';

type AnyColumn = FixedColumn | TextColumn | WordColumn | ListColumn;

function columnFor(column: Column, capacity: number): AnyColumn {
  if (widths[column.kind] > 0) return new FixedColumn(column, capacity);
  if (column.kind === 'word') return new WordColumn(capacity);
  if (column.kind === 'texts' || column.kind === 'reals') return new ListColumn(column.kind === 'texts', capacity);
  return new TextColumn(capacity);
}

/** One batch; after `take` make a new builder. Values of `row` are set, then `endRow` goes on to the next. */
export class BatchBuilder {
  readonly table: Table;
  /** The row being filled: so many are complete. */
  row = 0;
  readonly #columns: readonly AnyColumn[];
  readonly #closing: readonly (TextColumn | ListColumn)[];
  #capacity: number;

  /** @param capacity rows expected; more find room, too */
  constructor(table: Table, capacity = 1024) {
    this.table = table;
    this.#capacity = capacity;
    this.#columns = table.columns.map((column) => columnFor(column, capacity));
    this.#closing = this.#columns.filter((each) => each instanceof TextColumn || each instanceof ListColumn);
  }

  fixed(name: string): FixedColumn {
    return this.#find(name, FixedColumn);
  }

  text(name: string): TextColumn {
    return this.#find(name, TextColumn);
  }

  word(name: string): WordColumn {
    return this.#find(name, WordColumn);
  }

  list(name: string): ListColumn {
    return this.#find(name, ListColumn);
  }

  endRow(): void {
    for (const column of this.#closing) column.endRow(this.row);
    this.row++;
    if (this.row < this.#capacity) return;
    this.#capacity *= 2;
    for (const column of this.#columns) column.reserve(this.#capacity);
  }

  take(): Batch {
    const columns: ColumnData[] = this.#columns.map((column) => column.take(this.row));
    return { table: this.table.name, rows: this.row, columns };
  }

  #find<T extends AnyColumn>(name: string, shape: abstract new (...given: never[]) => T): T {
    const column = this.#columns[this.table.columns.indexOf(columnOf(this.table, name))];
    if (!(column instanceof shape)) throw new Error(`column ${this.table.name}.${name} is no ${shape.name}`);
    return column;
  }
}
