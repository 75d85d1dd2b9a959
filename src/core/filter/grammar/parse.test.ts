// Proves that filters are read as their grammar says, and that mistakes are told with the word they are in.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../failures.ts';
import { parseFilter } from './parse.ts';
import type { Literal, LiteralRange, Term } from './syntax.ts';

/** A term as a line that shows how it is nested. */
function shown(term: Term | null): string {
  if (term === null) return 'all';
  switch (term.is) {
    case 'and':
    case 'or':
    case 'xor':
      return `(${term.of.map(shown).join(` ${term.is} `)})`;
    case 'not':
      return `not ${shown(term.of)}`;
    case 'bare':
      return value(term.value);
    case 'compare':
      return `${term.of === 'all' ? 'all ' : ''}${term.field.text} ${term.comparison} ${value(term.value)}`;
    default:
      return `${term.field.text} ${term.is} {${term.values.map(value).join(' ')}}`;
  }
}

function value(of: Literal | LiteralRange): string {
  if ('low' in of) return `${value(of.low)}..${value(of.high)}`;
  return of.isQuoted ? JSON.stringify(of.text) : of.text;
}

describe('parseFilter', () => {
  it.each([
    ['', 'all'],
    ['  ', 'all'],
    ['tcp', 'tcp'],
    ['a or b and not c', '(a or (b and not c))'],
    ['a || b && !c', '(a or (b and not c))'],
    ['a xor b or c ^^ d and e', '((a xor b) or (c xor (d and e)))'],
    ['a b or c', '((a and b) or c)'],
    ['(a or b) c', '((a or b) and c)'],
    ['not a == 1 b', '(not a == 1 and b)'],
    ['port eq 1 and port==2 port=3', '(port == 1 and port == 2 and port == 3)'],
    ['a any_ne 1 a ~= 1 a !== 1', '(a !== 1 and a !== 1 and a !== 1)'],
    ['a ne 1 a all_ne 1 a != 1', '(a != 1 and a != 1 and a != 1)'],
    ['a === 1 a all_eq 1', '(a === 1 and a === 1)'],
    ['a>1 a GE 2 a lt 3 a<=4', '(a > 1 and a >= 2 and a < 3 and a <= 4)'],
    ['a ~ "b" a matches "c" a contains d', '(a matches "b" and a matches "c" and a contains d)'],
    ['all tcp.port > 1024 any x == 1', '(all tcp.port > 1024 and x == 1)'],
    ['p in {80 443, 8000..8100 "a" .. "b"}', 'p in {80 443 8000..8100 "a".."b"}'],
    ['p not in {80}', 'not p in {80}'],
    ['rtt > 5 min and a', '(rtt > 5 min and a)'],
    ['rtt > 5 foo', '(rtt > 5 and foo)'],
    ['a == -5', 'a == -5'],
    ['port:80,443 -app:dns !sni:"a b"', '(port chip {80 443} and not app chip {dns} and not sni chip {"a b"})'],
    ['port:8000..8100,22', 'port chip {8000..8100 22}'],
    ['bytes:>1MB bytes:<=2', '(bytes > 1MB and bytes <= 2)'],
    ['host:fe80::1 host:10.0.0.0/8', '(host chip {fe80::1} and host chip {10.0.0.0/8})'],
    ['fe80::1 ::1 10.0.0.5 -10.0.0.5', '(fe80::1 and ::1 and 10.0.0.5 and not 10.0.0.5)'],
    ['aa:bb:cc:dd:ee:ff 2026-11-22T10:00', '(aa:bb:cc:dd:ee:ff and 2026-11-22T10:00)'],
    ['-github -"a b" -(c or d)', '(not github and not "a b" and not (c or d))'],
    [
      't > "2026-11-22 10:00" eth.addr == aa:bb:cc:dd:ee:ff',
      '(t > "2026-11-22 10:00" and eth.addr == aa:bb:cc:dd:ee:ff)',
    ],
    ['a == "x\\"y\\\\z\\n\\x41\\u00e9\\u{1F600}"', `a == ${JSON.stringify('x"y\\z\nAé😀')}`],
    ['a == \'it "is"\'', 'a == "it \\"is\\""'],
    ['a ~ r"\\d+\\"x"', 'a matches "\\\\d+\\\\\\"x"'],
    ['"and" "or"', '("and" and "or")'],
  ])('%s', (text, wanted) => expect(shown(parseFilter(text))).toBe(wanted));

  it.each<[text: string, word: string, message: string]>([
    ['a and', '', 'the filter ends too early: expected a field, a word or `(`'],
    ['a == ', '', 'the filter ends too early: expected a value after `==`'],
    ['a == and b', 'and', '`and` was not expected here: expected a value after `==`'],
    ['or b', 'or', '`or` was not expected here: expected a field, a word or `(`'],
    ['a == 1 == 2', '==', '`==` was not expected here: expected `and`, `or`, or the end of the filter'],
    ['(a or b', '(', '`(` is not closed: expected `)`'],
    ['a) b', ')', '`)` was not expected here: expected `and`, `or`, or the end of the filter'],
    ['p in 80', '80', '`80` was not expected here: expected `{` with values, as in `{80 443 8000..8100}`'],
    ['p in {80', '{', '`{` is not closed: expected `}`'],
    ['p in {}', '{', 'the set is empty: expected a value'],
    ['a & b', '&', '`&` is no operator: expected `&&`'],
    ['dns[0:4] == 1', '[', 'parts of values (`[0:4]`) cannot be asked for'],
    ['port: 80', 'port:', 'expected a value right after `port:`'],
    ['a == "x', '"x', 'the quote is not closed'],
    ['a ~ "\\d"', '\\d', '`\\d` is no escape; in r"…" a backslash is one'],
    ['a == "\\ud800"', '\\u', '`\\u` is no escape; in r"…" a backslash is one'],
    ['any a', '', 'the filter ends too early: expected an operator after `a`'],
    ['a - b', '-', '`-` was not expected here: expected a word right after the minus'],
    [`${'('.repeat(150)}a`, '(', 'the filter is nested too deeply'],
  ])('%s: points at %s', (text, word, message) => {
    try {
      parseFilter(text);
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      expect([failure.code, failure.message]).toEqual(['BAD_FILTER', message]);
      const { at, length } = failure.range!;
      expect(text.slice(at, at + length)).toBe(word);
      return;
    }
    expect.unreachable('the filter was taken');
  });

  it('takes or refuses whatever is written, and never fails otherwise', () => {
    const pieces = fc.constantFrom(
      'a',
      ' ',
      '"',
      "'",
      '\\',
      '(',
      ')',
      '{',
      '}',
      '==',
      '!',
      '-',
      ':',
      '..',
      ',',
      'in',
      'not',
      '::',
      '=',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (filter) => {
        try {
          parseFilter(filter);
        } catch (failure) {
          if (!(failure instanceof Failure) || failure.code !== 'BAD_FILTER') throw failure;
          const { at, length } = failure.range!;
          expect(at >= 0 && at + length <= filter.length).toBe(true);
        }
      }),
      { seed: 3, numRuns: 3000 },
    );
  });
});
