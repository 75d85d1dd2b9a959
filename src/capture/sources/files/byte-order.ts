// Unsigned numbers of either byte order, read from anywhere. Callers make sure that the bytes are there.

export const u16 = (b: Uint8Array, o: number, big: boolean): number =>
  big ? (b[o] << 8) | b[o + 1] : b[o] | (b[o + 1] << 8);

export const u32 = (b: Uint8Array, o: number, big: boolean): number =>
  (big
    ? (b[o] << 24) | (b[o + 1] << 16) | (b[o + 2] << 8) | b[o + 3]
    : b[o] | (b[o + 1] << 8) | (b[o + 2] << 16) | (b[o + 3] << 24)) >>> 0;

/** 64 bits as a number: exact up to 2⁵³. */
export const u64 = (b: Uint8Array, o: number, big: boolean): number =>
  big ? u32(b, o, true) * 4_294_967_296 + u32(b, o + 4, true) : u32(b, o + 4, false) * 4_294_967_296 + u32(b, o, false);

/** Signed 64 bits; exact within ±2⁵³. */
export const i64 = (b: Uint8Array, o: number, big: boolean): number =>
  (u32(b, big ? o : o + 4, big) | 0) * 4_294_967_296 + u32(b, big ? o + 4 : o, big);
