// Proves that files are told apart by what they hold: whole where they are small, by samples where they are large.

import { createHash } from 'node:crypto';
import { mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { contentHash, endsHash } from './file-mark.ts';

const folder = mkdtempSync(join(tmpdir(), 'taplight-mark-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A file of holes with a few bytes written. */
function large(name: string, mebibytes: number, at: number, text: string): string {
  const path = file(name, '');
  truncateSync(path, mebibytes << 20);
  const handle = openSync(path, 'r+');
  writeSync(handle, text, at);
  return path;
}

describe('marks of files', () => {
  it('are the SHA-256 of small files', async () => {
    const path = file('a', 'abc');
    expect(await contentHash([path])).toBe(createHash('sha256').update('abc').digest('hex'));
    expect(await contentHash([path, path])).toBe(createHash('sha256').update('abcabc').digest('hex'));
  });

  it('tell small files apart that have the same ends', async () => {
    const bytes = new Uint8Array(200_000);
    const one = file('one', bytes);
    bytes[100_000] = 1;
    const two = file('two', bytes);
    expect(await endsHash([one])).toBe(await endsHash([two]));
    expect(await contentHash([one])).not.toBe(await contentHash([two]));
    expect(await endsHash([file('three', bytes.subarray(1))])).not.toBe(await endsHash([two]));
  });

  it('are made of samples of large files, and of their size', async () => {
    const one = await contentHash([large('l1', 70, 5 << 20, 'x')]);
    expect(one).toMatch(/^sampled:[0-9a-f]{64}$/);
    expect(await contentHash([large('l2', 70, 5 << 20, 'x')])).toBe(one);
    expect(await contentHash([large('l3', 70, 5 << 20, 'y')])).not.toBe(one);
    expect(await contentHash([large('l4', 71, 5 << 20, 'x')])).not.toBe(one);
  });

  it('of files that are not there fail in plain words', async () => {
    const path = join(folder, 'none');
    await expect(endsHash([path])).rejects.toMatchObject({ code: 'NO_SUCH_FILE' });
    await expect(contentHash([path])).rejects.toMatchObject({ code: 'NO_SUCH_FILE' });
    await expect(contentHash([folder])).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
