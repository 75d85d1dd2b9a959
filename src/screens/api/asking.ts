// Questions about rows, and their answers.

import type { Alert } from '../../core/index.ts';

/** As the store reads them: times are microseconds, addresses text, what is not known null or empty. */
export type Cell = string | number | boolean | null | readonly string[] | readonly number[];

/** One stretch of packet time, microseconds; `toUs` exclusive. */
export interface TimeRange {
  readonly fromUs: number;
  readonly toUs: number;
}

/**
 * A window on the rows of a table. Tables: `flows` (open ones, too), `hosts`, `alerts`, and one for each kind of event
 * (`dns`, `tls`, `http` …).
 */
export interface WindowRequest {
  readonly table: string;
  /** In the filter language; empty or left out: all. */
  readonly filter?: string;
  /** Left out: all. */
  readonly columns?: readonly string[];
  /** Left out: newest first. */
  readonly sort?: { readonly column: string; readonly descending: boolean };
  readonly from: number;
  /** 200 at the most. */
  readonly count: number;
  /** Rows whose time lies in it; of flows and hosts those that were alive in it. Left out: all. */
  readonly range?: TimeRange;
}

export interface RowWindow {
  readonly columns: readonly { readonly name: string; readonly kind: string }[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows that fit. */
  readonly total: number;
  /** Rows there are, whether they fit or not. */
  readonly kept: number;
  /** Rows that gave way to newer ones. */
  readonly forgotten: number;
}

/** A row by column. */
export type Row = Readonly<Record<string, Cell>>;

/** All that is known of one flow. */
export interface FlowDetails {
  readonly flow: Row;
  /** What was said in it, in order of time; `table` is the kind. 500 at the most. */
  readonly transactions: readonly { readonly table: string; readonly row: Row }[];
  readonly alerts: readonly Alert[];
  /** Bytes over the life of the flow, in at most 60 columns, for its timeline; null where nobody counted. */
  readonly timeline: {
    readonly startUs: number;
    readonly stepUs: number;
    readonly forward: readonly number[];
    readonly backward: readonly number[];
  } | null;
  /** Whether its packets can be had. */
  readonly hasPackets: boolean;
}

/** A part of a packet that a header or its payload takes. */
export interface PacketLayer {
  /** `Ethernet`, `IPv4`, `TCP`, `payload` … */
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** What it says, in the order of its bytes: `[['Source port', '443'], …]`. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

export interface PacketDetails {
  /** In the capture, from 1; 0 when not known. */
  readonly number: number;
  readonly timeUs: number;
  readonly wireLen: number;
  /** Captured bytes as hex digits. */
  readonly hex: string;
  /** One line: who to whom, what. */
  readonly summary: string;
  readonly isForward: boolean;
  readonly layers: readonly PacketLayer[];
}

/** The table that rows of a protocol are in. */
export function protocolTable(name: string): string {
  return name === 'file' ? 'files' : name.replaceAll('-', '_');
}
