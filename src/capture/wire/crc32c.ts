// CRC32c (Castagnoli) as SCTP uses it (RFC 9260 Appendix A), a byte at a time through one table.

/** Reflected polynomial 0x1edc6f41. */
const polynomial = 0x82f63b78;

const table = new Int32Array(256);
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let k = 0; k < 8; k++) c = (c & 1) !== 0 ? (c >>> 1) ^ polynomial : c >>> 1;
  table[n] = c;
}

/** CRC over `b[at, end)`, reading the 4 bytes at `zeroAt` as zero; a signed 32-bit integer. */
export function crc32c(b: Uint8Array, at: number, end: number, zeroAt: number): number {
  const t = table;
  let c = -1;
  for (let i = at; i < end; i++) {
    const byte = i >= zeroAt && i < zeroAt + 4 ? 0 : b[i];
    c = t[(c ^ byte) & 255] ^ (c >>> 8);
  }
  return ~c;
}
