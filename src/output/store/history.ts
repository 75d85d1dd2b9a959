// What can be asked of a store, as plain data, so that questions cross threads, sockets and HTTP as they are. Every
// engine answers the same.

import type { Result, SelectOptions, Value } from './store.ts';

/** Which rows a question is about. */
export interface Scope {
  /** Microseconds since the epoch; from inclusive, to exclusive. Of flows: those that end in it. */
  readonly fromUs?: number;
  readonly toUs?: number;
  /** `live`: captures; `files`: imported ones; a list: these runs. Left out: live, or files where nothing was captured live. */
  readonly runs?: 'live' | 'files' | 'all' | readonly number[];
  /** Left out: all. */
  readonly sensors?: readonly string[];
  /** In the filter language; empty or left out: all. */
  readonly filter?: string;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** Rows of a table, a page at a time. */
export interface RowsRequest extends Scope {
  /** A table by name (`flows`, `dns`, `alerts` …), or `hosts`: what is known of each address. */
  readonly table: string;
  /** Left out: all. */
  readonly columns?: readonly string[];
  /**
   * Left out: newest first. Besides columns: of flows `bytes`, `packets` and `repeated` both ways, of hosts `bytes`,
   * `packets` and `flows`. Ties are broken by run and flow, so that pages are stable.
   */
  readonly sort?: readonly Sort[];
  /** 1 to 100,000; 100 when left out. */
  readonly limit?: number;
  readonly offset?: number;
}

/** What flows are added up to. `rtt_p95` and its like are percentiles of handshakes, in microseconds. */
export const measures = [
  'flows',
  'packets',
  'bytes',
  'bytes_fwd',
  'bytes_rev',
  'repeated',
  'hosts',
  'duration_mean',
  'rtt_p50',
  'rtt_p95',
  'rtt_p99',
  'response_p95',
] as const;
export type Measure = (typeof measures)[number];

/** Groups of flows with the largest sums. */
export interface TopRequest extends Scope {
  /** Columns of flows, or `ip` (either side), `port` (the responder's), `direction`, `conversation` (both addresses). */
  readonly by: readonly string[];
  /** The first decides the order. */
  readonly measures: readonly Measure[];
  /** 1 to 10,000; 20 when left out. */
  readonly limit?: number;
}

/** Sums over time. Columns: `ts`, those of `by`, the measures. Buckets without a row are left out. */
export interface SeriesRequest extends Scope {
  readonly measures: readonly Measure[];
  /** Left out: one line; otherwise the `limit` largest groups, and the rest as `other`. */
  readonly by?: string;
  readonly limit?: number;
  /** Left out: chosen so that there are at most 400 buckets. Microbursts need 1. */
  readonly stepSec?: number;
}

/** Two scopes compared: two captures, two days. */
export interface DiffRequest {
  readonly before: Scope;
  readonly after: Scope;
  /** Lines in each section at the most; 50 when left out. */
  readonly limit?: number;
}

export interface DiffSection {
  /** `hosts`, `names`, `ja4`, `ports`, `services`, `apps`, `volume`, `latency`, `alerts`. */
  readonly what: string;
  readonly title: string;
  /** `new` and `gone` things, or things that `changed`. */
  readonly items: readonly {
    readonly change: 'new' | 'gone' | 'changed';
    readonly thing: string;
    readonly before: number | null;
    readonly after: number | null;
    /** Of the numbers. */
    readonly unit: string;
    /** One sentence. */
    readonly text: string;
  }[];
  readonly more: number;
}

export interface DiffReport {
  readonly sections: readonly DiffSection[];
}

export interface RunRow {
  readonly run: number;
  readonly sensor: string;
  readonly kind: 'live' | 'file';
  readonly source: string;
  readonly hash: string;
  readonly state: 'open' | 'done';
  readonly beganUs: number;
  readonly firstUs: number | null;
  readonly lastUs: number | null;
  readonly packets: number;
  readonly bytes: number;
}

export interface AskOptions {
  readonly signal?: AbortSignal;
  /** 30 s when left out. */
  readonly timeoutMs?: number;
}

/** A row of a table, by column. */
export type StoredRow = Readonly<Record<string, Value>>;

/** The latest row of each sensor. */
export type SensorRow = StoredRow;

/**
 * Answers questions. Throws Failures: BAD_FILTER with the place in the text, BAD_QUERY for unknown tables, columns or
 * limits, QUERY_STOPPED, STORE_FAILED.
 */
export interface History {
  rows(request: RowsRequest, options?: AskOptions): Promise<Result>;
  /** Rows that a request would find in all. */
  count(request: Omit<RowsRequest, 'limit' | 'offset' | 'sort' | 'columns'>, options?: AskOptions): Promise<number>;
  top(request: TopRequest, options?: AskOptions): Promise<Result>;
  series(request: SeriesRequest, options?: AskOptions): Promise<Result>;
  diff(request: DiffRequest, options?: AskOptions): Promise<DiffReport>;
  /** SQL of the engine's own dialect, read-only. */
  sql(text: string, options?: SelectOptions): Promise<Result>;
  runs(options?: AskOptions): Promise<readonly RunRow[]>;
  sensors(options?: AskOptions): Promise<readonly SensorRow[]>;
}
