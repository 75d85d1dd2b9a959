// DER, the encoding of certificates (ITU-T X.690 §8 and §10): tag, length, contents.

/** One element: its contents are `at` to `end`, where the next one begins. */
export interface Der {
  readonly tag: number;
  readonly at: number;
  readonly end: number;
}

export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  teletex: 0x14,
  bmp: 0x1e,
  universal: 0x1c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Bytes of one identifier that are read. */
const oidLimit = 64;

/**
 * The element at `at`; null when it does not fit, its length is indefinite or its tag needs more than a byte.
 * Nothing here recurses: who reads goes down as many levels as it knows by name.
 */
export function readDer(b: Uint8Array, at: number, end: number): Der | null {
  if (at + 2 > end || (b[at] & 0x1f) === 0x1f) return null;
  const first = b[at + 1];
  if (first < 0x80) return at + 2 + first > end ? null : { tag: b[at], at: at + 2, end: at + 2 + first };
  const count = first & 0x7f;
  if (count === 0 || count > 3 || at + 2 + count > end) return null;
  let length = 0;
  for (let i = 0; i < count; i++) length = (length << 8) | b[at + 2 + i];
  const start = at + 2 + count;
  return start + length > end ? null : { tag: b[at], at: start, end: start + length };
}

/** Like {@link readDer}, null also when the tag is another one. */
export function expectDer(b: Uint8Array, at: number, end: number, wanted: number): Der | null {
  if (at >= end || b[at] !== wanted) return null;
  return readDer(b, at, end);
}

/** `1.2.840.113549.1.1.1` of an object identifier's contents. */
export function oidText(b: Uint8Array, at: number, end: number): string {
  const stop = Math.min(end, at + oidLimit);
  let out = '';
  let value = 0;
  for (let o = at; o < stop; o++) {
    // Multiplied, not shifted: arcs such as those of UUIDs pass 32 bits.
    value = value * 128 + (b[o] & 0x7f);
    if (b[o] & 0x80) continue;
    if (out === '') {
      const root = Math.min(2, Math.floor(value / 40));
      out = `${root}.${value - root * 40}`;
    } else out += `.${value}`;
    value = 0;
  }
  return out;
}

const digit = (b: Uint8Array, o: number): number => {
  const value = b[o] - 0x30;
  return value >= 0 && value <= 9 ? value : Number.NaN;
};
const pair = (b: Uint8Array, o: number): number => digit(b, o) * 10 + digit(b, o + 1);

/** Seconds since the epoch of a UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5); null when it is none. */
export function timeSec(b: Uint8Array, der: Der): number | null {
  let o = der.at;
  let year: number;
  if (der.tag === tag.utcTime) {
    if (der.end - o < 10) return null;
    year = pair(b, o);
    year += year < 50 ? 2000 : 1900;
    o += 2;
  } else if (der.tag === tag.generalizedTime) {
    if (der.end - o < 12) return null;
    year = pair(b, o) * 100 + pair(b, o + 2);
    o += 4;
  } else return null;
  const hasSeconds = o + 10 <= der.end && b[o + 8] >= 0x30 && b[o + 8] <= 0x39;
  const at = Date.UTC(
    year,
    pair(b, o) - 1,
    pair(b, o + 2),
    pair(b, o + 4),
    pair(b, o + 6),
    hasSeconds ? pair(b, o + 8) : 0,
  );
  if (Number.isNaN(at)) return null;
  return at / 1000 - offsetSec(b, o + (hasSeconds ? 10 : 8), der.end);
}

/** Of `+0130` after a time; old certificates have it in place of `Z`. */
function offsetSec(b: Uint8Array, o: number, end: number): number {
  if (o + 5 > end || (b[o] !== 0x2b && b[o] !== 0x2d)) return 0;
  const seconds = pair(b, o + 1) * 3600 + pair(b, o + 3) * 60;
  if (Number.isNaN(seconds)) return 0;
  return b[o] === 0x2b ? seconds : -seconds;
}
