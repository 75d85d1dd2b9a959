// The Huffman code of HPACK and QPACK (RFC 7541 appendix B). It is canonical: the lengths of its codes say all of it.

/** Length of the code of each byte value in bits; the last is that of the end-of-string symbol. */
const lengths: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6,
  5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23,
  22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22,
  23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26,
  20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27,
  27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27,
  27, 27, 27, 26, 30,
];

const longest = 30;
const endOfString = 256;
/** By length: the first code, how many there are, and where their symbols begin. */
const firstCode = new Int32Array(longest + 1);
const codeCount = new Int32Array(longest + 1);
const firstSymbol = new Int32Array(longest + 1);
const symbols = new Uint16Array(lengths.length);

let code = 0;
let filled = 0;
for (let length = 1; length <= longest; length++) {
  code <<= 1;
  firstCode[length] = code;
  firstSymbol[length] = filled;
  for (let symbol = 0; symbol < lengths.length; symbol++) if (lengths[symbol] === length) symbols[filled++] = symbol;
  codeCount[length] = filled - firstSymbol[length];
  code += codeCount[length];
}

/**
 * Decodes from `at` to `end` into `out`; what does not fit is counted, not kept.
 * @returns length of the decoded text, -1 when it is damaged
 */
export function huffmanDecode(b: Uint8Array, at: number, end: number, out: Uint8Array): number {
  let bits = 0;
  let length = 0;
  let to = 0;
  for (let i = at; i < end; i++) {
    const byte = b[i];
    for (let bit = 7; bit >= 0; bit--) {
      bits = (bits << 1) | ((byte >> bit) & 1);
      length++;
      if (length < 5) continue;
      const rank = bits - firstCode[length];
      if (rank >= 0 && rank < codeCount[length]) {
        const symbol = symbols[firstSymbol[length] + rank];
        if (symbol === endOfString) return -1;
        if (to < out.length) out[to] = symbol;
        to++;
        bits = 0;
        length = 0;
      } else if (length === longest) return -1;
    }
  }
  // Padding is at most seven bits, all of them 1.
  return length < 8 && bits === (1 << length) - 1 ? to : -1;
}
