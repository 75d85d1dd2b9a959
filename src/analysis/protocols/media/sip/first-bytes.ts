// What a message of SIP begins with (RFC 3261 §7.1, §7.2).

import { hasAscii, hasAsciiAnyCase } from '../../../../core/index.ts';
import { probed } from '../../protocol.ts';

const version = ' SIP/2.0';
/** Bytes of a first line. */
const lineLimit = 2048;
const methodLimit = 24;

const isMethodByte = (c: number): boolean => (c >= 0x41 && c <= 0x5a) || c === 0x5f || c === 0x2d;

/**
 * Whether a request line (`INVITE sip:bob@example.org SIP/2.0`) or a status line (`SIP/2.0 200 OK`) is at `at`: one of
 * `probed`; `maybe` as long as the line is not whole.
 */
export function mayBeSip(b: Uint8Array, at: number, end: number, isWhole: boolean): number {
  if (at >= end || b[at] < 0x41 || b[at] > 0x5a) return probed.no;
  if (b[at] === 0x53 && end - at >= 2 && b[at + 1] === 0x49) {
    if (hasAscii(b, at, end, 'SIP/2.0 ')) return statusVerdict(b, at + 8, end);
    if (end - at < 8 && hasAscii(b, at, end, 'SIP/2.0 '.slice(0, end - at))) return isWhole ? probed.no : probed.maybe;
  }
  let o = at;
  const methodEnd = Math.min(end, at + methodLimit);
  while (o < methodEnd && isMethodByte(b[o])) o++;
  if (o === end) return isWhole ? probed.no : probed.maybe;
  if (o - at < 3 || b[o] !== 0x20) return probed.no;
  return requestVerdict(b, o + 1, end, isWhole);
}

function statusVerdict(b: Uint8Array, at: number, end: number): number {
  if (end - at < 3) return probed.maybe;
  for (let i = at; i < at + 3; i++) if (b[i] < 0x30 || b[i] > 0x39) return probed.no;
  return b[at] >= 0x31 && b[at] <= 0x36 ? probed.yes : probed.no;
}

/** The target, which has a scheme, and the version at the end of the line. */
function requestVerdict(b: Uint8Array, at: number, end: number, isWhole: boolean): number {
  let o = at;
  const stop = Math.min(end, at + lineLimit);
  while (o < stop && b[o] !== 0x0a) {
    if (b[o] < 0x20 && b[o] !== 0x0d) return probed.no;
    o++;
  }
  const isLine = o < stop;
  // HTTP has targets that begin with a slash, RTSP others.
  if (end - at >= 5 && !hasScheme(b, at, end)) return probed.no;
  if (!isLine) return isWhole || end - at >= lineLimit ? probed.no : probed.maybe;
  const to = o > at && b[o - 1] === 0x0d ? o - 1 : o;
  return to - at > version.length && hasAscii(b, to - version.length, to, version) ? probed.yes : probed.no;
}

const hasScheme = (b: Uint8Array, at: number, end: number): boolean =>
  hasAsciiAnyCase(b, at, end, 'sip:') ||
  hasAsciiAnyCase(b, at, end, 'sips:') ||
  hasAsciiAnyCase(b, at, end, 'tel:') ||
  hasAsciiAnyCase(b, at, end, 'urn:') ||
  hasAsciiAnyCase(b, at, end, 'im:') ||
  hasAsciiAnyCase(b, at, end, 'pres:');

/** What phones send to keep a way open: empty lines (RFC 5626 §4.4.1), blanks, zeros, and words that some makers chose. */
export function isKeepAlive(b: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  if (length < 2 || length > 16) return false;
  if (length <= 6 && (hasAscii(b, at, end, 'hello') || hasAscii(b, at, end, 'jaK'))) return true;
  for (let i = at; i < end; i++) if (b[i] !== 0 && b[i] !== 0x20 && b[i] !== 0x0d && b[i] !== 0x0a) return false;
  return true;
}
