// Proves that no name in the picture of a network covers another one or a host, or is cut off at the edge.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boxOf, labelPlaces } from './labels.ts';

const [width, height] = [900, 450];
const point = fc.record({
  x: fc.integer({ min: -width / 2, max: width / 2 }),
  y: fc.integer({ min: -height / 2, max: height / 2 }),
  size: fc.integer({ min: 5, max: 16 }),
  label: fc.string({ minLength: 1, maxLength: 26 }),
});

test('apart from each other and from hosts, inside of the picture', () => {
  fc.assert(
    fc.property(fc.array(point, { maxLength: 40 }), (points) => {
      const places = labelPlaces(points, width, height);
      const boxes = places.flatMap((place, i) => (place === null ? [] : [{ i, ...boxOf(place, points[i].label) }]));
      for (const a of boxes) {
        expect(a.left).toBeGreaterThanOrEqual(-width / 2);
        expect(a.right).toBeLessThanOrEqual(width / 2);
        const others = [
          ...boxes,
          ...points.map(({ x, y, size }, i) => ({
            i,
            left: x - size,
            right: x + size,
            top: y - size,
            bottom: y + size,
          })),
        ].filter(({ i }) => i !== a.i);
        for (const b of others)
          expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false);
      }
    }),
  );
});

test('the first has its place even where there is room for one only', () => {
  const crowd = Array.from({ length: 30 }, (_, i) => ({ x: 5 * i, y: 0, size: 6, label: 'mirror.example.org' }));
  const places = labelPlaces(crowd, width, height);
  expect(places[0]).not.toBeNull();
  expect(places.filter((place) => place === null).length).toBeGreaterThan(5);
});
