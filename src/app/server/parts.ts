// What a server is given to answer from: each part stands for itself, so that tests need no capture and no engine.

import type { Completion, ExaminedFilter } from '../../core/index.ts';
import type { AskOptions, Batch, History, RowsRequest, StoreInfo, Table } from '../../output/store/index.ts';
import type { PacketsOf } from '../pipeline/index.ts';
import type { LiveTables, Matcher } from '../scenes/index.ts';
import type { SnapshotFeed } from './live/snapshot-feed.ts';

/** The filter language. */
export interface FilterLanguage {
  /** What its parts are and what is wrong with it; never throws. */
  examine(text: string, table: Table): Pick<ExaminedFilter, 'marks' | 'failure'>;
  /** Words that may stand at the cursor, the likeliest first. */
  complete(text: string, cursor: number, table: Table): Completion;
  /** Throws BAD_FILTER with the place in the text. */
  matcher(text: string, table: Table): Matcher;
}

/** Packets that were kept. */
export interface PacketSource {
  /** A pcapng file in pieces. Throws NO_SUCH_FILE where none of them are left. */
  find(packets: PacketsOf, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** The store behind the history, for whoever owns it. */
export interface OwnedStore {
  info(): Promise<StoreInfo>;
  write(batches: readonly Batch[]): Promise<void>;
  /** Writes what the question finds as a Parquet file, all columns and rows of it. */
  exportParquet(request: RowsRequest, path: string, options?: AskOptions): Promise<void>;
}

export interface ServerParts {
  readonly version: string;
  /** What is watched or read; empty where there is only a store. */
  readonly source: { readonly kind: 'interface' | 'file' | 'pipe' | 'store'; readonly names: readonly string[] };
  readonly tables: readonly Table[];
  /** The latest state of the capture; null where there is none. */
  readonly snapshots: SnapshotFeed | null;
  readonly live: LiveTables | null;
  readonly history: History | null;
  readonly store: OwnedStore | null;
  readonly filters: FilterLanguage | null;
  readonly packets: PacketSource | null;
  /** Called when a person sets the state of an alert, so that later versions of it keep that. */
  readonly alertStateSet?: (run: number, alertId: string, state: string) => void;
}
