// Proves that columns line up and lines stay within their width, also with wide and combining characters.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellWidth, cut, pad, table, wrap } from './columns.ts';
import { bar, sparkline } from './looks/glyphs.ts';

test('cells of text', () => {
  expect(cellWidth('abc')).toBe(3);
  expect(cellWidth('東京')).toBe(4);
  expect(cellWidth('e\u0301')).toBe(1);
  expect(cellWidth('🙂')).toBe(2);
  expect(cellWidth('\u001b[1;91mred\u001b[0m')).toBe(3);
});

test('padding and cutting', () => {
  expect(pad('ab', 4)).toBe('ab  ');
  expect(pad('ab', 4, 'right')).toBe('  ab');
  expect(pad('東', 4)).toBe('東  ');
  expect(cut('abcdef', 4, true)).toBe('abc…');
  expect(cut('abcdef', 4, false)).toBe('abc~');
  expect(cut('東京都', 4, true)).toBe('東…');
  expect(cut('abcd', 4, true)).toBe('abcd');
});

test('wrapping keeps the words and the width, and numbers with their units', () => {
  expect(wrap('took 23 ms median', 8)).toEqual(['took', '23 ms', 'median']);
  expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  expect(wrap('', 10)).toEqual(['']);
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 12 })), fc.integer({ min: 4, max: 40 }), (words, cells) => {
      const text = words.join(' ');
      const lines = wrap(text, cells);
      for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(cells);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }),
  );
});

test('a table drops its least needed columns first', () => {
  const columns = [{ title: 'name' }, { title: 'size', align: 'right' as const, rank: 1 }, { title: 'note', rank: 2 }];
  const rows = [
    ['a', '1', 'something'],
    ['bcd', '1000', 'else'],
  ];
  const style = { width: 80, colour: false, unicode: true };
  expect(table(columns, rows, style)).toEqual(['  name  size  note', '  a        1  something', '  bcd   1000  else']);
  expect(table(columns, rows, { ...style, width: 16 })).toEqual(['  name  size', '  a        1', '  bcd   1000']);
  expect(table(columns, rows, { ...style, width: 5 })).toEqual(['  name', '  a', '  bcd']);
});

test('bars grow with their share, and something is never nothing', () => {
  expect(bar(0, 10, true)).toBe('');
  expect(bar(1e-9, 10, true)).toBe('▏');
  expect(bar(0.5, 10, true)).toBe('█████');
  expect(bar(1, 10, true)).toBe('██████████');
  expect(bar(7, 10, true)).toBe('██████████');
  expect(bar(1e-9, 10, false)).toBe('#');
  expect(bar(0.5, 10, false)).toBe('#####');
  expect(bar(Number.NaN, 10, true)).toBe('');
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 80 }), (share, cells) => {
      expect(cellWidth(bar(share, cells, true))).toBeLessThanOrEqual(cells);
      expect(cellWidth(bar(share, cells, false))).toBeLessThanOrEqual(cells);
    }),
  );
});

test('sparklines', () => {
  expect(sparkline([0, 1, 4, 8], true)).toBe(' ▁▄█');
  expect(sparkline([0, 1, 4, 8], false)).toBe(' .=@');
  expect(sparkline([0, 0], true)).toBe('  ');
  expect(sparkline([], true)).toBe('');
});
