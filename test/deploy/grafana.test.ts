// Proves that every question of the Grafana dashboard is answered by a real server that holds rows, and that panels and
// variables fit together.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventKinds } from '../../src/app/pipeline/hand-over/flow-names.ts';
import { type ClickhouseStore, openClickhouse } from '../../src/output/store/clickhouse/index.ts';
import { storeTables, type Table } from '../../src/output/store/index.ts';
import { flowBatch } from '../clickhouse/made-rows.ts';
import { type Cluster, missing, password, startClickhouse, user } from '../clickhouse/servers.ts';
import { clickhouseFolder } from '../clickhouse/tested-store.ts';
import { batchOf, type Row } from '../contracts/batch-of.ts';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource: { readonly uid: string };
  readonly targets: readonly { readonly rawSql: string }[];
  readonly fieldConfig: { readonly overrides: readonly { readonly matcher: { readonly options: string } }[] };
}
const dashboard: { panels: Panel[]; templating: { list: { name: string; query: string }[] } } = JSON.parse(
  readFileSync('deploy/grafana/taplight.json', 'utf8'),
);
const provisioned = readFileSync('deploy/grafana/provisioning/datasources/clickhouse.yaml', 'utf8');
const sec = Date.UTC(2026, 0, 15, 12) / 1000;

/** As the data source and Grafana put them in. */
const filled = (sql: string): string =>
  sql
    .replace(/\$__timeFilter\((\w+)\)/g, `$1 >= toDateTime(${sec - 3600}) AND $1 <= toDateTime(${sec + 3600})`)
    .replace(/\$\{sensor:singlequote\}/g, "'a','b'");

const rows: Readonly<Record<string, Row>> = {
  alerts: {
    run: 1,
    sensor: 'a',
    alert_id: 'x',
    version: 1,
    title: 'Scan',
    severity: 'high',
    last_ts: sec * 1e6,
    first_ts: 0,
  },
  dns: { run: 1, sensor: 'a', ts: sec * 1e6, rcode_name: 'NXDOMAIN', query: 'a.example' },
  sensors: { run: 1, sensor: 'a', ts: sec * 1e6, program: '1', packets_per_sec: 5 },
};

describe('the Grafana dashboard', () => {
  it('asks the data source that is provisioned, in panels that do not overlap', () => {
    expect(provisioned).toContain('uid: taplight');
    expect(provisioned).toContain('type: grafana-clickhouse-datasource');
    const taken = new Set<string>();
    for (const { datasource, gridPos, title } of dashboard.panels) {
      expect(datasource).toEqual({ type: 'grafana-clickhouse-datasource', uid: 'taplight' });
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x} ${y}`), title).toBe(false);
          taken.add(`${x} ${y}`);
        }
      }
    }
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  describe.skipIf(missing !== null)('on a server', () => {
    const folder = clickhouseFolder();
    let cluster: Cluster;
    let store: ClickhouseStore;
    beforeAll(async () => {
      cluster = await startClickhouse(folder);
      const tables: readonly Table[] = storeTables(eventKinds);
      store = await openClickhouse({
        url: cluster.url('taplight'),
        tables,
        sensor: 'a',
        spoolFolder: join(folder, 'a'),
      });
      const withHost = tables.filter(({ name }) => name in rows).map((table) => batchOf(table, [rows[table.name]]));
      const flows = tables[0];
      const waited = batchOf(flows, [
        { run: 1, sensor: 'a', end_ts: sec * 1e6, verdict: 'server', verdict_percent: 60 },
      ]);
      // The same servers again and again, as those of a few connections are not told.
      for (let run = 1; run <= 12; run++) await store.write([flowBatch(500, { run })]);
      await store.write([waited, ...withHost]);
      if (!(await store.flush(30_000))) throw new Error('the server has not taken it');
    });
    afterAll(async () => {
      await store?.close();
      await cluster?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const ask = async (sql: string): Promise<{ meta: { name: string; type: string }[]; data: unknown[] }> => {
      const settings = { database: 'taplight', user, password, readonly: '1', default_format: 'JSON' };
      return JSON.parse(await cluster.nodes[0].ask(filled(sql), settings));
    };

    it.each(dashboard.panels.map((panel) => [panel.title, panel] as const))('answers: %s', async (_, panel) => {
      const { meta, data } = await ask(panel.targets[0].rawSql);
      expect(data.length).toBeGreaterThan(0);
      const names = meta.map(({ name }) => name);
      if (panel.type === 'timeseries')
        expect([names[0], meta[0].type]).toEqual(['time', expect.stringMatching(/^DateTime/)]);
      for (const { matcher } of panel.fieldConfig.overrides) expect(names).toContain(matcher.options);
    });

    it('fills its variables', async () => {
      for (const { query } of dashboard.templating.list) expect((await ask(query)).data.length).toBeGreaterThan(0);
    });
  });
});
