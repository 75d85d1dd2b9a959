// How long a part of a mail is once decoded (RFC 2045 §6): base64, quoted-printable, or as it is. Nothing of it is kept.

/** Where quoted-printable stands: in text, behind `=`, behind `=` and one digit, behind `=` and blanks or a line's end. */
const inText = 0;
const behindSign = 1;
const behindDigit = 2;
const behindBreak = 3;

const isHexDigit = (c: number): boolean =>
  (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66);

const isBase64 = (c: number): boolean =>
  (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || (c >= 0x30 && c <= 0x39) || c === 0x2b || c === 0x2f;

const decodedBytes = (letters: number): number => Math.floor((letters * 3) / 4);

export class PartSize {
  readonly #encoding: string;
  #count = 0;
  /** Letters of base64 since the last padding. */
  #letters = 0;
  /** Of `#count`, the line break at the end: it belongs to the boundary or the dot that follows. */
  #breakBytes = 0;
  #last = 0;
  #place = inText;

  /** @param encoding the Content-Transfer-Encoding */
  constructor(encoding: string) {
    this.#encoding = encoding.trim().toLowerCase();
  }

  /** Bytes decoded so far. */
  get bytes(): number {
    return this.#count + decodedBytes(this.#letters) - this.#breakBytes;
  }

  /** The same with a line break at the end that belongs to nothing else. */
  get withBreak(): number {
    return this.bytes + this.#breakBytes;
  }

  /** Takes bytes of the part, cut anywhere. */
  take(b: Uint8Array, at: number, end: number): void {
    if (this.#encoding === 'base64') {
      for (let i = at; i < end; i++) {
        if (isBase64(b[i])) this.#letters++;
        else if (b[i] === 0x3d) this.#closeGroup();
      }
    } else if (this.#encoding === 'quoted-printable') {
      for (let i = at; i < end; i++) this.#quoted(b[i]);
    } else {
      this.#count += end - at;
      if (end - at > 1) this.#ends(b[end - 2]);
      if (end > at) this.#ends(b[end - 1]);
    }
  }

  /** Padding ends a group; what follows it, if anything, begins another. */
  #closeGroup(): void {
    this.#count += decodedBytes(this.#letters);
    this.#letters = 0;
  }

  /** Counts the line break that the part would end with if `c` were its last byte. */
  #ends(c: number): void {
    if (c === 0x0a) this.#breakBytes = this.#last === 0x0d ? 2 : 1;
    else this.#breakBytes = c === 0x0d ? 1 : 0;
    this.#last = c;
  }

  #quoted(c: number): void {
    const place = this.#place;
    this.#place = inText;
    if (c === 0x3d) {
      this.#place = behindSign;
    } else if (place === behindSign && isHexDigit(c)) {
      this.#place = behindDigit;
    } else if (place === behindSign || place === behindBreak) {
      // A soft line break, blanks before it allowed.
      if (c === 0x0d || c === 0x20 || c === 0x09) this.#place = behindBreak;
      else if (c !== 0x0a) this.#count++;
      this.#breakBytes = 0;
      this.#last = 0;
    } else {
      this.#count++;
      this.#ends(c);
    }
  }
}
