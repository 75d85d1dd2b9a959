// Proves that every row comes up once, not before its time, whatever the steps of the clock.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ROW_WORDS } from './flow-row.ts';
import { TimerWheel } from './timer-wheel.ts';

it('brings each linked row up exactly once and at its time, and never one that was unlinked', () => {
  const plan = fc.array(fc.record({ wait: fc.integer({ min: 1, max: 511 }), drop: fc.boolean() }), { maxLength: 60 });
  fc.assert(
    fc.property(plan, fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 30 }), (rows, steps) => {
      const wheel = new TimerWheel(new Int32Array(64 * ROW_WORDS));
      rows.forEach(({ wait }, r) => {
        wheel.link(r, wait);
      });
      rows.forEach(({ drop }, r) => {
        if (drop) wheel.unlink(r);
      });
      const cameAt = new Map<number, number>();
      let tick = 0;
      for (const step of [...steps, 600]) {
        tick += step;
        const before = tick - step;
        wheel.advance(tick, (r) => {
          expect(cameAt.has(r)).toBe(false);
          cameAt.set(r, tick);
          expect(rows[r].wait).toBeGreaterThan(before);
          expect(rows[r].wait).toBeLessThanOrEqual(tick);
        });
      }
      rows.forEach(({ drop }, r) => {
        expect(cameAt.has(r)).toBe(!drop);
      });
    }),
    { numRuns: 200 },
  );
});
