// Proves that a run's rows reach the store whole and in order, that live runs drop and count instead of waiting, and that
// what fails is told once and leaves the run unfinished.

import { describe, expect, it } from 'vitest';
import { type Alert, Failure, Flow, type Snapshot } from '../../../core/index.ts';
import { type Batch, runs, type Store } from '../../../output/store/index.ts';
import { Keeper, type KeeperOptions } from './keeper.ts';

const about = {
  run: 7,
  sensor: 's1',
  kind: 'file',
  source: 'a.pcap',
  hash: '',
  endsHash: '',
  beganUs: 1,
  program: '0',
} as const;

const snapshot = {
  packets: 3,
  bytes: 300,
  firstUs: 5,
  lastUs: 9,
  alerts: [] as Alert[],
  dropped: { kernel: 0, interface: 0, queue: 0 },
  flows: { active: 0, total: 3 },
} as unknown as Snapshot; // Only what a keeper reads.

/** A store that remembers, waits until `open` is called, and fails when told to. */
function memory() {
  const written: Batch[][] = [];
  let gate = Promise.resolve();
  let failure: Failure | null = null;
  const store = {
    async write(batches: readonly Batch[]) {
      await gate;
      if (failure !== null) throw failure;
      written.push([...batches]);
    },
    waiting: () => ({ waitingRows: 0, spoolBytes: 0, droppedRows: 0 }),
    retain: async () => 0,
  } as unknown as Store; // Only what a keeper calls.
  return {
    store,
    written,
    close(): () => void {
      let open = () => {};
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return open;
    },
    fail: (code: Failure['code']) => {
      failure = new Failure(code, 'it failed', 'Mend it.');
    },
    mend: () => {
      failure = null;
    },
    rows: (table: string) => written.flat().reduce((sum, batch) => sum + (batch.table === table ? batch.rows : 0), 0),
  };
}

function keeperOf(store: Store, given: Partial<KeeperOptions> = {}) {
  const warned: string[] = [];
  const keeper = new Keeper({
    store: Promise.resolve(store),
    about: () => about,
    isLive: false,
    interfaceName: () => '',
    retention: { rawDays: 0, rollupDays: 0, maxBytes: 0 },
    system: 'test',
    nowMs: () => 1000,
    wallMs: () => 1_700_000_000_000,
    warn: (failure) => warned.push(failure.code),
    ...given,
  });
  return { keeper, warned };
}

function tellFlows(keeper: Keeper, count: number): void {
  const flow = new Flow();
  for (let i = 0; i < count; i++) {
    flow.id = i + 1;
    keeper.listeners.flow?.(flow);
  }
}

describe('Keeper', () => {
  it('hands everything over, and marks the run whole at its end', async () => {
    const { store, rows, written } = memory();
    const { keeper, warned } = keeperOf(store);
    tellFlows(keeper, 40_000);
    const report = await keeper.finish(snapshot, 'abc');
    expect(rows('flows')).toBe(40_000);
    expect(report.droppedRows).toBe(0);
    expect(written[0][0].table).toBe('runs');
    expect(written.at(-1)?.[0].table).toBe('runs');
    expect(warned).toEqual([]);
  });

  it.each([true, false])('hands rows over after a second, full or not (live: %s)', async (isLive) => {
    const { store, rows } = memory();
    let nowMs = 1000;
    const { keeper } = keeperOf(store, { isLive, nowMs: () => nowMs });
    tellFlows(keeper, 3);
    keeper.listeners.drained?.();
    await Promise.resolve();
    expect(rows('flows')).toBe(0);
    nowMs += 1000;
    keeper.listeners.drained?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(rows('flows')).toBe(3);
  });

  it('asks a run that reads files to wait, and lets it go on', async () => {
    const { store, close, rows } = memory();
    const open = close();
    const { keeper } = keeperOf(store);
    tellFlows(keeper, 200_000);
    const busy = keeper.listeners.busy?.() ?? null;
    expect(busy).not.toBeNull();
    open();
    await busy;
    await keeper.finish(snapshot, '');
    expect(rows('flows')).toBe(200_000);
  });

  it('drops and counts when live, and never waits', async () => {
    const { store, close, rows } = memory();
    const open = close();
    const { keeper } = keeperOf(store, { isLive: true, about: () => ({ ...about, kind: 'live' }) });
    tellFlows(keeper, 300_000);
    expect(keeper.listeners.busy?.()).toBeNull();
    expect(keeper.droppedRows).toBeGreaterThan(0);
    const dropped = keeper.droppedRows;
    open();
    await keeper.finish(snapshot, '');
    expect(rows('flows')).toBe(300_000 - dropped);
    expect(rows('sensors')).toBe(1);
  });

  it('tells a failure once, goes on, and leaves an import unfinished', async () => {
    const { store, fail, mend, written } = memory();
    fail('STORE_FULL');
    const { keeper, warned } = keeperOf(store);
    tellFlows(keeper, 50_000);
    await new Promise((resolve) => setTimeout(resolve, 10));
    mend();
    const report = await keeper.finish(snapshot, 'abc');
    expect(warned).toEqual(['STORE_FULL']);
    expect(report.droppedRows).toBeGreaterThan(0);
    const last = written.at(-1)?.[0];
    const state = last?.columns[runs.columns.findIndex(({ name }) => name === 'state')];
    expect(state?.shape === 'word' && state.words[state.indexes[0]]).toBe('open');
  });

  it('waits for a store that is being opened, and tells when it cannot be', async () => {
    const { keeper, warned } = keeperOf(null as never, {
      store: Promise.reject(new Failure('STORE_LOCKED', 'taken', 'Wait.')),
    });
    tellFlows(keeper, 3);
    await keeper.finish(snapshot, '');
    expect(warned).toEqual(['STORE_LOCKED']);
  });
});
