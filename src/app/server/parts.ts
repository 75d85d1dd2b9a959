// What a server is given to answer from: each part stands for itself, so that tests need no capture and no engine.

import type { Completion, ExaminedFilter } from '../../core/index.ts';
import type { AskOptions, Batch, History, RowsRequest, StoreInfo, Table } from '../../output/store/index.ts';
import type { Scene } from '../../screens/api/index.ts';
import type { PacketsOf } from '../pipeline/index.ts';
import type { OpenScene, Scenes } from './scenes/scenes.ts';

/** The filter language. */
export interface FilterLanguage {
  /** What its parts are and what is wrong with it; never throws. `scene`: whose rows it is for; null: the store's. */
  examine(text: string, table: Table, scene: Scene | null): Pick<ExaminedFilter, 'marks' | 'failure'>;
  /** Words that may stand at the cursor, the likeliest first; values that rows of the scene have among them. */
  complete(text: string, cursor: number, table: Table, scene: Scene | null): Promise<Completion>;
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

/** A capture file that was sent here. */
export interface SentFile {
  readonly path: string;
  /** What it is called where it came from; no path. */
  readonly name: string;
}

/** Begins what a screen asks for; `id` is what the scene is to be called. Reject with Failures. */
export interface Beginnings {
  /** Rejects where the interface cannot be opened, with NO_PERMISSION among others. */
  interface(id: string, name: string): Promise<OpenScene>;
  demo(id: string): Promise<OpenScene>;
  /** A file that cannot be read gives a scene that failed. The file is gone when the scene is. */
  file(id: string, file: SentFile): Promise<OpenScene>;
}

/** Where files go that are sent here. */
export interface Uploads {
  readonly maxBytes: number;
  /** A folder that nobody else can read; made at the first call. */
  folder(): string;
}

/** An interface as `taplight -D --json` tells it. */
export type InterfaceDocument = Readonly<Record<string, unknown>>;

export interface ServerParts {
  readonly version: string;
  /** What is watched or read; empty where there is only a store, or nothing yet. */
  readonly source: {
    readonly kind: 'interface' | 'file' | 'pipe' | 'store' | 'demo';
    readonly names: readonly string[];
  };
  readonly tables: readonly Table[];
  /** What can be looked at; null where nothing goes on and nothing can be begun. */
  readonly scenes: Scenes | null;
  readonly begin: Beginnings | null;
  readonly uploads: Uploads | null;
  /** Interfaces with their rates since the call before. */
  readonly interfaces: (() => readonly InterfaceDocument[]) | null;
  readonly history: History | null;
  readonly store: OwnedStore | null;
  readonly filters: FilterLanguage | null;
  readonly packets: PacketSource | null;
  /** Folder of the dashboard's files; null: there is none. */
  readonly web: string | null;
  /** Called when a person sets the state of an alert, so that later versions of it keep that. */
  readonly alertStateSet?: (run: number, alertId: string, state: string) => void;
}
