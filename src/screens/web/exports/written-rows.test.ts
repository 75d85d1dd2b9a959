// Proves that exported rows can be read back, and that a spreadsheet runs none of them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvCell, csvText, jsonText } from './written-rows.ts';

test('a cell never begins like a formula, unless it is a number', () => {
  fc.assert(
    fc.property(fc.constantFrom('=', '+', '-', '@', '\t', '\r'), fc.string(), (first, rest) => {
      expect(csvCell(first + rest).replace(/^"/, '')[0]).toBe("'");
    }),
  );
  expect(csvCell(-5)).toBe('-5');
  expect(csvCell(['=1', 'b'])).toBe("'=1 b");
});

test('quotes what would break a line', () => {
  const columns = [
    { name: 'ts', kind: 'time' },
    { name: 'host', kind: 'text' },
    { name: 'n', kind: 'u32' },
  ];
  const rows = [[1_700_000_000_123_456, 'a,"b"\nc', null]];
  expect(csvText({ columns, rows })).toBe('ts,host,n\r\n2023-11-14T22:13:20.123456Z,"a,""b""\nc",\r\n');
  expect(JSON.parse(jsonText({ columns, rows }))).toEqual([
    { ts: '2023-11-14T22:13:20.123456Z', host: 'a,"b"\nc', n: null },
  ]);
  expect(JSON.parse(jsonText({ columns, rows: [] }))).toEqual([]);
});
