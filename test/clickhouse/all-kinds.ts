// A table with a column of every kind, and rows that hold what is hard to keep.
import fc from 'fast-check';
import { parseAddress } from '../../src/core/index.ts';
import { type Batch, BatchBuilder, columnKinds, type Table } from '../../src/output/store/index.ts';

export const allKinds: Table = {
  name: 'all_kinds',
  title: 'All kinds',
  time: 'c_time',
  keep: 'raw',
  columns: [
    { name: 'run', kind: 'u64', title: 'Run' },
    { name: 'sensor', kind: 'word', title: 'Sensor' },
    ...columnKinds.map((kind) => ({ name: `c_${kind}`, kind, title: kind })),
    ...(['time', 'u8', 'u16', 'u32', 'u64', 'real', 'flag'] as const).map((kind) => ({
      name: `n_${kind}`,
      kind,
      title: kind,
      nullable: true,
    })),
  ],
};

const largest = Number.MAX_SAFE_INTEGER;
/** Until the year 2299: DateTime64 knows no later time. */
const time = fc.nat(10_000_000_000_000_000);
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }).map((each) => each.toWellFormed()),
  fc.constantFrom("it's", '\\', '\t\n\r\0\b\f', '"', '`', '$1', '{p1:String}', 'x'.repeat(200), '\u2028'),
);

export const anyRow = fc.record({
  time,
  address: fc.oneof(fc.ipV4(), fc.constantFrom('::', '::1', 'ff02::fb', '2001:db8::1', '::1.2.3.4', '64:ff9b::1')),
  u8: fc.nat(255),
  u16: fc.nat(65_535),
  u32: fc.nat(2 ** 32 - 1),
  u64: fc.oneof(fc.nat(largest), fc.constant(largest)),
  hash: fc.tuple(fc.nat(2 ** 32 - 1), fc.nat(2 ** 32 - 1)),
  real: fc.double({ noNaN: true, noDefaultInfinity: true }),
  flag: fc.boolean(),
  text,
  word: fc.oneof(fc.constantFrom('', 'tcp', 'udp'), text),
  json: fc.json(),
  texts: fc.array(text, { maxLength: 4 }),
  reals: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 4 }),
  isMissing: fc.boolean(),
});
export type AnyRow = typeof anyRow extends fc.Arbitrary<infer T> ? T : never;

export function kindsBatch(rows: readonly AnyRow[], run = 1, sensor = 'a'): Batch {
  const b = new BatchBuilder(allKinds, 4);
  for (const row of rows) put(b, row, run, sensor);
  return b.take();
}

function put(b: BatchBuilder, row: AnyRow, run: number, sensor: string): void {
  const at = b.row;
  b.fixed('run').setU64(at, run);
  b.word('sensor').set(at, sensor);
  const address = parseAddress(row.address);
  if (address !== null) b.fixed('c_address').setAddress(at, address.ipVersion, ...address.words);
  b.fixed('c_hash').setHash(at, row.hash[0], row.hash[1]);
  b.text('c_text').set(row.text);
  b.word('c_word').set(at, row.word);
  b.text('c_json').set(row.json);
  for (const item of row.texts) b.list('c_texts').addText(item);
  for (const item of row.reals) b.list('c_reals').addReal(item);
  for (const prefix of row.isMissing ? ['c'] : ['c', 'n']) {
    b.fixed(`${prefix}_time`).setU64(at, row.time);
    b.fixed(`${prefix}_u8`).setU8(at, row.u8);
    b.fixed(`${prefix}_u16`).setU16(at, row.u16);
    b.fixed(`${prefix}_u32`).setU32(at, row.u32);
    b.fixed(`${prefix}_u64`).setU64(at, row.u64);
    b.fixed(`${prefix}_real`).setReal(at, row.real);
    b.fixed(`${prefix}_flag`).setU8(at, row.flag ? 1 : 0);
  }
  b.endRow();
}
