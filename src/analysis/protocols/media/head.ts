// Heads of text messages as SIP and RTSP have them: a start line and headers (RFC 3261 §7, RFC 7826 §5.2; RFC 5322 before).

import { base64Text, masked, maskParameters, wireText } from '../../../core/index.ts';

/** Bytes of a head, headers kept of one, characters of a value. */
export const headLimit = 32_768;
const headerLimit = 128;
const valueLimit = 2048;

export interface Header {
  /** In lower case, compact forms as they came (`v`). */
  readonly name: string;
  readonly value: string;
}

export interface Head {
  /** The first line. */
  readonly line: string;
  readonly headers: readonly Header[];
}

/** Position behind the empty line that ends the head at `at`; -1 when it is not there. */
export function headEnd(b: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    if (b[i] !== 0x0a) continue;
    if (i + 1 < end && b[i + 1] === 0x0a) return i + 2;
    if (i + 2 < end && b[i + 1] === 0x0d && b[i + 2] === 0x0a) return i + 3;
  }
  return -1;
}

/** Reads the head from `at` to `end`, which {@link headEnd} found, or the end of a datagram. */
export function readHead(b: Uint8Array, at: number, end: number): Head {
  const headers: { name: string; value: string }[] = [];
  let line = '';
  for (let o = at, n = 0; o < end; n++) {
    let next = o;
    while (next < end && b[next] !== 0x0a) next++;
    const to = next > o && b[next - 1] === 0x0d ? next - 1 : next;
    if (n === 0) line = wireText(b, o, Math.min(to, o + valueLimit));
    else if (to === o) break;
    else if (isBlank(b[o]) && headers.length > 0) fold(headers[headers.length - 1], b, o, to);
    else if (headers.length < headerLimit) addHeader(headers, b, o, to);
    o = next + 1;
  }
  return { line, headers };
}

const isBlank = (c: number): boolean => c === 0x20 || c === 0x09;

function addHeader(headers: Header[], b: Uint8Array, o: number, to: number): void {
  let colon = o;
  while (colon < to && b[colon] !== 0x3a) colon++;
  if (colon === to || colon === o || colon - o > 64) return;
  let nameEnd = colon;
  while (nameEnd > o && isBlank(b[nameEnd - 1])) nameEnd--;
  let from = colon + 1;
  while (from < to && isBlank(b[from])) from++;
  const name = wireText(b, o, nameEnd).toLowerCase();
  headers.push({ name, value: wireText(b, from, Math.min(to, from + valueLimit)) });
}

/** A line that begins with a blank goes on with the header before it. */
function fold(header: { value: string }, b: Uint8Array, o: number, to: number): void {
  let from = o;
  while (from < to && isBlank(b[from])) from++;
  const room = valueLimit - header.value.length;
  if (room > 0) header.value += ` ${wireText(b, from, Math.min(to, from + room))}`;
}

/** The first header of a name, or of its compact form; undefined when there is none. */
export function headerOf(head: Head, name: string, compact = ''): string | undefined {
  for (const header of head.headers) if (header.name === name || header.name === compact) return header.value;
  return undefined;
}

/** Number at the beginning of a text; -1 when there is none. */
export function leadingNumber(text: string | undefined): number {
  const found = text === undefined ? null : /^\s{0,8}(\d{1,9})/.exec(text);
  return found === null ? -1 : Number(found[1]);
}

/** What an Authorization header tells without its secrets. */
export interface Credentials {
  readonly scheme: string;
  readonly user: string | undefined;
  readonly realm: string | undefined;
}

/** Scheme, user name and realm of `Digest username="alice", realm="example.org", response="…"`. */
export function credentialsOf(value: string): Credentials {
  const blank = value.indexOf(' ');
  // Without a blank it is no scheme, but perhaps a secret alone.
  const scheme = blank < 0 || blank > 32 ? masked : value.slice(0, blank);
  if (scheme.toLowerCase() === 'basic') return { scheme, user: basicUser(value.slice(blank + 1)), realm: undefined };
  return { scheme, user: parameterOf(value, 'username'), realm: parameterOf(value, 'realm') };
}

function basicUser(text: string): string | undefined {
  const plain = base64Text(text.trim().slice(0, 512)) ?? '';
  const colon = plain.indexOf(':');
  return colon > 0 ? plain.slice(0, colon).replace(/[^\x20-\x7e]/g, '?') : undefined;
}

/** Value of `name=value` or `name="value"` among others; undefined when it is not there. */
export function parameterOf(text: string, name: string): string | undefined {
  const lower = text.toLowerCase();
  for (let at = lower.indexOf(`${name}=`); at >= 0; at = lower.indexOf(`${name}=`, at + 1)) {
    // Not the end of another name.
    if (at > 0 && !/[\s,;]/.test(lower[at - 1])) continue;
    const from = at + name.length + 1;
    if (text[from] === '"') {
      const quote = text.indexOf('"', from + 1);
      return text.slice(from + 1, quote < 0 ? text.length : quote);
    }
    let to = from;
    while (to < text.length && !/[\s,;]/.test(text[to])) to++;
    return text.slice(from, to);
  }
  return undefined;
}

/** `scheme:user:password@host` with the password masked, wherever it stands in a text. */
export function withoutPasswords(text: string): string {
  const shown = maskParameters(text);
  if (!shown.includes('@')) return shown;
  return shown.replace(/\b((?:sips?|rtsps?|rtspu):(?:\/\/)?[^\s:@<>;]{1,128}):[^\s@<>]{1,128}@/gi, `$1:${masked}@`);
}
