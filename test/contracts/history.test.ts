// Proves that rows, hosts, runs and SQL give what plain TypeScript gives from the same rows, on every engine, and that
// pages neither overlap nor leave anything out.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type History, openHistory, type Scope, type Store, type Value } from '../../src/output/store/index.ts';
import { engines } from './history/engines.ts';
import { beginUs, minuteUs, num, tableNamed, tables, worldBatches } from './history/history-data.ts';
import { compare, grouped, rowsIn, sorted, turned } from './history/reference.ts';
import type { StoreRow } from './history/store-rows.ts';
import { hour, namedInDns, namesOf, openWorld, valuesOf, world } from './history/world.ts';

describe.each(engines)('history on $name', (engine) => {
  let store: Store;
  let history: History;

  beforeAll(async () => {
    ({ store, history } = await openWorld(engine));
  });
  afterAll(() => store?.close());

  describe('rows', () => {
    const order = [
      { column: 'end_ts', descending: true },
      { column: 'run' },
      { column: 'flow_id' },
      { column: 'part' },
    ];

    it('are the newest flows of what was captured live, whole', async () => {
      const result = await history.rows({ table: 'flows' });
      expect(namesOf(result)).toEqual(tableNamed('flows').columns.map(({ name }) => name));
      expect(result.columns.map(({ kind }) => kind)).toEqual(tableNamed('flows').columns.map(({ kind }) => kind));
      const expected = sorted(rowsIn(world, 'flows', {}), order).slice(0, 100);
      expect(result.rows).toEqual(valuesOf(expected, namesOf(result)));
      expect(result.isCut).toBe(true);
    });

    it.each<Scope>([
      { runs: 'files' },
      { runs: 'all', ...hour },
      { runs: [11, 21], sensors: ['north'] },
      { runs: [], ...hour },
      { sensors: ['south', 'nowhere'], toUs: hour.toUs as number },
      { sensors: [] },
    ])('are those of the scope %j', async (scope) => {
      const columns = ['run', 'sensor', 'flow_id', 'end_ts'];
      const result = await history.rows({ table: 'flows', ...scope, columns, limit: 5000 });
      expect(result.rows).toEqual(valuesOf(sorted(rowsIn(world, 'flows', scope), order), columns));
      expect(result.isCut).toBe(false);
      expect(await history.count({ table: 'flows', ...scope })).toBe(result.rows.length);
    });

    it.each<[string, string, (row: StoreRow) => boolean]>([
      ['flows', 'app == "tls" && bytes_fwd > 1000', ({ app, bytes_fwd }) => app === 'tls' && Number(bytes_fwd) > 1000],
      ['flows', 'ip == 10.0.0.3', ({ src_ip, dst_ip }) => src_ip === '10.0.0.3' || dst_ip === '10.0.0.3'],
      ['flows', 'not rtt > 1000', ({ rtt_us }) => !(Number(rtt_us) > 1000)],
      ['flows', 'dns.qry.name contains "example.net"', (row) => namedInDns(row, 'example.net')],
      ['alerts', 'alert.state == closed', ({ state }) => state === 'closed'],
      ['dns', 'dns.query == example.com', ({ query }) => query === 'example.com'],
    ])('of %s are those that %s leaves', async (table, filter, keep) => {
      const expected = rowsIn(world, table, hour, keep);
      expect(await history.count({ table, ...hour, filter })).toBe(expected.length);
      const { rows } = await history.rows({ table, ...hour, filter, columns: ['run'], limit: 5000 });
      expect(rows).toHaveLength(expected.length);
      expect(expected.length).toBeGreaterThan(0);
    });

    it('are sorted by both ways together', async () => {
      const { rows } = await history.rows({
        table: 'flows',
        sort: [{ column: 'bytes', descending: true }],
        columns: ['bytes_fwd', 'bytes_rev'],
        limit: 9,
      });
      const expected = rowsIn(world, 'flows', {}).map((row) => num(row, 'bytes_fwd') + num(row, 'bytes_rev'));
      expect(rows.map(([fwd, rev]) => Number(fwd) + Number(rev))).toEqual(expected.sort((a, b) => b - a).slice(0, 9));
    });

    it('are sorted by addresses, by text, by what may be missing', async () => {
      const sort = [
        { column: 'src_ip', descending: false, isAddress: true },
        { column: 'vlan', descending: true },
        { column: 'host', descending: false },
      ];
      const columns = ['src_ip', 'vlan', 'host', 'run', 'flow_id'];
      const { rows } = await history.rows({ table: 'flows', sort, columns, limit: 5000 });
      const expected = sorted(rowsIn(world, 'flows', {}), [...sort, { column: 'run' }, { column: 'flow_id' }]);
      expect(rows).toEqual(valuesOf(expected, columns));
    });

    it('of things that change are the newest versions', async () => {
      const alerts = await history.rows({ table: 'alerts', runs: 'all' });
      const expected = sorted(rowsIn(world, 'alerts', { runs: 'all' }), [
        { column: 'last_ts', descending: true },
        { column: 'run' },
        { column: 'alert_id' },
      ]);
      expect(alerts.rows).toEqual(valuesOf(expected, namesOf(alerts)));
      expect(await history.count({ table: 'alerts', runs: 'all' })).toBe(30);
      // An older version that lies in the range does not stand for the newest, which does not.
      const early = await history.count({ table: 'alerts', runs: 'all', toUs: beginUs + 55 * minuteUs });
      expect(early).toBe(rowsIn(world, 'alerts', { runs: 'all', toUs: beginUs + 55 * minuteUs }).length);
    });

    it.each(['flows_1s', 'flows_1m', 'names'])('of partial sums (%s) are the sums', async (table) => {
      const result = await history.rows({ table, runs: 'all', limit: 10_000 });
      const expected = rowsIn(world, table, { runs: 'all' });
      const text = (rows: readonly (readonly Value[])[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
      expect(text(result.rows)).toEqual(text(valuesOf(expected, namesOf(result))));
    });

    it('come in pages that neither overlap nor leave anything out, also where rows are alike', async () => {
      const request = { table: 'dns', runs: 'all', columns: ['run', 'flow_id', 'ts', 'query'] } as const;
      const all = await history.rows({ ...request, limit: 10_000 });
      expect(all.rows).toHaveLength(world.dns.length);
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 40, max: 700 }),
          fc.constantFrom('query', 'ts', 'proto'),
          async (limit, column) => {
            const sort = [{ column, descending: limit % 2 === 0 }];
            const whole = await history.rows({ ...request, sort, limit: 10_000 });
            const pages: (readonly Value[])[] = [];
            for (let offset = 0; offset < all.rows.length; offset += limit)
              pages.push(...(await history.rows({ ...request, sort, limit, offset })).rows);
            expect(pages).toEqual(whole.rows);
          },
        ),
        { numRuns: 6 },
      );
    });

    it('of nothing that is there are refused with what was meant', async () => {
      const failing = (request: Parameters<History['rows']>[0]): Promise<unknown> => history.rows(request);
      await expect(failing({ table: 'flow' })).rejects.toMatchObject({
        code: 'BAD_QUERY',
        hint: "Did you mean 'flows'?",
      });
      await expect(failing({ table: 'flows', columns: ['src_pi'] })).rejects.toMatchObject({
        code: 'BAD_QUERY',
        hint: "Did you mean 'src_ip'?",
      });
      await expect(
        failing({ table: 'flows', sort: [{ column: '"; DROP TABLE flows', descending: true }] }),
      ).rejects.toMatchObject({ code: 'BAD_QUERY' });
      for (const bad of [{ limit: 0 }, { limit: 100_001 }, { offset: -1 }, { fromUs: Number.NaN }, { runs: [1.5] }])
        await expect(failing({ table: 'flows', ...bad })).rejects.toMatchObject({ code: 'BAD_QUERY' });
    });
  });

  describe('hosts', () => {
    const hostsIn = (scope: Scope): StoreRow[] => {
      const sides = rowsIn(world, 'flows', scope).flatMap(
        (flow) =>
          [
            { ...flow, ip: flow.src_ip, mac: flow.src_mac, isOut: true, local: num(flow, 'direction') < 2 },
            {
              ...turned(flow),
              ip: flow.dst_ip,
              mac: flow.dst_mac,
              isOut: false,
              local: num(flow, 'direction') % 2 === 0,
            },
          ] as (StoreRow & { isOut: boolean })[],
      );
      const { fromUs: _from, toUs: _to, ...origin } = scope;
      const told = grouped(rowsIn(world, 'names', origin), ({ ip }) => [ip]);
      const alerts = rowsIn(world, 'alerts', scope);
      return [...grouped(sides, ({ ip }) => [ip]).values()].map((rows) => {
        const { ip } = rows[0];
        const sum = (of: (row: StoreRow) => number): number => rows.reduce((all, row) => all + of(row), 0);
        const different = (name: string): Value[] =>
          [...new Set(rows.map((row) => row[name]))].filter((value) => value !== '').sort((a, b) => compare(a, b));
        const counts = [...grouped(told.get(JSON.stringify([ip])) ?? [], ({ name }) => [name]).values()].map(
          (same) => ({
            name: same[0].name,
            count: same.reduce((all, row) => all + num(row, 'count'), 0),
          }),
        );
        const is = (name: string, isOut: boolean) => (row: StoreRow) => (row.isOut === isOut ? num(row, name) : 0);
        return {
          ip,
          names: sorted(counts, [{ column: 'count', descending: true }, { column: 'name' }]).map(({ name }) => name),
          local: rows.some(({ local }) => local === true),
          macs: different('mac'),
          first_ts: Math.min(...rows.map((row) => num(row, 'start_ts'))),
          last_ts: Math.max(...rows.map((row) => num(row, 'end_ts'))),
          flows_out: rows.filter(({ isOut, part }) => isOut === true && part === 0).length,
          flows_in: rows.filter(({ isOut, part }) => isOut === false && part === 0).length,
          pkts_tx: sum(is('pkts_fwd', true)) + sum(is('pkts_rev', false)),
          pkts_rx: sum(is('pkts_rev', true)) + sum(is('pkts_fwd', false)),
          bytes_tx: sum((row) => num(row, 'bytes_fwd')),
          bytes_rx: sum((row) => num(row, 'bytes_rev')),
          repeated: sum(is('repeated_fwd', true)) + sum(is('repeated_rev', false)),
          apps: different('app'),
          alerts: alerts.filter(({ sources, targets }) => [sources, targets].flat().includes(ip)).length,
        };
      });
    };

    it.each<Scope>([{}, { runs: 'all', ...hour }, { runs: 'files' }])(
      'know what flows, names and alerts say (%j)',
      async (scope) => {
        const expected = sorted(hostsIn(scope), [
          { column: 'bytes_tx', descending: true },
          { column: 'ip', isAddress: true },
        ]);
        const sort = [{ column: 'bytes_tx', descending: true }];
        const result = await history.rows({ table: 'hosts', ...scope, sort });
        expect(result.rows).toEqual(valuesOf(expected, namesOf(result)));
        const atOnce = await history.rows({ table: 'hosts', ...scope, sort, limit: 5000 });
        expect(atOnce.rows).toEqual(result.rows);
        expect(await history.count({ table: 'hosts', ...scope })).toBe(expected.length);
        const page = await history.rows({
          table: 'hosts',
          ...scope,
          sort,
          limit: 5,
          offset: 3,
          columns: ['names', 'ip'],
        });
        expect(page.rows).toEqual(valuesOf(expected.slice(3, 8), ['names', 'ip']));
      },
    );

    it('are filtered by what is known of them', async () => {
      const keep = ({ apps, bytes_tx }: StoreRow): boolean =>
        [apps].flat().includes('ssh') && Number(bytes_tx) > 1_000_000;
      const expected = hostsIn(hour).filter(keep);
      const request = { table: 'hosts', ...hour, filter: 'app == ssh && bytes_tx > 1000000' };
      expect(await history.count(request)).toBe(expected.length);
      const { rows } = await history.rows({ ...request, columns: ['ip'] });
      expect(rows.map(([ip]) => ip).sort()).toEqual(expected.map(({ ip }) => ip).sort());
      expect(expected.length).toBeGreaterThan(0);
    });

    it('are sorted by what is costly, too', async () => {
      const sort = [{ column: 'alerts', descending: true }];
      const expected = sorted(hostsIn({}), [...sort, { column: 'ip', isAddress: true }]);
      const result = await history.rows({ table: 'hosts', sort, limit: 7 });
      expect(result.rows).toEqual(valuesOf(expected.slice(0, 7), namesOf(result)));
    });
  });

  it('knows runs and sensors', async () => {
    const runs = await history.runs();
    expect(runs.map(({ run, kind, state, packets }) => [run, kind, state, packets])).toEqual([
      [22, 'file', 'done', 7],
      [21, 'file', 'done', 7],
      [12, 'live', 'open', 0],
      [11, 'live', 'open', 0],
    ]);
    expect(runs[3]).toMatchObject({ sensor: 'north', source: 'eth0', firstUs: null, beganUs: beginUs + 11_000_000 });
    const sensors = await history.sensors();
    expect(sensors.map(({ sensor, packets, ts }) => [sensor, packets, ts])).toEqual([
      ['north', 3000, beginUs + 3 * minuteUs],
      ['south', 3000, beginUs + 3 * minuteUs],
    ]);
  });

  it('answers SQL with addresses as text, and changes nothing', async () => {
    const { rows } = await history.sql(
      'SELECT src_ip, count(*) AS n FROM flows GROUP BY src_ip ORDER BY n DESC, src_ip LIMIT 1',
    );
    const counts = [...grouped(world.flows, ({ src_ip }) => [src_ip]).values()];
    const most = Math.max(...counts.map((group) => group.length));
    expect(counts.filter((group) => group.length === most).map(([row]) => row.src_ip)).toContain(rows[0][0]);
    expect(rows[0][1]).toBe(most);
    await expect(history.sql('DELETE FROM flows')).rejects.toMatchObject({ code: 'BAD_QUERY' });
    await expect(history.sql('SELECT nothing FROM nowhere')).rejects.toMatchObject({ code: 'BAD_QUERY' });
  });
});

describe('history of files only', () => {
  it('is about files where nothing was captured live', async () => {
    for (const { open } of engines) {
      const store = await open();
      const files = { ...world, runs: world.runs.filter(({ kind }) => kind === 'file') };
      await store.write(worldBatches({ ...files, flows: world.flows.filter(({ run }) => num({ run }, 'run') > 20) }));
      expect(await openHistory(store, tables).count({ table: 'flows' })).toBe(
        rowsIn(world, 'flows', { runs: 'files' }).length,
      );
      await store.close();
    }
  });
});
