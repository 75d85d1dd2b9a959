// The world: a dot for each country, as large as its traffic, and arcs from where most of it comes together.

import { familyPaint, formatBytes } from '../../present/index.ts';
import { Picked } from '../charts/sankey/picked.tsx';
import { colourOf } from '../charts/units.ts';
import type { Screen } from '../shell/screen.ts';
import { equals } from '../views/pieces/terms.ts';
import { countryMiddles, landPath } from './land.ts';
import type { CountryTraffic } from './places.ts';
import { mapHeight, mapWidth, middlesOf, project } from './projection.ts';

interface WorldProps {
  readonly screen: Pick<Screen, 'theme' | 'narrow'>;
  readonly countries: readonly CountryTraffic[];
  /** Letters of the country the house is in, where it is known; arcs begin there. */
  readonly home: string | null;
}

const middles = middlesOf(countryMiddles);
const largestDot = 26;
const smallestDot = 4;
const arcsShown = 20;

export default function World({ screen, countries, home }: WorldProps) {
  const most = Math.max(1, ...countries.map(({ bytesIn, bytesOut }) => bytesIn + bytesOut));
  const placed = countries.flatMap((country) => {
    const middle = middles.get(country.code);
    if (middle === undefined) return [];
    const [x, y] = project(middle.lon, middle.lat);
    const bytes = country.bytesIn + country.bytesOut;
    return [{ country, x, y, bytes, r: Math.max(smallestDot, largestDot * Math.sqrt(bytes / most)) }];
  });
  const from = home === null ? undefined : middles.get(home);
  const start = from === undefined ? null : project(from.lon, from.lat);
  const colour = colourOf(familyPaint['web-secret'], screen.theme.value);
  return (
    <svg class="map" viewBox={`0 0 ${mapWidth} ${mapHeight}`} aria-label="Traffic by country">
      <path class="map-land" d={landPath} />
      {start !== null &&
        placed
          .slice(0, arcsShown)
          .map(({ country, x, y, bytes }) => (
            <path
              key={country.code}
              d={`M${start[0]} ${start[1]}Q${(start[0] + x) / 2} ${Math.min(start[1], y) - Math.abs(start[0] - x) / 5} ${x} ${y}`}
              fill="none"
              stroke={colour}
              stroke-opacity="0.6"
              stroke-width={Math.max(1, 4 * Math.sqrt(bytes / most))}
            />
          ))}
      {start !== null && (
        <g class="map-home">
          <circle cx={start[0]} cy={start[1]} r={6} fill="var(--base)" stroke={colour} stroke-width="2.5" />
          <title>The house</title>
        </g>
      )}
      {placed.map(({ country, x, y, bytes, r }) => {
        const term = equals('country', country.code);
        return (
          <Picked
            key={country.code}
            label={`${country.title} (${country.code}): ${formatBytes(bytes)}`}
            onPick={(isNot) => screen.narrow(term, isNot)}
          >
            <circle cx={x} cy={y} r={Math.max(12, r)} fill="transparent" />
            <circle cx={x} cy={y} r={r} fill={colour} fill-opacity="0.85" stroke="var(--base)" />
            <title>{`${country.title}: ↓ ${formatBytes(country.bytesIn)}, ↑ ${formatBytes(country.bytesOut)}, hosts: ${country.hosts}`}</title>
            {r > 10 && (
              <text x={x} y={y - r - 4} text-anchor="middle">
                {country.code}
              </text>
            )}
          </Picked>
        );
      })}
    </svg>
  );
}
