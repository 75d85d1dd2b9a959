// Proves that values are written as Zeek's ASCII writer does: unset, empty, escapes, times; and that no value can break a
// line or a column.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secondsText, type ZeekValue, zeekJson, zeekText } from './zeek-text.ts';

const column = (type: string) => ({ name: 'c', type });
const texts: [type: string, value: ZeekValue, text: string][] = [
  ['string', undefined, '-'],
  ['string', '', '(empty)'],
  ['string', '-', '\\x2d'],
  ['string', 'a\tb\nc', 'a\\x09b\\x0ac'],
  ['string', '\\\\host\\share', '\\\\\\\\host\\\\share'],
  ['string', 'bytes \\xff stay', 'bytes \\xff stay'],
  ['string', 'no byte \\xg', 'no byte \\\\xg'],
  ['string', 'größer ☕', 'größer ☕'],
  ['bool', true, 'T'],
  ['bool', false, 'F'],
  ['count', 0, '0'],
  ['count', 5_000_000_000, '5000000000'],
  ['interval', 1_500_000, '1.500000'],
  ['interval', -250, '-0.000250'],
  ['time', 1_333_458_850_364_667, '1333458850.364667'],
  ['set[string]', [], '(empty)'],
  ['set[string]', ['a', 'b,c'], 'a,b\\x2cc'],
  ['vector[interval]', [300e6, 0], '300.000000,0.000000'],
  ['vector[count]', [1, 2], '1,2'],
];

describe('text', () => {
  it.each(texts)('%s %j is %s', (type, value, text) => {
    expect(zeekText(value, column(type))).toBe(text);
  });

  it('never holds a tab or a line feed, and comes back by undoing the escapes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const text = zeekText(value, column('string'));
        expect(text).not.toMatch(/[\t\n\r]/);
        if (value === '' || value.includes('\\x')) return;
        const plain = text.replace(/\\(?:x([0-9a-f]{2})|\\)/g, (_, hex) =>
          hex === undefined ? '\\' : String.fromCharCode(Number.parseInt(hex, 16)),
        );
        expect(plain).toBe(value);
      }),
    );
  });
});

const jsons: [type: string, value: ZeekValue, json: string | null][] = [
  ['string', undefined, null],
  ['string', 'a "b"\n', '"a \\"b\\"\\n"'],
  ['bool', false, 'false'],
  ['count', 7, '7'],
  ['time', 1_333_458_850_364_667, '1333458850.364667'],
  ['interval', 20, '0.00002'],
  ['set[string]', [], '[]'],
  ['vector[interval]', [1e6], '[1]'],
];

it.each(jsons)('%s %j is %s in JSON', (type, value, json) => {
  expect(zeekJson(value, column(type))).toBe(json);
});

it('keeps whole microseconds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 52 }), (us) => {
      expect(Number(secondsText(us).replace('.', ''))).toBe(us);
    }),
  );
});
