// Proves that the picture of a network is the same each time, leaves nobody out unsaid, and lets nobody stand on another.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Edge, hostGraph } from './graph-layout.ts';

const name = fc.integer({ min: 0, max: 30 }).map((n) => (n < 12 ? `10.0.0.${n}` : `192.0.2.${n}`));
const edges = fc.array(fc.record({ a: name, b: name, bytes: fc.integer({ min: 1, max: 1e9 }) }), { minLength: 1 });
const isInside = (host: string): boolean => host.startsWith('10.');

test('bounded, deterministic, apart', () => {
  fc.assert(
    fc.property(edges, fc.integer({ min: 1, max: 40 }), (given: Edge[], most) => {
      const graph = hostGraph(given, isInside, most, 200);
      expect(graph).toEqual(hostGraph(given, isInside, most, 200));
      const all = new Set(given.flatMap(({ a, b }) => [a, b]));
      expect(graph.nodes.length).toBe(Math.min(most, all.size));
      expect(graph.more).toBe(all.size - graph.nodes.length);
      const places = new Set(graph.nodes.map(({ x, y }) => `${x.toFixed(2)},${y.toFixed(2)}`));
      expect(places.size).toBe(graph.nodes.length);
      for (const { x, y } of graph.nodes) expect(Math.hypot(x, y)).toBeLessThanOrEqual(200.001);
    }),
  );
});

test('a host stands next to the one it speaks with', () => {
  const pairs = ['1', '2', '3', '4'].map((n) => ({ a: `10.0.0.${n}`, b: `192.0.2.${n}`, bytes: 1e6 }));
  const { nodes } = hostGraph(pairs, isInside, 60, 200);
  for (const { a, b } of pairs) {
    const [inner, outer] = [nodes.find((each) => each.name === a)!, nodes.find((each) => each.name === b)!];
    const cosine =
      (inner.x * outer.x + inner.y * outer.y) / (Math.hypot(inner.x, inner.y) * Math.hypot(outer.x, outer.y));
    expect(cosine).toBeGreaterThan(0.9);
  }
});
