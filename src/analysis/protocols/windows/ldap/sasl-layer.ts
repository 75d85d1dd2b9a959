// What a SASL security layer (RFC 4752) leaves readable: messages that are signed, but not sealed.
//
//    Kerberos (RFC 4121):  05 04 | flags | ff | extra count (2) | rotation (2) | sequence (8) | message, checksum
//    NTLM (MS-NLMP 2.2.2.9): 01 00 00 00 | checksum (8) | sequence (4) | message

import { u16 } from '../../../../core/index.ts';

const sealedFlag = 2;
/** Bytes that have to be there to tell where the message begins, or that it cannot be read. */
export const layerBytes = 64;

/** Where the message inside begins; -1 when it cannot be read. */
export function unwrapped(b: Uint8Array, at: number, end: number): number {
  const o = inside(b, at, end);
  return o >= 0 && o < end && b[o] === 0x30 ? o : -1;
}

function inside(b: Uint8Array, at: number, end: number): number {
  if (end - at < 16) return -1;
  if (b[at] === 0x05 && b[at + 1] === 0x04) {
    if ((b[at + 2] & sealedFlag) !== 0) return -1;
    // The checksum is at the end; rotated right by as many bytes, it stands before the message.
    const rotation = u16(b, at + 6);
    return rotation === 0 || rotation === u16(b, at + 4) ? at + 16 + rotation : -1;
  }
  if (b[at] === 0x01 && b[at + 1] === 0 && b[at + 2] === 0 && b[at + 3] === 0) return at + 16;
  return at;
}
