// Proves that numbers are shown with three significant digits and the right unit, never as more or less than they are.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  counted,
  formatBitRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatPacketRate,
  formatPackets,
  formatPercent,
} from './quantities.ts';

test.each([
  [0, '0 B'],
  [1, '1 B'],
  [999, '999 B'],
  [999.4, '999 B'],
  [1000, '1.00 kB'],
  [1234, '1.23 kB'],
  [9_995, '10.0 kB'],
  [38_200_000, '38.2 MB'],
  [999_499_999, '999 MB'],
  [999_500_000, '1.00 GB'],
  [5e18, '5.00 EB'],
  [-1500, '-1.50 kB'],
  [0.5, '0.50 B'],
  [Number.NaN, '–'],
])('%d bytes', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('rates and counts', () => {
  expect(formatBitRate(38_200_000)).toBe('38.2 Mb/s');
  expect(formatPacketRate(12_500)).toBe('12.5 kpkt/s');
  expect(formatCount(1234567)).toBe('1,234,567');
  expect(formatCount(999)).toBe('999');
  expect(formatPackets(1)).toBe('1 packet');
  expect(formatPackets(1000)).toBe('1,000 packets');
  expect(counted(2, 'reply', 'replies')).toBe('2 replies');
});

test('three digits, whatever the size', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 1e20, noNaN: true }), (bytes) => {
      const text = formatBytes(bytes);
      expect(text).toMatch(/^(\d\.\d\d|\d\d\.\d|\d{1,3}) [kMGTPE]?B$/);
      const factor = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 }[text.split(' ')[1].slice(0, -1)] ?? 0;
      expect(Math.abs(Number.parseFloat(text) * factor - bytes) / bytes).toBeLessThan(0.0051);
    }),
  );
});

test.each([
  [0, 10, '0 %'],
  [1, 3, '33.3 %'],
  [1, 100_000, '<0.1 %'],
  [99_999, 100_000, '>99.9 %'],
  [10, 10, '100.0 %'],
  [1, 0, '–'],
])('%d of %d', (part, whole, text) => {
  expect(formatPercent(part, whole)).toBe(text);
});

test.each([
  [0, '0 s'],
  [0.0000004, '1 µs'],
  [0.00064, '640 µs'],
  [0.0012, '1.2 ms'],
  [0.0234, '23 ms'],
  [0.9996, '1.0 s'],
  [1.23, '1.2 s'],
  [59.96, '00:01:00'],
  [761, '00:12:41'],
  [86_400 * 3 + 15_161, '3d 04:12:41'],
  [-1, '–'],
])('%d seconds', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
