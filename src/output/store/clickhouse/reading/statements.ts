// Statements with their values: places as ClickHouse writes them, values beside the statement, never in it.

import { formatIpv6 } from '../../../../core/index.ts';
import type { Param, Statement } from '../../store.ts';
import type { ColumnKind } from '../../tables/index.ts';

/** Whole numbers are bound in the widest type: a value that a column cannot hold is then smaller or larger, not an error. */
const types: Readonly<Record<ColumnKind, string>> = {
  time: "DateTime64(6, 'UTC')",
  address: 'IPv6',
  u8: 'UInt64',
  u16: 'UInt64',
  u32: 'UInt64',
  u64: 'UInt64',
  hash: 'UInt64',
  real: 'Float64',
  flag: 'Bool',
  text: 'String',
  word: 'String',
  json: 'String',
  texts: 'Array(String)',
  reals: 'Array(Float64)',
};

function typeOf({ kind, value }: Param): string {
  const isWhole = typeof value !== 'number' || Number.isSafeInteger(value);
  if (types[kind] !== 'UInt64' || kind === 'hash') return types[kind];
  if (!isWhole) return 'Float64';
  return typeof value === 'number' && value < 0 ? 'Int64' : 'UInt64';
}

/** Values come as in files of tab-separated values, so these have to be marked. */
const escaped = (text: string): string => text.replace(/[\\\t\n\r\b\f\0]/g, (sign) => `\\${escapes[sign]}`);
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  '\t': 't',
  '\n': 'n',
  '\r': 'r',
  '\b': 'b',
  '\f': 'f',
  '\0': '0',
};

/** Text of a list stands between quotes, and the list as a whole is marked again. */
const inQuotes = (text: string): string => `'${escaped(text).replaceAll("'", "\\'")}'`;

const firstUs = Date.UTC(1900, 0, 1) * 1000;

/** The server knows no earlier year than 1900; numbers of seconds it reads wrongly where they are negative. */
function timeText(us: number): string {
  const bound = Math.max(us, firstUs);
  const ms = Math.floor(bound / 1000);
  const digits = String(Math.round(bound - ms * 1000)).padStart(3, '0');
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', digits);
}

function addressText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (i: number) => view.getUint32(i * 4);
  return formatIpv6(word(0), word(1), word(2), word(3));
}

function valueText({ kind, value }: Param): string {
  if (value instanceof Uint8Array) return addressText(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => (typeof item === 'string' ? inQuotes(item) : String(item)));
    return `[${items.join(',')}]`;
  }
  if (kind === 'time') return timeText(Number(value));
  if (kind === 'hash') return BigInt(`0x${value}`).toString();
  return typeof value === 'string' ? escaped(value) : String(value);
}

/** Quoted text and names, comments, and `$1` outside of them. */
const pieces = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`\\]|\\.|``)*`|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\d+)/g;

export interface BoundStatement {
  readonly sql: string;
  /** Parameters of the request. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Puts `{p1:Type}` for `$1`. Throws where a statement names a parameter that it does not bring. */
export function bind({ sql, params }: Statement): BoundStatement {
  if (params.length === 0) return { sql, settings: {} };
  const bound = sql.replace(pieces, (piece, number?: string) => {
    if (number === undefined) return piece;
    const param = params[Number(number) - 1];
    if (param === undefined) throw new Error(`statement has no parameter $${number}`);
    return `{p${number}:${typeOf(param)}}`;
  });
  const settings = Object.fromEntries(params.map((param, i) => [`param_p${i + 1}`, valueText(param)]));
  return { sql: bound, settings };
}
