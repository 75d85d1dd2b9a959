// Regular expressions read into a tree: what RE2 and every other engine understand alike.
//
// Back references and looking around are refused: no engine could match them in linear time.

import { entryOf } from '../words/letters.ts';
import {
  type CodeSet,
  codeSet,
  digits,
  lineFeed,
  mostCode,
  spaces,
  withBothCases,
  without,
  wordLetters,
} from './code-set.ts';

export type Pattern =
  | { readonly is: 'set'; readonly set: CodeSet }
  | { readonly is: 'sequence' | 'choice'; readonly of: readonly Pattern[] }
  | { readonly is: 'repeat'; readonly of: Pattern; readonly least: number; readonly most: number }
  | { readonly is: 'assert'; readonly what: 'begin' | 'end' | 'word edge' | 'no word edge' };

/** What is wrong with a pattern, and where in it. */
export class PatternError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

interface Flags {
  readonly ignoresCase: boolean;
  readonly dotTakesAll: boolean;
}

const mostRepeats = 1000;
const mostNested = 50;

/** Case counts only after `(?-i)`, as in Wireshark. Throws a PatternError. */
export function parsePattern(text: string): Pattern {
  return new Reader(text).read();
}

/** How often the innermost part is written out; RE2 has the same bound. */
function repeats(pattern: Pattern): number {
  if (pattern.is === 'set' || pattern.is === 'assert') return 1;
  if (pattern.is !== 'repeat') return Math.max(1, ...pattern.of.map(repeats));
  const times = pattern.most === Number.POSITIVE_INFINITY ? pattern.least : pattern.most;
  return Math.max(1, times) * repeats(pattern.of);
}

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7 };

const classes: Readonly<Record<string, CodeSet>> = {
  d: digits,
  w: wordLetters,
  s: spaces,
  D: without(digits),
  W: without(wordLetters),
  S: without(spaces),
};

const posix: Readonly<Record<string, CodeSet>> = {
  alnum: codeSet([
    [48, 57],
    [65, 90],
    [97, 122],
  ]),
  alpha: codeSet([
    [65, 90],
    [97, 122],
  ]),
  digit: digits,
  lower: [[97, 122]],
  punct: codeSet([
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ]),
  space: [
    [9, 13],
    [32, 32],
  ],
  upper: [[65, 90]],
  word: wordLetters,
  xdigit: codeSet([
    [48, 57],
    [65, 70],
    [97, 102],
  ]),
};

class Reader {
  readonly #text: string;
  #at = 0;
  #nested = 0;
  #flags: Flags = { ignoresCase: true, dotTakesAll: false };

  constructor(text: string) {
    this.#text = text;
  }

  read(): Pattern {
    const pattern = this.#choice();
    if (this.#at < this.#text.length) throw new PatternError('`)` without `(`', this.#at);
    return pattern;
  }

  #choice(): Pattern {
    if (++this.#nested > mostNested) throw new PatternError('nested too deeply', this.#at);
    const before = this.#flags;
    const of = [this.#sequence()];
    while (this.#take('|')) of.push(this.#sequence());
    this.#flags = before;
    this.#nested--;
    return of.length === 1 ? of[0] : { is: 'choice', of };
  }

  #sequence(): Pattern {
    const of: Pattern[] = [];
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at])) {
      const atom = this.#atom();
      if (atom !== null) of.push(this.#repeated(atom));
    }
    return of.length === 1 ? of[0] : { is: 'sequence', of };
  }

  #repeated(atom: Pattern): Pattern {
    const at = this.#at;
    const bounds = this.#bounds();
    if (bounds === null) return atom;
    const [least, most] = bounds;
    if (least > mostRepeats || (most !== Number.POSITIVE_INFINITY && (most > mostRepeats || most < least))) {
      throw new PatternError(`repetitions go from 0 to ${mostRepeats}`, at);
    }
    // As few as possible or as many: for a yes or no it is the same.
    this.#take('?');
    if (this.#bounds() !== null) throw new PatternError('one repetition follows another', at);
    const pattern: Pattern = { is: 'repeat', of: atom, least, most };
    if (repeats(pattern) > mostRepeats) throw new PatternError(`more than ${mostRepeats} repetitions in all`, at);
    return pattern;
  }

  #bounds(): [number, number] | null {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#take('?')) return [0, 1];
    const match = this.#match(/\{(\d{1,6})(,(\d{0,6}))?\}/y);
    if (match === null) return null;
    const least = Number(match[1]);
    if (match[2] === undefined) return [least, least];
    return [least, match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3])];
  }

  /** Null: only flags were set. */
  #atom(): Pattern | null {
    const at = this.#at;
    const code = this.#text.codePointAt(at)!;
    const sign = String.fromCodePoint(code);
    this.#at += sign.length;
    if (sign === '(') return this.#group(at);
    if (sign === '[') return this.#set(at);
    if (sign === '.') return { is: 'set', set: this.#flags.dotTakesAll ? [[0, mostCode]] : without(lineFeed) };
    if (sign === '^') return { is: 'assert', what: 'begin' };
    if (sign === '$') return { is: 'assert', what: 'end' };
    if (sign === '\\') return this.#escape(at);
    if ('*+?'.includes(sign)) throw new PatternError(`nothing before \`${sign}\` that it could repeat`, at);
    return this.#letter(code);
  }

  #letter(code: number): Pattern {
    const set: CodeSet = [[code, code]];
    return { is: 'set', set: this.#flags.ignoresCase ? withBothCases(set) : set };
  }

  #group(at: number): Pattern | null {
    const before = this.#flags;
    if (this.#match(/\?<?[=!]/y) !== null) throw new PatternError('looking ahead or behind is not possible', at);
    if (this.#match(/\?>/y) !== null) throw new PatternError('`(?>` is not possible', at);
    const flags = this.#match(/\?([is]*)(?:-([is]+))?([:)])/y);
    if (flags !== null) {
      const [, on, off = '', end] = flags;
      const has = (letter: string, now: boolean): boolean => (now || on.includes(letter)) && !off.includes(letter);
      this.#flags = { ignoresCase: has('i', before.ignoresCase), dotTakesAll: has('s', before.dotTakesAll) };
      if (end === ')') return null;
    } else if (this.#match(/\?P?<[A-Za-z_]\w*>/y) === null && this.#text[this.#at] === '?') {
      throw new PatternError('this kind of group is not possible', at);
    }
    const pattern = this.#choice();
    if (!this.#take(')')) throw new PatternError('`(` is not closed', at);
    this.#flags = before;
    return pattern;
  }

  #escape(at: number): Pattern {
    const sign = this.#text[this.#at] ?? '';
    if (/[1-9]/.test(sign)) throw new PatternError('back references are not possible', at);
    if (sign === 'A' || sign === 'z' || sign === 'b' || sign === 'B') {
      this.#at++;
      const what = ({ A: 'begin', z: 'end', b: 'word edge', B: 'no word edge' } as const)[sign];
      return { is: 'assert', what };
    }
    const set = classes[sign];
    if (set === undefined) return this.#letter(this.#escapedCode(at));
    this.#at++;
    return { is: 'set', set };
  }

  /** After the backslash: one letter. */
  #escapedCode(at: number): number {
    const sign = this.#text[this.#at] ?? '';
    const hex = this.#match(/x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})/y);
    if (hex !== null) {
      const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3], 16);
      if (code <= mostCode) return code;
    }
    if (sign === '' || (/[A-Za-z0-9]/.test(sign) && controls[sign] === undefined)) {
      throw new PatternError(`\`\\${sign}\` is not possible`, at);
    }
    const code = this.#text.codePointAt(this.#at)!;
    this.#at += code > 0xffff ? 2 : 1;
    return controls[sign] ?? code;
  }

  #set(at: number): Pattern {
    const isNot = this.#take('^');
    const ranges: (readonly [number, number])[] = [];
    // A bracket that closes right after the one that opens is a letter.
    for (let isFirst = true; isFirst || this.#text[this.#at] !== ']'; isFirst = false) {
      if (this.#at >= this.#text.length) throw new PatternError('`[` is not closed', at);
      ranges.push(...this.#setPart());
    }
    this.#at++;
    const plain = codeSet(ranges);
    const set = this.#flags.ignoresCase ? withBothCases(plain) : plain;
    return { is: 'set', set: isNot ? without(set) : set };
  }

  #setPart(): CodeSet {
    const at = this.#at;
    const named = this.#match(/\[:(\^?)([a-z]+):\]/y);
    if (named !== null) {
      const set = entryOf(posix, named[2]);
      if (set === undefined) throw new PatternError(`\`[:${named[2]}:]\` is not possible`, at);
      return named[1] === '' ? set : without(set);
    }
    if (this.#text[at] === '\\' && classes[this.#text[at + 1]] !== undefined) {
      this.#at += 2;
      return classes[this.#text[at + 1]];
    }
    const first = this.#setCode();
    if (this.#text[this.#at] !== '-' || this.#text[this.#at + 1] === ']' || this.#at + 1 >= this.#text.length) {
      return [[first, first]];
    }
    this.#at++;
    const last = this.#setCode();
    if (last < first) throw new PatternError('the range ends before it begins', at);
    return [[first, last]];
  }

  #setCode(): number {
    const at = this.#at;
    const code = this.#text.codePointAt(at) ?? 0;
    this.#at += code > 0xffff ? 2 : 1;
    return code === 0x5c ? this.#escapedCode(at) : code;
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }
}
