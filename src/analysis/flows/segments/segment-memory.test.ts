// Proves that payloads are compared byte by byte where they overlap, and that what was overwritten says nothing.

import { describe, expect, it } from 'vitest';
import { Packet } from '../../../core/index.ts';
import { copies, SegmentMemory } from './segment-memory.ts';

function segment(seq: number, data: readonly number[]): Packet {
  const p = new Packet();
  p.bytes = Uint8Array.from(data);
  p.payloadAt = 0;
  p.payloadEnd = data.length;
  p.payloadLen = data.length;
  p.seq = seq;
  return p;
}

const row = (length: number, value: number): number[] => new Array(length).fill(value);

describe('SegmentMemory', () => {
  it('compares what overlaps, wherever it begins', () => {
    const memory = new SegmentMemory();
    memory.keep(2, 1, segment(100, [1, 2, 3, 4]));
    memory.keep(2, 1, segment(-2, row(4, 9)));
    expect(memory.compare(2, 1, segment(102, [3, 4, 5]))).toBe(copies.same);
    expect(memory.compare(2, 1, segment(102, [3, 5, 5]))).toBe(copies.different);
    expect(memory.compare(2, 1, segment(98, [7, 7, 1]))).toBe(copies.same);
    expect(memory.compare(2, 1, segment(104, [1]))).toBe(copies.none);
    // Sequence numbers wrap.
    expect(memory.compare(2, 1, segment(1, [9]))).toBe(copies.same);
    expect(memory.compare(2, 1, segment(0, [8]))).toBe(copies.different);
  });

  it('tells connections, directions and generations of a row apart', () => {
    const memory = new SegmentMemory();
    memory.keep(2, 1, segment(100, [1, 2, 3, 4]));
    for (const [key, birth] of [
      [3, 1],
      [2, 2],
      [2 + (1 << 14), 1],
    ])
      expect(memory.compare(key, birth, segment(100, [9]))).toBe(copies.none);
  });

  it('forgets the oldest when its bytes or its entry are taken by others', () => {
    const memory = new SegmentMemory();
    memory.keep(2, 1, segment(100, [1, 2]));
    for (let i = 0; i < 3000; i++) memory.keep(5, 1, segment(i * 2000, row(2000, i & 255)));
    expect(memory.compare(2, 1, segment(100, [9, 9]))).toBe(copies.none);
    expect(memory.compare(5, 1, segment(2999 * 2000, row(2000, 2999 & 255)))).toBe(copies.same);
    memory.keep(2, 1, segment(100, [1, 2]));
    for (let i = 0; i < 20_000; i++) memory.keep(5, 1, segment(i, [1]));
    expect(memory.compare(2, 1, segment(100, [9, 9]))).toBe(copies.none);
  });
});
