// Proves that a folder has one owner at a time, that locks of the dead are taken over by exactly one, and that the thread
// of a store bounds what is under way and says when it is gone. What it answers is proved by the store contract.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf } from '../../../../test/contracts/batch-of.ts';
import { contractTables, flowRows } from '../../../../test/contracts/store-tables.ts';
import { bundled, storeWorkerUrl } from '../../../../test/contracts/store-worker-bundle.ts';
import { flows } from '../../../output/store/index.ts';
import { lockFolder, openStoreThread, readOwner } from './index.ts';
import { processMark } from './process-age.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taplight-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lockPath = (): string => join(folder, 'owner.json');

/** Number of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

const ownerOf = (pid: number, mark: string, nonce = 'n'): string =>
  JSON.stringify({ pid, mark, nonce, sinceMs: 0, program: '0', socket: '' });

const lockCode = (): string => {
  try {
    lockFolder(folder, '1.0').release();
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('the lock of a folder', () => {
  it.skipIf(process.platform === 'win32')('makes a folder that is for its user only', () => {
    const made = join(folder, 'deep', 'store');
    lockFolder(made, '1.2.3').release();
    expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  it('is given to one at a time, in this process, too, and says who has it', () => {
    const lock = lockFolder(folder, '1.2.3');
    expect(() => lockFolder(folder, '1.2.3')).toThrowError(
      expect.objectContaining({
        code: 'STORE_LOCKED',
        message: expect.stringMatching(/this process \(taplight 1\.2\.3\) has it since \d{4}-\d\d-\d\dT/),
      }),
    );
    expect(readOwner(folder)).toMatchObject({ pid: process.pid, program: '1.2.3', socket: join(folder, 'api.sock') });
    lock.release();
    lock.release();
    expect(readOwner(folder)).toBeNull();
    expect(lockCode()).toBe('taken');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from a process that is gone, and from one whose number another process has now', () => {
    writeFileSync(lockPath(), ownerOf(deadPid(), ''));
    expect(readOwner(folder)).toBeNull();
    expect(lockCode()).toBe('taken');
    writeFileSync(lockPath(), ownerOf(process.pid, 'another boot/1'));
    expect(lockCode()).toBe(process.platform === 'linux' ? 'taken' : 'STORE_LOCKED');
    writeFileSync(lockPath(), 'damaged');
    expect(lockCode()).toBe('taken');
    writeFileSync(lockPath(), ownerOf(process.ppid, processMark(process.ppid)));
    expect(lockCode()).toBe('STORE_LOCKED');
  });

  it('is taken over where the one who took it over was killed in the middle', () => {
    writeFileSync(lockPath(), ownerOf(deadPid(), '', 'first'));
    writeFileSync(join(folder, 'owner-after-first'), ownerOf(deadPid(), '', 'second'));
    writeFileSync(join(folder, 'owner-after-second'), ownerOf(process.ppid, processMark(process.ppid), 'third'));
    expect(lockCode()).toBe('STORE_LOCKED');
    writeFileSync(join(folder, 'owner-after-second'), ownerOf(deadPid(), '', 'third'));
    const lock = lockFolder(folder, '1.0');
    expect(JSON.parse(readFileSync(lockPath(), 'utf8')).nonce).toBe(lock.owner.nonce);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over by exactly one of many that come at once', async () => {
    const child = await bundled('src/app/pipeline/history/folder-lock.ts');
    const script = `import(${JSON.stringify(child.href)}).then(({ lockFolder }) => {
      while (Date.now() < Number(process.argv[2]));
      try { lockFolder(process.argv[1], '1'); console.log('taken'); setTimeout(() => {}, 1500); }
      catch (error) { console.log(error.code); }
    })`;
    for (let round = 0; round < 2; round++) {
      writeFileSync(lockPath(), ownerOf(deadPid(), '', `round ${round}`));
      const at = String(Date.now() + 700);
      const said = await Promise.all(
        Array.from({ length: 6 }, async () => {
          const contender = spawn(process.execPath, ['-e', script, folder, at]);
          let text = '';
          contender.stdout.on('data', (piece) => {
            text += piece;
          });
          await once(contender, 'close');
          return text.trim();
        }),
      );
      expect(said.sort()).toEqual([
        'STORE_LOCKED',
        'STORE_LOCKED',
        'STORE_LOCKED',
        'STORE_LOCKED',
        'STORE_LOCKED',
        'taken',
      ]);
    }
  }, 30_000);
});

describe('the thread of a store', () => {
  const open = async (queueRows?: number) =>
    openStoreThread({
      folder,
      tables: contractTables,
      program: '1.0',
      workerUrl: await storeWorkerUrl(),
      ...(queueRows === undefined ? {} : { queueRows }),
    });

  it('has the folder until it is closed', async () => {
    const store = await open();
    await expect(open()).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    expect((await store.info()).place).toBe(folder);
    await store.close();
    await (await open()).close();
    expect(readdirSync(folder).filter((name) => name.startsWith('owner'))).toEqual([]);
  });

  it('gives the folder back where the store cannot be opened', async () => {
    writeFileSync(join(folder, 'history.duckdb'), 'no database '.repeat(1000));
    await expect(open()).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(readOwner(folder)).toBeNull();
  });

  it('bounds what is under way: waits, or counts what it refuses; memory is handed over', async () => {
    const store = await open(5000);
    const batch = () => batchOf(flows, flowRows(5000));
    const first = batch();
    const taken = store.tryWrite([first]);
    expect(first.columns[0]).toMatchObject({ values: { byteLength: 0 } });
    expect(store.waitingRows).toBe(5000);
    expect(store.tryWrite([batch()])).toBeNull();
    expect(store.droppedRows).toBe(5000);
    await Promise.all([taken, store.write([batch()]), store.write([batch()])]);
    expect(await store.info()).toMatchObject({ rows: { flows: 15_000 }, waitingRows: 0, droppedRows: 5000 });
    await store.close();
  });

  it('fails everything with STORE_FAILED when the thread is gone, and gives the folder back', async () => {
    const workerUrl = new URL(
      `data:text/javascript,${encodeURIComponent(`
        import { parentPort } from 'node:worker_threads';
        parentPort.on('message', () => { throw new Error('as a test wants it'); });
        parentPort.postMessage({ id: 0, value: null, failure: null });
      `)}`,
    );
    const store = await openStoreThread({ folder, tables: contractTables, program: '1.0', workerUrl, queueRows: 1 });
    const writes = [store.write([batchOf(flows, flowRows(10))]), store.write([batchOf(flows, flowRows(10))])];
    const codes = await Promise.all([...writes, store.info()].map((each) => each.catch(({ code }) => code)));
    expect(codes).toEqual(['STORE_FAILED', 'STORE_FAILED', 'STORE_FAILED']);
    await expect(store.select({ sql: 'SELECT 1', params: [] })).rejects.toMatchObject({
      message: expect.stringContaining('as a test wants it'),
    });
    await store.close();
    expect(readOwner(folder)).toBeNull();
  });
});
