// Proves that blocks have the bytes that ClickHouse's Native format says, for every kind of column.

import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { BatchBuilder } from '../../batches/index.ts';
import type { ColumnKind, Table } from '../../tables/index.ts';
import { NativeEncoder } from './native.ts';

function tableOf(kind: ColumnKind, nullable: boolean): Table {
  return { name: 't', title: '', time: 'c', keep: 'raw', columns: [{ name: 'c', kind, title: '', nullable }] };
}

type Fill = (builder: BatchBuilder, row: number) => void;

function encoded(kind: ColumnKind, rows: readonly Fill[], nullable = false): string {
  const table = tableOf(kind, nullable);
  const builder = new BatchBuilder(table);
  for (const [row, fill] of rows.entries()) {
    fill(builder, row);
    builder.endRow();
  }
  return new NativeEncoder(table).encode(builder.take()).toString('hex');
}

const nothing: Fill = () => {};
const hex = (text: string): string => Buffer.from(text).toString('hex');
/** One column, so many rows, its name and type. */
const head = (rows: number, type: string): string =>
  `01${rows.toString(16).padStart(2, '0')}01${hex('c')}${type.length.toString(16).padStart(2, '0')}${hex(type)}`;

describe('NativeEncoder', () => {
  it.each<[ColumnKind, string, Fill, string]>([
    ['time', "DateTime64(6, 'UTC')", (b, r) => b.fixed('c').setU64(r, 1_700_000_000_000_001), '01401e18240a0600'],
    ['u8', 'UInt8', (b, r) => b.fixed('c').setU8(r, 254), 'fe'],
    ['u16', 'UInt16', (b, r) => b.fixed('c').setU16(r, 443), 'bb01'],
    ['u32', 'UInt32', (b, r) => b.fixed('c').setU32(r, 0x01020304), '04030201'],
    ['u64', 'UInt64', (b, r) => b.fixed('c').setU64(r, Number.MAX_SAFE_INTEGER), 'ffffffffffff1f00'],
    ['hash', 'UInt64', (b, r) => b.fixed('c').setHash(r, 0x01020304, 0x05060708), '0807060504030201'],
    ['real', 'Float64', (b, r) => b.fixed('c').setReal(r, 1.5), '000000000000f83f'],
    ['flag', 'Bool', (b, r) => b.fixed('c').setU8(r, 1), '01'],
    ['text', 'String', (b) => b.text('c').set('ü1'), '03c3bc31'],
    ['json', 'String', (b) => b.text('c').set('{}'), '027b7d'],
    ['address', 'IPv6', (b, r) => b.fixed('c').setAddress(r, 4, 0x0a000001, 0, 0, 0), `${'00'.repeat(10)}ffff0a000001`],
  ])('writes a %s as %s', (kind, type, fill, bytes) => {
    expect(encoded(kind, [fill])).toBe(head(1, type) + bytes);
  });

  it('writes which values are missing before the values', () => {
    const rows: Fill[] = [nothing, (b, r) => b.fixed('c').setU16(r, 1)];
    expect(encoded('u16', rows, true)).toBe(`${head(2, 'Nullable(UInt16)')}010000000100`);
    const all: Fill[] = [(b, r) => b.fixed('c').setU16(r, 1)];
    expect(encoded('u16', all, true)).toBe(`${head(1, 'Nullable(UInt16)')}000100`);
  });

  it('writes words once, and which each row has', () => {
    const rows: Fill[] = ['tcp', '', 'udp', 'tcp'].map((word) => (b, r) => b.word('c').set(r, word));
    const version = '0100000000000000';
    const keys = `00060000000000000300000000000000${'00'}03${hex('tcp')}03${hex('udp')}`;
    const indexes = '0400000000000000' + '01000201';
    expect(encoded('word', rows)).toBe(head(4, 'LowCardinality(String)') + version + keys + indexes);
  });

  it('takes as many bytes for a row as there are words', () => {
    const size = (count: number): number => {
      const rows = Array.from(
        { length: count },
        (_, i): Fill =>
          (b, r) =>
            b.word('c').set(r, `w${i}`),
      );
      const keys = rows.reduce((sum, _, i) => sum + 1 + `w${i}`.length, 1);
      return encoded('word', rows).length / 2 - keys;
    };
    // Names, types, three numbers and the number of rows; one byte a row up to 256 words, the empty one among them.
    expect(size(255) - 255).toBe(size(200) - 200);
    expect(size(300) - 600).toBe(size(400) - 800);
  });

  it('writes where lists end, then what is in them', () => {
    const rows: Fill[] = [
      (b) => ['a', 'bc'].forEach((text) => void b.list('c').addText(text)),
      nothing,
      (b) => b.list('c').addText('d'),
    ];
    const ends = ['02', '02', '03'].map((end) => end + '00'.repeat(7)).join('');
    expect(encoded('texts', rows)).toBe(`${head(3, 'Array(String)')}${ends}01610262630164`);
    const reals: Fill[] = [(b) => b.list('c').addReal(1.5)];
    expect(encoded('reals', reals)).toBe(`${head(1, 'Array(Float64)')}01${'00'.repeat(7)}000000000000f83f`);
  });

  it('writes the length of long texts in as many bytes as it needs', () => {
    for (const length of [47, 48, 127, 128, 16_383, 16_384]) {
      const bytes = encoded('text', [(b) => b.text('c').set('x'.repeat(length))]).slice(head(1, 'String').length);
      const lengthBytes = length < 128 ? 1 : length < 16_384 ? 2 : 3;
      expect(bytes.length / 2).toBe(length + lengthBytes);
      expect(bytes.endsWith('78'.repeat(length))).toBe(true);
    }
  });

  it('adds columns that the table does not declare', () => {
    const table = tableOf('u8', false);
    const builder = new BatchBuilder(table);
    builder.fixed('c').setU8(0, 7);
    builder.endRow();
    const values = new Uint8Array([1, 2, 3, 4]);
    const block = new NativeEncoder(table).encode(builder.take(), [{ name: 'k', type: 'UInt32', values }]);
    expect(block.toString('hex')).toBe(`020101${hex('c')}05${hex('UInt8')}0701${hex('k')}06${hex('UInt32')}01020304`);
  });
});
