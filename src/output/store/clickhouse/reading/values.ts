// Answers in JSON as values: numbers, text of addresses, microseconds.

import { formatAddress, parseAddress } from '../../../../core/index.ts';
import type { ResultColumn, Value } from '../../store.ts';
import type { ColumnKind } from '../../tables/index.ts';

type Reader = (value: unknown) => Value;

interface Read {
  readonly kind: ColumnKind;
  readonly read: Reader;
}

const asText: Reader = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
/** Whole numbers come as text where they have 64 bits. */
const asNumber: Reader = (value) => {
  const number = Number(value);
  return typeof value === 'string' && Number.isInteger(number) && !Number.isSafeInteger(number) ? value : number;
};
/** `1700000000.123456` */
const asTime: Reader = (value) => {
  const text = String(value);
  const point = text.indexOf('.');
  const digits = point < 0 ? '' : text.slice(point + 1);
  const whole = Number(point < 0 ? text : text.slice(0, point));
  const rest = Number(digits.padEnd(6, '0').slice(0, 6));
  // A minus stands before the whole number only.
  return text.startsWith('-') ? whole * 1e6 - rest : whole * 1e6 + rest;
};
const asDate: Reader = (value) => Date.parse(`${value}T00:00:00Z`) * 1000;
const asHash: Reader = (value) => BigInt(String(value)).toString(16).padStart(16, '0');
const asFlag: Reader = (value) => value === true || value === 1 || value === '1';
const asAddress: Reader = (value) => {
  const text = String(value);
  if (text.startsWith('::ffff:') && text.includes('.')) return text.slice(7);
  const address = parseAddress(text);
  // As RFC 5952 writes it, which the server does not in every case.
  return address === null ? text : formatAddress(address.ipVersion, ...address.words);
};

/** Strips what says how a column is kept, not what it holds. */
function inner(type: string): string {
  const wrapped =
    /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(type) ?? /^SimpleAggregateFunction\(\w+, (.*)\)$/.exec(type);
  return wrapped === null ? type : inner(wrapped[1]);
}

function readerOf(type: string): Read {
  const bare = inner(type);
  const whole = /^U?Int(8|16|32|64|128|256)$/.exec(bare);
  if (whole !== null) return { kind: (wholeKinds[whole[1]] ?? 'u64') as ColumnKind, read: asNumber };
  if (/^(B?Float|Decimal)/.test(bare)) return { kind: 'real', read: (value) => Number(value) };
  if (bare === 'Bool') return { kind: 'flag', read: asFlag };
  if (bare.startsWith('DateTime')) return { kind: 'time', read: asTime };
  if (bare.startsWith('Date')) return { kind: 'time', read: asDate };
  if (bare === 'IPv4' || bare === 'IPv6') return { kind: 'address', read: asAddress };
  const item = /^Array\((.*)\)$/.exec(bare);
  if (item !== null) return listReader(readerOf(item[1]));
  if (/^(Tuple|Map|JSON|Object|Variant|Dynamic|Nested)/.test(bare)) return { kind: 'json', read: asText };
  return { kind: type.startsWith('LowCardinality') ? 'word' : 'text', read: asText };
}

const wholeKinds: Readonly<Record<string, ColumnKind>> = { 8: 'u8', 16: 'u16', 32: 'u32' };

function listReader({ kind, read }: Read): Read {
  const items: Reader = (value) => (value as unknown[]).map((each) => (each === null ? null : read(each)));
  if (kind === 'json' || kind === 'texts' || kind === 'reals') return { kind: 'json', read: asText };
  return { kind: ['text', 'word', 'address'].includes(kind) ? 'texts' : 'reals', read: items };
}

/** What the caller knows better than the type says. */
const known: Readonly<Partial<Record<ColumnKind, Reader>>> = {
  hash: asHash,
  flag: asFlag,
};

export interface Reading {
  readonly columns: readonly ResultColumn[];
  row(values: readonly unknown[]): Value[];
}

/** How rows of these columns are read. */
export function readingOf(
  names: readonly string[],
  types: readonly string[],
  kinds: Readonly<Record<string, ColumnKind>>,
): Reading {
  const readers = types.map((type, i) => {
    const byType = readerOf(type);
    const kind = kinds[names[i]];
    return kind === undefined ? byType : { kind, read: known[kind] ?? byType.read };
  });
  return {
    columns: names.map((name, i) => ({ name, kind: readers[i].kind })),
    row: (values) => values.map((value, i) => (value === null ? null : readers[i].read(value))),
  };
}
