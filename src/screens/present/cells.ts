// How a value of a column looks: one place for the terminal, the browser and the report.

import { type Family, printable } from '../../core/index.ts';
import { formatBitRate, formatBytes, formatCount, formatDuration, unknown } from './quantities.ts';

export type CellValue = string | number | boolean | null | readonly string[] | readonly number[];

export interface CellColumn {
  readonly name: string;
  readonly kind: string;
  readonly unit?: string | null;
}

/** Numbers stand on the right. */
export function isNumeric({ kind }: Pick<CellColumn, 'kind'>): boolean {
  return /^(u\d+|real|time)$/.test(kind);
}

/**
 * Text of a cell, safe to lay out. Times are of the day in local time (`isoTime` has all of it), durations and round
 * trips in the unit that fits, bytes and rates with three digits.
 */
export function cellText({ name, kind, unit }: CellColumn, value: CellValue): string {
  if (value === null || value === '') return unknown;
  if (Array.isArray(value)) return value.length === 0 ? unknown : printable(value.join(', '));
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  // What flows waited for is kept as one word: `round_trips`.
  if (name === 'verdict') return String(value).replaceAll('_', ' ');
  if (typeof value === 'string') return printable(value);
  const number = value as number;
  if (kind === 'time') return clockTime(number);
  if (unit === 'us' || name.endsWith('_us')) return formatDuration(number / 1e6);
  if (unit === 'bytes' || /(^|_)bytes(_|$)|payload_(fwd|rev)$/.test(name)) return formatBytes(number);
  if (name.startsWith('rate_')) return formatBitRate(number * 8);
  if (/port$/.test(name)) return String(number);
  if (kind === 'real') return Number.isInteger(number) ? formatCount(number) : number.toPrecision(3);
  return formatCount(number);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `10:25:07` of the local day. */
export function clockTime(us: number): string {
  const date = new Date(us / 1000);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `2026-11-22 10:25:07` local. */
export function dayTime(us: number): string {
  const date = new Date(us / 1000);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockTime(us)}`;
}

/** `2026-11-22T09:25:07.123456Z`, for exports and for the title of a time. */
export function isoTime(us: number): string {
  const whole = Math.floor(us / 1e6);
  const rest = Math.round(us - whole * 1e6);
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}.${String(rest).padStart(6, '0')}Z`;
}

/** An address or a name with its port, `[::1]:443` for IPv6. */
export function endpointText(ip: string, port: number | null, name: string | null): string {
  const host = name === null || name === '' ? (ip.includes(':') && port !== null ? `[${ip}]` : ip) : name;
  return printable(port === null || port === 0 ? host : `${host}:${port}`);
}

/** Of protocols below those that declare themselves. */
const titlesElsewhere: Readonly<Record<string, string>> = { icmpv6: 'ICMPv6', ipv6: 'IPv6' };

/** A protocol as people write it: `TLS`, `DNS`, `HTTP/3`; `unknown` where nobody knows. */
export function protocolText(app: string, titles: ReadonlyMap<string, string>): string {
  if (app === '' || app === 'unknown') return 'unknown';
  return printable(titles.get(app) ?? titlesElsewhere[app] ?? app.toUpperCase());
}

/** Families by bytes, the largest first; what is nothing is left out. */
export function largestFamilies(
  families: readonly Family[],
  bytes: readonly number[],
): { readonly family: Family; readonly bytes: number }[] {
  return families
    .map((family, i) => ({ family, bytes: bytes[i] ?? 0 }))
    .filter((each) => each.bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
}
