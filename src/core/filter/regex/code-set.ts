// Sets of code points as sorted ranges: what one place of a regular expression takes.

/** Pairs of first and last, sorted, apart from each other. */
export type CodeSet = readonly (readonly [first: number, last: number])[];

export const mostCode = 0x10ffff;

/** Ranges in any order, overlapping or not, as a set. */
export function codeSet(ranges: Iterable<readonly [first: number, last: number]>): CodeSet {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const set: [number, number][] = [];
  for (const [first, last] of sorted) {
    const before = set.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else set.push([first, last]);
  }
  return set;
}

export function without(set: CodeSet): CodeSet {
  const rest: [number, number][] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) rest.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= mostCode) rest.push([next, mostCode]);
  return rest;
}

export function hasCode(set: CodeSet, code: number): boolean {
  for (const [first, last] of set) if (code <= last) return code >= first;
  return false;
}

/** Letters above are what they are: the alphabets that know large and small ones lie below, but for few. */
const lastFolded = 0x2fff;

/** The set with the other case of its letters, letter by letter. */
export function withBothCases(set: CodeSet): CodeSet {
  const ranges: (readonly [number, number])[] = [...set];
  for (const [first, last] of set) {
    for (let code = first; code <= Math.min(last, lastFolded); code++) {
      for (const other of casesOf(code)) if (other !== code) ranges.push([other, other]);
    }
  }
  return codeSet(ranges);
}

function casesOf(code: number): number[] {
  const letter = String.fromCodePoint(code);
  const cases: number[] = [];
  for (const other of [letter.toLowerCase(), letter.toUpperCase(), letter.toUpperCase().toLowerCase()]) {
    const otherCode = other.codePointAt(0) ?? code;
    // `ß` has no single large letter; an ASCII letter keeps to ASCII (`K` of Kelvin is not k).
    if (String.fromCodePoint(otherCode) === other && (code > 127 || otherCode < 128)) cases.push(otherCode);
  }
  return cases;
}

export const digits: CodeSet = [[48, 57]];
export const wordLetters: CodeSet = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
/** As in Perl and RE2: without the vertical tab. */
export const spaces: CodeSet = [
  [9, 10],
  [12, 13],
  [32, 32],
];
export const lineFeed: CodeSet = [[10, 10]];
