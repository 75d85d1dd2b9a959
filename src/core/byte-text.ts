// Text written straight into memory, without a string in between: for output that is made once per flow or per packet.
// Every function writes ASCII into `out` from `at` and gives the position after it; the caller sees to the room.

const zero = 0x30;

/** Two digits of every number below 100, one after the other. */
const pairs = new Uint8Array(200);
for (let i = 0; i < 100; i++) {
  pairs[i * 2] = zero + Math.floor(i / 10);
  pairs[i * 2 + 1] = zero + (i % 10);
}

const hexDigits = Uint8Array.from('0123456789abcdef', (c) => c.charCodeAt(0));

/** Bytes of a constant text, made once where a module is loaded. */
export function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7e || code < 0x20) throw new Error(`not printable ASCII: ${JSON.stringify(text)}`);
    bytes[i] = code;
  }
  return bytes;
}

/** Copies a short text; for the lengths at hand a loop is faster than `set`. */
export function writeBytes(out: Uint8Array, at: number, bytes: Uint8Array): number {
  const n = bytes.length;
  for (let i = 0; i < n; i++) out[at + i] = bytes[i];
  return at + n;
}

/**
 * A short word of ours, cut after 1,024 characters; what is not printable ASCII, or would end a JSON string, becomes `?`.
 */
export function writeWord(out: Uint8Array, at: number, text: string): number {
  const n = Math.min(text.length, 1024);
  for (let i = 0; i < n; i++) {
    const code = text.charCodeAt(i);
    out[at + i] = code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c ? 0x3f : code;
  }
  return at + n;
}

/** Decimal digits of an integer from 0 to 2^31 - 1. */
function writeSmall(out: Uint8Array, at: number, value: number): number {
  if (value < 10) {
    out[at] = zero + value;
    return at + 1;
  }
  if (value < 100) {
    out[at] = pairs[value * 2];
    out[at + 1] = pairs[value * 2 + 1];
    return at + 2;
  }
  let digits = 3;
  if (value >= 1000) digits = value < 10_000 ? 4 : value < 100_000 ? 5 : value < 1_000_000 ? 6 : 7;
  if (value >= 10_000_000) digits = value < 100_000_000 ? 8 : value < 1_000_000_000 ? 9 : 10;
  return writePadded(out, at, value, digits);
}

/** Exactly `digits` decimal digits of an integer from 0 to 2^31 - 1, zeros in front. */
export function writePadded(out: Uint8Array, at: number, value: number, digits: number): number {
  let i = at + digits;
  while (i - at >= 2) {
    const rest = (value / 100) | 0;
    const pair = value - rest * 100;
    value = rest;
    i -= 2;
    out[i] = pairs[pair * 2];
    out[i + 1] = pairs[pair * 2 + 1];
  }
  if (i > at) out[at] = zero + value;
  return at + digits;
}

/** Decimal digits of a whole number; what is not one (negative, beyond 2^53, NaN) is brought into that range first. */
export function writeInteger(out: Uint8Array, at: number, value: number): number {
  if (value >= 0 && value <= 0x7fffffff) return writeSmall(out, at, value | 0);
  if (!(value >= 0)) {
    if (!(value < 0)) return writeSmall(out, at, 0);
    out[at++] = 0x2d;
    return writeInteger(out, at, value < -Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : -value);
  }
  if (value > Number.MAX_SAFE_INTEGER) value = Number.MAX_SAFE_INTEGER;
  const high = Math.floor(value / 1e9);
  const low = Math.floor(value - high * 1e9);
  if (high === 0) return writeSmall(out, at, low);
  return writePadded(out, writeSmall(out, at, high), low, 9);
}

/** Two hexadecimal digits of a byte. */
export function writeHexByte(out: Uint8Array, at: number, value: number): number {
  out[at] = hexDigits[(value >>> 4) & 15];
  out[at + 1] = hexDigits[value & 15];
  return at + 2;
}

/** Dotted quad of a 32-bit word in network order. */
export function writeIpv4(out: Uint8Array, at: number, word: number): number {
  at = writeSmall(out, at, word >>> 24);
  out[at++] = 0x2e;
  at = writeSmall(out, at, (word >>> 16) & 255);
  out[at++] = 0x2e;
  at = writeSmall(out, at, (word >>> 8) & 255);
  out[at++] = 0x2e;
  return writeSmall(out, at, word & 255);
}

const groups = new Uint16Array(8);

/** Up to four hexadecimal digits, no zeros in front. */
function writeGroup(out: Uint8Array, at: number, group: number): number {
  if (group > 0xfff) out[at++] = hexDigits[group >>> 12];
  if (group > 0xff) out[at++] = hexDigits[(group >>> 8) & 15];
  if (group > 0xf) out[at++] = hexDigits[(group >>> 4) & 15];
  out[at] = hexDigits[group & 15];
  return at + 1;
}

/** Canonical text of an IPv6 address (RFC 5952), the same as formatIpv6 gives; at most 45 bytes. */
export function writeIpv6(out: Uint8Array, at: number, w0: number, w1: number, w2: number, w3: number): number {
  const g = groups;
  g[0] = w0 >>> 16;
  g[1] = w0 & 0xffff;
  g[2] = w1 >>> 16;
  g[3] = w1 & 0xffff;
  g[4] = w2 >>> 16;
  g[5] = w2 & 0xffff;
  g[6] = w3 >>> 16;
  g[7] = w3 & 0xffff;
  let bestAt = 8;
  let bestLen = 1; // a single zero group is not shortened (§4.2.2)
  for (let i = 0; i < 8; i++) {
    let j = i;
    while (j < 8 && g[j] === 0) j++;
    if (j - i > bestLen) {
      bestAt = i;
      bestLen = j - i;
    }
    if (j > i) i = j;
  }
  const isMapped = w0 === 0 && w1 === 0 && w2 === 0xffff; // ends in a dotted quad (§5)
  const count = isMapped ? 6 : 8;
  for (let i = 0; i < count; i++) {
    if (i === bestAt) {
      if (i === 0) out[at++] = 0x3a;
      out[at++] = 0x3a;
      i += bestLen - 1;
      continue;
    }
    at = writeGroup(out, at, g[i]);
    if (i < 7) out[at++] = 0x3a;
  }
  return isMapped ? writeIpv4(out, at, w3) : at;
}

/** Text of an address of either family; at most 45 bytes. */
export function writeAddress(
  out: Uint8Array,
  at: number,
  ipVersion: number,
  w0: number,
  w1: number,
  w2: number,
  w3: number,
): number {
  return ipVersion === 4 ? writeIpv4(out, at, w0) : writeIpv6(out, at, w0, w1, w2, w3);
}

/** `00:1a:2b:3c:4d:5e` of six bytes of `mac` from `from`. */
export function writeMac(out: Uint8Array, at: number, mac: Uint8Array, from: number): number {
  for (let i = 0; i < 6; i++) {
    if (i > 0) out[at++] = 0x3a;
    at = writeHexByte(out, at, mac[from + i]);
  }
  return at;
}

// The date of the day written last: nearly every time asked for is of the same day.
const dateText = new Uint8Array(11);
let dateDay = Number.NaN;

/** Days since 1970 whose year has four digits, the only ones that ISO 8601 writes plainly. */
const firstDay = -719528;
const lastDay = 2932896;

function writeDate(out: Uint8Array, at: number, day: number): number {
  if (day !== dateDay) {
    const iso = new Date(day * 86_400_000).toISOString();
    for (let i = 0; i < 11; i++) dateText[i] = iso.charCodeAt(i);
    dateDay = day;
  }
  for (let i = 0; i < 11; i++) out[at + i] = dateText[i];
  return at + 11;
}

/**
 * Date and time of day in UTC without a zone, `2023-09-18T06:13:21.216460`, 26 bytes; 1970-01-01T00:00:00.000000 for
 * what no four-digit year holds.
 */
export function writeTime(out: Uint8Array, at: number, timeUs: number): number {
  let sec = Math.floor(timeUs / 1e6);
  let us = Math.floor(timeUs - sec * 1e6);
  if (us < 0) us = 0;
  else if (us > 999_999) us = 999_999;
  let day = Math.floor(sec / 86_400);
  if (!(day >= firstDay && day <= lastDay)) {
    day = 0;
    sec = 0;
    us = 0;
  }
  const ofDay = sec - day * 86_400;
  const hour = (ofDay / 3600) | 0;
  const minute = ((ofDay - hour * 3600) / 60) | 0;
  at = writeDate(out, at, day);
  at = writePadded(out, at, hour, 2);
  out[at++] = 0x3a;
  at = writePadded(out, at, minute, 2);
  out[at++] = 0x3a;
  at = writePadded(out, at, ofDay - hour * 3600 - minute * 60, 2);
  out[at++] = 0x2e;
  return writePadded(out, at, us, 6);
}
