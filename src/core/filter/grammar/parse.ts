// Filters read by descent: or, xor, and, not, then one test. As Wireshark, with chips and with words alone.
//
//   filter = xor { ("or" | "||") xor }         xor = and { ("xor" | "^^") and }       and = not { ["and" | "&&"] not }
//   not    = ("not" | "!" | "-") not | "(" filter ")" | ["any" | "all"] field comparison value
//          | ["any" | "all"] field ["not"] "in" "{" values "}" | field ":" value { "," value } | word

import { parseNetwork } from '../../address-words.ts';
import { badFilter } from '../failure.ts';
import { entryOf } from '../words/letters.ts';
import { mayBeTime, unitWords } from '../words/numbers.ts';
import type { Comparison, Literal, LiteralRange, Mark, MarkKind, Term } from './syntax.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Null: nothing is asked, all rows match. Throws BAD_FILTER. Parts that were understood are added to `marks`. */
export function parseFilter(text: string, marks: Mark[] = []): Term | null {
  if (text.length > mostLetters) throw badFilter(`the filter has more than ${mostLetters} letters`, mostLetters, 1);
  if (!text.isWellFormed()) throw badFilter('the filter is not valid Unicode', 0, text.length);
  return new Parser(text, marks).parse();
}

const mostLetters = 20_000;
const mostNested = 100;

const comparisons: Readonly<Record<string, Comparison>> = {
  '==': '==',
  '=': '==',
  eq: '==',
  any_eq: '==',
  '!=': '!=',
  ne: '!=',
  all_ne: '!=',
  '===': '===',
  all_eq: '===',
  '!==': '!==',
  '~=': '!==',
  any_ne: '!==',
  '>': '>',
  gt: '>',
  '<': '<',
  lt: '<',
  '>=': '>=',
  ge: '>=',
  '<=': '<=',
  le: '<=',
  contains: 'contains',
  matches: 'matches',
  '~': 'matches',
};

/** What a sign or a word of the language compares. */
export function comparisonOf(text: string): Comparison | undefined {
  return entryOf(comparisons, text);
}

/** Words of the language: to look for one of them, put it in quotes. */
const keywords: ReadonlySet<string> = new Set([
  ...['and', 'or', 'xor', 'not', 'in', 'any', 'all'],
  ...Object.keys(comparisons).filter((word) => /^[a-z]/.test(word)),
]);

const mac = /^(?:[0-9a-f]{1,2}[:-]){5}[0-9a-f]{1,2}$/i;

class Parser {
  readonly #text: string;
  readonly #marks: Mark[];
  readonly #tokens: Token[];
  #next = 0;
  #nested = 0;

  constructor(text: string, marks: Mark[]) {
    this.#text = text;
    this.#marks = marks;
    this.#tokens = tokensOf(text);
  }

  parse(): Term | null {
    if (this.#peek().kind === 'end') return null;
    const term = this.#or();
    const rest = this.#peek();
    if (rest.kind !== 'end') throw this.#unexpected(rest, '`and`, `or`, or the end of the filter');
    return term;
  }

  #or(): Term {
    return this.#chain('or', ['or', '||'], () => this.#xor());
  }

  #xor(): Term {
    return this.#chain('xor', ['xor', '^^'], () => this.#and());
  }

  #chain(is: 'or' | 'xor', words: readonly string[], part: () => Term): Term {
    const of = [part()];
    while (this.#take(words, 'logic')) of.push(part());
    return of.length === 1 ? of[0] : { is, of };
  }

  #and(): Term {
    const of = [this.#not()];
    for (;;) {
      if (this.#take(['and', '&&'], 'logic') || this.#beginsTerm()) of.push(this.#not());
      else return of.length === 1 ? of[0] : { is: 'and', of };
    }
  }

  /** Terms side by side are joined by `and`. */
  #beginsTerm(): boolean {
    const { kind, text } = this.#peek();
    if (kind === 'sign') return text === '(' || text === '!';
    if (kind === 'word') return !['or', 'xor', 'in', ...Object.keys(comparisons)].includes(text.toLowerCase());
    return kind === 'string';
  }

  #not(): Term {
    if (++this.#nested > mostNested) throw badFilter('the filter is nested too deeply', this.#peek().at, 1);
    try {
      return this.#take(['not', '!'], 'logic') || this.#takeMinus() ? { is: 'not', of: this.#not() } : this.#test();
    } finally {
      this.#nested--;
    }
  }

  /** `-port:443` leaves out; the minus is cut off its word. */
  #takeMinus(): boolean {
    const token = this.#peek();
    if (token.kind !== 'word' || !token.text.startsWith('-')) return false;
    this.#mark('logic', token.at, 1);
    if (token.text.length > 1) {
      this.#tokens[this.#next] = { ...token, text: token.text.slice(1), at: token.at + 1, isApart: false };
      return true;
    }
    this.#next++;
    if (this.#peek().isApart) throw this.#unexpected(token, 'a word right after the minus');
    return true;
  }

  #test(): Term {
    const bracket = this.#peek();
    if (this.#take(['('], 'bracket')) {
      const term = this.#or();
      if (this.#take([')'], 'bracket')) return term;
      const rest = this.#peek();
      if (rest.kind === 'end') throw badFilter('`(` is not closed: expected `)`', bracket.at, 1);
      throw this.#unexpected(rest, '`)`, `and` or `or`');
    }
    const of = this.#take(['any'], 'logic') ? 'any' : this.#take(['all'], 'logic') ? 'all' : null;
    const token = this.#advance();
    if (token.kind === 'string') return this.#bare(token);
    if (token.kind !== 'word' || (of === null && keywords.has(token.text.toLowerCase()))) {
      throw this.#unexpected(token, 'a field, a word or `(`');
    }
    return (of === null ? this.#chip(token) : null) ?? this.#relation(token, of ?? 'any') ?? this.#bareOf(token, of);
  }

  #bareOf(token: Token, of: 'any' | 'all' | null): Term {
    if (of !== null) throw this.#unexpected(this.#peek(), `an operator after \`${token.text}\``);
    return this.#bare(token);
  }

  #bare(token: Token): Term {
    this.#mark('bare', token.at, token.end - token.at);
    return { is: 'bare', value: this.#literal(token) };
  }

  #relation(token: Token, of: 'any' | 'all'): Term | null {
    const field = this.#literal(token);
    const isNot = this.#isWord('not') && this.#isWord('in', 1);
    if (isNot) this.#take(['not'], 'operator');
    if (this.#take(['in'], 'operator')) {
      this.#mark('field', field.at, field.length);
      const term: Term = { is: 'in', field, values: this.#set(), of };
      return isNot ? { is: 'not', of: term } : term;
    }
    const sign = this.#peek();
    const comparison = sign.kind === 'string' ? undefined : comparisonOf(sign.text.toLowerCase());
    if (comparison === undefined) return null;
    this.#next++;
    this.#mark('field', field.at, field.length);
    this.#mark('operator', sign.at, sign.end - sign.at);
    return { is: 'compare', field, comparison, value: this.#value(`a value after \`${sign.text}\``), of };
  }

  #set(): readonly (Literal | LiteralRange)[] {
    const open = this.#peek();
    if (!this.#take(['{'], 'bracket')) throw this.#unexpected(open, '`{` with values, as in `{80 443 8000..8100}`');
    const values: (Literal | LiteralRange)[] = [];
    while (!this.#take(['}'], 'bracket')) {
      if (this.#peek().kind === 'end') throw badFilter('`{` is not closed: expected `}`', open.at, 1);
      values.push(this.#range('a value or `}`'));
      this.#take([','], 'bracket');
    }
    if (values.length === 0) throw badFilter('the set is empty: expected a value', open.at, 1);
    return values;
  }

  #range(expected: string): Literal | LiteralRange {
    const low = this.#value(expected);
    if (!this.#take(['..'], 'operator')) return low;
    return { low, high: this.#value('the end of the range') };
  }

  /** A word or a string; `5 min` and `- 5` are one value. */
  #value(expected: string): Literal {
    const token = this.#advance();
    if ((token.kind !== 'word' && token.kind !== 'string') || (token.kind === 'word' && this.#isKeyword(token))) {
      throw this.#unexpected(token, expected);
    }
    const unit = this.#peek();
    const hasUnit = token.kind === 'word' && unit.kind === 'word' && /^-?\d+(\.\d+)?$/.test(token.text);
    const isUnit = hasUnit && unitWords.has(unit.text.toLowerCase());
    if (isUnit) this.#next++;
    const end = isUnit ? unit.end : token.end;
    this.#mark('value', token.at, end - token.at);
    const literal = this.#literal(token);
    return isUnit ? { ...literal, text: `${token.text} ${unit.text}`, length: end - token.at } : literal;
  }

  #isKeyword(token: Token): boolean {
    return ['and', 'or', 'xor', 'not'].includes(token.text.toLowerCase());
  }

  /** `name:value,value`; an address, a MAC address or a time has colons, too, and is a word. */
  #chip(token: Token): Term | null {
    const colon = token.text.indexOf(':');
    if (colon < 1 || parseNetwork(token.text) !== null || mac.test(token.text) || mayBeTime(token.text)) return null;
    const field = { text: token.text.slice(0, colon), at: token.at, length: colon, isQuoted: false };
    this.#mark('field', field.at, colon);
    this.#mark('operator', token.at + colon, 1);
    if (colon + 1 < token.text.length) {
      const at = token.at + colon + 1;
      this.#tokens[--this.#next] = { ...token, text: token.text.slice(colon + 1), at, isApart: false };
    }
    const sign = this.#peek();
    if (!sign.isApart && ['>', '<', '>=', '<='].includes(sign.text) && sign.kind === 'sign') {
      this.#next++;
      this.#mark('operator', sign.at, sign.end - sign.at);
      const comparison = comparisons[sign.text];
      return { is: 'compare', field, comparison, value: this.#chipValue(field), of: 'any' };
    }
    return { is: 'chip', field, values: this.#chipValues(field) };
  }

  #chipValues(field: Literal): readonly (Literal | LiteralRange)[] {
    const values: (Literal | LiteralRange)[] = [];
    for (;;) {
      const low = this.#chipValue(field);
      const dots = this.#peek();
      if (dots.text === '..' && dots.kind === 'sign' && !dots.isApart) {
        this.#take(['..'], 'operator');
        values.push({ low, high: this.#chipValue(field) });
      } else values.push(low);
      const comma = this.#peek();
      if (comma.text !== ',' || comma.isApart) return values;
      this.#take([','], 'bracket');
    }
  }

  #chipValue(field: Literal): Literal {
    const token = this.#advance();
    if (token.isApart || (token.kind !== 'word' && token.kind !== 'string')) {
      throw badFilter(`expected a value right after \`${field.text}:\``, field.at, field.length + 1);
    }
    this.#mark('value', token.at, token.end - token.at);
    return this.#literal(token);
  }

  #literal(token: Token): Literal {
    if (token.problem !== undefined) throw badFilter(token.problem.message, token.problem.at, token.problem.length);
    return { text: token.text, at: token.at, length: token.end - token.at, isQuoted: token.kind === 'string' };
  }

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)];
  }

  #advance(): Token {
    const token = this.#peek();
    if (token.kind !== 'end') this.#next++;
    return token;
  }

  #isWord(word: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token.kind === 'word' && token.text.toLowerCase() === word;
  }

  #take(words: readonly string[], kind: MarkKind): boolean {
    const token = this.#peek();
    if (token.kind === 'string' || token.kind === 'end' || !words.includes(token.text.toLowerCase())) return false;
    this.#next++;
    this.#mark(kind, token.at, token.end - token.at);
    return true;
  }

  #mark(kind: MarkKind, at: number, length: number): void {
    this.#marks.push({ kind, at, length });
  }

  #unexpected(token: Token, expected: string): Error {
    if (token.kind === 'end') return badFilter(`the filter ends too early: expected ${expected}`, token.at, 0);
    const written = this.#text.slice(token.at, token.end);
    if (token.text === '[') return badFilter('parts of values (`[0:4]`) cannot be asked for', token.at, 1);
    if (token.text === '&' || token.text === '|') {
      return badFilter(`\`${written}\` is no operator: expected \`${written}${written}\``, token.at, 1);
    }
    return badFilter(`\`${written}\` was not expected here: expected ${expected}`, token.at, token.end - token.at);
  }
}
