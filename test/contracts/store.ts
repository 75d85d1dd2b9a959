// What every store keeps to, whatever engine it has. Engines run this suite with their own way to open one.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  alerts,
  flows,
  hostsByMinute,
  type Param,
  type Rollup,
  type Store,
  type Table,
} from '../../src/output/store/index.ts';
import { batchOf, type Cell, type Row } from './batch-of.ts';
import { address4, contractTables, extremes, flowRows, kindsTable } from './store-tables.ts';

export interface StoreUnderTest {
  /** Opens an empty store. */
  open(tables: readonly Table[]): Promise<Store>;
  /** A statement that takes minutes. */
  readonly slowSql: string;
  /** Takes away what `open` has left, if anything. */
  clear?(): Promise<void> | void;
}

const kindsOf = (table: Table) => Object.fromEntries(table.columns.map(({ name, kind }) => [name, kind]));

/** Rows as objects, all columns of a table, in the order of a column. */
async function rowsOf(store: Store, table: Table, order: string): Promise<Record<string, unknown>[]> {
  const names = table.columns.map(({ name }) => name);
  const sql = `SELECT ${names.join(', ')} FROM ${table.name} ORDER BY ${order}`;
  const { rows } = await store.select({ sql, params: [] }, { kinds: kindsOf(table) });
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
}

async function numbers(store: Store, sql: string, params: readonly Param[] = []): Promise<unknown[]> {
  return [...(await store.select({ sql, params })).rows[0]];
}

const codeOf = async (act: Promise<unknown>): Promise<string> =>
  act.then(
    () => 'no failure',
    (error: { code?: string }) => error.code ?? String(error),
  );

export function storeContract(name: string, under: StoreUnderTest): void {
  describe(`store contract: ${name}`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await under.open(contractTables);
    }, 60_000);
    afterAll(async () => {
      await store.close();
      await under.clear?.();
    });

    describe('rows', () => rowTests(() => store));
    describe('rollups', () => rollupTests(() => store));
    describe('questions', () => questionTests(() => store, under.slowSql));
    describe('state', () => stateTests(() => store));
  });

  describe(`store contract: the end of ${name}`, () => {
    it('closes twice, and takes and answers nothing afterwards', async () => {
      const store = await under.open(contractTables);
      await store.write([batchOf(kindsTable, [extremes[2].row])]);
      await Promise.all([store.close(), store.close()]);
      await store.close();
      expect(await codeOf(store.write([batchOf(kindsTable, [extremes[2].row])]))).toBe('STORE_FAILED');
      expect(await codeOf(store.select({ sql: 'SELECT 1', params: [] }))).toBe('STORE_FAILED');
      await under.clear?.();
    }, 60_000);
  });
}

function rowTests(store: () => Store): void {
  it('gives back every kind of value as it was given', async () => {
    await store().write([
      batchOf(
        kindsTable,
        extremes.map(({ row }) => row),
      ),
    ]);
    expect(await rowsOf(store(), kindsTable, 'run')).toEqual(extremes.map(({ read }) => read));
  });

  it('gives back whatever text, numbers and lists there are, over more rows than lie in one piece', async () => {
    const values = fc.record({
      a_text: fc.string({ unit: 'grapheme', maxLength: 40 }),
      a_word: fc.constantFrom('', 'a', 'ninety bytes '.repeat(7), 'ü'.repeat(6), 'ü'.repeat(7)),
      a_u64: fc.maxSafeNat(),
      maybe_u32: fc.option(fc.nat(0xffffffff)),
      maybe_real: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
      a_hash: fc.bigInt(0n, 2n ** 64n - 1n).map((value) => value.toString(16).padStart(16, '0')),
      some_texts: fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 3 }),
      some_reals: fc.array(fc.integer(), { maxLength: 3 }),
    });
    let run = 1000;
    const property = fc.asyncProperty(fc.array(values, { minLength: 1, maxLength: 20 }), async (pattern) => {
      run++;
      // The pattern again and again, so that pieces begin at different places of it.
      const rows: Row[] = Array.from({ length: 2500 }, (_, i) => ({
        ...(pattern[i % pattern.length] as Record<string, Cell>),
        run,
        a_time: i,
        an_address: address4(10, 0, i >> 8, i & 255),
      }));
      await store().write([batchOf(kindsTable, rows)]);
      const names = ['a_time', 'an_address', ...Object.keys(pattern[0])];
      const { rows: read } = await store().select(
        {
          sql: `SELECT ${names.join(', ')} FROM ${kindsTable.name} WHERE run = $1 ORDER BY a_time`,
          params: [{ kind: 'u64', value: run }],
        },
        { kinds: kindsOf(kindsTable) },
      );
      expect(read.length).toBe(rows.length);
      expect(read.map((row) => row.slice(2))).toEqual(rows.map((row) => names.slice(2).map((each) => row[each])));
      expect(read.map((row) => row[1])).toEqual(rows.map((_, i) => `10.0.${i >> 8}.${i & 255}`));
    });
    await fc.assert(property, { numRuns: 8 });
  }, 60_000);

  it('takes batches of many tables at once, and none of them where one cannot be taken', async () => {
    const before = await numbers(store(), 'SELECT count(*) FROM flows');
    const other: Table = { ...kindsTable, name: 'no_such_table' };
    const batches = [batchOf(flows, flowRows(10, 77)), batchOf(other, [extremes[0].row])];
    expect(await codeOf(store().write(batches))).toBe('STORE_FAILED');
    expect(await numbers(store(), 'SELECT count(*) FROM flows')).toEqual(before);
    expect(await numbers(store(), 'SELECT count(*) FROM flows_1s WHERE run = 77')).toEqual([0]);
    await store().write([batchOf(flows, []), batchOf(kindsTable, [{ ...extremes[2].row, run: 78 }])]);
    expect(await numbers(store(), `SELECT count(*) FROM ${kindsTable.name} WHERE run = 78`)).toEqual([1]);
  });

  it('keeps every row of writes that were asked for side by side', async () => {
    const rows = (run: number): Row[] => Array.from({ length: 100 }, () => ({ ...extremes[2].row, run }));
    await Promise.all(Array.from({ length: 20 }, (_, i) => store().write([batchOf(kindsTable, rows(500 + i))])));
    const sql = `SELECT count(*), count(DISTINCT run) FROM ${kindsTable.name} WHERE run >= 500 AND run < 520`;
    expect(await numbers(store(), sql)).toEqual([2000, 20]);
  });
}

/** Sums of a rollup from the rows themselves, by time, sensor and what it is grouped by. */
export function expectedSums(rollup: Rollup, rows: readonly Row[]): Map<string, number[]> {
  const sums = new Map<string, number[]>();
  const add = (row: Row, key: unknown[], values: number[]): void => {
    const bucketUs = rollup.bucketSec * 1e6;
    const ts = Math.floor(Number(row.end_ts) / bucketUs) * bucketUs;
    const name = JSON.stringify([ts, row.run, row.sensor, ...key]);
    const there = sums.get(name);
    sums.set(name, there === undefined ? values : there.map((value, i) => value + values[i]));
  };
  const n = (row: Row, column: string): number => Number(row[column]);
  for (const row of rows) {
    const isFirst = row.part === 0 ? 1 : 0;
    const pkts = n(row, 'pkts_fwd') + n(row, 'pkts_rev');
    const [fwd, rev] = [n(row, 'bytes_fwd'), n(row, 'bytes_rev')];
    const [again, againRev] = [n(row, 'repeated_fwd'), n(row, 'repeated_rev')];
    if (rollup.by === 'flow') add(row, [row.proto, row.app], [isFirst, 1, pkts, fwd, rev, again + againRev]);
    else if (rollup.by === 'rtt') {
      if (row.rtt_us === null) continue;
      const bucket = row.rtt_us === 0 ? 0 : Math.min(255, Math.floor(8 * Math.log(n(row, 'rtt_us'))));
      add(row, [hex(row.dst_ip), bucket], [1]);
    } else {
      if (n(row, 'direction') < 2) add(row, [hex(row.src_ip)], [isFirst, 0, pkts, fwd, rev, again]);
      if (n(row, 'direction') % 2 === 0 && n(row, 'direction') < 3) {
        add(row, [hex(row.dst_ip)], [0, isFirst, pkts, rev, fwd, againRev]);
      }
    }
  }
  return sums;
}

/** Addresses as text of a test: what a store says is turned into the same. */
const hex = (value: unknown): string => {
  const bytes = value as Uint8Array;
  const words = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] << 8) | bytes[2 * i + 1]).toString(16));
  return bytes[10] === 255 && bytes[0] === 0 ? bytes.subarray(12).join('.') : words.join(':');
};

const full = (text: string): string => {
  if (!text.includes('::')) return text;
  const [front, back] = text.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  return [...front, ...new Array<string>(8 - front.length - back.length).fill('0'), ...back].join(':');
};

async function storedSums(store: Store, rollup: Rollup, run: number): Promise<Map<string, number[]>> {
  const sums = rollup.columns.filter(({ name }) => isSum(name)).map(({ name }) => name);
  const keys = rollup.columns.filter(({ name }) => !isSum(name)).map(({ name }) => name);
  const values = [...keys, ...sums.map((name) => `sum(${name}) AS total_${name}`)];
  const sql = `SELECT ${values.join(', ')} FROM ${rollup.name} WHERE run = $1 GROUP BY ${keys.join(', ')}`;
  const params: Param[] = [{ kind: 'u64', value: run }];
  const { rows } = await store.select({ sql, params }, { kinds: kindsOf(rollup) });
  return new Map(
    rows.map((row) => {
      const key = row
        .slice(0, keys.length)
        .map((value, i) => (rollup.columns[i].kind === 'address' ? full(String(value)) : value));
      return [JSON.stringify(key), row.slice(keys.length).map(Number)];
    }),
  );
}

const isSum = (name: string): boolean => /^(?:flows|records|pkts|bytes|repeated|count)/.test(name);

function rollupTests(store: () => Store): void {
  const rollups = contractTables.filter((table): table is Rollup => 'bucketSec' in table);

  it('adds up flows in every rollup, over batches of any size', async () => {
    const rows = flowRows(5000, 9);
    for (const [from, to] of [
      [0, 1],
      [1, 2500],
      [2500, 5000],
    ]) {
      await store().write([batchOf(flows, rows.slice(from, to))]);
    }
    expect(rollups.length).toBeGreaterThan(3);
    for (const rollup of rollups) {
      expect(await storedSums(store(), rollup, 9), rollup.name).toEqual(expectedSums(rollup, rows));
    }
  });

  it('counts a flow between hosts of the house for both of them', async () => {
    const row = { ...flowRows(1, 10)[0], direction: 0, dst_ip: address4(10, 9, 9, 9), bytes_fwd: 5, bytes_rev: 7 };
    await store().write([batchOf(flows, [row])]);
    const sums = [...(await storedSums(store(), hostsByMinute, 10)).values()];
    expect(sums.map((each) => each.slice(-3, -1)).sort()).toEqual([
      [5, 7],
      [7, 5],
    ]);
  });
}

function questionTests(store: () => Store, slowSql: string): void {
  const params: Record<string, readonly [Param, unknown]> = {
    time: [{ kind: 'time', value: 1_700_000_000_123_456 }, 1],
    address: [{ kind: 'address', value: address4(192, 0, 2, 255) }, 1],
    u8: [{ kind: 'u8', value: 1 }, 1],
    u16: [{ kind: 'u16', value: 256 }, 1],
    u32: [{ kind: 'u32', value: 65_536 }, 1],
    u64: [{ kind: 'u64', value: 4_294_967_296 }, 1],
    hash: [{ kind: 'hash', value: '0123456789abcdef' }, 1],
    real: [{ kind: 'real', value: 0.1 }, 1],
    flag: [{ kind: 'flag', value: true }, 1],
    text: [{ kind: 'text', value: String(extremes[2].row.a_text) }, 1],
    word: [{ kind: 'word', value: '\u{10ffff}' }, 1],
    json: [{ kind: 'json', value: '[]' }, 1],
  };
  it.each(Object.entries(params))('finds a row by a value of kind %s', async (kind, [param, found]) => {
    await store().write([batchOf(kindsTable, [{ ...extremes[2].row, run: 600 }])]);
    const column = kindsTable.columns.find(
      (each) => each.kind === kind && each.name !== 'run' && each.name !== 'sensor',
    );
    const sql = `SELECT count(DISTINCT run) FROM ${kindsTable.name} WHERE ${column?.name} = $1 AND run = $2`;
    expect(await numbers(store(), sql, [param, { kind: 'u64', value: 600 }])).toEqual([found]);
  });

  it('takes values as values, whatever they say', async () => {
    const hostile = ["'; DROP TABLE flows; --", '{p1:String}', '$1', '\\', "\\'", '%', '\u0001', '?', '`', '🦊'];
    for (const value of hostile) {
      const sql = 'SELECT $1, $2, $1 = $2';
      expect(
        await numbers(store(), sql, [
          { kind: 'text', value },
          { kind: 'text', value },
        ]),
      ).toEqual(
        [value, value, ...[true]].map((each, i) =>
          i === 2 ? expect.toSatisfy((flag: unknown) => flag === true || flag === 1) : each,
        ),
      );
    }
    expect(await codeOf(store().select({ sql: 'SELECT count(*) FROM flows', params: [] }))).toBe('no failure');
  });

  it('says BAD_QUERY for what is no question', async () => {
    const ask = (sql: string) => codeOf(store().select({ sql, params: [] }));
    expect(await ask('SELEC 1')).toBe('BAD_QUERY');
    expect(await ask('SELECT nothing_like_this FROM flows')).toBe('BAD_QUERY');
    expect(await ask('SELECT * FROM nothing_like_this')).toBe('BAD_QUERY');
    const before = await numbers(store(), 'SELECT count(*) FROM flows');
    expect(await ask('DROP TABLE flows')).toBe('BAD_QUERY');
    expect(await ask('INSERT INTO names (run) VALUES (1)')).toBe('BAD_QUERY');
    expect(await ask('SELECT 1; SELECT 2')).toBe('BAD_QUERY');
    expect(await numbers(store(), 'SELECT count(*) FROM flows')).toEqual(before);
  });

  it('cuts answers at the number of rows', async () => {
    await store().write([
      batchOf(
        kindsTable,
        Array.from({ length: 30 }, (_, i) => ({ ...extremes[2].row, run: 700 + i })),
      ),
    ]);
    const sql = `SELECT run FROM ${kindsTable.name} WHERE run >= 700 AND run < 730 ORDER BY run`;
    const cut = await store().select({ sql, params: [] }, { maxRows: 29 });
    expect([cut.rows.length, cut.isCut, cut.rows[28]]).toEqual([29, true, [728]]);
    const whole = await store().select({ sql, params: [] }, { maxRows: 30 });
    expect([whole.rows.length, whole.isCut]).toEqual([30, false]);
    expect(whole.columns).toEqual([{ name: 'run', kind: 'u64' }]);
  });

  it('stops when time is up, and goes on answering', async () => {
    const began = performance.now();
    expect(await codeOf(store().select({ sql: slowSql, params: [] }, { timeoutMs: 100 }))).toBe('QUERY_STOPPED');
    expect(performance.now() - began).toBeLessThan(5000);
    expect(await numbers(store(), 'SELECT 1')).toEqual([1]);
  });

  it('stops by a signal, also by one that was given before', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const asked = codeOf(store().select({ sql: slowSql, params: [] }, { signal }));
    setTimeout(() => controller.abort(), 50);
    expect(await asked).toBe('QUERY_STOPPED');
    expect(await codeOf(store().select({ sql: slowSql, params: [] }, { signal }))).toBe('QUERY_STOPPED');
  });

  it('answers and writes while slow questions run', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const slow = [0, 1].map(() => codeOf(store().select({ sql: slowSql, params: [] }, { signal })));
    await store().write([batchOf(kindsTable, [{ ...extremes[2].row, run: 800 }])]);
    expect(await numbers(store(), `SELECT count(*) FROM ${kindsTable.name} WHERE run = 800`)).toEqual([1]);
    controller.abort();
    expect(await Promise.all(slow)).toEqual(['QUERY_STOPPED', 'QUERY_STOPPED']);
  });

  it('tells how many rows there are', async () => {
    const info = await store().info();
    const [count] = await numbers(store(), 'SELECT count(*) FROM flows');
    expect(info.rows.flows).toBe(count);
    expect(info.engine).toBe(store().dialect);
  });
}

function stateTests(store: () => Store): void {
  it('reads the newest version of things', async () => {
    const version = (alertId: string, number: number, state: string): Row => ({
      run: 900,
      alert_id: alertId,
      version: number,
      state,
      last_ts: 1_700_000_000_000_000,
    });
    await store().write([batchOf(alerts, [version('a', 1, 'open'), version('b', 1, 'open')])]);
    await store().write([batchOf(alerts, [version('a', 3, 'closed'), version('a', 2, 'open')])]);
    const sql = `SELECT alert_id, state FROM alerts WHERE run = 900
      QUALIFY row_number() OVER (PARTITION BY run, alert_id ORDER BY version DESC) = 1 ORDER BY alert_id`;
    const { rows } = await store().select({ sql, params: [] });
    expect(rows).toEqual([
      ['a', 'closed'],
      ['b', 'open'],
    ]);
  });
}
