// Proves that a table finds what it holds, keeps its bound under forged keys, keeps what is worth keeping, and forgets what
// was idle.

import { describe, expect, it } from 'vitest';
import { KeyTable } from './key-table.ts';

describe('a key table', () => {
  it('finds keys of six words again, and tells keys apart that share a hash bucket', () => {
    const table = new KeyTable({ capacity: 4096, keyWords: 6, words: 1 });
    const keys = Array.from({ length: 2000 }, (_, i) => [i, -i, i * 7, 5, i ^ 3, 9] as const);
    for (const [i, key] of keys.entries()) {
      const row = table.claim(1, ...key);
      if (row >= 0) table.words[table.at(row)] = i;
    }
    const wrong = keys.filter((key, i) => {
      const row = table.find(...key);
      return row >= 0 && (table.words[table.at(row)] !== i || table.key(row, 2) !== key[2]);
    });
    expect(wrong).toEqual([]);
    expect(table.used).toBeGreaterThan(1950);
    expect(table.find(1, 2, 3, 4, 5, 6)).toBe(-1);
  });

  it('does not let forged keys displace one that was asked for more than once', () => {
    const table = new KeyTable({ capacity: 64, keyWords: 1, words: 1 });
    const real = table.claim(1, 7);
    table.setWorth(real, 1);
    table.words[table.at(real)] = 42;
    let rows = 0;
    for (let i = 0; i < 100_000; i++) if (table.claim(2, 1000 + i) >= 0) rows++;
    expect(table.find(7)).toBe(real);
    expect(table.words[table.at(real)]).toBe(42);
    expect(table.used).toBeLessThanOrEqual(64);
    expect(table.refusals).toBeGreaterThan(90_000);
    expect(rows).toBeLessThan(10_000);
  });

  it('gives a row to who asks again, and tells its owner', () => {
    const evicted: number[] = [];
    const table = new KeyTable({
      capacity: 8,
      keyWords: 1,
      words: 1,
      evicted: (row) => evicted.push(table.key(row, 0)),
    });
    for (let i = 1; i <= 8; i++) expect(table.claim(i, i)).toBeGreaterThanOrEqual(0);
    expect(table.claim(9, 99)).toBe(-1);
    const row = table.claim(9, 99);
    expect(row).toBeGreaterThanOrEqual(0);
    // The one that was silent for longest.
    expect(evicted).toEqual([1]);
    expect(table.words[table.at(row)]).toBe(0);
  });

  it('gives rows that were idle to anyone', () => {
    const table = new KeyTable({ capacity: 8, keyWords: 1, idleSec: 60 });
    for (let i = 1; i <= 8; i++) table.setWorth(table.claim(0, i), 100);
    expect(table.claim(60, 99)).toBe(-1);
    expect(table.claim(61, 99)).toBeGreaterThanOrEqual(0);
    const row = table.find(99);
    expect(table.lastSec(row)).toBe(61);
    table.free(row);
    expect([table.find(99), table.isUsed(row), table.used]).toEqual([-1, false, 7]);
  });
});
