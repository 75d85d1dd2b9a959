// A store on real servers whose rows are there once `write` is done, as those of an embedded store are: for tests that
// put the same to every engine.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickhouseStore, openClickhouse } from '../../src/output/store/clickhouse/index.ts';
import type { Store, Table } from '../../src/output/store/index.ts';
import { startClickhouse } from './servers.ts';

/** A folder of a test, for data of servers and spools. */
export function clickhouseFolder(): string {
  const scratch = join(tmpdir(), 'taplight-clickhouse');
  mkdirSync(scratch, { recursive: true });
  return mkdtempSync(join(scratch, 'run-'));
}

/** Starts servers, opens a store on them, and stops them when it is closed. Rows of each sensor go to one of them. */
export async function openTested(tables: readonly Table[], nodes: number): Promise<Store> {
  const folder = clickhouseFolder();
  const cluster = await startClickhouse(folder, nodes);
  const options = nodes === 1 ? '' : '?cluster=fleet';
  // Two sensors by turns, so that rows lie on more than one node.
  const stores = await Promise.all(
    ['a', 'c'].map((sensor) =>
      openClickhouse({ url: cluster.url('history', options), tables, sensor, spoolFolder: join(folder, sensor) }),
    ),
  );
  return settledStore(stores, async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });
}

function settledStore(stores: readonly ClickhouseStore[], end: () => Promise<void>): Store {
  const [first] = stores;
  let turn = 0;
  return {
    dialect: 'clickhouse',
    async write(batches) {
      const store = stores[turn++ % stores.length];
      await store.write(batches);
      if (!(await store.flush(30_000))) throw new Error('the server has not taken it');
    },
    select: (statement, options) => first.select(statement, options),
    info: () => first.info(),
    waiting: () => first.waiting(),
    retain: (policy, nowUs) => first.retain(policy, nowUs),
    forget: (runs) => first.forget(runs),
    exportParquet: (statement, path, options) => first.exportParquet(statement, path, options),
    async close() {
      await Promise.all(stores.map((store) => store.close()));
      await end();
    },
  };
}
