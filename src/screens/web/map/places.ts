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

/** The most bytes first. What goes to a host comes out of the house. */
export function countryTraffic(rows: readonly Row[], titleOf: (code: string) => string): CountryTraffic[] {
  const countries = new Map<string, { bytesIn: number; bytesOut: number; hosts: number }>();
  for (const { country, bytes_in, bytes_out } of rows) {
    if (typeof country !== 'string' || country === '') continue;
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

/** The country's name in the language of the page; its letters where nobody knows. */
export function countryTitle(code: string): string {
  try {
    return new Intl.DisplayNames('en', { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}
