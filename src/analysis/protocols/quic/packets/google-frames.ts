// Google's QUIC before the IETF's, versions Q024 to Q050, T050 and T051: headers, frames, and the client's CHLO in its tags.

import { hasAscii, hexText, u16, u16le, u32, u32le, wireText } from '../../../../core/index.ts';
import type { FrameTaker } from './frames.ts';
import { VarintReader } from './header.ts';
import { isGoogle, type Version, versionOf } from './versions.ts';

/** A CHLO is told with at most so many tags; a value longer than this is cut. */
const tagLimit = 64;
const valueLimit = 1024;

export interface Chlo {
  /** Names in order, without the zero bytes that fill them up: `PAD`, `SNI`, `UAID`. */
  readonly tags: readonly string[];
  readonly sni: string | null;
  readonly userAgent: string | null;
}

/** A header whose frames are in the clear. Reused. */
export class GoogleHeader {
  version: Version | null = null;
  idAt = 0;
  idEnd = 0;
  framesAt = 0;
}

/** What hashes the packet stands before the frames as long as nothing is encrypted (FNV-1a, 96 of 128 bits). */
const hashBytes = 12;
const numberLengths = [1, 2, 4, 6] as const;

/**
 * The public header up to Q043, of packets that name the version.
 *
 * ```text
 * flags(8): 0x01 version, 0x02 reset, 0x0c connection id, 0x30 number's length
 * connection id(64)  version(32)  number(8, 16, 32, 48)
 * ```
 *
 * Bit 0x04 is the server's mark of a nonce in later versions; a server does not name the version with it.
 */
export function readPublicHeader(b: Uint8Array, at: number, end: number, header: GoogleHeader): boolean {
  const flags = b[at];
  if ((flags & 0x8b) !== 0x09 || at + 14 > end || !isGoogle(u32(b, at + 9))) return false;
  header.version = versionOf(u32(b, at + 9));
  header.idAt = at + 1;
  header.idEnd = at + 9;
  const google = header.version?.googleNumber ?? 0;
  if (google > 43) return false;
  // Until Q033 private flags came first in what was hashed.
  header.framesAt = at + 13 + numberLengths[(flags >> 4) & 3] + hashBytes + (google < 34 ? 1 : 0);
  return true;
}

/**
 * The long header of Q044 to Q046.
 *
 * ```text
 * flags(8)  version(32)  dcid length - 3(4)  scid length - 3(4)  dcid  scid  number(32)
 * ```
 */
export function readNibbleHeader(b: Uint8Array, at: number, end: number, header: GoogleHeader): boolean {
  if ((b[at] & 0x80) === 0 || at + 6 > end) return false;
  header.version = versionOf(u32(b, at + 1));
  const google = header.version?.googleNumber ?? 0;
  if (google < 44 || google > 49) return false;
  const dcidLength = (b[at + 5] >> 4) + (b[at + 5] >> 4 === 0 ? 0 : 3);
  const scidLength = (b[at + 5] & 15) + ((b[at + 5] & 15) === 0 ? 0 : 3);
  header.idAt = at + 6;
  header.idEnd = header.idAt + dcidLength;
  header.framesAt = header.idEnd + scidLength + 4 + hashBytes;
  return header.framesAt <= end;
}

/** Frames of a packet in the clear, until Q046; gives the CHLO among them, null when there is none. */
export function findChlo(b: Uint8Array, at: number, end: number, version: Version): Chlo | null {
  for (let o = at; o < end; ) {
    const type = b[o];
    if ((type & 0x80) !== 0) return readStreamFrame(b, o, end, version);
    o = plainFrameEnd(b, o, end);
    if (o === 0) return null;
  }
  return null;
}

const ints = new VarintReader();

/** Frames of an opened packet of Q050, T050 and T051: their CRYPTO frame has a number of its own. */
export function readGoogleFrames(b: Uint8Array, taker: FrameTaker): void {
  for (let o = 0; o < b.length; ) {
    if (b[o] !== 0x08) {
      o = plainFrameEnd(b, o, b.length);
      if (o === 0) return;
      continue;
    }
    ints.start(b, o + 1, b.length);
    const offset = ints.next();
    const length = ints.next();
    const at = ints.at;
    if (ints.isCut || at + length > b.length) return;
    taker.crypto(offset, b, at, at + length);
    o = at + length;
  }
}

/** End of a frame that brings nothing to read: ACK, PADDING, PING, STOP_WAITING; 0 for another. */
function plainFrameEnd(b: Uint8Array, at: number, end: number): number {
  const type = b[at];
  if ((type & 0xc0) === 0x40) return ackEnd(b, at, end);
  if (type === 0x00 || type === 0x07) return at + 1;
  return type === 0x06 ? at + 5 : 0;
}

/** 1 fin(1) length(1) offset(3) id(2): id, offset, length. The handshake is stream 1. */
function readStreamFrame(b: Uint8Array, at: number, end: number, version: Version): Chlo | null {
  const type = b[at];
  const offsetLength = ((type >> 2) & 7) === 0 ? 0 : ((type >> 2) & 7) + 1;
  let o = at + 1 + ((type & 3) + 1) + offsetLength;
  let stop = end;
  if ((type & 0x20) !== 0) {
    if (o + 2 > end) return null;
    // Numbers were little endian until Q038.
    stop = Math.min(end, o + 2 + (version.googleNumber >= 39 ? u16(b, o) : u16le(b, o)));
    o += 2;
  }
  return readChlo(b, o, stop);
}

/** 01 multiple(1) 0 largest(2) block(2): largest, delay(16), [blocks], first block, blocks, time stamps. */
function ackEnd(b: Uint8Array, at: number, end: number): number {
  const type = b[at];
  const block = numberLengths[type & 3];
  let o = at + 1 + numberLengths[(type >> 2) & 3] + 2;
  let blocks = 0;
  if ((type & 0x20) !== 0) blocks = o < end ? b[o++] : 0;
  o += block + blocks * (1 + block);
  const stamps = o < end ? b[o] : 0;
  return o + 1 + (stamps === 0 ? 0 : 5 + (stamps - 1) * 3);
}

/**
 * The CHLO message.
 *
 * ```text
 * "CHLO"  tag count(16, little endian)  0(16)  { tag(32)  end of its value(32, little endian) }…  values
 * ```
 */
export function readChlo(b: Uint8Array, at: number, end: number): Chlo | null {
  if (at + 8 > end || !hasAscii(b, at, end, 'CHLO')) return null;
  const count = Math.min(tagLimit, u16le(b, at + 4));
  const valuesAt = at + 8 + 8 * u16le(b, at + 4);
  const tags: string[] = [];
  let sni: string | null = null;
  let userAgent: string | null = null;
  let from = 0;
  for (let i = 0; i < count; i++) {
    const o = at + 8 + 8 * i;
    if (o + 8 > end) break;
    const to = u32le(b, o + 4);
    const tag = tagText(b, o);
    tags.push(tag);
    const valueEnd = valuesAt + to;
    if (to >= from && valueEnd <= end) {
      if (tag === 'SNI') sni = wireText(b, valuesAt + from, Math.min(valueEnd, valuesAt + from + valueLimit));
      else if (tag === 'UAID')
        userAgent = wireText(b, valuesAt + from, Math.min(valueEnd, valuesAt + from + valueLimit));
    }
    from = to;
  }
  return { tags, sni, userAgent };
}

function tagText(b: Uint8Array, at: number): string {
  let end = at + 4;
  while (end > at && b[end - 1] === 0) end--;
  for (let o = at; o < end; o++) if (b[o] < 0x20 || b[o] > 0x7e) return hexText(b, at, at + 4);
  return wireText(b, at, end);
}

/** The number that CYU, the fingerprint of a CHLO, begins with: that of the version, 44 for Q045. */
export const cyuNumber = (version: Version): number => (version.googleNumber === 45 ? 44 : version.googleNumber);
