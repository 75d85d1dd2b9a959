// Proves that sums, series and comparisons give what plain TypeScript gives from the same rows, on every engine, and that
// rollups answer as the flows do.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type History,
  type Measure,
  measures,
  type Scope,
  type Store,
  type Value,
} from '../../src/output/store/index.ts';
import { engines } from './history/engines.ts';
import { beginUs, minuteUs, num } from './history/history-data.ts';
import { compare, grouped, measured, rowsIn, sorted, turned } from './history/reference.ts';
import type { StoreRow } from './history/store-rows.ts';
import { hour, namesOf, openWorld, rounded, world } from './history/world.ts';

describe.each(engines)('history on $name', (engine) => {
  let store: Store;
  let history: History;

  beforeAll(async () => {
    ({ store, history } = await openWorld(engine));
  });
  afterAll(() => store?.close());

  describe('top', () => {
    const expectedTop = (by: readonly string[], of: readonly Measure[], scope: Scope, limit: number): Value[][] => {
      const isSided = by.includes('ip');
      const flows = rowsIn(world, 'flows', scope);
      const rows = isSided ? [...flows, ...flows.map(turned)] : flows;
      const pair = ({ src_ip, dst_ip }: StoreRow): Value[] =>
        compare(src_ip, dst_ip, true) <= 0 ? [src_ip, dst_ip] : [dst_ip, src_ip];
      const keyOf = (row: StoreRow): Value[] =>
        by.flatMap((word) =>
          word === 'ip'
            ? [row.src_ip]
            : word === 'port'
              ? [row.dst_port]
              : word === 'conversation'
                ? pair(row)
                : [row[word]],
        );
      const groups = [...grouped(rows, keyOf).values()].map((group) => [
        ...keyOf(group[0]),
        ...of.map((measure) => measured(group, measure, isSided)),
      ]);
      const keys = groups[0].length - of.length;
      const columns = groups[0].map((_, i) => ({
        column: String(i),
        descending: i === keys,
        isAddress: /[:.]/.test(String(groups[0][i])),
      }));
      const order = [columns[keys], ...columns.slice(0, keys)];
      return sorted(
        groups.map((row) => ({ ...row }) as unknown as StoreRow),
        order,
      )
        .slice(0, limit)
        .map((row) => groups[0].map((_, i) => row[String(i)]));
    };

    it.each<[string[], Measure[], Scope]>([
      [['ip'], ['bytes', 'hosts', 'bytes_fwd', 'flows'], {}],
      [['src_ip'], [...measures], hour],
      [['port'], ['hosts', 'bytes', 'rtt_p95', 'duration_mean'], { runs: 'all' }],
      [['app', 'direction'], ['packets', 'repeated'], hour],
      [['conversation'], ['bytes', 'flows'], {}],
      [['vlan'], ['flows'], {}],
      [['host'], ['flows', 'response_p95'], { runs: 'files' }],
    ])('by %j gives %j', async (by, of, scope) => {
      const result = await history.top({ by, measures: of, limit: 15, ...scope });
      expect(rounded(result.rows)).toEqual(rounded(expectedTop(by, of, scope, 15)));
      expect(result.notes?.[0]).toContain('from flows,');
    });

    it('reads a rollup where it has the answer, and only there', async () => {
      const of: Measure[] = ['bytes', 'flows', 'packets', 'repeated', 'bytes_fwd', 'bytes_rev'];
      const second = { fromUs: hour.fromUs as number, toUs: (hour.toUs as number) + 7_000_000 };
      for (const [scope, note] of [
        [hour, 'flows_1m'],
        [{}, 'flows_1m'],
        [{ ...second, runs: 'all' }, 'flows_1m and flows_1s,'],
        [{ fromUs: second.fromUs + 7_000_000, toUs: second.toUs }, 'flows_1m and flows_1s,'],
        [{ fromUs: second.fromUs + 7_000_000 }, 'flows_1m and flows_1s,'],
        [{ fromUs: second.fromUs + 7_000_000, toUs: second.fromUs + 70_000_000 }, 'flows_1s,'],
        [{ fromUs: beginUs + 1 }, 'flows,'],
      ] as [Scope, string][]) {
        const result = await history.top({ by: ['app', 'sensor'], measures: of, ...scope });
        expect(result.notes?.[0]).toContain(`from ${note}`);
        expect(result.rows).toEqual(expectedTop(['app', 'sensor'], of, scope, 20));
      }
      const whole = await history.top({ by: [], measures: of });
      expect(whole.rows).toEqual(expectedTop([], of, {}, 1));
    });

    it('reads a rollup that has all columns of the filter', async () => {
      for (const [filter, keep, note] of [
        ['app == tls', ({ app }: StoreRow) => app === 'tls', 'flows_1m'],
        [
          'not proto == udp || sensor == north',
          ({ proto, sensor }: StoreRow) => proto !== 17 || sensor === 'north',
          'flows_1m',
        ],
        [
          'port == 443 && app == tls',
          ({ src_port, dst_port, app }: StoreRow) => app === 'tls' && [src_port, dst_port].includes(443),
          'flows,',
        ],
        [
          'dns.query == example.com',
          (row: StoreRow) =>
            world.dns.some(
              ({ run, flow_id, query }) => query === 'example.com' && run === row.run && flow_id === row.flow_id,
            ),
          'flows,',
        ],
      ] as const) {
        const result = await history.top({ by: [], measures: ['bytes', 'flows'], filter, ...hour });
        const flows = rowsIn(world, 'flows', hour, keep);
        expect(result.notes?.[0]).toContain(`from ${note}`);
        expect(result.rows).toEqual([[measured(flows, 'bytes'), measured(flows, 'flows')]]);
      }
      const near = await history.top({
        by: ['dst_ip'],
        measures: ['rtt_p50'],
        filter: 'ip.dst == 10.0.0.0/8',
        limit: 100,
      });
      expect(near.notes?.[0]).toContain('from rtt_1m');
      expect(near.rows.length).toBe(12);
      expect(near.rows.every(([ip]) => String(ip).startsWith('10.'))).toBe(true);
    });

    it('refuses words that are none', async () => {
      await expect(history.top({ by: ['src_ipp'], measures: ['bytes'] })).rejects.toMatchObject({
        code: 'BAD_QUERY',
        hint: "Did you mean 'src_ip'?",
      });
      await expect(history.top({ by: ['app'], measures: ['byte' as Measure] })).rejects.toMatchObject({
        hint: "Did you mean 'bytes'?",
      });
      await expect(history.top({ by: ['app'], measures: [] })).rejects.toMatchObject({ code: 'BAD_QUERY' });
    });
  });

  describe('series', () => {
    const lines = (
      rows: readonly StoreRow[],
      stepSec: number,
      of: readonly Measure[],
      key?: (row: StoreRow) => Value,
    ): Value[][] => {
      const step = stepSec * 1e6;
      const bucket = (row: StoreRow): number => Math.floor(num(row, 'end_ts') / step) * step;
      const groups = [...grouped(rows, (row) => [bucket(row), key?.(row) ?? null]).values()];
      return groups.map((group) => [
        bucket(group[0]),
        ...(key === undefined ? [] : [key(group[0])]),
        ...of.map((measure) => measured(group, measure)),
      ]);
    };
    const inOrder = (rows: readonly (readonly Value[])[]): Value[][] =>
      rounded(rows).sort((a, b) => Number(a[0]) - Number(b[0]) || compare(a[1], b[1]));

    it.each<[Measure[], number, Scope, string]>([
      [['bytes', 'flows', 'packets', 'repeated'], 60, {}, 'flows_1m'],
      [['bytes', 'flows'], 300, hour, 'flows_1m'],
      [['bytes_fwd', 'bytes_rev'], 1, hour, 'flows_1s'],
      [['bytes'], 7, { runs: 'all' }, 'flows_1s'],
      [['bytes', 'flows'], 120, { fromUs: beginUs + 7_000_000, toUs: beginUs + 1000_000_000 }, 'flows_1m and flows_1s'],
      [['hosts', 'duration_mean', 'response_p95'], 60, {}, 'flows,'],
      [['bytes', 'rtt_p50', 'rtt_p99'], 45, { fromUs: beginUs + 1 }, 'flows,'],
    ])('of %j by %d s', async (of, stepSec, scope, note) => {
      const result = await history.series({ measures: of, stepSec, ...scope });
      expect(result.notes?.[0]).toContain(`from ${note}`);
      expect(inOrder(result.rows)).toEqual(inOrder(lines(rowsIn(world, 'flows', scope), stepSec, of)));
    });

    it('takes percentiles of handshakes from buckets where it may, near the exact ones, and says so', async () => {
      const of: Measure[] = ['bytes', 'rtt_p50', 'rtt_p95'];
      const result = await history.series({ measures: of, stepSec: 1800 });
      expect(result.notes?.join()).toMatch(/flows_1m, exact.*rtt_1m, within 13 %/);
      const exact = inOrder(lines(rowsIn(world, 'flows', {}), 1800, of));
      const near = inOrder(result.rows);
      expect(near.map(([ts, bytes]) => [ts, bytes])).toEqual(exact.map(([ts, bytes]) => [ts, bytes]));
      for (const [i, row] of near.entries())
        for (const j of [2, 3]) expect(Math.abs(Math.log(Number(row[j]) / Number(exact[i][j])))).toBeLessThan(0.13);
    });

    it.each<[string, number, Scope]>([
      ['app', 2, {}],
      ['app', 2, { fromUs: beginUs + 1 }],
      ['dst_ip', 3, {}],
      ['vlan', 2, { runs: 'all' }],
    ])('by %s is a line for each of the largest %d and one for the rest', async (by, limit, scope) => {
      const of: Measure[] = ['bytes', 'flows'];
      const result = await history.series({ measures: of, by, limit, stepSec: 600, ...scope });
      const flows = rowsIn(world, 'flows', scope);
      const ranked = [...grouped(flows, (row) => [row[by]]).values()]
        .filter(([row]) => row[by] !== null)
        .sort((a, b) => Number(measured(b, 'bytes')) - Number(measured(a, 'bytes')));
      const largest = ranked.slice(0, limit).map(([row]) => row[by]);
      const key = (row: StoreRow): Value => (largest.includes(row[by]) ? row[by] : 'other');
      expect(namesOf(result)).toEqual(['ts', by, ...of]);
      expect(inOrder(result.rows)).toEqual(inOrder(lines(flows, 600, of, key)));
    });

    it('chooses steps so that there are at most 400 buckets', async () => {
      const result = await history.series({ measures: ['flows'] });
      expect(result.rows.length).toBeGreaterThan(100);
      expect(result.rows.length).toBeLessThanOrEqual(400);
      const none = await history.series({ measures: ['flows'], runs: [] });
      expect(none.rows).toEqual([]);
    });
  });

  describe('diff', () => {
    it('tells what is new, gone and changed', async () => {
      const before = { runs: [11] };
      const after = { runs: [12] };
      const { sections } = await history.diff({ before, after, limit: 10_000 });
      expect(sections.map(({ what }) => what)).toEqual([
        'hosts',
        'names',
        'ja4',
        'ports',
        'services',
        'apps',
        'volume',
        'latency',
        'alerts',
      ]);
      const [old, now] = [rowsIn(world, 'flows', before), rowsIn(world, 'flows', after)];
      const bytes = sections
        .find(({ what }) => what === 'volume')
        ?.items.find(({ unit, thing }) => unit === 'bytes' && thing === 'all traffic');
      expect([bytes?.before, bytes?.after]).toEqual([measured(old, 'bytes'), measured(now, 'bytes')]);
      const alerts = new Set(rowsIn(world, 'alerts', before).map(({ detector, key }) => `${detector} of ${key}`));
      const fresh = rowsIn(world, 'alerts', after).map(({ detector, key }) => `${detector} of ${key}`);
      const told = sections[8].items.filter(({ change }) => change === 'new').map(({ thing }) => thing);
      expect(told.sort()).toEqual([...new Set(fresh)].filter((each) => !alerts.has(each)).sort());
    });

    it('tells hosts of one time apart from those of another', async () => {
      const edge = beginUs + 2 * minuteUs;
      const { sections } = await history.diff({
        before: { toUs: edge },
        after: { fromUs: edge, toUs: edge + minuteUs },
      });
      const hostsOf = (scope: Scope): Set<Value> =>
        new Set(rowsIn(world, 'flows', scope).flatMap(({ src_ip, dst_ip }) => [src_ip, dst_ip]));
      const [old, now] = [hostsOf({ toUs: edge }), hostsOf({ fromUs: edge, toUs: edge + minuteUs })];
      const things = (change: string): string[] =>
        sections[0].items
          .filter((item) => item.change === change)
          .map(({ thing }) => thing)
          .sort();
      expect(things('new')).toEqual(
        [...now]
          .filter((ip) => !old.has(ip))
          .map(String)
          .sort(),
      );
      expect(things('gone')).toEqual(
        [...old]
          .filter((ip) => !now.has(ip))
          .map(String)
          .sort(),
      );
      expect(things('new').length + things('gone').length).toBeGreaterThan(0);
    });

    it('of a scope with itself has nothing to tell', async () => {
      const { sections } = await history.diff({ before: hour, after: hour });
      expect(sections.flatMap(({ items }) => items)).toEqual([]);
    });
  });
});
