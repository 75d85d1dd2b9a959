// A regular expression written for RE2 (https://github.com/google/re2/wiki/Syntax), so plainly that no option changes it.

import { type CodeSet, mostCode } from './code-set.ts';
import type { Pattern } from './pattern.ts';

const assertions = { begin: '\\A', end: '\\z', 'word edge': '\\b', 'no word edge': '\\B' } as const;

/** Case, line feeds and anchors are all spelled out. */
export function writePattern(pattern: Pattern): string {
  switch (pattern.is) {
    case 'set':
      return writeSet(pattern.set);
    case 'assert':
      return assertions[pattern.what];
    case 'sequence':
      return pattern.of.map((part) => (part.is === 'choice' ? group(part) : writePattern(part))).join('');
    case 'choice':
      return pattern.of.map(writePattern).join('|');
    case 'repeat':
      return pattern.of.is === 'set' ? writeSet(pattern.of.set) + bounds(pattern) : group(pattern.of) + bounds(pattern);
  }
}

const group = (pattern: Pattern): string => `(?:${writePattern(pattern)})`;

function bounds({ least, most }: Pattern & { is: 'repeat' }): string {
  if (most === Number.POSITIVE_INFINITY) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`;
  return least === 0 && most === 1 ? '?' : least === most ? `{${least}}` : `{${least},${most}}`;
}

function writeSet(set: CodeSet): string {
  if (set.length === 1 && set[0][0] === set[0][1]) return writeCode(set[0][0]);
  if (set.length === 0) return `[^\\x{0}-\\x{${mostCode.toString(16)}}]`;
  const parts = set.map(([first, last]) =>
    first === last ? writeCode(first) : `${writeCode(first)}-${writeCode(last)}`,
  );
  return `[${parts.join('')}]`;
}

function writeCode(code: number): string {
  const letter = String.fromCodePoint(code);
  if (/[0-9A-Za-z_]/.test(letter)) return letter;
  return code > 32 && code < 127 ? `\\${letter}` : `\\x{${code.toString(16)}}`;
}
