// How Zeek's ASCII writer shows values: tabs between columns, `-` for unset, `(empty)` for an empty set.

import type { ZeekColumn } from './zeek-logs.ts';

/** A value of a column: intervals and times in microseconds. */
export type ZeekValue = string | number | boolean | readonly (string | number)[] | undefined;

const pad6 = (us: number): string => String(us).padStart(6, '0');

/** Seconds with six decimals of whole microseconds. */
export function secondsText(us: number): string {
  const whole = Math.abs(Math.round(us));
  const sec = Math.floor(whole / 1e6);
  return `${us < 0 ? '-' : ''}${sec}.${pad6(whole - sec * 1e6)}`;
}

// What would break a line or a column, and the sign of escapes itself, but where it already stands for a byte (wireText).
const breaking = /[\x00-\x1f\x7f]|\\(?!x[0-9a-f]{2})/g;

function escaped(text: string): string {
  return text.replace(breaking, (c) => (c === '\\' ? '\\\\' : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`));
}

function plainText(text: string): string {
  if (text === '') return '(empty)';
  // A value that looks like the sign for none is told apart by an escape.
  return text === '-' ? '\\x2d' : escaped(text);
}

function scalarText(value: string | number | boolean, type: string): string {
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  if (typeof value === 'string') return plainText(value);
  return type === 'interval' || type === 'time' ? secondsText(value) : String(value);
}

/** One column of a line. */
export function zeekText(value: ZeekValue, { type }: ZeekColumn): string {
  if (value === undefined || value === null) return '-';
  if (typeof value !== 'object') return scalarText(value, type);
  if (value.length === 0) return '(empty)';
  const inner = type.slice(type.indexOf('[') + 1, -1);
  return value.map((one) => scalarText(one, inner).replaceAll(',', '\\x2c')).join(',');
}

/** One column in JSON; null where it is left out. */
export function zeekJson(value: ZeekValue, { type }: ZeekColumn): string | null {
  if (value === undefined || value === null) return null;
  const isTime = /interval|time/.test(type);
  const one = (v: string | number | boolean): string => {
    return isTime && typeof v === 'number' ? String(Number(secondsText(v))) : JSON.stringify(v);
  };
  return typeof value === 'object' ? `[${value.map(one).join(',')}]` : one(value);
}
