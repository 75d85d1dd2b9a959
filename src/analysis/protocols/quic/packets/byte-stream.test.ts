// Proves that pieces in any order, overlapping and repeated, give the bytes in order, within the bounds.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteStream } from './byte-stream.ts';

const text = Uint8Array.from({ length: 400 }, (_, i) => (i * 7) & 255);

describe('a stream', () => {
  it('gives every byte once, in order, whatever the pieces', () => {
    const pieces = fc.array(fc.tuple(fc.nat(399), fc.integer({ min: 1, max: 90 }), fc.nat(60)), { maxLength: 60 });
    fc.assert(
      fc.property(pieces, (list) => {
        const stream = new ByteStream({ window: 400, pieces: 64 });
        const taken: number[] = [];
        const seen = new Set<number>();
        for (const [at, length, take] of list) {
          const end = Math.min(400, at + length);
          stream.add(at, text, at, end);
          for (let i = at; i < end; i++) seen.add(i);
          let ready = 0;
          while (seen.has(taken.length + ready)) ready++;
          expect(stream.ready).toBe(ready);
          const count = Math.min(take, stream.ready);
          for (let i = 0; i < count; i++) taken.push(stream.bytes[i]);
          stream.take(count);
        }
        expect(taken).toEqual([...text.subarray(0, taken.length)]);
        expect(stream.isOverfull).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the first copy of a byte', () => {
    const stream = new ByteStream({ window: 100, pieces: 4 });
    stream.add(2, Uint8Array.of(1, 1), 0, 2);
    stream.add(0, Uint8Array.of(2, 2, 2, 2, 2), 0, 5);
    expect([...stream.bytes.subarray(0, stream.ready)]).toEqual([2, 2, 1, 1, 2]);
  });

  it('refuses what is too far away or in too many pieces', () => {
    const stream = new ByteStream({ window: 100, pieces: 3 });
    stream.add(2 ** 40, text, 0, 10);
    expect([stream.isOverfull, stream.bytes.length]).toEqual([true, 0]);
    for (let i = 1; i < 20; i++) stream.add(i * 4, text, 0, 1);
    stream.add(0, text, 0, 4);
    expect(stream.ready).toBe(5);
    expect(stream.bytes.length).toBeLessThanOrEqual(100);
  });
});
