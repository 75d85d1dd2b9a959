// What every source must survive, and the ways in which its tests read one.

import { expect } from 'vitest';
import { batchCapacity, endOfInput, FrameBatch, nothingYet, type Source } from '../../src/core/index.ts';

/** One frame, copied out. */
export interface SeenFrame {
  readonly us: number;
  readonly ns: number;
  readonly wire: number;
  readonly iface: number;
  readonly data: string;
}

/** Frames of a batch, with every promise of `FrameBatch` checked on the way. */
export function seeBatch(source: Source, batch: FrameBatch, count: number): SeenFrame[] {
  expect(batch.count).toBe(count);
  expect(count).toBeLessThanOrEqual(batchCapacity);
  expect(batch.bytes.constructor).toBe(Uint8Array);
  const seen: SeenFrame[] = [];
  for (let i = 0; i < count; i++) {
    const [at, length] = [batch.at[i], batch.capLen[i]];
    if (at < 0 || length < 0 || at + length > batch.bytes.length)
      throw new Error(`frame ${i} lies outside of its bytes`);
    if (batch.wireLen[i] < 0 || !Number.isInteger(batch.timeUs[i]) || batch.timeNs[i] > 999) {
      throw new Error(`frame ${i} has impossible numbers`);
    }
    if (source.interfaces[batch.iface[i]] === undefined) throw new Error(`frame ${i} has no interface`);
    seen.push({
      us: batch.timeUs[i],
      ns: batch.timeNs[i],
      wire: batch.wireLen[i],
      iface: batch.iface[i],
      data: Buffer.from(batch.bytes.subarray(at, at + length)).toString('hex'),
    });
  }
  return seen;
}

/** Reads until the end, or until `most` frames were seen; then checks that an end stays an end. */
export async function readAll(source: Source, most = Number.POSITIVE_INFINITY): Promise<SeenFrame[]> {
  const batch = new FrameBatch();
  const seen: SeenFrame[] = [];
  while (seen.length < most) {
    const count = await source.read(batch, 100);
    if (count === endOfInput) {
      expect(await source.read(batch, 100)).toBe(endOfInput);
      return seen;
    }
    if (count !== nothingYet) seen.push(...seeBatch(source, batch, count));
  }
  return seen;
}

/**
 * The contract of closing: idempotent, ends a read that waits, and nothing comes afterwards. `open` gives a source that
 * need not have any frame.
 */
export async function closesWell(open: () => Promise<Source>): Promise<void> {
  const source = await open();
  const batch = new FrameBatch();
  const underWay = Promise.resolve(source.read(batch, 5000));
  const before = performance.now();
  source.close();
  source.close();
  await underWay;
  expect(performance.now() - before).toBeLessThan(1000);
  expect(await source.read(batch, 5000)).toBe(endOfInput);
  expect(source.stats().received).toBeGreaterThanOrEqual(0);
}
