// Text as Windows writes it: UTF-16, little endian (MS-DTYP 2.1).

/** Characters of a name or path that are kept. */
const textLimit = 1024;

/** Text of the bytes `at`..`end`; control characters become `\xHH`, halves of a pair that stand alone U+FFFD. */
export function utf16Text(b: Uint8Array, at: number, end: number): string {
  const last = Math.min(end - 1, at + 2 * textLimit);
  let out = '';
  for (let o = at; o < last; o += 2) {
    const unit = b[o] | (b[o + 1] << 8);
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) out += `\\x${unit.toString(16).padStart(2, '0')}`;
    else if (unit < 0xd800 || unit > 0xdfff) out += String.fromCharCode(unit);
    else {
      const second = o + 2 < last ? b[o + 2] | (b[o + 3] << 8) : 0;
      const isPair = unit < 0xdc00 && second >= 0xdc00 && second <= 0xdfff;
      out += isPair ? String.fromCharCode(unit, second) : '\ufffd';
      if (isPair) o += 2;
    }
  }
  return out;
}

/** Where the 16 bits of zeros that end a text begin, `end` when there are none. */
export function utf16End(b: Uint8Array, at: number, end: number): number {
  for (let o = at; o + 1 < end; o += 2) if (b[o] === 0 && b[o + 1] === 0) return o;
  return end;
}
