// Proves that columns are stacked, thinned and found by time without losing or inventing anything.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnAt, fillColumns, mean, type Reused, rates, shares, thinned } from './columns.ts';
import { sparkPoints } from './spark.tsx';
import { chartSentence, chartTable, timeTicks } from './time-words.ts';

const axis = { startSec: 100, stepSec: 2 };

test('stacks from the last line up, and keeps gaps where lines stand alone', () => {
  const into: Reused[] = [];
  const lines = [
    [1, null, 3],
    [10, 20, null],
  ];
  expect(fillColumns(into, axis, lines, 3, true)).toEqual([
    [100, 102, 104],
    [11, 20, 3],
    [10, 20, 0],
  ]);
  const first = into[1];
  expect(fillColumns(into, axis, lines, 2, false)).toEqual([
    [100, 102],
    [1, null],
    [10, 20],
  ]);
  expect(into[1]).toBe(first);
});

test('the highest of a stack is the sum of all', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat())), (rows) => {
      const lines = [0, 1, 2].map((at) => rows.map((row) => row[at]));
      const [, top] = fillColumns([], axis, lines, rows.length, true);
      expect(top).toEqual(rows.map(([a, b, c]) => a + b + c));
    }),
  );
});

test('rates, shares, means', () => {
  expect(rates([100, 0], 2, 8)).toEqual([400, 0]);
  expect(shares([1, 0], [4, 0])).toEqual([0.25, null]);
  expect(thinned([1, 3, null, null, 8], 3)).toEqual([2, null, 8]);
  expect(mean([null, 2, 4])).toBe(3);
  expect(mean([null])).toBeNull();
});

test('a time finds its column', () => {
  expect(columnAt(axis, 3, 103.9e6)).toBe(1);
  expect(columnAt(axis, 3, 99e6)).toBeNull();
  expect(columnAt(axis, 3, 106e6)).toBeNull();
});

test('says in words and in a table what is drawn', () => {
  const lines = [{ title: 'in', paint: { dark: '', light: '', ansi: 0, ansiLight: 0 }, values: [0, 8e6] }];
  const props = { lines, series: axis, unit: 'bits', marks: [] } as never;
  expect(chartSentence(props, 2)).toContain('in: 4.00 Mb/s on average, 8.00 Mb/s at most');
  expect(chartTable(props, 2).rows.map((row) => row[1])).toEqual(['8.00 Mb/s', '0 b/s']);
  expect(chartSentence(props, 0)).toBe('No traffic yet.');
});

test('ticks tell no more than is needed, and the day where it changes', () => {
  const midnight = new Date(2026, 10, 22).getTime() / 1000;
  expect(timeTicks([midnight - 3600, midnight], 3600)).toEqual(['23:00', '11-22\n00:00']);
  expect(timeTicks([midnight, midnight + 5], 5)).toEqual(['00:00:00', '00:00:05']);
  expect(timeTicks([midnight], 86_400)).toEqual(['11-22']);
});

test('a spark begins on the left and ends on the right', () => {
  expect(sparkPoints([0, 5, 10], 3)).toBe('0.0,23.0 60.0,12.5 120.0,2.0');
});
