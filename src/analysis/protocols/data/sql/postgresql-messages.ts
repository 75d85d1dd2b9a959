// Messages of the PostgreSQL frontend/backend protocol 3 (PostgreSQL documentation, chapters 55.2 to 55.8).
//
//   +------+--------+--------+--------+--------+-- … --+
//   | type | length with itself, big endian    | body  |   the client's first messages have no type byte
//   +------+--------+--------+--------+--------+-- … --+

import { findByte, isSecretName, masked, u16, u32, wireText } from '../../../../core/index.ts';
import { type Probe, probed } from '../../protocol.ts';
import { maskPasswords } from './statement.ts';

/** What the first message asks for, in place of a version. */
export const special = { cancel: 80_877_102, tls: 80_877_103, gss: 80_877_104 } as const;
const version3 = 196_608;

/** Bytes of a value that are kept; names and values of parameters. */
const valueLimit = 512;
const parameterLimit = 64;

/** Names of a start-up's parameters that EVE's schema has. */
const startupNames = new Set([
  'application_name',
  'client_encoding',
  'database',
  'datestyle',
  'extra_float_digits',
  'options',
  'replication',
]);

export interface Startup {
  readonly user: string;
  readonly database: string;
  readonly application: string;
  /** One object of one key each, as EVE has them. */
  readonly optional: Record<string, string>[];
}

/** Parameters of a start-up message, `o` after the version. */
export function readStartup(b: Uint8Array, o: number, end: number): Startup {
  let user = '';
  let database = '';
  let application = '';
  const optional: Record<string, string>[] = [];
  let at = o;
  for (let i = 0; i < parameterLimit && at < end && b[at] !== 0; i++) {
    const key = cText(b, at, end);
    at = afterZero(b, at, end);
    const value = isSecretName(key) ? masked : cText(b, at, end);
    at = afterZero(b, at, end);
    const name = key.toLowerCase();
    if (name === 'user') user = value;
    else if (startupNames.has(key)) optional.push({ [key]: value });
    else optional.push({ [snake(key)]: value });
    if (name === 'database') database = value;
    if (name === 'application_name') application = value;
  }
  return { user, database: database === '' ? user : database, application, optional };
}

/** `DateStyle` as `date_style`; what is no letter, digit or `_` becomes `_`. */
export function snake(name: string): string {
  return name
    .slice(0, 64)
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, '_')
    .replace(/^timezone$/, 'time_zone')
    .replace(/^intervalstyle$/, 'interval_style');
}

/** A zero-terminated text, cut to the bound. */
export function cText(b: Uint8Array, o: number, end: number): string {
  const zero = findByte(b, o, end, 0);
  return wireText(b, o, Math.min(zero < 0 ? end : zero, o + valueLimit));
}

export function afterZero(b: Uint8Array, o: number, end: number): number {
  const zero = findByte(b, o, end, 0);
  return zero < 0 ? end : zero + 1;
}

/** Zeek's words for the fields of errors and notices, by their letter. */
const fieldNames: Readonly<Record<string, string>> = {
  S: 'SeverityLocalized',
  V: 'Severity',
  C: 'Code',
  M: 'Message',
  D: 'Detail',
  H: 'Hint',
  P: 'Position',
  p: 'InternalPosition',
  q: 'InternalQuery',
  W: 'Where',
  s: 'Schema',
  t: 'Table',
  c: 'Column',
  d: 'Data',
  n: 'Constraint',
  F: 'File',
  L: 'Line',
  R: 'Routine',
};

export interface Notice {
  readonly values: Readonly<Record<string, string>>;
  /** `Severity=ERROR,Code=42P01,…`, in the order of the message. */
  readonly summary: string;
}

/** Body of an error or notice: letter, text, zero; again and again. */
export function readNotice(b: Uint8Array, o: number, end: number): Notice {
  const values: Record<string, string> = {};
  const parts: string[] = [];
  let at = o;
  for (let i = 0; i < parameterLimit && at < end && b[at] !== 0; i++) {
    const letter = String.fromCharCode(b[at] & 0x7f);
    const value = maskPasswords(cText(b, at + 1, end));
    at = afterZero(b, at + 1, end);
    const name = fieldNames[letter];
    if (name === undefined) continue;
    values[letter] = value;
    parts.push(`${name}=${value}`);
  }
  return { values, summary: parts.join(',') };
}

/** Kinds of authentication requests: EVE's word and Zeek's. */
export const authentications: Readonly<Record<number, readonly [string, string]>> = {
  0: ['authentication_ok', ''],
  2: ['authentication_kerberos_v5', 'KerberosV5'],
  3: ['authentication_cleartext_password', 'CleartextPassword'],
  5: ['authentication_md5_password', 'MD5Password'],
  7: ['authentication_gss', 'GSS'],
  8: ['authentication_gss_continue', 'GSSContinue'],
  9: ['authentication_sspi', 'SSPI'],
  10: ['authentication_sasl', 'SASL'],
  11: ['authentication_sasl_continue', 'SASLContinue'],
  12: ['authentication_sasl_final', 'SASLFinal'],
};

/** Number of columns in a row description or a copy response whose counts stand at `o`. */
export const countAt = (b: Uint8Array, o: number, end: number): number => (o + 2 <= end ? u16(b, o) : 0);

/** What a capture may begin with on the client's side: a typed message whose length is plausible. */
function isTyped(b: Uint8Array, o: number, end: number, types: string): boolean {
  if (end - o < 5) return false;
  const length = u32(b, o + 1);
  return length >= 4 && length < 1 << 24 && types.includes(String.fromCharCode(b[o]));
}

/** Rows that a command's tag tells (`INSERT 0 5`, `SELECT 4`); undefined when it has none. */
export function tagRows(tag: string): number | undefined {
  const digits = /\s(\d{1,15})$/.exec(tag.slice(-20));
  return digits === null ? undefined : Number(digits[1]);
}

const copyTypes = 'dcf';
const clientTypes = 'QPBDESCXpFHfdc';
const serverTypes = 'RSKZTDCENIA123tnsvGHWdcV';

/** Lengths of untyped messages begin with 0, others with their type. */
export const isPostgresqlFirst = (first: number): boolean =>
  first === 0 || `${clientTypes}${serverTypes}`.includes(String.fromCharCode(first));

/** Knows the untyped first messages anywhere, typed ones on the port. */
export const postgresqlProbe: Probe = (b, at, end, hint) => {
  if (end - at < 5) return hint.isPort || (b[at] === 0 && b[end - 1] < 16) ? probed.maybe : probed.no;
  if (b[at] === 0 && b[at + 1] === 0) {
    if (end - at < 8) return probed.maybe;
    const length = u32(b, at);
    const version = u32(b, at + 4);
    if (version === special.tls || version === special.gss) return length === 8 ? probed.yes : probed.no;
    if (version === special.cancel) return length === 16 ? probed.yes : probed.no;
    if (version !== version3 || length <= 12) return probed.no;
    if (end - at < 16) return probed.maybe;
    return hasUser(b, at + 8, Math.min(end, at + length)) ? probed.yes : probed.no;
  }
  if (!hint.isPort) return probed.no;
  const length = u32(b, at + 1);
  // Two messages in a row whose lengths fit, or one that ends with the payload.
  const next = at + 1 + length;
  const types = hint.side === 0 ? clientTypes : serverTypes;
  if (!isTyped(b, at, end, types) || copyTypes.includes(String.fromCharCode(b[at]))) return probed.no;
  return next === end || (next < end && isTyped(b, next, end, types)) ? probed.yes : probed.no;
};

/** Whether a key of letters and underscores stands first. */
function hasUser(b: Uint8Array, o: number, end: number): boolean {
  let at = o;
  while (at < end && at < o + 64 && ((b[at] | 0x20) >= 0x61 || b[at] === 0x5f || b[at] === 0x2e)) at++;
  return at > o && at < end && b[at] === 0;
}
