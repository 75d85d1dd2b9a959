// Proves that a file is played in its own time: nothing early, nothing lost, times unchanged, and a wait that ends at once.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { pcap, type TestFrame } from '../../../../test/contracts/capture-bytes.ts';
import { closesWell, readAll, seeBatch } from '../../../../test/contracts/source-contract.ts';
import { endOfInput, FrameBatch, nothingYet } from '../../../core/index.ts';
import { openFiles } from './files.ts';
import { type PaceClock, paced } from './paced.ts';

const folder = mkdtempSync(joinPath(tmpdir(), 'taplight-paced-'));
afterAll(() => rmSync(folder, { recursive: true }));

const beginUs = 1_700_000_000_000_000;

function written(name: string, timesMs: readonly number[]): string {
  const frames: TestFrame[] = timesMs.map((ms, n) => ({
    us: beginUs + ms * 1000,
    data: Uint8Array.of(n >> 8, n & 255),
  }));
  const path = joinPath(folder, name);
  writeFileSync(path, pcap(frames));
  return path;
}

/** Time that goes on only when somebody sleeps, or is told to. */
class FakeClock implements PaceClock {
  ms = 0;
  sleeps: number[] = [];
  nowMs(): number {
    return this.ms;
  }
  after(ms: number, wake: () => void): () => void {
    this.sleeps.push(ms);
    let isOff = false;
    queueMicrotask(() => {
      if (isOff) return;
      this.ms += ms;
      wake();
    });
    return () => {
      isOff = true;
    };
  }
}

const open = async (path: string, speed: number, clock: PaceClock) =>
  paced(await openFiles([path], { follow: false }), speed, clock);

it('hands over each frame when it is due, at its speed, with its own time', async () => {
  const clock = new FakeClock();
  const source = await open(written('steps', [0, 1000, 1000, 3000]), 10, clock);
  const batch = new FrameBatch();
  const seen: [number, number][] = [];
  for (;;) {
    const count = await source.read(batch, 50);
    if (count === endOfInput) break;
    for (const frame of seeBatch(source, batch, Math.max(0, count))) seen.push([clock.ms, (frame.us - beginUs) / 1000]);
  }
  expect(seen).toEqual([
    [0, 0],
    [100, 1000],
    [100, 1000],
    [300, 3000],
  ]);
});

it('says that nothing has come yet, sleeps no longer than it may, and counts what was handed over', async () => {
  const clock = new FakeClock();
  const source = await open(written('long', [0, 60_000]), 1, clock);
  const batch = new FrameBatch();
  expect(source.read(batch, 50)).toBe(1);
  expect(await source.read(batch, 50)).toBe(nothingYet);
  expect(clock.ms).toBe(50);
  expect(source.stats().received).toBe(1);
});

it('joins frames that are close together instead of waking for each', async () => {
  const clock = new FakeClock();
  const times = Array.from({ length: 3000 }, (_, n) => n);
  const source = await open(written('dense', times), 1, clock);
  const frames = await readAll(source);
  expect(frames.map((frame) => frame.us)).toEqual(times.map((ms) => beginUs + ms * 1000));
  expect(Math.min(...clock.sleeps)).toBeGreaterThanOrEqual(10);
  expect(clock.sleeps.length).toBeLessThanOrEqual(301);
});

it('goes on at once where time runs backwards', async () => {
  const clock = new FakeClock();
  const source = await open(written('backwards', [500, 0, 400, 600]), 1, clock);
  expect(await source.read(new FrameBatch(), 50)).toBe(3);
});

it('closes well, also in the middle of a wait', async () => {
  const path = written('closing', [0, 3_600_000]);
  await closesWell(() => openFiles([path], { follow: false, pace: 1 }));
  const source = await openFiles([path], { follow: false, pace: 1 });
  const batch = new FrameBatch();
  await source.read(batch, 50);
  const waiting = source.read(batch, 60_000);
  const before = performance.now();
  source.close();
  expect(await waiting).toBe(endOfInput);
  expect(performance.now() - before).toBeLessThan(50);
});
