// Proves that a stretch of a store is a scene like a live one: the same sums, rows, names and details, and empty where the
// store cannot say.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { families, latencyBins } from '../../../core/index.ts';
import { type DuckdbStore, openDuckdb } from '../../../output/store/duckdb/index.ts';
import { type History, openHistory } from '../../../output/store/index.ts';
import type { Scene, WindowRequest } from '../../../screens/api/index.ts';
import { keptTables } from '../../pipeline/index.ts';
import { countRequest, rowsRequest, seriesRequest, topRequest } from '../../server/shapes/questions.ts';
import { storyPlace, type ToldStory, tellStory } from '../golden/story.ts';
import { openLiveScene } from '../live/live-scene.ts';
import { sceneProtocols } from '../protocols.ts';
import { storeScene } from './store-scene.ts';

const tables = keptTables();
const parts = { tables, protocols: sceneProtocols() };
const about = { id: 'main', kind: 'store', names: ['x'], isLive: false } as const;

let story: ToldStory;
let store: DuckdbStore;
let history: History;
let live: Scene;
let stored: Scene;
beforeAll(async () => {
  story = await tellStory();
  store = await openDuckdb({ folder: ':memory:', tables, threads: 1 });
  await store.write(story.batches);
  history = openHistory(store, tables);
  const opened = openLiveScene({ ...parts, about: { ...about, kind: 'file' }, history });
  live = opened.scene;
  for (const batch of story.batches) opened.feed.batch(batch);
  opened.feed.snapshot(story.snapshot, true);
  const whole = storeScene({ ...parts, about, history });
  await whole.ready;
  stored = whole;
}, 60_000);
afterAll(() => store.close());

async function all(scene: Scene, request: Omit<WindowRequest, 'from' | 'count'>): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (let from = 0; ; from += 200) {
    const window = await scene.rows({ ...request, from, count: 200 });
    rows.push(...window.rows.map((row) => Object.fromEntries(window.columns.map(({ name }, i) => [name, row[i]]))));
    if (rows.length >= window.total || window.rows.length === 0) return rows;
  }
}
const added = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const byFlow = (rows: readonly Record<string, unknown>[]) =>
  rows.toSorted((a, b) => Number(a.flow_id) - Number(b.flow_id));

describe('a scene of a store', () => {
  it('begins with the last hour that has rows, and has the sums of the capture', () => {
    expect(stored.failure()).toBeNull();
    const [was, is] = [live.latest(), stored.latest()];
    const flows = story.flows;
    expect(is?.bytes).toBe(added(flows.map(({ oBytes, rBytes }) => oBytes + rBytes)));
    expect(is?.packets).toBe(added(flows.map(({ oPackets, rPackets }) => oPackets + rPackets)));
    expect(is?.flows).toMatchObject({
      total: was?.flows.total,
      tcp: was?.flows.tcp,
      udp: was?.flows.udp,
      icmp: was?.flows.icmp,
    });
    expect(is?.alertCounts).toEqual(was?.alertCounts);
    expect(is?.alerts.map(({ id }) => id).sort()).toEqual(was?.alerts.map(({ id }) => id).sort());
    expect(is?.apps.dns).toMatchObject({ flows: flows.filter(({ app, part }) => app === 'dns' && part === 0).length });
    expect(is?.tcp.handshakeRttMs.p50).toBeGreaterThan(0);
    expect(is).toMatchObject({ state: 'done', health: null, detection: null, stages: [], dropped: { kernel: 0 } });
    for (const [ip, name] of Object.entries(is?.names ?? {}))
      if (ip in (was?.names ?? {})) expect(name).toBe(was?.names[ip]);
  });

  it('has the traffic over time: families, both directions, new flows, handshakes', () => {
    const series = stored.series('whole');
    if (series === null) throw new Error('no series');
    const bytes = stored.latest()?.bytes ?? 0;
    expect(added(series.bytes)).toBe(bytes);
    expect(added(series.families.map(added))).toBe(bytes);
    expect(added(series.newFlows)).toBe(stored.latest()?.flows.total);
    const outside = story.flows.filter((flow) => flow.app === 'tls');
    expect(added(series.families[families.indexOf('web-secret')])).toBeGreaterThanOrEqual(
      added(outside.map(({ oBytes, rBytes }) => oBytes + rBytes)),
    );
    expect(added(series.inBytes) + added(series.outBytes)).toBeLessThanOrEqual(bytes);
    expect(added(series.inBytes)).toBeGreaterThan(added(series.outBytes));
    for (const list of [series.packets, series.inBytes, series.newFlows, ...series.families])
      expect(list.length).toBe(series.bytes.length);
    expect(series.bytes.length).toBeLessThanOrEqual(513);
    expect([series.segments, series.responses]).toEqual([[], []]);
    const recent = stored.series('recent');
    expect([recent?.stepSec, recent?.rtt]).toEqual([1, []]);
  });

  it('has handshakes in bins where minutes are told', async () => {
    const { fromUs, toUs } = {
      fromUs: (stored.latest()?.firstUs ?? 0) - 11 * 3600e6,
      toUs: stored.latest()?.lastUs ?? 0,
    };
    const long = storeScene({ ...parts, about, history, range: { fromUs, toUs } });
    await long.ready;
    const series = long.series('whole');
    const timed = story.flows.filter(({ handshakeRttUs }) => handshakeRttUs >= 0).length;
    expect(added((series?.rtt ?? []).map(added))).toBe(timed);
    expect(series?.rtt.length).toBe(series?.bytes.length);
    expect(new Set(series?.rtt.map(({ length }) => length))).toEqual(new Set([0, latencyBins]));
  });

  it('has the rows of the live scene, and columns that the store cannot say empty', async () => {
    const columns = [
      'flow_id',
      'src_ip',
      'dst_port',
      'app',
      'host',
      'bytes',
      'packets',
      'repeated',
      'is_open',
      'rate_fwd',
      'src_name',
      'dst_name',
    ];
    for (const filter of ['', 'app:dns', 'tls and bytes > 5000'])
      expect(byFlow(await all(stored, { table: 'flows', filter, columns })), filter).toEqual(
        byFlow(await all(live, { table: 'flows', filter, columns })),
      );
    const sort = { column: 'bytes_in', descending: true };
    const hostColumns = ['ip', 'bytes_in', 'bytes_out', 'bytes', 'packets', 'flows', 'local', 'name', 'country'];
    const [a, b] = await Promise.all(
      [stored, live].map((scene) => all(scene, { table: 'hosts', sort, columns: hostColumns })),
    );
    const byAddress = (rows: typeof a) => rows.toSorted((x, y) => String(x.ip).localeCompare(String(y.ip)));
    expect(byAddress(a)).toEqual(byAddress(b));
    expect(a.map(({ bytes_in }) => Number(bytes_in))).toEqual(b.map(({ bytes_in }) => Number(bytes_in)));
    const whole = await stored.rows({ table: 'flows', from: 0, count: 1 });
    expect(whole.columns.map(({ name }) => name)).toContain('country');
    await expect(stored.rows({ table: 'flows', filter: 'nope == 1', from: 0, count: 1 })).rejects.toMatchObject({
      code: 'BAD_FILTER',
      range: { at: 0, length: 4 },
    });
  });

  it('has within a shorter range the flows that went on in it', async () => {
    const flow = story.flows.find(({ firstUs, lastUs }) => lastUs - firstUs > 3e6);
    const range = { fromUs: (flow?.firstUs ?? 0) + 1e6, toUs: (flow?.firstUs ?? 0) + 2e6 };
    const then = await all(stored, { table: 'flows', range, columns: ['flow_id'] });
    const wanted = story.flows.filter(({ firstUs, lastUs }) => firstUs < range.toUs && lastUs >= range.fromUs);
    expect(then.map(({ flow_id }) => flow_id).sort()).toEqual(wanted.map(({ id }) => id).sort());
    const inLive = await all(live, { table: 'flows', range, columns: ['flow_id'] });
    expect(inLive.length).toBe(wanted.length);
    const shorter = live.during(range);
    expect(shorter?.about).toMatchObject({ isLive: false, can: { history: true } });
    expect(stored.during(range)).not.toBeNull();
  });

  it('tells all of a flow as the live scene does', async () => {
    const [{ flow_id }] = await all(live, { table: 'flows', filter: 'app:tls', columns: ['flow_id'] });
    const [was, is] = await Promise.all([live, stored].map((scene) => scene.flow(storyPlace.run, Number(flow_id))));
    expect(is.flow).toMatchObject({ src_ip: was.flow.src_ip, bytes: was.flow.bytes, start_ts: was.flow.start_ts });
    expect(is.transactions.map(({ table, row }) => [table, row.ts])).toEqual(
      was.transactions.map(({ table, row }) => [table, row.ts]),
    );
    await expect(stored.flow(storyPlace.run, 5)).rejects.toMatchObject({ code: 'BAD_QUERY' });
  });

  it('is empty, not wrong, where nothing was kept; and says when a question fails', async () => {
    const empty = storeScene({ ...parts, about, history, range: { fromUs: 1e6, toUs: 60e6 } });
    const heard: string[] = [];
    empty.subscribe((news) => heard.push(news));
    await empty.ready;
    expect(heard).toEqual(['snapshot', 'end']);
    expect(empty.latest()).toMatchObject({ packets: 0, talkers: [], alerts: [] });
    expect(empty.series('whole')).toBeNull();
    const wrong = storeScene({ ...parts, about, history, range: { fromUs: 60e6, toUs: 1e6 } });
    await wrong.ready;
    expect(wrong.failure()).toMatchObject({ code: 'BAD_QUERY' });
  });

  it('asks only what a history behind a socket understands', async () => {
    const asked: [string, unknown][] = [];
    const strict = new Proxy(history, {
      get: (whole, name: keyof History) => {
        const ask = whole[name] as (...given: unknown[]) => unknown;
        return (...given: unknown[]) => {
          asked.push([name, given[0]]);
          return ask.apply(whole, given);
        };
      },
    });
    const { firstUs } = story.snapshot;
    // Long enough for columns of minutes: then handshakes are asked for.
    const range = { fromUs: Number(firstUs) - 30 * 86_400e6, toUs: Number(firstUs) + 86_400e6 };
    const scene = storeScene({ ...parts, about, history: strict, range });
    await scene.ready;
    expect(scene.failure()).toBeNull();
    await scene.rows({ table: 'flows', from: 0, count: 5, sort: { column: 'bytes', descending: true } });
    const shapes: Record<string, { parse(value: unknown): unknown }> = {
      rows: rowsRequest,
      count: countRequest,
      top: topRequest,
      series: seriesRequest,
    };
    expect(asked.some(([, request]) => (request as { table?: string }).table === 'rtt_1m')).toBe(true);
    for (const [name, request] of asked) expect(() => shapes[name]?.parse(request)).not.toThrow();
  });
});
