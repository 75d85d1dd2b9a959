// An address as parameters carry it.

import { Buffer } from 'node:buffer';
import { parseAddress } from '../../../../core/index.ts';

/** 16 bytes in network order, IPv4 as ::ffff:a.b.c.d; null where the text is no address. */
export function addressBytes(text: string): Uint8Array | null {
  const parsed = parseAddress(text);
  if (parsed === null) return null;
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  if (parsed.ipVersion === 6) for (const [i, word] of parsed.words.entries()) view.setInt32(4 * i, word);
  else {
    view.setUint16(10, 0xffff);
    view.setInt32(12, parsed.words[0]);
  }
  return bytes;
}

/** 32 hex digits of the bytes, upper case as engines write them. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
