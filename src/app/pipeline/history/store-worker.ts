// The thread that owns the store: nobody else in this process opens it.

import { parentPort, workerData } from 'node:worker_threads';
import { Failure, type FailureData } from '../../../core/index.ts';
import { type DuckdbStore, openDuckdb } from '../../../output/store/duckdb/index.ts';
import type { StoreOrder, StoreReply, StoreRequest, StoreWork } from './store-messages.ts';

const order = workerData as StoreOrder; // given by store-thread.ts
const port = parentPort;

/** Questions that run, by number. */
const asked = new Map<number, AbortController>();

function say(reply: StoreReply): void {
  port?.postMessage(reply);
}

function failureData(error: unknown): FailureData {
  if (error instanceof Failure) return error.toData();
  const words = error instanceof Error ? error.message : String(error);
  return { code: 'STORE_FAILED', message: `the store failed: ${words}`, hint: 'see docs/52-errors.md, STORE_FAILED' };
}

function carryOut(store: DuckdbStore, id: number, work: StoreWork): Promise<unknown> {
  switch (work.type) {
    case 'write':
      return store.write(work.batches);
    case 'select':
      return stoppable(id, (signal) => store.select(work.statement, { ...work.options, signal }));
    case 'export':
      return stoppable(id, (signal) => store.exportParquet(work.statement, work.path, { ...work.options, signal }));
    case 'take':
      return store.importParquet(work.file);
    case 'info':
      return store.info();
    case 'retain':
      return store.retain(work.policy, work.nowUs);
    case 'forget':
      return store.forget(work.runs);
    case 'close':
      return store.close();
  }
}

async function stoppable<T>(id: number, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  asked.set(id, controller);
  try {
    return await act(controller.signal);
  } finally {
    asked.delete(id);
  }
}

async function answer(store: DuckdbStore, id: number, work: StoreWork): Promise<void> {
  try {
    say({ id, value: await carryOut(store, id, work), failure: null });
  } catch (error) {
    say({ id, failure: failureData(error) });
  }
  // Without a port nothing keeps the thread.
  if (work.type === 'close') port?.close();
}

async function main(): Promise<void> {
  let store: DuckdbStore;
  try {
    const { folder, tables, memoryBytes, threads } = order;
    store = await openDuckdb({
      folder,
      tables,
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
      ...(threads === undefined ? {} : { threads }),
    });
  } catch (error) {
    say({ id: 0, failure: failureData(error) });
    return;
  }
  port?.on('message', ({ id, work }: StoreRequest) => {
    if (work === null) asked.get(id)?.abort();
    else void answer(store, id, work);
  });
  say({ id: 0, value: null, failure: null });
}

void main();
