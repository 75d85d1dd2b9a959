// What rows of a protocol say by field: the most frequent values of words, percentiles and a histogram of numbers.

import type { Cell, ProtocolInfo, Row } from '../../../api/index.ts';

export type ProtocolField = ProtocolInfo['fields'][number];

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** The value of rank `part` (0 to 1); null of nothing. */
export function quantile(values: readonly number[], part: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1))];
}

const words = (cell: Cell | undefined): readonly string[] => {
  if (cell === null || cell === undefined || cell === '') return [];
  if (Array.isArray(cell)) return cell.map(String);
  return [typeof cell === 'boolean' ? (cell ? 'yes' : 'no') : String(cell)];
};

/** Values by how many rows have them, the most frequent first; a row counts once for each of its values. */
export function topValues(rows: readonly Row[], column: string, most: number): ValueCount[] {
  const counts = new Map<string, number>();
  for (const row of rows) for (const word of new Set(words(row[column]))) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, most);
}

export interface NumberSums {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  /** Columns of equal factor between the least and the largest value. */
  readonly bins: readonly { readonly from: number; readonly to: number; readonly count: number }[];
}

const histogramBins = 12;

/** Null where no row has a number there. */
export function numberSums(rows: readonly Row[], column: string): NumberSums | null {
  const values = rows.map((row) => row[column]).filter((cell): cell is number => typeof cell === 'number' && cell >= 0);
  if (values.length === 0) return null;
  const max = values.reduce((most, each) => Math.max(most, each), 0);
  return {
    count: values.length,
    p50: quantile(values, 0.5) as number,
    p95: quantile(values, 0.95) as number,
    max,
    bins: histogram(values, max),
  };
}

function histogram(values: readonly number[], max: number): NumberSums['bins'] {
  // From the least value that is not nothing: what is nothing falls into the first column.
  const least = values.reduce((low, each) => (each > 0 && each < low ? each : low), Math.max(max, 1e-9));
  const factor = (max / least) ** (1 / histogramBins);
  if (!(factor > 1.0001)) return [{ from: least, to: max, count: values.length }];
  const counts = new Array<number>(histogramBins).fill(0);
  for (const value of values) {
    const bin = value <= least ? 0 : Math.floor(Math.log(value / least) / Math.log(factor));
    counts[Math.min(histogramBins - 1, bin)]++;
  }
  return counts.map((count, i) => ({ from: least * factor ** i, to: least * factor ** (i + 1), count }));
}

/** What people look at first, of the protocols that are looked at most; all others go as they are declared. */
const first: Readonly<Record<string, readonly string[]>> = {
  dns: ['query', 'rcode_name', 'qtype_name', 'latency_us', 'results', 'ttls_us'],
  tls: ['sni', 'version', 'validity', 'ja4', 'issuer', 'not_after', 'cipher', 'next_protocol', 'last_alert'],
  http: ['host', 'status_code', 'method', 'ttfb_us', 'response_bytes', 'uri', 'user_agent', 'server', 'content_type'],
  quic: ['sni', 'version_name', 'alpn', 'client_protocol', 'ja4'],
};

/** Numbers that only tell rows apart. */
const isMark = ({ column }: ProtocolField): boolean =>
  /(^|_)(id|fuids?|hash|transaction|depth|scid|dcid)_?$/.test(column);

/** Fields worth a panel each, the most telling first. */
export function orderedFields({ name, fields }: Pick<ProtocolInfo, 'name' | 'fields'>): ProtocolField[] {
  const rank = first[name] ?? [];
  const place = ({ column }: ProtocolField): number => {
    const at = rank.indexOf(column);
    return at === -1 ? rank.length : at;
  };
  return fields.filter((field) => field.kind !== 'json' && !isMark(field)).sort((a, b) => place(a) - place(b));
}

/**
 * The fields that tell something of these rows: one of several that say the same in other words, and of those that are
 * not looked at first only such as differ from row to row.
 */
export function tellingFields(info: Pick<ProtocolInfo, 'name' | 'fields'>, rows: readonly Row[]): ProtocolField[] {
  const titles = new Set<string>();
  return orderedFields(info).filter(({ column, title }) => {
    const values = topValues(rows, column, 2).length;
    const isFirst = first[info.name]?.includes(column) === true;
    if (values === 0 || titles.has(title) || (values === 1 && !isFirst && rows.length > 1)) return false;
    titles.add(title);
    return true;
  });
}

/** Numbers with a unit have percentiles; others are kinds of things, counted like words. */
export const isMeasure = ({ kind, unit }: ProtocolField): boolean => /^(real|u\d+)$/.test(kind) && unit !== null;
