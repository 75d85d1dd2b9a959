// Proves that estimates are never too low, seldom much too high, and fade when halved.

import { describe, expect, it } from 'vitest';
import { CountMin } from './count-min.ts';
import { hashWords } from './key-table.ts';

describe('CountMin', () => {
  it('is exact while there are few, and never too low', () => {
    const sketch = new CountMin(1 << 10);
    for (let n = 1; n <= 50; n++) for (let i = 0; i < n; i++) expect(sketch.add(hashWords(n))).toBeGreaterThan(i);
    for (let n = 1; n <= 50; n++) expect(sketch.estimate(hashWords(n))).toBe(n);
    expect(sketch.estimate(hashWords(1000))).toBe(0);
  });

  it('tells a busy one from 20,000 that came once', () => {
    const sketch = new CountMin(1 << 14);
    for (let n = 0; n < 20_000; n++) {
      sketch.add(hashWords(n, 7));
      if (n % 100 === 0) sketch.add(hashWords(5, 8));
    }
    const estimate = sketch.estimate(hashWords(5, 8));
    expect(estimate).toBeGreaterThanOrEqual(200);
    expect(estimate).toBeLessThan(205);
    let off = 0;
    for (let n = 0; n < 20_000; n++) off += sketch.estimate(hashWords(n, 7)) - 1;
    expect(off / 20_000).toBeLessThan(1);
  });

  it('forgets half, and all', () => {
    const sketch = new CountMin(64);
    for (let i = 0; i < 9; i++) sketch.add(hashWords(1));
    sketch.halve();
    expect(sketch.estimate(hashWords(1))).toBe(4);
    sketch.clear();
    expect(sketch.estimate(hashWords(1))).toBe(0);
  });

  it('stays at its highest count, and takes only powers of two', () => {
    const sketch = new CountMin(8);
    for (let i = 0; i < 70_000; i++) sketch.add(1);
    expect(sketch.estimate(1)).toBe(65_535);
    expect(() => new CountMin(100)).toThrow(RangeError);
    expect(() => new CountMin(4)).toThrow(RangeError);
  });
});
