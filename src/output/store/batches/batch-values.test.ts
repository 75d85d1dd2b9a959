// Proves that values of every kind come out of a batch as they went in, also when batches are joined.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../store.ts';
import type { Column, Table } from '../tables/column.ts';
import type { Batch } from './batch.ts';
import { batchOfRows, valueReader } from './batch-values.ts';
import { joinBatches } from './joined-batch.ts';

const column = (name: string, kind: Column['kind'], nullable = false): Column => ({
  name,
  kind,
  title: name,
  nullable,
});
const table: Table = {
  name: 'things',
  title: 'Things',
  time: 'ts',
  keep: 'raw',
  columns: [
    column('ts', 'time'),
    column('ip', 'address'),
    column('small', 'u8', true),
    column('port', 'u16'),
    column('count', 'u32', true),
    column('large', 'u64'),
    column('hash', 'hash'),
    column('real', 'real', true),
    column('flag', 'flag', true),
    column('text', 'text'),
    column('word', 'word'),
    column('json', 'json'),
    column('texts', 'texts'),
    column('reals', 'reals'),
  ],
};

const real = fc.double({ noNaN: true });
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const values: readonly fc.Arbitrary<Value>[] = [
  fc.integer({ min: 0, max: 2 ** 52 }),
  fc.constantFrom('10.0.0.1', '::', '::1', '2001:db8::7', 'fe80::1:2', '255.255.255.255'),
  fc.option(fc.integer({ min: 0, max: 255 })),
  fc.integer({ min: 0, max: 65_535 }),
  fc.option(fc.integer({ min: 0, max: 2 ** 32 - 1 })),
  fc.maxSafeNat(),
  fc.stringMatching(/^[0-9a-f]{16}$/),
  fc.option(real),
  fc.option(fc.boolean()),
  text,
  text,
  fc.json(),
  fc.array(text, { maxLength: 4 }),
  fc.array(real, { maxLength: 4 }),
];
const row = fc.tuple(...values);

function rowsOf(batch: Batch): Value[][] {
  const readers = batch.columns.map((data, i) => valueReader(table.columns[i].kind, data));
  return Array.from({ length: batch.rows }, (_, at) => readers.map((read) => read(at)));
}

describe('values of a batch', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 9 }), (rows) => {
        expect(rowsOf(batchOfRows(table, rows))).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });

  it('are the same in the joined batch', () => {
    fc.assert(
      fc.property(fc.array(fc.array(row, { maxLength: 5 }), { minLength: 1, maxLength: 4 }), (lists) => {
        const [first, ...more] = lists.map((rows) => batchOfRows(table, rows));
        expect(rowsOf(joinBatches([first, ...more]))).toEqual(lists.flat());
      }),
      { numRuns: 60 },
    );
  });
});
