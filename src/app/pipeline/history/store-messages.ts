// What goes between the main thread and the thread that owns the store.

import type { FailureData } from '../../../core/index.ts';
import type { ParquetImport } from '../../../output/store/duckdb/index.ts';
import type { Batch, RetentionPolicy, SelectOptions, Statement, Table } from '../../../output/store/index.ts';

/** Given to the thread when it is made. */
export interface StoreOrder {
  readonly folder: string;
  readonly tables: readonly Table[];
  readonly memoryBytes: number | undefined;
  readonly threads: number | undefined;
}

/** Options that can be sent; stopping is a message. */
export type SentOptions = Omit<SelectOptions, 'signal'>;

export type StoreWork =
  | { readonly type: 'write'; readonly batches: readonly Batch[] }
  | { readonly type: 'select'; readonly statement: Statement; readonly options: SentOptions }
  | { readonly type: 'info' }
  | { readonly type: 'retain'; readonly policy: RetentionPolicy; readonly nowUs: number }
  | { readonly type: 'forget'; readonly runs: readonly number[] }
  | {
      readonly type: 'export';
      readonly statement: Statement;
      readonly path: string;
      readonly options: SentOptions;
    }
  | { readonly type: 'take'; readonly file: ParquetImport }
  | { readonly type: 'close' };

export type StoreRequest =
  | { readonly id: number; readonly work: StoreWork }
  /** Stops the question of this number. */
  | { readonly id: number; readonly work: null };

/** Number 0 answers the order: the store is open, or not. */
export type StoreReply =
  | { readonly id: number; readonly value: unknown; readonly failure: null }
  | { readonly id: number; readonly failure: FailureData };
