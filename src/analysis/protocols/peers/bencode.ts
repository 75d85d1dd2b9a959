// Bencoding (BEP 3): the dictionaries of BitTorrent, read in place without building what is not asked for.

/** Depth to which a value is followed; what BitTorrent sends is at most three deep. */
const depthLimit = 8;

/** Digits of a number and of a length. */
const digitLimit = 20;

export interface BencodeText {
  readonly from: number;
  readonly to: number;
}

/** The string at `o`: where its bytes begin and end; null when there is none. */
export function bencodedText(b: Uint8Array, o: number, end: number): BencodeText | null {
  let length = 0;
  let at = o;
  while (at < end && b[at] >= 0x30 && b[at] <= 0x39) {
    if (at - o >= 6) return null;
    length = length * 10 + b[at] - 0x30;
    at++;
  }
  if (at === o || at >= end || b[at] !== 0x3a || at + 1 + length > end) return null;
  return { from: at + 1, to: at + 1 + length };
}

/** The number at `o` (`i…e`); null when there is none. */
export function bencodedNumber(b: Uint8Array, o: number, end: number): number | null {
  if (o >= end || b[o] !== 0x69) return null;
  let at = o + 1;
  const isNegative = b[at] === 0x2d;
  if (isNegative) at++;
  let value = 0;
  const from = at;
  while (at < end && b[at] >= 0x30 && b[at] <= 0x39 && at - from < digitLimit) {
    value = value * 10 + b[at] - 0x30;
    at++;
  }
  if (at === from || at >= end || b[at] !== 0x65) return null;
  return isNegative ? -value : value;
}

/** Position after the value at `o`; -1 when it is damaged or does not end. */
export function afterValue(b: Uint8Array, o: number, end: number, depth = 0): number {
  if (o >= end || depth > depthLimit) return -1;
  const c = b[o];
  if (c === 0x69) {
    let at = o + 1;
    while (at < end && b[at] !== 0x65 && at - o <= digitLimit + 2) at++;
    return at < end && b[at] === 0x65 ? at + 1 : -1;
  }
  if (c === 0x64 || c === 0x6c) {
    let at = o + 1;
    while (at < end && b[at] !== 0x65) {
      at = afterValue(b, at, end, depth + 1);
      if (at < 0) return -1;
    }
    return at < end ? at + 1 : -1;
  }
  return bencodedText(b, o, end)?.to ?? -1;
}

/** Calls `each` with the key and the position of the value of every entry of the dictionary at `o`; false when it is damaged. */
export function eachEntry(
  b: Uint8Array,
  o: number,
  end: number,
  each: (key: BencodeText, valueAt: number, valueEnd: number) => void,
): boolean {
  if (o >= end || b[o] !== 0x64) return false;
  let at = o + 1;
  while (at < end && b[at] !== 0x65) {
    const key = bencodedText(b, at, end);
    if (key === null) return false;
    const next = afterValue(b, key.to, end);
    if (next < 0) return false;
    each(key, key.to, next);
    at = next;
  }
  return at < end;
}
