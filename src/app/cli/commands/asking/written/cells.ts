// Values of an answer as people read them.

import { ipProtoName, printable } from '../../../../../core/index.ts';
import type { Column, Value } from '../../../../../output/store/index.ts';
import {
  formatBitRate,
  formatBytes,
  formatCount,
  formatDuration,
  unknown,
} from '../../../../../screens/present/index.ts';

/** A column of an answer; what is not declared by a table has no title. */
export type AnswerColumn = Pick<Column, 'name' | 'kind'> & Partial<Column>;

const directions = ['inside', 'out', 'in', 'outside'];
const identifiers = /^(run|version|flow_id|outer_id|vlan|part|ttl)$|port$|^flags_|^id$|_id$/;
const volumes = /^(bytes|payload)(_|$)|_bytes$|^repeated/;
const bitRates = /^bits_per_sec$/;
const counts = /^(flows|packets|pkts|records|count|alerts|responses|hosts|n)(_|$)/;

/** Declared units, and those that names tell: our own columns only. */
function isMicroseconds({ name, unit }: AnswerColumn): boolean {
  return unit === 'us' || /_us$/.test(name) || /^(rtt_p|response_p|duration_mean)/.test(name);
}

export function isNumber({ kind, name }: AnswerColumn): boolean {
  if (name === 'proto' || name === 'direction') return false;
  return ['u8', 'u16', 'u32', 'u64', 'real'].includes(kind);
}

/** Local time to the millisecond: `2026-11-21 10:00:00.123`. */
export function localTime(us: number): string {
  const date = new Date(Math.floor(us / 1000));
  if (Number.isNaN(date.getTime())) return unknown;
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${day} ${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** @param isOurs the column means what its name says in our tables; of other people's SQL numbers stay as they are */
export function cell(value: Value, column: AnswerColumn, isOurs: boolean): string {
  if (value === null) return unknown;
  if (Array.isArray(value)) return printable(value.join(', '));
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return printable(value);
  const number = Number(value);
  if (column.kind === 'time') return localTime(number);
  if (!isOurs) return String(value);
  return known(number, column);
}

function known(number: number, column: AnswerColumn): string {
  const { name, kind } = column;
  if (name === 'proto') return ipProtoName(number);
  if (name === 'direction') return directions[number] ?? String(number);
  if (isMicroseconds(column)) return formatDuration(number / 1e6);
  if (bitRates.test(name)) return formatBitRate(number);
  if (volumes.test(name) || column.unit === 'bytes') return formatBytes(number);
  if (column.unit === '%') return `${number.toFixed(1)} %`;
  if (kind === 'real' && /_per_sec$/.test(name)) return formatCount(Math.round(number));
  if (kind === 'u64' && counts.test(name) && !identifiers.test(name)) return formatCount(number);
  return String(number);
}
