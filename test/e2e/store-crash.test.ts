// Proves that a store survives the sudden end of who writes to it, and a full disk: what was taken is there once, with its
// rollups, and the store opens again at once. The long version is bench/history.mjs --crash.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { examine, runWriter } from '../contracts/store-crash.ts';
import { bundled } from '../contracts/store-worker-bundle.ts';

const child = bundled('test/contracts/store-crash-child.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taplight-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('has every batch that was taken, once, after kills at moments of no meaning', async () => {
  let next = 0;
  for (const aliveMs of [1, 60, 250, 500]) {
    const { last } = await runWriter(await child, folder, next, { aliveMs });
    const survival = await examine(folder, last);
    expect(survival.wrong).toEqual([]);
    expect(survival.reopenMs).toBeLessThan(2000);
    next = survival.last + 1;
  }
  expect(next).toBeGreaterThan(3);
}, 60_000);

it.runIf(process.platform === 'linux')(
  'says STORE_FULL on a full disk, and keeps what was taken',
  async () => {
    const { last, failure } = await runWriter(await child, folder, 0, { limitBytes: 12e6 });
    expect(failure).toMatch(/^STORE_FULL /);
    expect(last).toBeGreaterThan(0);
    expect((await examine(folder, last)).wrong).toEqual([]);
    const more = await runWriter(await child, folder, last + 1, { aliveMs: 100 });
    expect((await examine(folder, more.last)).wrong).toEqual([]);
  },
  60_000,
);
