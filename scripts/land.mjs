// Bakes the outline of the world into src/screens/web/map/land.ts: Natural Earth's land at 1:110 million (world-atlas),
// projected to Equal Earth, as one path of whole numbers. The page then needs neither map data nor a projection of shapes.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { geoArea, geoCentroid, geoEqualEarth, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const width = 960;
const height = 468;

const { resolve } = createRequire(import.meta.url);
const atlas = JSON.parse(readFileSync(resolve('world-atlas/land-110m.json'), 'utf8'));
const projection = geoEqualEarth()
  .scale(width / (2 * 2.7066298))
  .translate([width / 2, height / 2])
  .precision(0.3);

/** Whole numbers, each relative to the one before: half as long as d3's path. */
function shortened(path) {
  return path
    .split(/(?=M)/)
    .map((ring) => {
      let [x, y] = [0, 0];
      const points = ring.match(/-?[\d.]+,-?[\d.]+/g) ?? [];
      const steps = [];
      points.forEach((point, i) => {
        const [px, py] = point.split(',').map((value) => Math.round(Number(value)));
        if (i === 0) steps.push(`M${px} ${py}l`);
        else if (px !== x || py !== y) steps.push(`${px - x},${py - y}`);
        [x, y] = [px, py];
      });
      return steps.length < 4 ? '' : `${steps[0]}${steps.slice(1).join(' ')}z`;
    })
    .join('');
}

/** Names in the atlas that differ from those of the Unicode data (CLDR), by two letters of ISO 3166-1. */
const otherNames = {
  'Dem. Rep. Congo': 'CD',
  Congo: 'CG',
  'Central African Rep.': 'CF',
  'S. Sudan': 'SS',
  'W. Sahara': 'EH',
  'Dominican Rep.': 'DO',
  'Falkland Is.': 'FK',
  'Fr. S. Antarctic Lands': 'TF',
  "Côte d'Ivoire": 'CI',
  'Eq. Guinea': 'GQ',
  eSwatini: 'SZ',
  'Solomon Is.': 'SB',
  'Bosnia and Herz.': 'BA',
  Macedonia: 'MK',
  Turkey: 'TR',
  Palestine: 'PS',
  Myanmar: 'MM',
  'United States of America': 'US',
  'Hong Kong': 'HK',
  Macao: 'MO',
  Czechia: 'CZ',
  'Cayman Is.': 'KY',
  'Marshall Is.': 'MH',
  'N. Mariana Is.': 'MP',
  'U.S. Virgin Is.': 'VI',
  'British Virgin Is.': 'VG',
  'Turks and Caicos Is.': 'TC',
  'Cook Is.': 'CK',
  'Faeroe Is.': 'FO',
  'Antigua and Barb.': 'AG',
  'St. Kitts and Nevis': 'KN',
  'St. Vin. and Gren.': 'VC',
  'Saint Lucia': 'LC',
  'Trinidad and Tobago': 'TT',
  'São Tomé and Principe': 'ST',
  'Fr. Polynesia': 'PF',
  Vatican: 'VA',
  'Cabo Verde': 'CV',
  'Wallis and Futuna Is.': 'WF',
  'Pitcairn Is.': 'PN',
  'Saint Helena': 'SH',
  'St. Pierre and Miquelon': 'PM',
  'St-Martin': 'MF',
  'St-Barthélemy': 'BL',
  'Sint Maarten': 'SX',
  'Heard I. and McDonald Is.': 'HM',
  'S. Geo. and the Is.': 'GS',
  'Br. Indian Ocean Ter.': 'IO',
  Åland: 'AX',
};

function letters() {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const byName = new Map(Object.entries(otherNames));
  for (let i = 0; i < 676; i++) {
    const code = String.fromCharCode(65 + Math.floor(i / 26), 65 + (i % 26));
    // Letters that are no longer used have the names of their heirs.
    if (Intl.getCanonicalLocales(`und-${code}`)[0] !== `und-${code}`) continue;
    const name = names.of(code);
    if (name !== undefined && !byName.has(name)) byName.set(name, code);
  }
  return byName;
}

/** The middle of the largest piece of land of each country, degrees: far islands do not pull it into the sea. */
function middles() {
  const countries = JSON.parse(readFileSync(resolve('world-atlas/countries-50m.json'), 'utf8'));
  const byName = letters();
  const found = [];
  const missed = [];
  for (const { properties, geometry } of feature(countries, countries.objects.countries).features) {
    const code = byName.get(properties.name);
    const pieces = geometry?.type === 'MultiPolygon' ? geometry.coordinates : [geometry?.coordinates];
    if (code === undefined || geometry === null) {
      missed.push(properties.name);
      continue;
    }
    const shapes = pieces.map((coordinates) => ({ type: 'Polygon', coordinates }));
    const largest = shapes.reduce((best, shape) => (geoArea(shape) > geoArea(best) ? shape : best));
    const [lon, lat] = geoCentroid(largest);
    found.push(`${code}${Math.round(lon)},${Math.round(lat)}`);
  }
  console.log(`${found.length} countries; without letters: ${missed.join(', ')}`);
  return found.sort().join(' ');
}

const path = shortened(geoPath(projection)(feature(atlas, atlas.objects.land)));
const text = `// The outline of the world's land, Equal Earth, ${width} by ${height}, and the middle of each country. Made by
// scripts/land.mjs; data: Natural Earth, public domain.

export const landPath =
  '${path}';

/** Two letters (ISO 3166-1), degrees east, degrees north. */
export const countryMiddles =
  '${middles()}';
`;
writeFileSync(join(root, 'src/screens/web/map/land.ts'), text);
console.log(`land.ts: ${text.length} bytes, ${gzipSync(text).length} compressed`);
