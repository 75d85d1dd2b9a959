// Proves that a spike, a lasting shift and a slow drift are told from noise, that noise is left alone, and that attacks
// teach little.

import { describe, expect, it } from 'vitest';
import { RobustSeries } from './robust-series.ts';

/** Noise that is the same in every run: uniform in 0..1. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('a robust series', () => {
  it('leaves noise alone', () => {
    const series = new RobustSeries(1);
    const next = noise(1);
    let far = 0;
    for (let i = 0; i < 2000; i++) {
      const { z, seen } = series.add(0, 80 + 40 * next(), 6);
      if (seen >= 60 && Math.abs(z) >= 6) far++;
    }
    expect(far).toBe(0);
  });

  it('tells a spike, and what is usual', () => {
    const series = new RobustSeries(2);
    const next = noise(2);
    for (let i = 0; i < 100; i++) series.add(1, 80 + 40 * next(), 6);
    const spike = { ...series.add(1, 1000, 6) };
    expect(spike.z).toBeGreaterThan(6);
    expect(spike.usual).toBeGreaterThan(90);
    expect(spike.usual).toBeLessThan(110);
    expect(spike.persistence).toBe(1);
    series.add(1, 1000, 6);
    expect(series.add(1, 1000, 6).persistence).toBe(3);
    // The other series knows nothing of it.
    expect(series.add(0, 1000, 6)).toMatchObject({ z: 0, seen: 0 });
  });

  it('tells a small shift that stays', () => {
    const series = new RobustSeries(1);
    const next = noise(3);
    for (let i = 0; i < 200; i++) series.add(0, 95 + 10 * next(), 6);
    let first = -1;
    for (let i = 0; i < 30 && first < 0; i++) if (series.add(0, 108 + 10 * next(), 6).isShifted) first = i;
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThan(15);
  });

  it('does not learn an attack quickly', () => {
    const series = new RobustSeries(1);
    const next = noise(4);
    for (let i = 0; i < 200; i++) series.add(0, 95 + 10 * next(), 6);
    let last = 0;
    for (let i = 0; i < 100; i++) last = series.add(0, 10_000, 6).z;
    expect(last).toBeGreaterThan(6);
  });
});
