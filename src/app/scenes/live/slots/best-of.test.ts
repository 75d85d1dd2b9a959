// Proves that the first few of many are those that sorting everything would give.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestOf } from './best-of.ts';

const places = (length: number): number[] => Array.from({ length }, (_, i) => i);

describe('the first of many', () => {
  it('by numbers, what is not known last', () => {
    const value = fc.oneof(fc.nat(20), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(value), fc.nat(30), fc.boolean(), (values, count, isDescending) => {
        const order = places(values.length).sort((a, b) => {
          const [x, y] = [values[a], values[b]];
          if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
          return (isDescending ? y - x : x - y) || a - b;
        });
        expect([...bestOf(Float64Array.from(values), count, isDescending)]).toEqual(order.slice(0, count));
      }),
    );
  });
});
