// What a store is: rows go in by batches, answers come out by SQL; one interface, an engine each for one machine and for many.

import type { Batch } from './batches/batch.ts';
import type { ColumnKind } from './tables/column.ts';

/** How an engine writes what differs between SQLs; see sql/. */
export type Dialect = 'duckdb' | 'clickhouse';

/** A value for a place in a statement. `address` is 16 bytes; `hash` 16 hex digits; `time` microseconds. */
export interface Param {
  readonly kind: ColumnKind;
  readonly value: string | number | boolean | Uint8Array | readonly string[] | readonly number[];
}

/** SQL of one dialect; parameter i of the list stands as `$1`, `$2` … (engines rewrite that as they need). */
export interface Statement {
  readonly sql: string;
  readonly params: readonly Param[];
}

/** null: not known. Times are microseconds, addresses and hashes text; whole numbers above 2^53 are text. */
export type Value = string | number | boolean | null | readonly Value[];

export interface ResultColumn {
  readonly name: string;
  /** Kind of the values as read; what the engine alone knows is told as the nearest kind. */
  readonly kind: ColumnKind;
}

export interface Result {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Value[])[];
  /** More rows were there than `maxRows`. */
  readonly isCut: boolean;
  /** Time the engine took. */
  readonly tookMs: number;
  /** Of sums: where they were read, and whether percentiles are exact; a sentence each. */
  readonly notes?: readonly string[];
}

export interface SelectOptions {
  /** Fails with QUERY_STOPPED after this long. */
  readonly timeoutMs?: number;
  /** Rows at the most. */
  readonly maxRows?: number;
  /** Memory of the query where the engine can bound it. */
  readonly maxBytes?: number;
  /** Stops the query in the engine, too; fails with QUERY_STOPPED. */
  readonly signal?: AbortSignal;
  /** Kinds of the result's columns where the caller knows them (addresses are bytes to an engine). */
  readonly kinds?: Readonly<Record<string, ColumnKind>>;
}

/** What answers statements. */
export interface Engine {
  readonly dialect: Dialect;
  /** Throws a Failure: BAD_QUERY with the engine's words, QUERY_STOPPED, STORE_FAILED. Never changes the store. */
  select(statement: Statement, options?: SelectOptions): Promise<Result>;
}

export interface StoreWaiting {
  /** Waiting to be taken: rows in memory, bytes on disk. */
  readonly waitingRows: number;
  readonly spoolBytes: number;
  /** Lost because a bound was reached. */
  readonly droppedRows: number;
}

export interface StoreInfo extends StoreWaiting {
  /** Folder, or URL without its password. */
  readonly place: string;
  readonly engine: Dialect;
  /** Version of the schema. */
  readonly schema: number;
  readonly bytes: number;
  /** By table. */
  readonly rows: Readonly<Record<string, number>>;
}

export interface RetentionPolicy {
  /** Raw rows older than this are deleted; 0: never. Rows of imported files count from their import. */
  readonly rawDays: number;
  /** The same for rollups and alerts. */
  readonly rollupDays: number;
  /** Deletes the oldest raw rows until the store is not larger; 0: no bound. */
  readonly maxBytes: number;
}

/** An open store; whoever opened it is the only one who writes here. */
export interface Store extends Engine {
  /**
   * Takes batches whole or not at all; resolves once a kill of the process cannot lose them. Calls are carried out one
   * after the other. Throws STORE_FAILED or STORE_FULL.
   */
  write(batches: readonly Batch[]): Promise<void>;
  /** Shows rows that are kept already to whoever looks on; absent where nobody does. */
  show?(batches: readonly Batch[]): Promise<void>;
  info(): Promise<StoreInfo>;
  /** What waits and what was lost, without asking a server. */
  waiting(): StoreWaiting;
  /** Where rows wait on disk for a server: sends them now; false where it has not taken them within this time. */
  flush?(timeoutMs: number): Promise<boolean>;
  /** Deletes what is past its time; `nowUs` is the clock. Gives the number of rows deleted. */
  retain(policy: RetentionPolicy, nowUs: number): Promise<number>;
  /** Deletes all rows of these runs, rollups included. Gives the number of rows deleted. */
  forget(runs: readonly number[]): Promise<number>;
  /** Writes the result of a statement as a Parquet file. */
  exportParquet(statement: Statement, path: string, options?: SelectOptions): Promise<void>;
  /** Everything taken is in its place; idempotent. */
  close(): Promise<void>;
}
