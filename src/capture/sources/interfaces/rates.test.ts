// Proves that rates are differences per second, and that counters which go back never give a negative or endless rate.
import { expect, test } from 'vitest';
import { ratesBetween } from './rates.ts';

const start = { timeMs: 1000, rxBytes: 500, txBytes: 100, rxPackets: 10, txPackets: 5 };

test('differences are divided by the seconds between the samples', () => {
  const later = { timeMs: 1500, rxBytes: 1500, txBytes: 100, rxPackets: 20, txPackets: 6 };
  expect(ratesBetween(start, later)).toEqual({
    rxBytesPerSec: 2000,
    txBytesPerSec: 0,
    rxPacketsPerSec: 20,
    txPacketsPerSec: 2,
  });
});

test('a counter that went back, or two samples of one moment, give 0', () => {
  const reset = { timeMs: 2000, rxBytes: 3, txBytes: 300, rxPackets: 0, txPackets: 0 };
  expect(ratesBetween(start, reset)).toMatchObject({ rxBytesPerSec: 0, txBytesPerSec: 200, rxPacketsPerSec: 0 });
  expect(ratesBetween(start, { ...start, rxBytes: 900 }).rxBytesPerSec).toBe(0);
});
