// Proves that what is put into a batch comes out of it: every kind, extremes, missing values, growth, random rows.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../core/index.ts';
import { readBatch } from '../golden/read-batch.ts';
import { columnKinds, type Table } from '../tables/index.ts';
import { BatchBuilder } from './batch-builder.ts';

const table: Table = {
  name: 'all_kinds',
  title: 'All kinds',
  time: 'c_time',
  keep: 'raw',
  columns: columnKinds.map((kind) => ({
    name: `c_${kind}`,
    kind,
    title: kind,
    nullable: ['time', 'u16', 'u32', 'real', 'flag'].includes(kind),
  })),
};

const largest = Number.MAX_SAFE_INTEGER;

const rowOf = fc.record({
  time: fc.option(fc.nat(largest)),
  address: fc.oneof(fc.ipV4(), fc.constantFrom('::', 'ff02::fb', '2001:db8::1', '64:ff9b::1')),
  u8: fc.nat(255),
  u16: fc.option(fc.nat(65535)),
  u32: fc.option(fc.nat(2 ** 32 - 1)),
  u64: fc.oneof(fc.nat(largest), fc.constant(largest)),
  hash: fc.tuple(fc.nat(2 ** 32 - 1), fc.nat(2 ** 32 - 1)),
  real: fc.option(fc.double({ noNaN: true })),
  flag: fc.option(fc.boolean()),
  text: fc.string({ unit: 'grapheme', maxLength: 40 }),
  word: fc.constantFrom('', 'tcp', 'udp', 'ü'),
  json: fc.json(),
  texts: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }),
  reals: fc.array(fc.double({ noNaN: true }), { maxLength: 4 }),
});
type Row = typeof rowOf extends fc.Arbitrary<infer T> ? T : never;

function put(b: BatchBuilder, row: Row): void {
  const at = b.row;
  if (row.time !== null) b.fixed('c_time').setU64(at, row.time);
  const address = parseAddress(row.address);
  if (address !== null) b.fixed('c_address').setAddress(at, address.ipVersion, ...address.words);
  b.fixed('c_u8').setU8(at, row.u8);
  if (row.u16 !== null) b.fixed('c_u16').setU16(at, row.u16);
  if (row.u32 !== null) b.fixed('c_u32').setU32(at, row.u32);
  b.fixed('c_u64').setU64(at, row.u64);
  b.fixed('c_hash').setHash(at, row.hash[0], row.hash[1]);
  if (row.real !== null) b.fixed('c_real').setReal(at, row.real);
  if (row.flag !== null) b.fixed('c_flag').setU8(at, row.flag ? 1 : 0);
  if (row.text !== '') b.text('c_text').set(row.text);
  if (row.word !== '') b.word('c_word').set(at, row.word);
  b.text('c_json').set(row.json);
  for (const text of row.texts) b.list('c_texts').addText(text);
  for (const real of row.reals) b.list('c_reals').addReal(real);
  b.endRow();
}

const half = (word: number): string => word.toString(16).padStart(8, '0');
/** As UTF-8 keeps it. */
const kept = (text: string): string => text.toWellFormed();

function expected(row: Row): Record<string, unknown> {
  return {
    c_time: row.time,
    c_address: row.address,
    c_u8: row.u8,
    c_u16: row.u16,
    c_u32: row.u32,
    c_u64: row.u64,
    c_hash: half(row.hash[0]) + half(row.hash[1]),
    c_real: row.real,
    c_flag: row.flag,
    c_text: kept(row.text),
    c_word: row.word,
    c_json: kept(row.json),
    c_texts: row.texts.map(kept),
    c_reals: row.reals,
  };
}

describe('BatchBuilder', () => {
  it('keeps every value of every kind', () => {
    fc.assert(
      fc.property(fc.array(rowOf, { maxLength: 40 }), (rows) => {
        const builder = new BatchBuilder(table, 4);
        for (const row of rows) put(builder, row);
        const batch = builder.take();
        expect(batch.rows).toBe(rows.length);
        expect(readBatch(batch, table)).toEqual(rows.map(expected));
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  it('knows its columns', () => {
    const builder = new BatchBuilder(table);
    expect(() => builder.text('c_u8')).toThrow('c_u8');
    expect(() => builder.fixed('nothing')).toThrow('nothing');
  });
});
