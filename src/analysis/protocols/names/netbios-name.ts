// Names of NetBIOS (RFC 1001 §14): 16 bytes, half a byte a letter from A on; the last byte says what has the name.
//
//   20 'EGFCEFEFCACACACACACACACACACACACA' 00      32 letters, here `FRED` and suffix 0x20

import { wireText } from '../../../core/index.ts';

/** Letters of an encoded name. */
export const encodedLetters = 32;

const bytes = new Uint8Array(16);

/** What {@link decodeNetbios} found. Overwritten by the next call. */
export const netbiosRead = { name: '', suffix: 0 };

/** Decodes 32 letters into {@link netbiosRead}; false when they are none. */
export function decodeNetbios(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < encodedLetters) return false;
  for (let i = 0; i < 16; i++) {
    const high = b[at + 2 * i] - 0x41;
    const low = b[at + 2 * i + 1] - 0x41;
    if (high < 0 || high > 15 || low < 0 || low > 15) return false;
    bytes[i] = (high << 4) | low;
  }
  netbiosRead.name = trimmed(bytes, 0, 15);
  netbiosRead.suffix = bytes[15];
  return true;
}

/** Text of a name padded with blanks or zeros. */
export function trimmed(b: Uint8Array, at: number, end: number): string {
  while (end > at && (b[end - 1] === 0x20 || b[end - 1] === 0)) end--;
  return wireText(b, at, end);
}

const suffixes: Readonly<Record<number, string>> = {
  0: 'workstation',
  3: 'messenger',
  6: 'remote access server',
  27: 'domain master browser',
  28: 'domain controllers',
  29: 'master browser',
  30: 'browser elections',
  31: 'NetDDE',
  32: 'server',
  33: 'remote access client',
};

/** What has a name with this suffix. */
export const suffixName = (suffix: number): string => suffixes[suffix] ?? `0x${suffix.toString(16).padStart(2, '0')}`;
