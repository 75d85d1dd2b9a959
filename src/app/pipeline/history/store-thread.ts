// The store as the main thread sees it: the same interface, the work done in a thread of its own.

import { Worker } from 'node:worker_threads';
import { Failure } from '../../../core/index.ts';
import type { ParquetImport } from '../../../output/store/duckdb/index.ts';
import type {
  Batch,
  Result,
  RetentionPolicy,
  SelectOptions,
  Statement,
  Store,
  StoreInfo,
  StoreWaiting,
  Table,
} from '../../../output/store/index.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { memoryOf } from './memory-of.ts';
import type { SentOptions, StoreOrder, StoreReply, StoreRequest, StoreWork } from './store-messages.ts';

export interface StoreThreadOptions {
  /** Folder of the store, or `:memory:`. */
  readonly folder: string;
  readonly tables: readonly Table[];
  /** Version of the program, for whoever finds the folder taken. */
  readonly program: string;
  readonly memoryBytes?: number;
  readonly threads?: number;
  /** Rows under way at the most; 200,000 when left out. */
  readonly queueRows?: number;
  /** The thread's file; left out: `store.js` beside the bundle. */
  readonly workerUrl?: URL;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Failure) => void;
}

/**
 * Opens the store of a folder in a thread of its own. Throws STORE_LOCKED where another process, or this one, has it
 * already; STORE_FAILED, STORE_FULL.
 */
export async function openStoreThread(options: StoreThreadOptions): Promise<StoreThread> {
  const lock = options.folder === ':memory:' ? null : lockFolder(options.folder, options.program);
  try {
    const thread = new StoreThread(options, lock);
    await thread.opened;
    return thread;
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/**
 * Memory of batches is handed over with `write` and `tryWrite`: it must not be used afterwards, nor hold anything else.
 */
export class StoreThread implements Store {
  readonly dialect = 'duckdb';
  readonly opened: Promise<unknown>;
  readonly #worker: Worker;
  readonly #lock: FolderLock | null;
  readonly #queueRows: number;
  readonly #pending = new Map<number, Pending>();
  readonly #waitingForRoom: (() => void)[] = [];
  #nextId = 1;
  #waitingRows = 0;
  #droppedRows = 0;
  #over: Failure | null = null;
  #closing: Promise<void> | null = null;

  constructor(
    { folder, tables, memoryBytes, threads, queueRows = 200_000, workerUrl }: StoreThreadOptions,
    lock: FolderLock | null,
  ) {
    this.#lock = lock;
    this.#queueRows = queueRows;
    const workerData: StoreOrder = { folder, tables, memoryBytes, threads };
    this.#worker = new Worker(workerUrl ?? new URL('./store.js', import.meta.url), { workerData });
    this.opened = new Promise((resolve, reject) => this.#pending.set(0, { resolve, reject }));
    this.#worker.on('message', (reply: StoreReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#end(crashed(`it failed: ${error.message}`)));
    this.#worker.on('exit', (code) => {
      this.#end(this.#closing === null ? crashed(`it ended with code ${code}`) : closedFailure());
      this.#lock?.release();
    });
  }

  /** Rows that were given and are not yet kept. */
  get waitingRows(): number {
    return this.#waitingRows;
  }

  /** Rows that `tryWrite` refused. */
  get droppedRows(): number {
    return this.#droppedRows;
  }

  /** Waits for room where too much is under way. */
  async write(batches: readonly Batch[]): Promise<void> {
    while (this.#waitingRows >= this.#queueRows && this.#over === null) {
      await new Promise<void>((resolve) => {
        this.#waitingForRoom.push(resolve);
      });
    }
    await this.#write(batches);
  }

  /** Does not wait: null where too much is under way, and the rows are counted as dropped. */
  tryWrite(batches: readonly Batch[]): Promise<void> | null {
    if (this.#waitingRows < this.#queueRows) return this.#write(batches);
    this.#droppedRows += rowsOf(batches);
    return null;
  }

  async #write(batches: readonly Batch[]): Promise<void> {
    const rows = rowsOf(batches);
    this.#waitingRows += rows;
    try {
      await this.#ask({ type: 'write', batches }, memoryOf(batches));
    } finally {
      this.#waitingRows -= rows;
      this.#waitingForRoom.shift()?.();
    }
  }

  select(statement: Statement, { signal, ...options }: SelectOptions = {}): Promise<Result> {
    return this.#askStoppable({ type: 'select', statement, options }, signal) as Promise<Result>;
  }

  async info(): Promise<StoreInfo> {
    const info = (await this.#ask({ type: 'info' })) as StoreInfo;
    return { ...info, ...this.waiting() };
  }

  waiting(): StoreWaiting {
    return { waitingRows: this.#waitingRows, spoolBytes: 0, droppedRows: this.#droppedRows };
  }

  retain(policy: RetentionPolicy, nowUs: number): Promise<number> {
    return this.#ask({ type: 'retain', policy, nowUs }) as Promise<number>;
  }

  forget(runs: readonly number[]): Promise<number> {
    return this.#ask({ type: 'forget', runs }) as Promise<number>;
  }

  async exportParquet(statement: Statement, path: string, { signal, ...options }: SelectOptions = {}): Promise<void> {
    await this.#askStoppable({ type: 'export', statement, path, options: options as SentOptions }, signal);
  }

  /** Takes rows out of a Parquet file; gives their number. */
  importParquet(file: ParquetImport): Promise<number> {
    return this.#ask({ type: 'take', file }) as Promise<number>;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#over === null) {
      const exit = new Promise((resolve) => this.#worker.once('exit', resolve));
      await this.#ask({ type: 'close' });
      await exit;
    }
    this.#lock?.release();
  }

  #askStoppable(work: StoreWork, signal: AbortSignal | undefined): Promise<unknown> {
    const id = this.#nextId;
    const stop = (): void => this.#send({ id, work: null });
    const answer = this.#ask(work);
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true });
    return answer.finally(() => signal?.removeEventListener('abort', stop));
  }

  #ask(work: StoreWork, memory: ArrayBuffer[] = []): Promise<unknown> {
    if (this.#over !== null) return Promise.reject(this.#over);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      try {
        this.#send({ id, work }, memory);
      } catch (error) {
        this.#pending.delete(id);
        reject(error);
      }
    });
  }

  #send(request: StoreRequest, memory: ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, memory);
  }

  #settle(reply: StoreReply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.failure === null) pending?.resolve(reply.value);
    else pending?.reject(Failure.fromData(reply.failure));
  }

  /** The thread is gone: nobody waits for it any longer. */
  #end(failure: Failure): void {
    this.#over ??= failure;
    for (const { reject } of this.#pending.values()) reject(this.#over);
    this.#pending.clear();
    for (const goOn of this.#waitingForRoom.splice(0)) goOn();
  }
}

const rowsOf = (batches: readonly Batch[]): number => batches.reduce((sum, { rows }) => sum + rows, 0);

function crashed(how: string): Failure {
  const hint = 'What was taken before is kept; start again, and report it if it happens twice.';
  return new Failure('STORE_FAILED', `the thread of the store is gone: ${how}`, hint);
}

function closedFailure(): Failure {
  return new Failure('STORE_FAILED', 'the store is closed', 'Open it again.');
}
