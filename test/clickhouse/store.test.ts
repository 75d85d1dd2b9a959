// Proves what a store on a real ClickHouse server does: every value comes back, questions are bounded and really stopped,
// nothing a user writes reaches the server but as a parameter, and what goes wrong has a code.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClickhouseStore, openClickhouse } from '../../src/output/store/clickhouse/index.ts';
import { readBatch } from '../../src/output/store/golden/read-batch.ts';
import { type ColumnKind, flows, type Param, rollups, runs, type Statement } from '../../src/output/store/index.ts';
import { allKinds, anyRow, kindsBatch } from './all-kinds.ts';
import { flowBatch, runBatch } from './made-rows.ts';
import { type Cluster, missing, startClickhouse, user } from './servers.ts';
import { clickhouseFolder } from './tested-store.ts';

const tables = [allKinds, flows, runs, ...rollups];
const kinds = Object.fromEntries(allKinds.columns.map(({ name, kind }) => [name, kind]));
const sql = (text: string, ...params: Param[]): Statement => ({ sql: text, params });

describe.skipIf(missing !== null)('a store on ClickHouse', () => {
  const folder = clickhouseFolder();
  let cluster: Cluster;
  let store: ClickhouseStore;
  const told: (string | null)[] = [];

  beforeAll(async () => {
    cluster = await startClickhouse(folder);
    store = await openClickhouse({
      url: cluster.url('net', '?every=3600'),
      tables,
      sensor: 'a',
      spoolFolder: join(folder, 'spool'),
      trouble: (what) => told.push(what),
    });
  });
  afterAll(async () => {
    await store?.close();
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const rowsOf = async (text: string, ...params: Param[]) => (await store.select(sql(text, ...params))).rows;

  it('gives every value of every kind back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { minLength: 1, maxLength: 400 }), fc.nat(), async (rows, run) => {
        const batch = kindsBatch(rows, run);
        await store.write([batch]);
        expect(await store.flush(20_000)).toBe(true);
        const result = await store.select(sql('SELECT * FROM all_kinds WHERE run = $1', { kind: 'u64', value: run }), {
          kinds,
        });
        const names = allKinds.columns.map(({ name }) => name);
        expect(result.columns).toEqual(allKinds.columns.map(({ name, kind }) => ({ name, kind })));
        const expected = readBatch(batch, allKinds).map((row) => JSON.stringify(names.map((name) => row[name])));
        expect(result.rows.map((row) => JSON.stringify(row)).sort()).toEqual(expected.sort());
        await cluster.nodes[0].ask('TRUNCATE TABLE net.all_kinds');
      }),
      { numRuns: 12, seed: 5 },
    );
  });

  it('binds every value as it is', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }).map((each) => each.toWellFormed()),
      fc.constantFrom("'; DROP TABLE flows; --", '\\N', '\\', '\t', '{p1:String}', '$1', "\\'", '\0', '\n'),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { maxLength: 3 }), async (value, list) => {
        const found = await store.select(
          // What looks like a parameter in quotes or comments is none.
          sql('SELECT $1, $2, \'$1\' /* $1 */ AS "$2" -- $1', { kind: 'text', value }, { kind: 'texts', value: list }),
        );
        expect(found.rows).toEqual([[value, list, '$1']]);
      }),
      { numRuns: 60, seed: 5 },
    );
    const bound: [ColumnKind, Param['value'], string, unknown][] = [
      ['time', 1_700_000_000_123_456, 'toUnixTimestamp64Micro($1)', 1_700_000_000_123_456],
      ['time', 1_000_000, '$1', 1_000_000],
      ['time', -1, 'toUnixTimestamp64Micro($1)', -1],
      ['address', Uint8Array.from([...Array(10).fill(0), 255, 255, 10, 0, 0, 1]), '$1', '10.0.0.1'],
      ['address', Uint8Array.from([0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 1]), '$1', '2001:db8::1'],
      ['hash', 'ffffffffffffffff', 'hex($1)', 'FFFFFFFFFFFFFFFF'],
      ['u16', 70_000, '$1 > 65535', 1],
      ['u16', -1, '$1 < toUInt16(0)', 1],
      ['u32', 0.5, '$1 < 1', 1],
      ['u64', Number.MAX_SAFE_INTEGER, '$1', Number.MAX_SAFE_INTEGER],
      ['real', 1e-300, '$1', 1e-300],
      ['flag', true, '$1', true],
      ['reals', [1, 2.5], '$1', [1, 2.5]],
    ];
    for (const [kind, value, text, expected] of bound)
      expect([kind, await rowsOf(`SELECT ${text}`, { kind, value })]).toEqual([kind, [[expected]]]);
  });

  it('reads what only the engine has', async () => {
    const { columns, rows } = await store.select(
      sql(
        "SELECT toUInt64(18446744073709551615) AS a, toInt64(-5) AS b, 1.5 AS c, toDate('2026-01-02') AS d, NULL AS e, " +
          "(1, 'x') AS f, map('k', 1) AS g, [1, 2] AS h, toDecimal64(1.25, 2) AS i, now() > 0 AS j, 1 / 0 AS k, " +
          "toIPv4('1.2.3.4') AS l, [toIPv6('::1')] AS m, toDateTime64('1969-12-31 23:59:58.5', 6, 'UTC') AS n",
      ),
    );
    const day = Date.UTC(2026, 0, 2) * 1000;
    const list = ['18446744073709551615', -5, 1.5, day, null, '[1,"x"]', '{"k":1}', [1, 2], 1.25, 1, null];
    expect(rows).toEqual([[...list, '1.2.3.4', ['::1'], -1_500_000]]);
    expect(columns.map(({ kind }) => kind).slice(0, 5)).toEqual(['u64', 'u64', 'real', 'time', 'text']);
  });

  it('tells that rows were cut, in any statement', async () => {
    const numbers = 'SELECT number FROM numbers(10) ORDER BY number';
    expect(await store.select(sql(numbers), { maxRows: 3 })).toMatchObject({ rows: [[0], [1], [2]], isCut: true });
    expect(await store.select(sql(`${numbers} LIMIT 3`), { maxRows: 3 })).toMatchObject({ isCut: false });
    const inner = await store.select(sql(`SELECT count() FROM (${numbers})`), { maxRows: 3 });
    expect(inner.rows).toEqual([[10]]);
    expect((await store.select(sql('SELECT 1 WHERE 0'))).rows).toEqual([]);
    expect((await store.select(sql('SHOW TABLES'))).rows).toContainEqual(['flows']);
  });

  it('says what is wrong with a statement in the words of the server', async () => {
    const asked = store.select(sql('SELECT nothing FROM flows'));
    await expect(asked).rejects.toMatchObject({ code: 'BAD_QUERY', message: expect.stringContaining('nothing') });
    await expect(store.select(sql('SELECT 1 FORMAT CSV'))).rejects.toMatchObject({ code: 'BAD_QUERY' });
    await expect(store.select(sql("SELECT throwIf(number = 5, 'late') FROM numbers(10)"))).rejects.toMatchObject({
      code: 'BAD_QUERY',
      message: expect.stringContaining('late'),
    });
  });

  it.each([
    'DROP TABLE flows',
    'INSERT INTO flows (run) VALUES (1)',
    'ALTER TABLE flows DELETE WHERE 1',
    'SET max_memory_usage = 0',
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    'SELECT 1 SETTINGS readonly = 0',
    'SELECT 1; DROP TABLE flows',
    "SELECT 1 INTO OUTFILE 'x'",
  ])('changes nothing by %s', async (text) => {
    await expect(store.select(sql(text))).rejects.toMatchObject({ code: 'BAD_QUERY' });
    expect((await store.select(sql('SHOW TABLES'))).rows).toContainEqual(['flows']);
  });

  const slow = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1';
  const running = async (): Promise<string> =>
    cluster.nodes[0].ask(`SELECT count() FROM system.processes WHERE user = '${user}' AND query LIKE '%sipHash64%'`);

  it('stops a question in the server, too', async () => {
    const abort = new AbortController();
    const asked = store.select(sql(slow), { signal: abort.signal });
    asked.catch(() => {});
    await expect.poll(running).toBe('1');
    abort.abort();
    await expect(asked).rejects.toMatchObject({ code: 'QUERY_STOPPED' });
    await expect.poll(running, { timeout: 5000 }).toBe('0');
  });

  it('stops a question that takes too long, or too much memory', async () => {
    const began = performance.now();
    const late = store.select(sql(slow), { timeoutMs: 300 });
    await expect(late).rejects.toMatchObject({ code: 'QUERY_STOPPED' });
    expect(performance.now() - began).toBeLessThan(5000);
    const large = store.select(sql('SELECT groupArray(number) FROM numbers(50000000)'), { maxBytes: 20_000_000 });
    await expect(large).rejects.toMatchObject({ code: 'QUERY_STOPPED', message: expect.stringContaining('memory') });
  });

  it('writes Parquet that is whole, or none', async () => {
    await store.write([flowBatch(100, { run: 7 })]);
    await store.flush(20_000);
    const path = join(folder, 'flows.parquet');
    await store.exportParquet(sql('SELECT * FROM flows WHERE run = $1', { kind: 'u64', value: 7 }), path);
    const bytes = readFileSync(path);
    expect(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', bytes.length - 4)).toBe('PAR1PAR1');
    const count = `SELECT count() FROM file('${path}', 'Parquet')`;
    await expect(cluster.nodes[0].ask(count).catch((error) => String(error))).resolves.toMatch(/^100$|not inside/);
    const bad = join(folder, 'bad.parquet');
    const late = "SELECT throwIf(number = 3000000, 'late') FROM numbers(4000000)";
    await expect(store.exportParquet(sql(late), bad)).rejects.toMatchObject({
      message: expect.stringContaining('late'),
    });
    expect([existsSync(bad), existsSync(`${bad}.part`)]).toEqual([false, false]);
    const nowhere = store.exportParquet(sql('SELECT 1'), join(folder, 'no', 'such', 'folder'));
    await expect(nowhere).rejects.toMatchObject({ code: 'WRITE_FAILED' });
  });

  it('deletes days that are over, and the rows of runs', async () => {
    await cluster.nodes[0].ask('TRUNCATE TABLE net.flows');
    const dayUs = 86_400e6;
    const nowUs = Date.now() * 1000;
    await store.write([runBatch(21, 'file'), flowBatch(50, { run: 20, fromUs: nowUs - 40 * dayUs })]);
    await store.write([
      flowBatch(60, { run: 21, fromUs: nowUs - 400 * dayUs }),
      flowBatch(70, { run: 22, fromUs: nowUs }),
    ]);
    expect(await store.flush(20_000)).toBe(true);
    // Rows of files count from their import; a clock that is ahead deletes nothing.
    const policy = { rawDays: 30, rollupDays: 365, maxBytes: 0 };
    expect(await store.retain(policy, nowUs + 1000 * dayUs)).toBe(50);
    expect(await rowsOf('SELECT run, count() FROM flows GROUP BY run ORDER BY run')).toEqual([
      [21, 60],
      [22, 70],
    ]);
    const ddl = await cluster.nodes[0].ask('SHOW CREATE TABLE net.flows');
    expect(ddl).toContain('TTL kept_from + toIntervalDay(30)');
    expect(await cluster.nodes[0].ask('SHOW CREATE TABLE net.rtt_1m_local')).toContain('toIntervalDay(365)');
    // The sums of the file are kept as long as the file.
    const kept = await cluster.nodes[0].ask(
      'SELECT min(kept_from) > now() - 100 FROM net.flows_1m_local WHERE run = 21',
    );
    expect(kept).toBe('1');
    await store.retain({ ...policy, rawDays: 0 }, nowUs);
    expect(await cluster.nodes[0].ask('SHOW CREATE TABLE net.flows')).not.toContain('TTL');
    expect(await store.forget([21])).toBeGreaterThan(60);
    expect(await rowsOf('SELECT DISTINCT run FROM flows')).toEqual([[22]]);
    expect(await rowsOf('SELECT count() FROM flows_1m WHERE run = 21')).toEqual([[0]]);
  });

  it('knows what it holds, and tells no password', async () => {
    const info = await store.info();
    expect(info).toMatchObject({ engine: 'clickhouse', schema: 1, waitingRows: 0, spoolBytes: 0, droppedRows: 0 });
    expect(info.rows.flows).toBe(70);
    expect(info.bytes).toBeGreaterThan(1000);
    expect(info.place).toMatch(/^clickhouse:\/\/sensor@127\.0\.0\.1:\d+\/net\?every=3600$/);
  });

  it('refuses a wrong password, and a second process of the same sensor', async () => {
    const url = cluster.url('net').replace('p%40ss', 'wrong');
    const opening = openClickhouse({ url, tables, sensor: 'b', spoolFolder: null });
    await expect(opening).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.not.stringContaining('wrong'),
    });
    const second = { url: cluster.url('net'), tables, sensor: 'a', spoolFolder: join(folder, 'spool') };
    await expect(openClickhouse(second)).rejects.toMatchObject({ code: 'STORE_LOCKED' });
  });

  it('reads without a spool, and writes nothing then', async () => {
    const reader = await openClickhouse({ url: cluster.url('net'), tables, sensor: 'b', spoolFolder: null });
    expect((await reader.select(sql('SELECT count() FROM flows'))).rows).toEqual([[70]]);
    await expect(reader.write([flowBatch(1)])).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await reader.close();
  });

  it('sets aside what the server will never take, and goes on', async () => {
    const before = told.length;
    const good = flowBatch(5, { run: 31 });
    const wrong = { ...allKinds, columns: allKinds.columns.map((each) => ({ ...each })) };
    const at = wrong.columns.findIndex(({ name }) => name === 'c_u16');
    wrong.columns[at] = { ...wrong.columns[at], kind: 'texts' };
    mkdirSync(join(folder, 'odd'), { recursive: true });
    const odd = await openClickhouse({
      url: cluster.url('net', '?every=1'),
      tables: [wrong, flows, ...rollups],
      sensor: 'odd',
      spoolFolder: join(folder, 'odd'),
      trouble: (what) => told.push(what),
    });
    const list = {
      shape: 'list',
      ends: Uint32Array.of(1),
      items: { shape: 'text', bytes: Uint8Array.of(65), ends: Uint32Array.of(1) },
    } as const;
    const columns = [...kindsBatch(fc.sample(anyRow, { numRuns: 1, seed: 1 })).columns];
    columns[at] = list;
    await odd.write([{ table: 'all_kinds', rows: 1, columns }, good]);
    await odd.flush(20_000);
    expect((await odd.info()).droppedRows).toBe(1);
    expect(await rowsOf('SELECT count() FROM flows WHERE run = 31')).toEqual([[5]]);
    await odd.write([flowBatch(6, { run: 32 })]);
    expect(await odd.flush(20_000)).toBe(true);
    expect(told.slice(before).join(' ')).toContain('1 rows are refused');
    await odd.close();
  });
});
