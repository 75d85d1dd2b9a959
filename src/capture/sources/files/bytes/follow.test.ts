// Proves that a growing file is read as it grows, and that its end is told only when it is one.

import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { pcap, someFrames } from '../../../../../test/contracts/capture-bytes.ts';
import { seeBatch } from '../../../../../test/contracts/source-contract.ts';
import { endOfInput, FrameBatch, nothingYet } from '../../../../core/index.ts';
import { openFiles } from '../files.ts';

const folder = mkdtempSync(joinPath(tmpdir(), 'taplight-follow-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = pcap(someFrames(3));
const batch = new FrameBatch();
const open = (path: string) => openFiles([path], { follow: true });

it('waits inside of a record, and goes on when the rest is written', async () => {
  const path = joinPath(folder, 'growing');
  writeFileSync(path, bytes.subarray(0, bytes.length - 5));
  const source = await open(path);
  expect(seeBatch(source, batch, await source.read(batch, 50)).length).toBe(2);
  const before = performance.now();
  expect(await source.read(batch, 150)).toBe(nothingYet);
  expect(performance.now() - before).toBeGreaterThan(100);
  expect(source.damage).toBeNull();
  const later = Promise.resolve(source.read(batch, 5000));
  appendFileSync(path, bytes.subarray(bytes.length - 5));
  expect(await later).toBe(1);
  source.close();
  expect(await source.read(batch, 50)).toBe(endOfInput);
  expect(source.damage).toBeNull();
});

it('waits for the header of a file that was just made', async () => {
  const path = joinPath(folder, 'new');
  writeFileSync(path, '');
  const opening = open(path);
  setTimeout(() => appendFileSync(path, bytes), 50);
  const source = await opening;
  expect(await source.read(batch, 50)).toBe(3);
  source.close();
});

it('an open that waits ends when it is told to', async () => {
  const path = joinPath(folder, 'never');
  writeFileSync(path, '');
  const abort = new AbortController();
  const opening = openFiles([path], { follow: true, signal: abort.signal });
  setTimeout(() => abort.abort(), 30);
  await expect(opening).rejects.toMatchObject({ code: 'UNKNOWN_FILE_FORMAT' });
});

it('ends when the file became shorter', async () => {
  const path = joinPath(folder, 'shrinking');
  writeFileSync(path, bytes);
  const source = await open(path);
  expect(await source.read(batch, 50)).toBe(3);
  truncateSync(path, 30);
  expect(await source.read(batch, 500)).toBe(endOfInput);
  expect(source.damage).toMatchObject({ name: 'follow.shrunk', at: bytes.length });
  source.close();
});

it('ends when another file took its place, after what was still in it; goes on when it was only deleted', async () => {
  const path = joinPath(folder, 'rotating');
  writeFileSync(path, bytes);
  const source = await open(path);
  expect(await source.read(batch, 50)).toBe(3);
  renameSync(path, `${path}.1`);
  expect(await source.read(batch, 30)).toBe(nothingYet);
  appendFileSync(`${path}.1`, bytes.subarray(24));
  writeFileSync(path, bytes);
  expect(await source.read(batch, 500)).toBe(3);
  expect(await source.read(batch, 500)).toBe(endOfInput);
  expect(source.damage?.name).toBe('follow.replaced');
  source.close();
});
