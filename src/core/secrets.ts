// Secrets in text whose rest is told: values of parameters (RFC 3986 section 3.4), passwords before a host (section 3.2.1), JSON Web
// Tokens (RFC 7519 section 3). Names of parameters are no standard: the lists are those that programs commonly use.

import { masked } from './bytes.ts';

/** Names of secrets, small letters and digits only. */
const names: ReadonlySet<string> = new Set(
  (
    'pass passphrase passcode pwd sig auth session sid jwt otp pin pntok pnprid apikey accesskey secretkey privatekey authkey ' +
    'passkey torrentpass sessionkey xauth credentials clientassertion samlresponse samlart'
  ).split(' '),
);
/** What longer names of secrets end with. */
const tails = [
  'password',
  'passwd',
  'passwort',
  'pwd',
  'token',
  'secret',
  'signature',
  'apikey',
  'sessionid',
  'sessid',
];
/** What the names of fields of HTTP have in them, besides. */
const headerParts = [
  'authoriz',
  'cookie',
  'token',
  'secret',
  'passw',
  'api-key',
  'apikey',
  'auth-key',
  'signature',
  'jwt',
];
const headerNames: ReadonlySet<string> = new Set([
  'x-auth',
  'x-api-auth',
  'x-session',
  'x-session-id',
  'authentication',
]);
/** Letters that names of secrets end with: most names are passed over at once. */
const lastLetters = 'deghknpsty';
const nameLimit = 64;

/** Whether a parameter or a key of a document with that name holds a secret; case, `-`, `_` and `.` do not count. */
export function isSecretName(name: string): boolean {
  if (name.length < 3 || name.length > nameLimit) return false;
  const bare = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (names.has(bare)) return true;
  for (let i = 0; i < tails.length; i++) if (bare.endsWith(tails[i])) return true;
  return false;
}

/** Whether a field of HTTP with that name (small letters) holds a secret. */
export function isSecretHeader(name: string): boolean {
  for (let i = 0; i < headerParts.length; i++) if (name.includes(headerParts[i])) return true;
  return headerNames.has(name);
}

/** A URL, or a text with some in it, without its secrets: `https://anna:***@example.org/?token=***`. */
export function maskUrl(text: string): string {
  let out = text.indexOf('//') < 0 && text.indexOf('%2') < 0 ? text : maskUserinfo(text);
  out = maskParameters(out);
  if (out.indexOf('eyJ') >= 0) out = maskTokens(out);
  // Trackers know their users by the path (BEP 3 leaves it to them).
  return out.indexOf('/announce') > 8 || out.indexOf('/scrape') > 8 ? out.replace(tracker, `/${masked}/$1`) : out;
}

const tracker = /\/[0-9A-Za-z]{16,64}\/(announce|scrape)\b/g;

/** JSON Web Tokens anywhere in a text. */
export function maskTokens(text: string): string {
  return text.replace(/\beyJ[\w-]{8,}\.[\w.-]{8,}/g, masked);
}

/** `user:***@` in place of `user:password@`, behind each `//`, escaped or not. */
export function maskUserinfo(url: string): string {
  let out = '';
  let told = 0;
  const small = url.indexOf('%2') < 0 ? url : url.toLowerCase();
  if (small.indexOf('@') < 0 && small.indexOf('%40') < 0) return url;
  for (let i = 0; i + 1 < small.length; i++) {
    const c = small.charCodeAt(i);
    const slashes =
      c === 0x2f && small.charCodeAt(i + 1) === 0x2f ? 2 : c === 0x25 && small.startsWith('2f%2f', i + 1) ? 6 : 0;
    if (slashes === 0) continue;
    const from = i + slashes;
    const end = authorityEnd(small, from);
    i = end - 1;
    const colon = first(small, ':', '%3a', from, end);
    const at = colon < 0 ? -1 : last(small, '@', '%40', colon, end);
    if (at < 0) continue;
    const secret = colon + (small[colon] === ':' ? 1 : 3);
    out += url.slice(told, secret) + masked;
    told = at;
  }
  return told === 0 ? url : out + url.slice(told);
}

/** Where an authority ends: at a slash, a question mark or what no URL has. */
function authorityEnd(text: string, from: number): number {
  const to = Math.min(text.length, from + 512);
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x2f || c === 0x3f || c === 0x23 || c === 0x26 || c <= 0x22 || c === 0x3c || c === 0x3e) return i;
    if (c === 0x25 && text.startsWith('2f', i + 1)) return i;
  }
  return to;
}

/** The first of two texts between two positions, -1 when neither is there. */
function first(text: string, one: string, other: string, from: number, end: number): number {
  for (let i = from; i < end; i++) if (text.startsWith(one, i) || text.startsWith(other, i)) return i;
  return -1;
}

/** The last of two texts between two positions, -1 when neither is there. */
function last(text: string, one: string, other: string, from: number, end: number): number {
  for (let i = end - 1; i >= from; i--) if (text.startsWith(one, i) || text.startsWith(other, i)) return i;
  return -1;
}

/** What stands at a position: 0 nothing of these, 1 what ends a name or value, 2 an equal sign; bit 4: as `%3d`. */
function markAt(text: string, i: number): number {
  const c = text.charCodeAt(i);
  if (c === 0x3d) return 2;
  if (c === 0x26 || c === 0x3b || c === 0x23 || c === 0x3f) return 1;
  if (c === 0x20 || c === 0x22 || c === 0x27 || c === 0x2c || c === 0x2f || c === 0x3c || c === 0x3e) return 1;
  if (c !== 0x25) return 0;
  const pair = text.slice(i + 1, i + 3).toLowerCase();
  if (pair === '3d') return 4 | 2;
  return pair === '26' || pair === '3b' || pair === '23' || pair === '3f' || pair === '2f' || pair === '20' ? 4 | 1 : 0;
}

/** Masks the values of parameters that hold secrets, in addresses inside of parameters as well (`url=…%3Ftoken%3D…`). */
export function maskParameters(text: string): string {
  if (text.indexOf('=') < 0 && text.indexOf('%3') < 0) return text;
  let out = '';
  let told = 0;
  let name = 0;
  for (let i = 0; i < text.length; i++) {
    const mark = markAt(text, i);
    if (mark === 0) continue;
    const isEscaped = (mark & 4) !== 0;
    const after = isEscaped ? i + 3 : i + 1;
    if ((mark & 2) !== 0 && namesSecret(text, name, i)) {
      const end = valueEnd(text, after, isEscaped, text[name - 1] === ';');
      if (end > after) {
        out += text.slice(told, after) + masked;
        told = end;
      }
      i = Math.max(i, end - 1);
      name = end;
      continue;
    }
    name = after;
    i = after - 1;
  }
  return told === 0 ? text : out + text.slice(told);
}

function namesSecret(text: string, from: number, to: number): boolean {
  if (to - from < 3 || to - from > 3 * nameLimit) return false;
  const name = text.slice(from, to);
  if (name.indexOf('%') >= 0) return isSecretName(unescaped(name));
  return lastLetters.includes(name[name.length - 1].toLowerCase()) || name.endsWith(']') ? isSecretName(name) : false;
}

function unescaped(name: string): string {
  return name.replace(/%([0-9a-f]{2})/gi, (_, pair: string) => String.fromCharCode(Number.parseInt(pair, 16)));
}

/**
 * Where a value ends: at what separates parameters; one of an address inside of a parameter also where that escapes it,
 * one of a path (`;jsessionid=…`) with its segment.
 */
function valueEnd(text: string, from: number, isEscaped: boolean, isInPath: boolean): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x26 || c === 0x23 || c === 0x20 || c === 0x22) return i;
    if (isInPath && (c === 0x2f || c === 0x3f || c === 0x3b)) return i;
    if (isEscaped && c === 0x25 && (markAt(text, i) & 1) !== 0) return i;
  }
  return text.length;
}
