// Events of one kind as rows of its table.

import type { EventFact, FactKind } from '../../../core/index.ts';
import {
  type Batch,
  BatchBuilder,
  type FixedColumn,
  type ListColumn,
  type TextColumn,
  type WordColumn,
} from '../batches/index.ts';
import { columnOf, eventTable, fieldColumn, type Table } from '../tables/index.ts';
import type { RowPlace } from './flow-rows.ts';

/** Sets a value of one field in the row being filled; what is of another type than declared is left out. */
type Setter = (row: number, value: unknown) => void;

/** Longest text that is kept: a store is no place for whole documents. UTF-16 units. */
const textBound = 8192;
/** Items of a list that are kept. */
const listBound = 256;

const cut = (text: string): string => (text.length > textBound ? text.slice(0, textBound) : text);

function setterOf(builder: BatchBuilder, table: Table, name: string): Setter {
  switch (columnOf(table, name).kind) {
    case 'real':
      return realSetter(builder.fixed(name));
    case 'flag':
      return flagSetter(builder.fixed(name));
    case 'texts':
      return textsSetter(builder.list(name));
    case 'reals':
      return realsSetter(builder.list(name));
    case 'json':
      return jsonSetter(builder.text(name));
    default:
      return textSetter(builder.text(name));
  }
}

const realSetter =
  (column: FixedColumn): Setter =>
  (row, value) => {
    if (typeof value === 'number') column.setReal(row, value);
  };

const flagSetter =
  (column: FixedColumn): Setter =>
  (row, value) => {
    if (typeof value === 'boolean') column.setU8(row, value ? 1 : 0);
  };

const textSetter =
  (column: TextColumn): Setter =>
  (_row, value) => {
    if (typeof value === 'string') column.set(cut(value));
  };

const jsonSetter =
  (column: TextColumn): Setter =>
  (_row, value) => {
    const text = JSON.stringify(value);
    // Half a document is none.
    if (text.length <= textBound) column.set(text);
  };

const textsSetter =
  (column: ListColumn): Setter =>
  (_row, value) => {
    if (!Array.isArray(value)) return;
    for (const item of value.slice(0, listBound)) if (typeof item === 'string') column.addText(cut(item));
  };

const realsSetter =
  (column: ListColumn): Setter =>
  (_row, value) => {
    if (!Array.isArray(value)) return;
    for (const item of value.slice(0, listBound)) if (typeof item === 'number') column.addReal(item);
  };

interface EventColumns {
  readonly builder: BatchBuilder;
  readonly run: FixedColumn;
  readonly sensor: WordColumn;
  readonly flowId: FixedColumn;
  readonly src: FixedColumn;
  readonly dst: FixedColumn;
  readonly srcPort: FixedColumn;
  readonly dstPort: FixedColumn;
  readonly proto: FixedColumn;
  readonly ts: FixedColumn;
  readonly setters: ReadonlyMap<string, Setter>;
}

/** A batch of events of one kind being filled. */
export class EventRows {
  readonly #place: RowPlace;
  readonly #kind: FactKind;
  readonly #table: Table;
  #columns: EventColumns;

  constructor(place: RowPlace, kind: FactKind) {
    this.#place = place;
    this.#kind = kind;
    this.#table = eventTable(kind);
    this.#columns = this.#begin();
  }

  get rows(): number {
    return this.#columns.builder.row;
  }

  take(): Batch {
    const batch = this.#columns.builder.take();
    this.#columns = this.#begin();
    return batch;
  }

  add(fact: EventFact, values: Readonly<Record<string, unknown>>): void {
    const c = this.#columns;
    const at = c.builder.row;
    const w = fact.words;
    c.run.setU64(at, this.#place.run);
    c.sensor.set(at, this.#place.sensor);
    c.flowId.setU64(at, fact.flowId);
    c.src.setAddress(at, fact.ipVersion, w[0], w[1], w[2], w[3]);
    c.dst.setAddress(at, fact.ipVersion, w[4], w[5], w[6], w[7]);
    c.srcPort.setU16(at, fact.oPort);
    c.dstPort.setU16(at, fact.rPort);
    c.proto.setU8(at, fact.proto);
    c.ts.setU64(at, fact.timeUs);
    for (const field in values) c.setters.get(field)?.(at, values[field]);
    c.builder.endRow();
  }

  #begin(): EventColumns {
    const builder = new BatchBuilder(this.#table, 256);
    const setters = new Map<string, Setter>();
    for (const field of Object.keys(this.#kind.fields)) {
      if (this.#kind.perMessage?.includes(field) === true) continue;
      setters.set(field, setterOf(builder, this.#table, fieldColumn(field)));
    }
    return {
      builder,
      run: builder.fixed('run'),
      sensor: builder.word('sensor'),
      flowId: builder.fixed('flow_id'),
      src: builder.fixed('src_ip'),
      dst: builder.fixed('dst_ip'),
      srcPort: builder.fixed('src_port'),
      dstPort: builder.fixed('dst_port'),
      proto: builder.fixed('proto'),
      ts: builder.fixed('ts'),
      setters,
    };
  }
}
