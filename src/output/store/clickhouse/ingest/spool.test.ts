// Proves that what is written to a spool is there after a kill, whole or not at all; that nothing grows past the bound;
// and that one process owns a folder.

import { Buffer } from 'node:buffer';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Part, readRecords, recordOf } from './record.ts';
import { Spool, type SpoolOptions } from './spool.ts';
import { ownSpool } from './spool-owner.ts';

let folder: string;
let dropped: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taplight-spool-'));
  dropped = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const columns = ['a', 'b'];
const part = (text: string, rows = 1, table = 't'): Part => ({ table, columns, rows, block: Buffer.from(text) });

const openSpool = (options: Partial<SpoolOptions> = {}): Promise<Spool> =>
  Spool.open({
    folder,
    bytes: 100_000,
    waits: false,
    segmentBytes: 1000,
    dropped: (rows) => {
      dropped += rows;
    },
    ...options,
  });

const files = (): string[] => readdirSync(folder).sort();

/** All texts that wait, oldest first. */
async function drain(spool: Spool): Promise<string[]> {
  const texts: string[] = [];
  for (let next = await spool.takeOldest(); next !== null; next = await spool.takeOldest()) {
    for (const { block } of (await spool.read(next)) ?? []) texts.push(block.toString());
    await spool.remove(next);
  }
  return texts;
}

describe('records', () => {
  it('come out as they went in, up to where the file is cut', () => {
    const partOf = fc.record({
      table: fc.string({ maxLength: 8 }),
      columns: fc.array(fc.string({ maxLength: 8 }), { maxLength: 4 }),
      rows: fc.nat(1000),
      block: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    });
    const recordsOf = fc.array(fc.array(partOf, { minLength: 1, maxLength: 3 }), { maxLength: 5 });
    fc.assert(
      fc.property(recordsOf, fc.nat(), (written, cut) => {
        const records = written.map((parts) => Buffer.concat(recordOf(parts)));
        const file = Buffer.concat(records);
        const length = cut % (file.length + 1);
        const { records: read, goodBytes } = readRecords(file.subarray(0, length));
        let end = 0;
        const whole = written.filter((_, i) => {
          end += records[i].length;
          return end <= length;
        });
        expect(read).toEqual(whole);
        expect(goodBytes).toBe(records.slice(0, whole.length).reduce((sum, each) => sum + each.length, 0));
      }),
      { seed: 5 },
    );
  });

  it('that are damaged anywhere are not read', () => {
    const file = Buffer.concat([...recordOf([part('first')]), ...recordOf([part('second')])]);
    const firstBytes = Buffer.concat(recordOf([part('first')])).length;
    for (let at = 0; at < firstBytes; at++) {
      const damaged = Buffer.from(file);
      damaged[at] ^= 0x40;
      expect(readRecords(damaged).records).toEqual([]);
    }
  });
});

describe('Spool', () => {
  it('gives what was written, oldest first, also after a restart', async () => {
    const first = await openSpool();
    await first.append([part('one'), part('two', 2, 'u')]);
    await first.append([part('three')]);
    // Killed: nothing is closed.
    const second = await openSpool();
    expect(second.rows).toBe(4);
    await second.append([part('four')]);
    expect(await drain(second)).toEqual(['one', 'two', 'three', 'four']);
    expect(second.bytes).toBe(0);
    expect(files()).toEqual([]);
    await second.close();
    await first.close();
  });

  it('leaves out a record that a kill has cut', async () => {
    const spool = await openSpool();
    await spool.append([part('whole')]);
    await spool.append([part('cut in the middle')]);
    await spool.close();
    const [name] = files();
    truncateSync(join(folder, name), readFileSync(join(folder, name)).length - 1);
    const again = await openSpool();
    expect(again.rows).toBe(1);
    expect(await drain(again)).toEqual(['whole']);
  });

  it('never uses a name twice', async () => {
    const names = new Set<string>();
    for (let start = 0; start < 5; start++) {
      const spool = await openSpool({ segmentBytes: 1 });
      for (let i = 0; i < 3; i++) await spool.append([part('x')]);
      for (const name of files()) names.add(name);
      await drain(spool);
    }
    expect(names.size).toBe(15);
  });

  it('does not change a file that is being sent', async () => {
    const spool = await openSpool();
    await spool.append([part('one')]);
    const taken = await spool.takeOldest();
    await spool.append([part('two')]);
    expect(files().length).toBe(2);
    expect((await spool.read(taken!))?.map(({ block }) => block.toString())).toEqual(['one']);
    await spool.close();
  });

  it('drops the oldest at its bound, counts it, and stays within', async () => {
    const spool = await openSpool({ bytes: 5000, segmentBytes: 600 });
    for (let i = 0; i < 100; i++) {
      await spool.append([part(`${i}`.padEnd(200, '.'), 3)]);
      expect(spool.bytes).toBeLessThanOrEqual(5000);
      expect(files().reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0)).toBe(spool.bytes);
    }
    const left = await drain(spool);
    expect(left.length * 3 + dropped).toBe(300);
    expect(left.at(-1)).toMatch(/^99/);
    expect(left.length).toBeGreaterThan(5);
    const large = spool.append([part('x'.repeat(6000))]);
    await expect(large).rejects.toMatchObject({ code: 'STORE_FULL' });
  });

  it('waits for room where nothing may be lost', async () => {
    const spool = await openSpool({ bytes: 1000, segmentBytes: 300, waits: true });
    const texts = Array.from({ length: 20 }, (_, i) => `${i}`.padEnd(200, '.'));
    const writing = (async () => {
      for (const text of texts) await spool.append([part(text)]);
    })();
    const read: string[] = [];
    while (read.length < texts.length) {
      read.push(...(await drain(spool)));
      await new Promise((done) => setTimeout(done, 1));
    }
    await writing;
    expect(read).toEqual(texts);
    expect(dropped).toBe(0);
  });

  it('keeps what the server refuses out of the way, within the bound', async () => {
    const spool = await openSpool({ bytes: 2000, segmentBytes: 1 });
    await spool.append([part('bad')]);
    await spool.refuse((await spool.takeOldest())!);
    expect(files()[0]).toMatch(/\.refused$/);
    expect(spool.rows).toBe(0);
    const again = await openSpool({ bytes: 400, segmentBytes: 1 });
    expect(await drain(again)).toEqual([]);
    expect(again.bytes).toBeGreaterThan(0);
    await again.append([part('x'.repeat(300))]);
    expect(files().length).toBe(1);
    expect(dropped).toBe(0); // It was counted when it was refused.
  });

  it('says why it cannot be opened', async () => {
    writeFileSync(join(folder, 'file'), '');
    const opening = openSpool({ folder: join(folder, 'file', 'inside') });
    await expect(opening).rejects.toMatchObject({ code: 'STORE_FAILED', message: expect.stringContaining('spool') });
  });
});

describe('ownSpool', () => {
  it('lets in one process at a time', async () => {
    const release = await ownSpool(folder);
    await expect(ownSpool(folder)).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    await release();
    await (await ownSpool(folder))();
    expect(files()).toEqual([]);
  });

  it('is not held up by a process that was killed, nor by one that has its number now', async () => {
    writeFileSync(join(folder, 'owner'), '999999999 1\n');
    await (await ownSpool(folder))();
    writeFileSync(join(folder, 'owner'), `${process.pid} 1\n`);
    if (process.platform === 'linux') await (await ownSpool(folder))();
    writeFileSync(join(folder, 'owner'), '');
    await (await ownSpool(folder))();
  });
});
