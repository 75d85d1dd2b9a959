// EncryptedExtensions of TLS 1.3 (RFC 8446 §4.3.1): of what the server says there, the protocol it chose.

import { u16 } from '../../../core/index.ts';
import { extension, readAlpn } from '../tls/client-hello.ts';

/** `length(2)`, then `type(2) length(2) value` of each; null when no protocol is among them. */
export function chosenAlpn(b: Uint8Array, at: number, end: number): string | null {
  for (let o = at + 2; o + 4 <= end; ) {
    const next = o + 4 + u16(b, o + 2);
    if (next > end) return null;
    if (u16(b, o) === extension.alpn) return readAlpn(b, o + 4, next)[0] ?? null;
    o = next;
  }
  return null;
}
