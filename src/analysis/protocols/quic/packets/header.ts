// QUIC packet headers: long header and version negotiation (RFC 8999 §5, RFC 9000 §17.2), variable-length integers (§16).

import { u32 } from '../../../../core/index.ts';
import { packetKind, type Version, versionOf } from './versions.ts';

/** Longest connection id that versions 1 and 2 have. Other versions may have longer ones, which none uses. */
export const idLimit = 20;

/**
 * Reads integers of variable length one after another. Past the end `isCut` is set and 0 is given. Above 2^53 they are
 * not exact: no offset or length is so large, and types that are mean nothing.
 */
export class VarintReader {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  isCut = false;

  start(bytes: Uint8Array, at: number, end: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.isCut = false;
  }

  next(): number {
    const { bytes, at, end } = this;
    if (at >= end) return this.#cut();
    const first = bytes[at];
    const size = 1 << (first >> 6);
    if (at + size > end) return this.#cut();
    this.at = at + size;
    if (size === 1) return first & 0x3f;
    if (size === 2) return ((first & 0x3f) << 8) | bytes[at + 1];
    const low = u32(bytes, at) & 0x3fffffff;
    if (size === 4) return low;
    return low * 4294967296 + u32(bytes, at + 4);
  }

  #cut(): number {
    this.isCut = true;
    return 0;
  }
}

/**
 * A long header. Reused: filled anew for each packet.
 *
 * ```text
 * 1 1 type(2) …(4)  version(32)  length(8) dcid  length(8) scid
 *   Initial:            token length(varint) token  length(varint) | number, frames
 *   0-RTT, Handshake:                               length(varint) | number, frames
 *   Retry:              token  tag(128)
 * ```
 */
export class LongHeader {
  versionNumber = 0;
  /** null for an unknown version, of which only the connection ids are known. */
  version: Version | null = null;
  /** One of packetKind. */
  kind: number = packetKind.initial;
  dcidAt = 0;
  dcidLength = 0;
  scidAt = 0;
  scidLength = 0;
  /** Where the (protected) packet number begins. */
  numberAt = 0;
  /** Where the packet ends and another one of the same datagram may begin. */
  packetEnd = 0;
}

const ints = new VarintReader();

/** @returns false when the bytes end before the header does, or no version has such lengths */
export function readLongHeader(b: Uint8Array, at: number, end: number, header: LongHeader): boolean {
  if (end - at < 7) return false;
  const number = u32(b, at + 1);
  header.versionNumber = number;
  header.version = versionOf(number);
  header.dcidLength = b[at + 5];
  header.dcidAt = at + 6;
  const scidLengthAt = header.dcidAt + header.dcidLength;
  if (header.dcidLength > idLimit || scidLengthAt >= end) return false;
  header.scidLength = b[scidLengthAt];
  header.scidAt = scidLengthAt + 1;
  const o = header.scidAt + header.scidLength;
  if (header.scidLength > idLimit || o > end) return false;
  header.numberAt = o;
  header.packetEnd = end;
  if (header.version === null) return true;
  header.kind = header.version.kinds[(b[at] >> 4) & 3];
  return header.kind === packetKind.retry || readLength(b, o, end, header);
}

function readLength(b: Uint8Array, at: number, end: number, header: LongHeader): boolean {
  ints.start(b, at, end);
  if (header.kind === packetKind.initial) {
    const tokenLength = ints.next();
    ints.at += tokenLength;
  }
  const length = ints.next();
  if (ints.isCut) return false;
  header.numberAt = ints.at;
  header.packetEnd = ints.at + length;
  return true;
}

/** Whether versions follow, as many as there is room for, one of them known (RFC 9000 §17.2.1); `at` is after the ids. */
export function isVersionList(b: Uint8Array, at: number, end: number): boolean {
  if (end <= at || (end - at) % 4 !== 0) return false;
  for (let o = at; o < end; o += 4) if (versionOf(u32(b, o)) !== null) return true;
  return false;
}
