// Reading numbers and text out of bytes, for parsers of messages. None of these checks bounds: the caller has.

export const u16 = (b: Uint8Array, o: number): number => (b[o] << 8) | b[o + 1];
export const u24 = (b: Uint8Array, o: number): number => (b[o] << 16) | (b[o + 1] << 8) | b[o + 2];
export const u32 = (b: Uint8Array, o: number): number =>
  ((b[o] << 24) | (b[o + 1] << 16) | (b[o + 2] << 8) | b[o + 3]) >>> 0;
/** Exact below 2^53. */
export const u64 = (b: Uint8Array, o: number): number => u32(b, o) * 4294967296 + u32(b, o + 4);

export const u16le = (b: Uint8Array, o: number): number => b[o] | (b[o + 1] << 8);
export const u24le = (b: Uint8Array, o: number): number => b[o] | (b[o + 1] << 8) | (b[o + 2] << 16);
export const u32le = (b: Uint8Array, o: number): number =>
  (b[o] | (b[o + 1] << 8) | (b[o + 2] << 16) | (b[o + 3] << 24)) >>> 0;
/** Exact below 2^53. */
export const u64le = (b: Uint8Array, o: number): number => u32le(b, o + 4) * 4294967296 + u32le(b, o);

/** Whether the bytes at `o` are those of `text` (ASCII); bytes beyond `end` are none. */
export function hasAscii(b: Uint8Array, o: number, end: number, text: string): boolean {
  if (end - o < text.length) return false;
  for (let i = 0; i < text.length; i++) if (b[o + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Like {@link hasAscii}, letters in either case; `text` is lower case. */
export function hasAsciiAnyCase(b: Uint8Array, o: number, end: number, text: string): boolean {
  if (end - o < text.length) return false;
  for (let i = 0; i < text.length; i++) {
    const c = b[o + i];
    if ((c >= 0x41 && c <= 0x5a ? c | 0x20 : c) !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** Position of `byte`, -1 when it is not there. */
export function findByte(b: Uint8Array, o: number, end: number, byte: number): number {
  for (let i = o; i < end; i++) if (b[i] === byte) return i;
  return -1;
}

/** Position after the line feed that ends the line at `o`, -1 when it is not there yet. */
export function nextLine(b: Uint8Array, o: number, end: number): number {
  return findByte(b, o, end, 0x0a) + 1 || -1;
}

type ToText = (b: Uint8Array, o: number, end: number) => string;

/** Works everywhere; eight at a time, since each call makes a string. */
const portableLatin1: ToText = (b, o, end) => {
  let out = '';
  let i = o;
  for (; i + 8 <= end; i += 8) {
    out += String.fromCharCode(b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7]);
  }
  for (; i < end; i++) out += String.fromCharCode(b[i]);
  return out;
};

let toLatin1 = portableLatin1;

/** The platform may know a faster way to the same text; `app` lends it. */
export function lendLatin1(way: ToText): void {
  toLatin1 = way;
}

/** One character a byte (ISO 8859-1). */
export const latin1: ToText = (b, o, end) => toLatin1(b, o, end);

const utf8 = new TextDecoder('utf-8');

/** Whether the bytes are well-formed UTF-8 (RFC 3629 §4): no overlong forms, no surrogates, nothing beyond U+10FFFF. */
function isUtf8(b: Uint8Array, o: number, end: number): boolean {
  for (let i = o; i < end; ) {
    const first = b[i++];
    if (first < 0x80) continue;
    if (first < 0xc2 || first > 0xf4) return false;
    const more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if (i + more > end) return false;
    const second = b[i];
    if (first === 0xe0 && second < 0xa0) return false;
    if (first === 0xed && second > 0x9f) return false;
    if (first === 0xf0 && second < 0x90) return false;
    if (first === 0xf4 && second > 0x8f) return false;
    for (let k = 0; k < more; k++) if ((b[i + k] & 0xc0) !== 0x80) return false;
    i += more;
  }
  return true;
}

/**
 * Text as it came: UTF-8 where it is valid, else bytes above 0x7e as `\xHH`. Control characters become `\xHH`, too, but
 * for tab, so that the value is safe to show anywhere.
 */
export function wireText(b: Uint8Array, o: number, end: number): string {
  let isPlain = true;
  let hasHigh = false;
  for (let i = o; i < end; i++) {
    const c = b[i];
    if (c > 0x7f) hasHigh = true;
    else if (c === 0x7f || (c < 0x20 && c !== 0x09)) isPlain = false;
  }
  if (!hasHigh) {
    const text = latin1(b, o, end);
    return isPlain ? text : text.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, escaped);
  }
  if (!isUtf8(b, o, end)) return latin1(b, o, end).replace(/[\x00-\x08\x0a-\x1f\x7f-\xff]/g, escaped);
  // A copy: TextDecoder refuses memory that other threads may change.
  return utf8.decode(b.slice(o, end)).replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/g, escaped);
}

function escaped(c: string): string {
  return `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** What base64 says (RFC 4648 §4), one character a byte, padding or not; null when it is none. */
export function base64Text(text: string): string | null {
  let length = text.length;
  while (length > 0 && text.charCodeAt(length - 1) === 0x3d) length--;
  if (length % 4 === 1) return null;
  const bare = text.slice(0, length);
  return /^[A-Za-z0-9+/]*$/.test(bare) ? atob(bare) : null;
}

const hexDigits = '0123456789abcdef';

/** Lower-case hexadecimal digits, `separator` between bytes. */
export function hexText(b: Uint8Array, o: number, end: number, separator = ''): string {
  let out = '';
  for (let i = o; i < end; i++) {
    if (i > o) out += separator;
    out += hexDigits[b[i] >> 4] + hexDigits[b[i] & 15];
  }
  return out;
}

/** `192.0.2.1` of four bytes. */
export const ipv4Text = (b: Uint8Array, o: number): string => `${b[o]}.${b[o + 1]}.${b[o + 2]}.${b[o + 3]}`;

/** `00:11:22:33:44:55` of six bytes. */
export const macText = (b: Uint8Array, o: number): string => hexText(b, o, o + 6, ':');

/** What stands in place of a secret. */
export const masked = '***';
