// Names that carry data, by their look and by what is asked for.

import { strangeness } from './name-shape.ts';

/** Record types that hold data of any kind; addresses are asked for by everyone. */
export const roomyTypes: ReadonlySet<string> = new Set([
  'TXT',
  'NULL',
  'CNAME',
  'MX',
  'KEY',
  'SRV',
  'SPF',
  'NAPTR',
  'DNSKEY',
  'ANY',
  'WKS',
  '65399',
]);
/** Labels that services put in front of names (RFC 8552), with one of which no data is carried. */
export const underscored = /(?:^|\.)_[a-z]/;

/** A label of hexadecimal digits, two of them decimal. */
const hexadecimal = /(?:^|\.)(?=[0-9a-f]{10})[a-f]{0,30}\d[a-f]{0,30}\d[0-9a-f]{0,60}(?:\.|$)/;

/** Whether what stands before the domain looks like data: no words, or signs that host names do not have. */
export function looksEncoded(below: string): boolean {
  if (below.length < 5) return false;
  if (/^[\d.-]+$/.test(below)) return false;
  if (below.length >= 100 || /[^a-z0-9._-]/.test(below) || hexadecimal.test(below)) return true;
  return strangeness(below) >= (below.length < 16 ? 4.85 : 4.6);
}
