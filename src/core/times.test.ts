// Proves that times are written as the outputs promise, for any number, and that durations are read as users type them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatEveTime, formatTime, parseDuration } from './times.ts';

test('microseconds are kept', () => {
  expect(formatTime(1695017601216460)).toBe('2023-09-18T06:13:21.216460Z');
  expect(formatEveTime(1695017601216460)).toBe('2023-09-18T06:13:21.216460+0000');
  expect(formatTime(0)).toBe('1970-01-01T00:00:00.000000Z');
  expect(formatTime(-1)).toBe('1969-12-31T23:59:59.999999Z');
});

test('every number gives a valid time', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.maxSafeInteger()), (timeUs) => {
      expect(formatTime(timeUs)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    }),
  );
  for (const timeUs of [Number.NaN, Infinity, 1e18, -1e18]) {
    expect(formatTime(timeUs)).toBe('1970-01-01T00:00:00.000000Z');
  }
});

test('whole milliseconds agree with Date', () => {
  fc.assert(
    fc.property(fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 }), (ms) => {
      expect(formatTime(ms * 1000)).toBe(new Date(ms).toISOString().replace('Z', '000Z'));
    }),
  );
});

test.each([
  ['10s', 10],
  ['10', 10],
  ['1.5m', 90],
  ['2 min', 120],
  ['2h', 7200],
  ['500ms', 0.5],
  ['250us', 0.00025],
  ['1d', 86400],
  ['0', 0],
])('the duration %s', (text, seconds) => {
  expect(parseDuration(text)).toBeCloseTo(seconds, 9);
});

test.each(['', 's', '-1s', '1 week', '1e3', '1s1s', '0x10'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeNull();
});
