// Proves that a flow diagram shows all that it is given: bands fill their boxes, and nothing lies outside.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldedLinks, type Link, sankeyLayout } from './layout.ts';

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const links = fc.uniqueArray(fc.record({ from: name, to: name, value: fc.integer({ min: 1, max: 1e9 }) }), {
  selector: ({ from, to }) => from + to,
  minLength: 1,
});
const sum = (list: readonly { readonly value: number }[]): number => list.reduce((all, { value }) => all + value, 0);

test('bands fill boxes, boxes lie below each other within the height', () => {
  fc.assert(
    fc.property(links, (given: Link[]) => {
      const { left, right, bands } = sankeyLayout(given, 300, 4);
      for (const [boxes, side] of [
        [left, 'from'],
        [right, 'to'],
      ] as const) {
        let bottom = 0;
        for (const box of boxes) {
          expect(box.y).toBeGreaterThanOrEqual(bottom - 1e-6);
          bottom = box.y + box.height;
          const inside = bands.filter((band) => band[side] === box.name);
          expect(inside.reduce((all, band) => all + band.height, 0)).toBeCloseTo(box.height, 4);
        }
        expect(bottom).toBeLessThanOrEqual(300 + 1e-6);
      }
    }),
  );
});

test('folding keeps the sum and the largest', () => {
  fc.assert(
    fc.property(links, (given: Link[]) => {
      const folded = foldedLinks(given, 2, 'others');
      expect(sum(folded)).toBe(sum(given));
      expect(new Set(folded.map(({ from }) => from)).size).toBeLessThanOrEqual(3);
    }),
  );
});
