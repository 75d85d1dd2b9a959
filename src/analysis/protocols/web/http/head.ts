// Start lines and header lines of HTTP/1 (RFC 9112 sections 3 to 5), taken apart as bytes; text is made only of what is told.

import { findByte, hasAscii, hasAsciiAnyCase, maskUrl, wireText } from '../../../../core/index.ts';
import type { Side } from '../../protocol.ts';

/** Header fields that are kept, as positions in {@link Head}. 0: of no interest. */
export const header = {
  none: 0,
  host: 1,
  userAgent: 2,
  referer: 3,
  origin: 4,
  contentType: 5,
  contentLength: 6,
  contentEncoding: 7,
  contentDisposition: 8,
  contentRange: 9,
  transferEncoding: 10,
  upgrade: 11,
  location: 12,
  server: 13,
  authorization: 14,
  proxyAuthorization: 15,
  xForwardedFor: 16,
  xForwardedFrom: 17,
  forwarded: 18,
  clientIp: 19,
  via: 20,
  proxyConnection: 21,
  xroxyConnection: 22,
  webSocketProtocol: 23,
  webSocketExtensions: 24,
} as const;

/** Values by header; what did not come is undefined. */
export type Head = (string | undefined)[];

/** Characters kept of a value and of a request's target. */
const valueLimit = 4096;
const targetLimit = 16_384;

/** Headers by length of the name; compared in lower case. */
const byLength: readonly (readonly (readonly [string, number])[])[] = (() => {
  const table: [string, number][][] = [];
  const names: readonly [string, number][] = [
    ['host', header.host],
    ['user-agent', header.userAgent],
    ['referer', header.referer],
    ['origin', header.origin],
    ['content-type', header.contentType],
    ['content-length', header.contentLength],
    ['content-encoding', header.contentEncoding],
    ['content-disposition', header.contentDisposition],
    ['content-range', header.contentRange],
    ['transfer-encoding', header.transferEncoding],
    ['upgrade', header.upgrade],
    ['location', header.location],
    ['server', header.server],
    ['authorization', header.authorization],
    ['proxy-authorization', header.proxyAuthorization],
    ['x-forwarded-for', header.xForwardedFor],
    ['x-forwarded-from', header.xForwardedFrom],
    ['forwarded', header.forwarded],
    ['client-ip', header.clientIp],
    ['via', header.via],
    ['proxy-connection', header.proxyConnection],
    ['xroxy-connection', header.xroxyConnection],
    ['sec-websocket-protocol', header.webSocketProtocol],
    ['sec-websocket-extensions', header.webSocketExtensions],
  ];
  for (let length = 0; length <= 24; length++) table.push(names.filter(([name]) => name.length === length));
  return table;
})();

/** Names of the headers a proxy leaves, as Zeek writes them, by position in {@link Head}. */
export const proxyHeaders: readonly (readonly [number, string])[] = [
  [header.forwarded, 'FORWARDED'],
  [header.xForwardedFor, 'X-FORWARDED-FOR'],
  [header.xForwardedFrom, 'X-FORWARDED-FROM'],
  [header.clientIp, 'CLIENT-IP'],
  [header.via, 'VIA'],
  [header.xroxyConnection, 'XROXY-CONNECTION'],
  [header.proxyConnection, 'PROXY-CONNECTION'],
];

export const isBlank = (c: number): boolean => c === 0x20 || c === 0x09;

/** Which header the name from `at` to `colon` is. */
export function headerOf(b: Uint8Array, at: number, colon: number): number {
  // Blanks before the colon are against the rules, and accepted by enough servers.
  let end = colon;
  while (end > at && isBlank(b[end - 1])) end--;
  const length = end - at;
  if (length > 24) return header.none;
  const names = byLength[length];
  for (let i = 0; i < names.length; i++) {
    const one = names[i];
    if (hasAsciiAnyCase(b, at, end, one[0])) return one[1];
  }
  return header.none;
}

/** Adds the value from `at` to `end` (its line's end, without line feed). Lists that come twice are joined, else the first counts. */
export function keepValue(head: Head, which: number, b: Uint8Array, at: number, end: number): void {
  let from = at;
  let to = end;
  while (from < to && isBlank(b[from])) from++;
  while (to > from && (isBlank(b[to - 1]) || b[to - 1] === 0x0d)) to--;
  const text = wireText(b, from, Math.min(to, from + valueLimit));
  const had = head[which];
  if (had === undefined) head[which] = text;
  else if (isList(which) && had.length < valueLimit) head[which] = `${had}, ${text}`;
}

/** A line that begins with a blank goes on with the value before (obsolete line folding). */
export function foldValue(head: Head, which: number, b: Uint8Array, at: number, end: number): void {
  const had = head[which] ?? '';
  if (had.length >= valueLimit) return;
  head[which] = undefined;
  keepValue(head, which, b, at, end);
  head[which] = had === '' ? head[which] : `${had} ${head[which] ?? ''}`;
}

const isList = (which: number): boolean =>
  which === header.transferEncoding || which === header.xForwardedFor || which === header.via;

const isTokenByte = (c: number): boolean =>
  (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || c === 0x2d || c === 0x5f || (c >= 0x30 && c <= 0x39);

/** Length of the method at `at`: a token of at most 32 bytes before a blank or the end; 0 when there is none. */
export function methodLength(b: Uint8Array, at: number, end: number): number {
  let i = at;
  const limit = Math.min(end, at + 33);
  while (i < limit && isTokenByte(b[i])) i++;
  const length = i - at;
  return length > 0 && length <= 32 && (i === end || isBlank(b[i])) ? length : 0;
}

/** A request's line. */
export interface RequestLine {
  readonly method: string;
  readonly target: string;
  /** With the secrets that `target` masks. */
  readonly rawTarget: string;
  /** `HTTP/1.1`; empty for HTTP/0.9, which says none. */
  readonly version: string;
}

/** The request line from `at` to `end` (without line feed), null when it is none. Blanks in the target stay in it. */
export function requestLine(b: Uint8Array, at: number, end: number): RequestLine | null {
  let to = end;
  while (to > at && (isBlank(b[to - 1]) || b[to - 1] === 0x0d)) to--;
  const length = methodLength(b, at, to);
  if (length === 0) return null;
  let from = at + length;
  while (from < to && isBlank(b[from])) from++;
  let targetEnd = to;
  let version = '';
  let last = to;
  while (last > from && !isBlank(b[last - 1])) last--;
  if (hasAsciiAnyCase(b, last, to, 'http/') && (last > from || last > at + length)) {
    version = versionText(b, last, to);
    targetEnd = last;
    while (targetEnd > from && isBlank(b[targetEnd - 1])) targetEnd--;
  }
  const rawTarget = wireText(b, from, Math.min(targetEnd, from + targetLimit));
  return { method: methodText(b, at, length), target: shownTarget(rawTarget), rawTarget, version };
}

/** Longest request line without an end that is taken for one. */
const partialLimit = 2048;

/** What there is of a request line whose end is not there; null when that says nothing. */
export function partialRequest(b: Uint8Array, at: number, end: number): RequestLine | null {
  const from = afterLead(b, at, end);
  const line = from < end && end - from <= partialLimit ? requestLine(b, from, end) : null;
  return line !== null && line.target !== '' && isPlausible(line) ? line : null;
}

function methodText(b: Uint8Array, at: number, length: number): string {
  if (length === 3 && b[at] === 0x47 && b[at + 1] === 0x45 && b[at + 2] === 0x54) return 'GET';
  if (length === 4 && hasAscii(b, at, at + 4, 'POST')) return 'POST';
  return wireText(b, at, at + length);
}

function versionText(b: Uint8Array, at: number, end: number): string {
  if (end - at === 8 && b[end - 3] === 0x31 && b[end - 1] === 0x31) return 'HTTP/1.1';
  return wireText(b, at, Math.min(end, at + 32));
}

/** A response's line. */
export interface StatusLine {
  /** `1.1` */
  readonly version: string;
  /** -1 when it is not a number. */
  readonly status: number;
  /** The status as it was written. */
  readonly statusText: string;
  readonly reason: string;
}

/** Whether a response may begin at `at`: the bytes that are there are those of `HTTP/`. */
export function mayBeStatus(b: Uint8Array, at: number, end: number): boolean {
  const there = Math.min(5, end - at);
  return hasAsciiAnyCase(b, at, end, there === 5 ? 'http/' : 'http/'.slice(0, there));
}

/** The status line from `at` to `end` (without line feed), null when it is none. */
export function statusLine(b: Uint8Array, at: number, end: number): StatusLine | null {
  if (!hasAsciiAnyCase(b, at, end, 'http/')) return null;
  let to = end;
  while (to > at && (isBlank(b[to - 1]) || b[to - 1] === 0x0d)) to--;
  let i = at + 5;
  while (i < to && !isBlank(b[i])) i++;
  const version =
    i - at === 8 && b[i - 1] === 0x31 && b[i - 3] === 0x31 ? '1.1' : wireText(b, at + 5, Math.min(i, at + 13));
  while (i < to && isBlank(b[i])) i++;
  let status = 0;
  const from = i;
  for (; i < to && !isBlank(b[i]); i++) {
    const digit = b[i] - 0x30;
    status = digit >= 0 && digit <= 9 && status >= 0 && i - from < 6 ? status * 10 + digit : -1;
  }
  if (i === from) status = -1;
  const statusText = status === 200 ? '200' : wireText(b, from, Math.min(i, from + 32));
  while (i < to && isBlank(b[i])) i++;
  const reason = to - i === 2 && b[i] === 0x4f && b[i + 1] === 0x4b ? 'OK' : wireText(b, i, Math.min(to, i + 256));
  return { version, status, statusText, reason };
}

/** What a request asks for, without secrets: an absolute or relative URL, or CONNECT's authority. */
function shownTarget(target: string): string {
  const isAuthority = target.indexOf('@') > 0 && target.charCodeAt(0) !== 0x2f && target.indexOf('//') < 0;
  return isAuthority ? maskUrl(`//${target}`).slice(2) : maskUrl(target);
}

/** The number of a Content-Length; -1 when it is none or beyond what can be counted. */
export function lengthOf(text: string): number {
  let value = 0;
  if (text.length === 0) return -1;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    // Some senders join two equal lengths by a comma: the first counts.
    if (digit < 0 || digit > 9) return i > 0 && (text[i] === ',' || text[i] === ' ') ? value : -1;
    value = value * 10 + digit;
  }
  return value <= Number.MAX_SAFE_INTEGER ? value : -1;
}

/** Whether a whole request line with a version stands at `at`. */
export function isRequest(b: Uint8Array, at: number, end: number): boolean {
  if (methodLength(b, at, end) === 0) return false;
  let to = findByte(b, at, Math.min(end, at + 8192), 0x0a);
  if (to < 0) return false;
  if (b[to - 1] === 0x0d) to--;
  return to - at > 12 && hasAscii(b, to - 8, to, 'HTTP/1.');
}

/** Whether a line ends with another protocol's name and version: `RTSP/1.0`, `SIP/2.0`. */
export function isOther(b: Uint8Array, at: number, to: number): boolean {
  const end = b[to - 1] === 0x0d ? to - 1 : to;
  return end - at > 8 && b[end - 4] === 0x2f && b[end - 2] === 0x2e && !hasAscii(b, end - 8, end, 'HTTP/');
}

/** Whether a status line begins at `at`. */
export function isStatus(b: Uint8Array, at: number, end: number): boolean {
  return hasAsciiAnyCase(b, at, end, 'http/1.') && end - at > 8 && isBlank(b[at + 8]);
}

/**
 * Who speaks, by what is said first on `side`: responses come from the server, requests from the client. null: more bytes
 * are needed to tell.
 */
export function speakerOf(side: Side, b: Uint8Array, at: number, end: number): Side | null {
  const maybe = mayBeStatus(b, at, end);
  if (maybe && end - at < 5) return null;
  if (side === 0) return maybe ? 1 : 0;
  return isRequest(b, at, end) ? 0 : 1;
}

/** Without a version only what has the looks of a method and a target is taken for a request. */
export function isPlausible(line: RequestLine): boolean {
  return line.version !== '' || (line.target !== '' && /^[A-Z_-]{3,}$/.test(line.method));
}

/** The size that a chunk's line tells, in hexadecimal (RFC 9112 section 7.1); -1 when it tells none, -2 for an empty line. */
export function chunkSizeOf(b: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && (isBlank(b[i]) || b[i] === 0x0d || b[i] === 0x0a)) i++;
  if (i === end) return -2;
  const from = i;
  let value = 0;
  for (; i < end; i++) {
    const digit = hexDigit(b[i]);
    if (digit < 0) break;
    value = value * 16 + digit;
  }
  if (i === from || i - from > 12) return -1;
  const c = b[i];
  return i === end || isBlank(c) || c === 0x3b || c === 0x0d || c === 0x0a ? value : -1;
}

/** Value of a hexadecimal digit's character code, -1 when it is none. */
export function hexDigit(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const lower = c | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** What may stand before a start line: blanks, empty lines, and the zero byte by which TCP keeps a connection alive. */
export const isLead = (c: number): boolean => c === 0x0d || c === 0x0a || c === 0x20 || c === 0x09 || c === 0;

/** Position of the first byte that does not {@link isLead}. */
export function afterLead(b: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && isLead(b[i])) i++;
  return i;
}
