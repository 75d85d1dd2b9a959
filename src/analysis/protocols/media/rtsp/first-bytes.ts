// What a message of RTSP begins with (RFC 2326 §6.1, §7.1).

import { hasAscii } from '../../../../core/index.ts';
import { probed } from '../../protocol.ts';

const methodLimit = 24;
const lineLimit = 2048;

export const isMethodByte = (c: number): boolean => (c >= 0x41 && c <= 0x5a) || c === 0x5f;

/** Whether a request line (`PLAY rtsp://… RTSP/1.0`) or a status line (`RTSP/1.0 200 OK`) is at `at`. */
export function mayBeRtsp(b: Uint8Array, at: number, end: number): number {
  if (at >= end || !isMethodByte(b[at])) return probed.no;
  const start = 'RTSP/';
  if (hasAscii(b, at, end, start.slice(0, Math.min(start.length, end - at)))) {
    if (end - at < 9) return probed.maybe;
    return (b[at + 5] === 0x31 || b[at + 5] === 0x32) && b[at + 8] === 0x20 ? probed.yes : probed.no;
  }
  let o = at;
  const methodEnd = Math.min(end, at + methodLimit);
  while (o < methodEnd && isMethodByte(b[o])) o++;
  if (o === end) return probed.maybe;
  if (o - at < 3 || b[o] !== 0x20) return probed.no;
  return lineVerdict(b, o + 1, end);
}

/** The version at the end of the line tells. */
function lineVerdict(b: Uint8Array, at: number, end: number): number {
  const scheme = 'rtsp';
  const isUrl = hasAscii(b, at, end, scheme.slice(0, Math.min(scheme.length, end - at)));
  // `OPTIONS *` is the only target without a scheme.
  if (!isUrl && b[at] !== 0x2a) return probed.no;
  let o = at;
  const stop = Math.min(end, at + lineLimit);
  while (o < stop && b[o] !== 0x0a) o++;
  if (o === stop) return end - at >= lineLimit ? probed.no : probed.maybe;
  const to = o > at && b[o - 1] === 0x0d ? o - 1 : o;
  const isVersion = hasAscii(b, to - 8, to, 'RTSP/1.0') || hasAscii(b, to - 8, to, 'RTSP/2.0');
  return to - at > 9 && isVersion && b[to - 9] === 0x20 ? probed.yes : probed.no;
}
