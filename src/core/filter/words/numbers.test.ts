// Proves what numbers with units and times mean.
import { describe, expect, it } from 'vitest';
import { numberOf, timeOf } from './numbers.ts';

describe('numberOf', () => {
  it.each<[text: string, unit: string | undefined, value: number | undefined]>([
    ['443', undefined, 443],
    ['0x1bb', undefined, 443],
    ['-1.5', undefined, -1.5],
    ['1e3', undefined, 1000],
    ['1k', undefined, 1000],
    ['1MB', 'bytes', 1e6],
    ['1.1 kB', 'bytes', 1100],
    ['4KiB', 'bytes', 4096],
    ['10ms', 'us', 10_000],
    ['5 min', 'us', 3e8],
    ['1.5s', 'ms', 1500],
    ['2h', 'sec', 7200],
    ['3m', 'sec', 180],
    ['10', 'us', 10],
    ['10ms', 'bytes', undefined],
    ['10MB', 'us', undefined],
    ['5 constructor', 'us', undefined],
    ['abc', undefined, undefined],
    ['', undefined, undefined],
    ['1e999', undefined, undefined],
  ])('%s of %s', (text, unit, value) => expect(numberOf(text, unit)).toBe(value));
});

describe('timeOf', () => {
  const ten = Date.UTC(2026, 10, 22, 10) * 1000;

  it.each<[text: string, value: number | undefined]>([
    ['2026-11-22 10:00', ten],
    ['2026-11-22T10:00:00Z', ten],
    ['2026-11-22 12:00+02:00', ten],
    ['2026-11-22 10:00:01.25', ten + 1_250_000],
    ['2026-11-22', ten - 10 * 3.6e9],
    ['1795341600', ten],
    ['2026-02-30', undefined],
    ['2026-11-22 25:00', undefined],
    ['yesterday', undefined],
  ])('%s', (text, value) => expect(timeOf(text)).toBe(value));
});
