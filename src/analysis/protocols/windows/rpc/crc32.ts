// CRC-32 (ISO 3309, as in Ethernet and zip): what file handles are told by, for they are long and say nothing.

const table = new Uint32Array(256);
for (let i = 0; i < 256; i++) {
  let value = i;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ 0xedb8_8320;
  table[i] = value >>> 0;
}

export function crc32(b: Uint8Array, at: number, end: number): number {
  let crc = 0xffff_ffff;
  for (let i = at; i < end; i++) crc = table[(crc ^ b[i]) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffff_ffff) >>> 0;
}
