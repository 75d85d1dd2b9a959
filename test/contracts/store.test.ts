// Proves that the embedded store keeps to what every store keeps to: in this thread, and behind a thread of its own.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStoreThread } from '../../src/app/pipeline/history/index.ts';
import { openDuckdb } from '../../src/output/store/duckdb/index.ts';
import { storeContract } from './store.ts';
import { storeWorkerUrl } from './store-worker-bundle.ts';

const slowSql = 'SELECT count(*) FROM range(1000000000000) a(i) WHERE i % 7 = 8';

storeContract('DuckDB in memory', { open: (tables) => openDuckdb({ folder: ':memory:', tables }), slowSql });

const folders: string[] = [];

storeContract('DuckDB in a thread', {
  open: async (tables) => {
    const folder = mkdtempSync(join(tmpdir(), 'taplight-store-'));
    folders.push(folder);
    return openStoreThread({ folder, tables, program: 'test', workerUrl: await storeWorkerUrl() });
  },
  slowSql,
  clear: () => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  },
});
