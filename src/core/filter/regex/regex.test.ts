// Proves that regular expressions mean what they mean in RE2's subset, whatever the text, in time that stays linear.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternError, regexOf } from './index.ts';

describe('regexOf', () => {
  it.each<[pattern: string, text: string, isMatch: boolean]>([
    ['hub', 'GitHub.com', true],
    ['(?-i)hub', 'GitHub.com', false],
    ['(?-i)g(?i:H)ub', 'gHub', true],
    ['^git', 'my git', false],
    ['com$', 'com\n', false],
    ['^$', '', true],
    ['a.c', 'a\nc', false],
    ['(?s)a.c', 'a\nc', true],
    ['\\bhub\\b', 'a hub!', true],
    ['\\bhub\\b', 'github', false],
    ['\\Bhub', 'github', true],
    ['[^a-z]', 'ABC', false],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['x{2,3}y', 'xy', false],
    ['x{2,3}y', 'xxxxy', true],
    ['x{0}y', 'y', true],
    ['a{,2}', 'a{,2}', true],
    ['(?P<name>a|b)+c', 'abac', true],
    ['Ü', 'münchen', true],
    ['[а-я]{6}', 'ПРИМЕР', true],
    ['^.$', '😀', true],
    ['\\x{1F600}', '😀', true],
    ['[[:punct:]]\\d', 'a-1', true],
    ['(a*)*b', 'b', true],
  ])('%s in %j: %s', (pattern, text, isMatch) => expect(regexOf(pattern).test(text)).toBe(isMatch));

  it.each<[pattern: string, message: string, at: number]>([
    ['(a)\\1', 'back references are not possible', 3],
    ['a(?=b)', 'looking ahead or behind is not possible', 1],
    ['(?<!b)a', 'looking ahead or behind is not possible', 0],
    ['(?>a)', '`(?>` is not possible', 0],
    ['a**', 'one repetition follows another', 1],
    ['*a', 'nothing before `*` that it could repeat', 0],
    ['(a', '`(` is not closed', 0],
    ['a)', '`)` without `(`', 1],
    ['[a', '`[` is not closed', 0],
    ['[z-a]', 'the range ends before it begins', 1],
    ['\\pL', '`\\p` is not possible', 0],
    ['a{2000}', 'repetitions go from 0 to 1000', 1],
    ['(a{40}){40}', 'more than 1000 repetitions in all', 7],
    ['([[:alpha:]]x?y?z?){900}a{900}', 'the pattern is too large', 0],
    ['[[:constructor:]]', '`[:constructor:]` is not possible', 1],
  ])('refuses %s', (pattern, message, at) => {
    const error = thrown(() => regexOf(pattern));
    expect(error).toBeInstanceOf(PatternError);
    expect([(error as PatternError).message, (error as PatternError).at]).toEqual([message, at]);
  });

  it('spells out for RE2 what options could change', () => {
    expect(regexOf('^a.(b|c)+?$').re2).toBe('\\A[Aa][\\x{0}-\\x{9}\\x{b}-\\x{10ffff}](?:[Bb]|[Cc])+\\z');
    expect(regexOf('(?-i)a-b').re2).toBe('a\\-b');
  });

  it('takes time that grows with the text, where others take forever', () => {
    const regex = regexOf('^(a+)+(a|aa)+$');
    const before = performance.now();
    expect(regex.test(`${'a'.repeat(20_000)}!`)).toBe(false);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  it('agrees with the regular expressions of JavaScript where both say the same', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '^', '$', '\\b', 'é', '(?:a|bc)', '(b|)');
    const times = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '*?');
    const part = fc.tuple(atom, times).map(([what, often]) => (/^[\^$]|\\b/.test(what) ? what : what + often));
    const pattern = fc
      .array(fc.oneof(part, fc.constant('|')), { minLength: 1, maxLength: 6 })
      .map((parts) => parts.join(''));
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', '1', ' ', '\n', 'é', 'A', '😀'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, text, (source, given) => {
        // JavaScript's `.` leaves out more line ends than RE2's, none of which is among the letters.
        expect(regexOf(`(?-i)${source}`).test(given)).toBe(new RegExp(source, 'u').test(given));
      }),
      { seed: 5, numRuns: 2000 },
    );
  });
});

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
