// Traffic by country out of rows of hosts.

import type { Row } from '../../api/index.ts';

export interface CountryTraffic {
  /** Two letters. */
  readonly code: string;
  readonly title: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly hosts: number;
}

const sum = (cell: Row[string] | undefined): number => (typeof cell === 'number' ? cell : 0);

/** Of hosts outside, the most bytes first. What goes to a host comes out of the house. */
export function countryTraffic(rows: readonly Row[], titleOf: (code: string) => string): CountryTraffic[] {
  const countries = new Map<string, { bytesIn: number; bytesOut: number; hosts: number }>();
  for (const { country, local, bytes_in, bytes_out } of rows) {
    if (typeof country !== 'string' || country === '' || local === true) continue;
    const code = country.toUpperCase();
    const known = countries.get(code) ?? { bytesIn: 0, bytesOut: 0, hosts: 0 };
    known.bytesIn += sum(bytes_out);
    known.bytesOut += sum(bytes_in);
    known.hosts++;
    countries.set(code, known);
  }
  return [...countries]
    .map(([code, each]) => ({ code, title: titleOf(code), ...each }))
    .sort((a, b) => b.bytesIn + b.bytesOut - a.bytesIn - a.bytesOut);
}

/** The letters of the country that most of the house's own addresses are in; null where none has a known place. */
export function homeCountry(rows: readonly Row[]): string | null {
  const counts = new Map<string, number>();
  for (const { country, local } of rows) {
    if (local !== true || typeof country !== 'string' || country === '') continue;
    const code = country.toUpperCase();
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const [first] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return first?.[0] ?? null;
}

/** The country's name in the language of the page; its letters where nobody knows. */
export function countryTitle(code: string): string {
  try {
    return new Intl.DisplayNames('en', { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}
