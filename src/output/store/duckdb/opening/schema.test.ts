// Proves that files of older versions survive, that newer and foreign ones are refused, and that what a store does not
// need is shut.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf } from '../../../../../test/contracts/batch-of.ts';
import { extremes, kindsTable } from '../../../../../test/contracts/store-tables.ts';
import type { Table } from '../../index.ts';
import { openDuckdb } from '../index.ts';
import { loadBindings } from './bindings.ts';
import { fileName } from './open-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taplight-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function change(sql: string): Promise<void> {
  const duckdb = await loadBindings();
  const database = await duckdb.open(join(folder, fileName), duckdb.create_config());
  const connection = await duckdb.connect(database);
  await duckdb.query(connection, sql);
  duckdb.disconnect_sync(connection);
  duckdb.close_sync(database);
}

const without = (...names: string[]): Table => ({
  ...kindsTable,
  columns: kindsTable.columns.filter(({ name }) => !names.includes(name)),
});

const { row } = extremes[2];

describe('schema', () => {
  it('adds columns to an older file; its rows have nothing there', async () => {
    const old = await openDuckdb({
      folder,
      tables: [without('a_u8', 'a_text', 'some_texts', 'an_address', 'maybe_u8', 'a_flag')],
    });
    await old.write([batchOf(without('a_u8', 'a_text', 'some_texts', 'an_address', 'maybe_u8', 'a_flag'), [row])]);
    await old.close();
    const store = await openDuckdb({ folder, tables: [kindsTable] });
    await store.write([batchOf(kindsTable, [{ ...row, run: 4, maybe_u8: 7 }])]);
    const sql = `SELECT run, a_u8, a_text, some_texts, an_address, maybe_u8, a_flag, a_u16 FROM ${kindsTable.name} ORDER BY run`;
    expect((await store.select({ sql, params: [] })).rows).toEqual([
      [3, 0, '', [], '::', null, false, 256],
      [4, 1, row.a_text, ['x'], '192.0.2.255', 7, true, 256],
    ]);
    await store.close();
  });

  it('fills columns that only other versions know', async () => {
    await (await openDuckdb({ folder, tables: [kindsTable] })).close();
    const fewer = without('a_text', 'some_reals', 'a_time', 'a_u8');
    const store = await openDuckdb({ folder, tables: [{ ...fewer, time: 'maybe_time' }] });
    await store.write([batchOf(fewer, [row])]);
    const sql = `SELECT a_text, some_reals, a_time, a_u8, a_u16 FROM ${kindsTable.name}`;
    expect((await store.select({ sql, params: [] })).rows).toEqual([['', [], null, null, 256]]);
    await store.close();
  });

  it('refuses a newer file, saying what to do', async () => {
    await (await openDuckdb({ folder, tables: [kindsTable] })).close();
    await change("UPDATE meta SET value = '999' WHERE key = 'schema'");
    await expect(openDuckdb({ folder, tables: [kindsTable] })).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('newer version'),
      hint: expect.stringContaining('Update taplight'),
    });
  });

  it('refuses files that are no stores', async () => {
    await change('CREATE TABLE theirs(a INTEGER)');
    await expect(openDuckdb({ folder, tables: [kindsTable] })).rejects.toMatchObject({ code: 'STORE_FAILED' });
    writeFileSync(join(folder, fileName), 'not a database at all, but long enough to be read as one'.repeat(500));
    await expect(openDuckdb({ folder, tables: [kindsTable] })).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });

  it('refuses a file whose column is of another type', async () => {
    await (await openDuckdb({ folder, tables: [kindsTable] })).close();
    await change(`ALTER TABLE ${kindsTable.name} ALTER a_u8 TYPE VARCHAR`);
    await expect(openDuckdb({ folder, tables: [kindsTable] })).rejects.toMatchObject({
      message: expect.stringContaining('a_u8'),
    });
  });

  it('reads without writing, and only what is there', async () => {
    await expect(openDuckdb({ folder, tables: [kindsTable], readOnly: true })).rejects.toMatchObject({
      code: 'NO_SUCH_STORE',
    });
    const store = await openDuckdb({ folder, tables: [kindsTable] });
    await store.write([batchOf(kindsTable, [row])]);
    await store.close();
    const reader = await openDuckdb({ folder, tables: [kindsTable], readOnly: true });
    expect((await reader.info()).rows).toEqual({ [kindsTable.name]: 1 });
    await expect(reader.write([batchOf(kindsTable, [row])])).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await reader.close();
  });
});

describe('what SQL may not do', () => {
  it.each([
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/etc/*')",
    "COPY (SELECT 1) TO '/tmp/taplight-should-not-be.csv'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '/tmp/taplight-should-not-be.csv'",
    "ATTACH ':memory:' AS other",
    'INSTALL inet',
    'LOAD httpfs',
    'SET threads = 1',
    'SET enable_external_access = true',
    'PRAGMA memory_limit = 1',
    'CREATE TEMP TABLE t AS SELECT 1',
    'CHECKPOINT',
    'SELECT * FROM force_checkpoint()',
    'BEGIN TRANSACTION',
    'PREPARE p AS SELECT 1',
    'VACUUM',
    "EXPORT DATABASE '/tmp/taplight-should-not-be'",
    '',
    '-- nothing',
  ])('%s', async (sql) => {
    const store = await openDuckdb({ folder: ':memory:', tables: [kindsTable] });
    await expect(store.select({ sql, params: [] })).rejects.toMatchObject({ code: 'BAD_QUERY' });
    await store.close();
  });

  it('tells plans and tables', async () => {
    const store = await openDuckdb({ folder: ':memory:', tables: [kindsTable] });
    const ask = async (sql: string) => (await store.select({ sql, params: [] })).rows.length;
    expect(await ask(`EXPLAIN SELECT * FROM ${kindsTable.name}`)).toBeGreaterThan(0);
    expect(await ask('SHOW TABLES')).toBe(2);
    expect(await ask(`DESCRIBE ${kindsTable.name}`)).toBe(kindsTable.columns.length);
    expect(await ask(`FROM ${kindsTable.name}`)).toBe(0);
    await store.close();
  });
});
