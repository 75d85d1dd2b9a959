// Tables and rows that stores are tested with.

import { storeTables, type Table } from '../../src/output/store/index.ts';
import type { Row } from './batch-of.ts';

/** A column of every kind, and of every kind that may be missing. */
export const kindsTable: Table = {
  name: 'contract_kinds',
  title: 'Every kind of column',
  time: 'a_time',
  keep: 'raw',
  columns: [
    { name: 'run', kind: 'u64', title: 'Run' },
    { name: 'sensor', kind: 'word', title: 'Sensor' },
    { name: 'a_time', kind: 'time', title: 'Time' },
    { name: 'an_address', kind: 'address', title: 'Address' },
    { name: 'a_u8', kind: 'u8', title: '8 bits' },
    { name: 'a_u16', kind: 'u16', title: '16 bits' },
    { name: 'a_u32', kind: 'u32', title: '32 bits' },
    { name: 'a_u64', kind: 'u64', title: '64 bits' },
    { name: 'a_hash', kind: 'hash', title: 'Hash' },
    { name: 'a_real', kind: 'real', title: 'Real' },
    { name: 'a_flag', kind: 'flag', title: 'Flag' },
    { name: 'a_text', kind: 'text', title: 'Text' },
    { name: 'a_word', kind: 'word', title: 'Word' },
    { name: 'a_json', kind: 'json', title: 'JSON' },
    { name: 'some_texts', kind: 'texts', title: 'Texts' },
    { name: 'some_reals', kind: 'reals', title: 'Reals' },
    { name: 'maybe_time', kind: 'time', title: 'Time or nothing', nullable: true },
    { name: 'maybe_u8', kind: 'u8', title: '8 bits or nothing', nullable: true },
    { name: 'maybe_u16', kind: 'u16', title: '16 bits or nothing', nullable: true },
    { name: 'maybe_u32', kind: 'u32', title: '32 bits or nothing', nullable: true },
    { name: 'maybe_u64', kind: 'u64', title: '64 bits or nothing', nullable: true },
    { name: 'maybe_real', kind: 'real', title: 'Real or nothing', nullable: true },
    { name: 'maybe_flag', kind: 'flag', title: 'Flag or nothing', nullable: true },
  ],
};

/** Tables that a store under test has. */
export const contractTables: readonly Table[] = [...storeTables([]), kindsTable];

export const address4 = (a: number, b: number, c: number, d: number): Uint8Array =>
  Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, a, b, c, d]);

export const address6 = (...groups: number[]): Uint8Array =>
  Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]));

/** Smallest, largest and odd values, with how they are read. */
export const extremes: readonly { readonly row: Row; readonly read: Readonly<Record<string, unknown>> }[] = [
  {
    row: {
      run: 1,
      sensor: '',
      a_time: 0,
      an_address: address6(0, 0, 0, 0, 0, 0, 0, 0),
      a_hash: '0000000000000000',
    },
    read: {
      run: 1,
      sensor: '',
      a_time: 0,
      an_address: '::',
      a_u8: 0,
      a_u16: 0,
      a_u32: 0,
      a_u64: 0,
      a_hash: '0000000000000000',
      a_real: 0,
      a_flag: false,
      a_text: '',
      a_word: '',
      a_json: '',
      some_texts: [],
      some_reals: [],
      maybe_time: null,
      maybe_u8: null,
      maybe_u16: null,
      maybe_u32: null,
      maybe_u64: null,
      maybe_real: null,
      maybe_flag: null,
    },
  },
  same(2, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', {
    sensor: 'Fühler-1',
    a_time: 7_258_118_399_999_999,
    an_address: address6(0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff),
    a_u8: 255,
    a_u16: 65_535,
    a_u32: 4_294_967_295,
    a_u64: Number.MAX_SAFE_INTEGER,
    a_hash: 'ffffffffffffffff',
    a_real: 1.7976931348623157e308,
    a_flag: true,
    a_text: 'twelve bytes',
    a_word: 'thirteen bytes is more than lies in a string',
    a_json: '{"a":[1,"\\u0000",null]}',
    some_texts: ['', 'ä', 'a text that is longer than twelve bytes', "it's"],
    some_reals: [0, -1.5, 5e-324],
    maybe_time: 1,
    maybe_u8: 255,
    maybe_u16: 65_535,
    maybe_u32: 4_294_967_295,
    maybe_u64: Number.MAX_SAFE_INTEGER,
    maybe_real: -5e-324,
    maybe_flag: false,
  }),
  same(3, '192.0.2.255', {
    sensor: 's',
    a_time: 1_700_000_000_123_456,
    an_address: address4(192, 0, 2, 255),
    a_u8: 1,
    a_u16: 256,
    a_u32: 65_536,
    a_u64: 4_294_967_296,
    a_hash: '0123456789abcdef',
    a_real: 0.1,
    a_flag: true,
    a_text: `'; DROP TABLE flows; -- " \\ \n \t 🦊 漢字`,
    a_word: '\u{10ffff}',
    a_json: '[]',
    some_texts: ['x'],
    some_reals: [0.1],
    maybe_time: 0,
    maybe_u8: 0,
    maybe_u16: 0,
    maybe_u32: 0,
    maybe_u64: 0,
    maybe_real: 0,
    maybe_flag: true,
  }),
  same(4, '2001:db8::1:0:0:1', {
    sensor: 's',
    a_time: 1_700_000_000_000_000,
    an_address: address6(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1),
    a_u8: 0,
    a_u16: 0,
    a_u32: 0,
    a_u64: 0,
    a_hash: '8000000000000000',
    a_real: -0.5,
    a_flag: false,
    a_text: 'long '.repeat(20_000),
    a_word: '\u0001',
    a_json: '',
    some_texts: Array.from({ length: 3000 }, (_, i) => `text number ${i}`),
    some_reals: Array.from({ length: 3000 }, (_, i) => i / 7),
    maybe_time: 1_700_000_000_000_000,
    maybe_u8: null,
    maybe_u16: 1,
    maybe_u32: null,
    maybe_u64: 1,
    maybe_real: null,
    maybe_flag: null,
  }),
];

/** A row that reads as it was written, but for the address. */
function same(run: number, address: string, row: Row): (typeof extremes)[number] {
  return { row: { run, ...row }, read: { run, ...row, an_address: address } };
}

/** Flows of two sensors and runs over three minutes, with everything that rollups look at. */
export function flowRows(count: number, run = 1): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    run,
    sensor: i % 3 === 0 ? 'north' : 'south',
    flow_id: i,
    src_ip: i % 5 === 0 ? address6(0x2001, 0xdb8, 0, 0, 0, 0, 0, i % 7) : address4(10, 0, i % 3, i % 11),
    dst_ip: address4(198, 51, 100, i % 13),
    src_port: 1024 + i,
    dst_port: i % 2 === 0 ? 443 : 53,
    proto: i % 2 === 0 ? 6 : 17,
    part: i % 4 === 3 ? 1 : 0,
    start_ts: 1_700_000_000_000_000 + 37_000 * i,
    end_ts: 1_700_000_000_000_000 + 37_001 * i,
    duration_us: i,
    direction: i % 4,
    pkts_fwd: i,
    pkts_rev: 2 * i,
    bytes_fwd: 100 * i,
    bytes_rev: 4_294_967_296 + i,
    repeated_fwd: i % 10,
    repeated_rev: i % 6,
    app: ['tls', 'dns', '', 'a protocol with a long name'][i % 4],
    host: i % 2 === 0 ? `host-${i % 17}.example.com` : '',
    rtt_us: i % 3 === 0 ? null : [0, 1, 2, 1000, 4_000_000_000][i % 5],
    alerted: i % 100 === 0,
    community: i.toString(16).padStart(16, '0'),
  }));
}
