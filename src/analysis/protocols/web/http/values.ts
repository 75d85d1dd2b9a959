// Values inside headers and targets of HTTP: hosts, credentials, names of files, ranges (RFC 9110, RFC 3986).

import { type AnyEvent, masked, wireText } from '../../../../core/index.ts';
import { findNtlm, readNtlm } from '../../windows/ntlm.ts';
import type { Exchange } from './exchange.ts';
import { header, hexDigit, lengthOf } from './head.ts';

/** Host without its port, and the port, -1 when it is not said. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Parts of `example.org:8080` or `[::1]:80`. */
export function hostPort(given: string): HostPort {
  // Who asks may stand before a host that is asked for.
  const value = given.slice(given.lastIndexOf('@') + 1);
  const colon = value.lastIndexOf(':');
  const host = value.toLowerCase();
  if (colon < 0 || value.indexOf(']', colon) >= 0 || colon === value.length - 1) return { host, port: -1 };
  const port = lengthOf(value.slice(colon + 1));
  return port >= 0 && port <= 65_535 ? { host: host.slice(0, colon), port } : { host, port: -1 };
}

/** The server a request asks for: of an absolute target or CONNECT's, else of the Host header; null when none is named. */
export function askedHost(exchange: Exchange): HostPort | null {
  const { method, target } = exchange;
  if (method === 'CONNECT') {
    const blank = target.indexOf(' ');
    return hostPort(blank < 0 ? target : target.slice(0, blank));
  }
  const scheme = target.charCodeAt(0) === 0x2f ? -1 : target.indexOf('://');
  if (scheme > 0 && scheme < 12) {
    let end = scheme + 3;
    while (end < target.length && !'/?#'.includes(target[end])) end++;
    const authority = target.slice(scheme + 3, end);
    return hostPort(authority);
  }
  const host = exchange.request?.head[header.host];
  return host === undefined || host === '' ? null : hostPort(host);
}

/** A target with its percent signs undone, as Zeek tells it. */
export function unescaped(target: string): string {
  if (target.indexOf('%') < 0) return target;
  const out = new Uint8Array(target.length * 3);
  let to = 0;
  for (let i = 0; i < target.length; i++) {
    const c = target.charCodeAt(i);
    const byte = c === 0x25 ? hexPair(target, i + 1) : -1;
    if (byte >= 0) {
      out[to++] = byte;
      i += 2;
    } else if (c < 0x80) out[to++] = c;
    // What is beyond ASCII was text on the wire: it goes back to UTF-8.
    else to = putUtf8(out, to, c);
  }
  return wireText(out, 0, to);
}

function putUtf8(out: Uint8Array, at: number, unit: number): number {
  if (unit < 0x800) {
    out[at] = 0xc0 | (unit >> 6);
    out[at + 1] = 0x80 | (unit & 63);
    return at + 2;
  }
  out[at] = 0xe0 | (unit >> 12);
  out[at + 1] = 0x80 | ((unit >> 6) & 63);
  out[at + 2] = 0x80 | (unit & 63);
  return at + 3;
}

function hexPair(text: string, at: number): number {
  const high = hexDigit(text.charCodeAt(at));
  const low = hexDigit(text.charCodeAt(at + 1));
  return high < 0 || low < 0 ? -1 : (high << 4) | low;
}

/** The user of Basic or Digest credentials and the scheme; the secret stays inside. */
export function credentials(value: string): { scheme: string; user: string | undefined } {
  const blank = value.indexOf(' ');
  const scheme = blank < 0 ? value : value.slice(0, blank);
  // A scheme is a token; anything else may be the secret itself.
  if (!/^[A-Za-z][\w-]{0,31}$/.test(scheme) || blank < 0) return { scheme: masked, user: undefined };
  const rest = value.slice(blank + 1).trim();
  const kind = scheme.toLowerCase();
  if (kind === 'basic') return { scheme, user: basicUser(rest) };
  if (kind === 'ntlm' || kind === 'negotiate') return { scheme, user: ntlmUser(rest) };
  const user = kind === 'digest' ? /\busername="([^"]{0,256})"/i.exec(rest)?.[1] : undefined;
  return { scheme, user };
}

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The user of the last message of an NTLM login; of one by Kerberos nothing is told. */
function ntlmUser(encoded: string): string | undefined {
  const bytes = new Uint8Array(2048);
  const end = fromBase64(encoded, bytes, -1);
  const at = findNtlm(bytes, 0, end);
  const user = at < 0 ? undefined : readNtlm(bytes, at, end)?.answer?.user;
  return user === '' ? undefined : user;
}

function basicUser(encoded: string): string | undefined {
  const out = new Uint8Array(256);
  const to = fromBase64(encoded, out, 0x3a);
  return out[to] === 0x3a ? wireText(out, 0, to) : undefined;
}

/** Decodes until `last` (left at the end, not counted) or what fits; gives how many bytes came out. */
function fromBase64(encoded: string, out: Uint8Array, last: number): number {
  let to = 0;
  let bits = 0;
  let count = 0;
  for (let i = 0; i < encoded.length && to < out.length; i++) {
    const digit = base64.indexOf(encoded[i]);
    if (digit < 0) break;
    bits = ((bits << 6) | digit) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out[to] = (bits >> count) & 255;
    if (out[to] === last) break;
    to++;
  }
  return to;
}

/** File name of a Content-Disposition; `filename*` (RFC 8187) goes before `filename`. */
export function dispositionName(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const extended = /;\s*filename\*=[\w-]{0,32}'[\w-]{0,32}'([^;\s]{1,1024})/i.exec(value);
  if (extended !== null) return unescaped(extended[1]);
  const plain = /;\s*filename=(?:"([^"]{1,1024})"?|([^";\s]{1,1024}))/i.exec(value);
  return plain === null ? undefined : (plain[1] ?? plain[2]);
}

/** EVE's `content_range`. */
export function contentRange(raw: string): AnyEvent {
  const out: AnyEvent = { raw };
  const parts = /^bytes\s+(?:(\d{1,15})-(\d{1,15})|\*)\/(?:(\d{1,15})|\*)$/i.exec(raw);
  if (parts === null) return out;
  if (parts[1] !== undefined) out.start = Number(parts[1]);
  if (parts[2] !== undefined) out.end = Number(parts[2]);
  if (parts[3] !== undefined) out.size = Number(parts[3]);
  return out;
}

/** Media type without its parameters. */
export function mediaType(value: string): string {
  const end = value.indexOf(';');
  return end < 0 ? value : value.slice(0, end).trimEnd();
}

/** Path of a target without query, percent signs undone: a file's name where its sender gives none. */
export function pathOf(target: string): string {
  let from = 0;
  const scheme = target.charCodeAt(0) === 0x2f ? -1 : target.indexOf('://');
  if (scheme > 0 && scheme < 12) from = Math.max(0, target.indexOf('/', scheme + 3));
  let end = from;
  while (end < target.length && target[end] !== '?' && target[end] !== '#') end++;
  return unescaped(target.slice(from, end));
}

/** Cookies by which usual programs know a session again. */
const sessionCookie =
  /(?:^|; ?)(?:PHPSESSID|JSESSIONID|ASP\.NET_SessionId|ASPSESSIONID[A-Z]{8}|connect\.sid|sessionid|session_id|laravel_session|ci_session|_session_id|CFTOKEN)=([^;]{16,256})/i;

/** A hash of a request's session cookie, by which it can be known again and not be used; 0 when there is none. */
export function sessionHash(cookies: string | undefined): number {
  const value = cookies === undefined ? undefined : sessionCookie.exec(cookies)?.[1];
  if (value === undefined) return 0;
  let hash = 0x811c9dc5;
  for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0 || 1;
}
