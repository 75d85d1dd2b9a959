// Proves that words mean the stretch of time that people mean, and that columns fall where their time is.
import { expect, test } from 'vitest';
import { firstRange, laidSeries, periodBefore, rangeOfWords, stepFor } from './ranges.ts';

const now = new Date(2026, 10, 22, 10, 30).getTime() * 1000;
const at = (...parts: [number, number, number, number?, number?]): number =>
  new Date(...(parts as [number, number, number])).getTime() * 1000;

test.each([
  ['last 3 hours', { fromUs: now - 3 * 3600e6, toUs: now }],
  ['15 min', { fromUs: now - 900e6, toUs: now }],
  ['hour', { fromUs: now - 3600e6, toUs: now }],
  ['the last day', { fromUs: now - 86_400e6, toUs: now }],
  ['yesterday', { fromUs: at(2026, 10, 21), toUs: at(2026, 10, 22) }],
  ['today', { fromUs: at(2026, 10, 22), toUs: now }],
  ['2026-11-20 to 2026-11-21', { fromUs: at(2026, 10, 20), toUs: at(2026, 10, 21) }],
  ['nonsense', null],
  ['11:00 to 10:00', null],
  ['0 hours', null],
])('%s', (words, range) => {
  expect(rangeOfWords(words, now)).toEqual(range);
});

test('times of day are of the day they follow', () => {
  const range = rangeOfWords('2026-11-20 10:00 to 11:30', now);
  expect((range!.toUs - range!.fromUs) / 60e6).toBe(90);
  expect(rangeOfWords('09:00 to now', now)).toEqual({ fromUs: now - 90 * 60e6, toUs: now });
});

test('columns lie where their time is, and what is missing is empty', () => {
  const range = { fromUs: 100e6, toUs: 130e6 };
  const rows = [
    [100e6, 'tls', 5],
    [120e6, 'tls', 7],
    [110e6, 'dns', 1],
    [999e6, 'dns', 1],
  ];
  expect(laidSeries(rows, range, 10, true, 0)).toEqual({
    startSec: 100,
    stepSec: 10,
    lines: [
      { name: 'tls', values: [5, 0, 7] },
      { name: 'dns', values: [0, 1, 0] },
    ],
  });
  expect(laidSeries([[110e6, 4]], range, 10, false, null).lines[0].values).toEqual([null, 4, null]);
});

test('steps and the period before', () => {
  expect(stepFor({ fromUs: 0, toUs: 86_400e6 }, 300)).toBe(300);
  expect(periodBefore({ fromUs: 50, toUs: 80 })).toEqual({ fromUs: 20, toUs: 50 });
});

test('what has ended is shown from its first packet; what goes on in the shortest preset that holds it', () => {
  const [firstUs, lastUs] = [1000e6, 1300e6];
  expect(firstRange({ state: 'done', firstUs, lastUs }, null, now)).toEqual({ fromUs: 1000e6, toUs: 1300e6 + 1 });
  const going = firstRange({ state: 'running', firstUs, lastUs: 1000e6 + 1200e6 }, null, now);
  expect((going.toUs - going.fromUs) / 1e6).toBe(3600);
  expect(firstRange({ state: 'running', firstUs: null, lastUs: null }, null, now).toUs).toBe(now + 1);
  // An hour of a store whose rows begin in its fourth column.
  const whole = { startSec: 0, stepSec: 60, packets: [0, 0, 0, 4, 0, 2] };
  expect(firstRange({ state: 'done', firstUs: 0, lastUs: 360e6 }, whole, now).fromUs).toBe(180e6);
});
