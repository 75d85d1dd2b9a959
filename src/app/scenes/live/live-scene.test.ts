// Proves that a live scene shows what its run told: flows and hosts add up to the same bytes, filters find the same rows,
// details of a flow have what was said in it, and a failure is told as one.

import { beforeAll, describe, expect, it } from 'vitest';
import { Failure, type Pulse } from '../../../core/index.ts';
import { batchOfRows, flows as flowsTable } from '../../../output/store/index.ts';
import type { Scene, WindowRequest } from '../../../screens/api/index.ts';
import { keptTables } from '../../pipeline/index.ts';
import { storyFile, storyPlace, type ToldStory, tellStory } from '../golden/story.ts';
import { sceneProtocols } from '../protocols.ts';
import type { LiveScene } from '../scene-parts.ts';
import { openLiveScene } from './live-scene.ts';

const about = { id: 'main', kind: 'file', names: ['story'], isLive: false } as const;
const parts = { about, tables: keptTables(), protocols: sceneProtocols(), packets: { files: [storyFile], kept: null } };

let story: ToldStory;
let live: LiveScene;
let scene: Scene;
beforeAll(async () => {
  story = await tellStory();
  live = openLiveScene(parts);
  scene = live.scene;
  for (const batch of story.batches) live.feed.batch(batch);
  live.feed.snapshot(story.snapshot, true);
}, 60_000);

async function all(request: Omit<WindowRequest, 'from' | 'count'>): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (let from = 0; ; from += 200) {
    const window = await scene.rows({ ...request, from, count: 200 });
    rows.push(...window.rows.map((row) => Object.fromEntries(window.columns.map(({ name }, i) => [name, row[i]]))));
    if (rows.length >= window.total || window.rows.length === 0) return rows;
  }
}
const sum = (rows: readonly Record<string, unknown>[], column: string): number =>
  rows.reduce((total, row) => total + Number(row[column]), 0);

const emptyPulse: Pulse = {
  lastUs: null,
  packets: 0,
  bytes: 0,
  flows: 0,
  activeFlows: 0,
  hosts: 0,
  dropped: { kernel: 0, interface: 0, queue: 0 },
  recent: null,
};

describe('a live scene', () => {
  it('has every flow once, with the bytes that its records have', async () => {
    const rows = await all({ table: 'flows' });
    // A conversation that was silent for long and speaks again has another row.
    expect(rows.length).toBe(story.snapshot.flows.total + story.snapshot.flows.resumed);
    expect(sum(rows, 'bytes')).toBe(story.flows.reduce((total, flow) => total + flow.oBytes + flow.rBytes, 0));
    expect(rows.every(({ is_open, run }) => is_open === false && run === storyPlace.run)).toBe(true);
  });

  it('has hosts whose sums are those of the flows, each byte sent by one and taken by another', async () => {
    const [hosts, flows] = [await all({ table: 'hosts' }), await all({ table: 'flows' })];
    expect(sum(hosts, 'bytes_tx')).toBe(sum(flows, 'bytes'));
    expect(sum(hosts, 'bytes_rx')).toBe(sum(flows, 'bytes'));
    expect(sum(hosts, 'flows_out')).toBe(story.snapshot.flows.total);
    expect(sum(hosts, 'bytes_in')).toBe(sum(hosts, 'bytes_rx'));
    const [first] = await all({ table: 'hosts', sort: { column: 'bytes', descending: true } });
    const ends = flows.filter((flow) => flow.src_ip === first.ip || flow.dst_ip === first.ip);
    expect(first.bytes).toBe(sum(ends, 'bytes'));
    expect(first.peers).toBe(new Set(ends.flatMap((flow) => [flow.src_ip, flow.dst_ip])).size - 1);
    expect(hosts.some(({ name, names }) => name !== '' && (names as string[]).includes(String(name)))).toBe(true);
  });

  it('finds flows by what is said in them, and by time', async () => {
    const dns = await all({ table: 'flows', filter: 'app:dns' });
    expect(dns.length).toBeGreaterThan(0);
    expect(dns.every(({ app }) => app === 'dns')).toBe(true);
    const [{ host, start_ts, end_ts }] = await all({ table: 'flows', filter: 'tls and tls.sni contains "."' });
    expect(host).not.toBe('');
    const range = { fromUs: Number(start_ts), toUs: Number(start_ts) + 1 };
    const then = await all({ table: 'flows', range });
    expect(then.every((flow) => Number(flow.start_ts) < range.toUs && Number(flow.end_ts) >= range.fromUs)).toBe(true);
    expect(then.some((flow) => flow.start_ts === start_ts && flow.end_ts === end_ts)).toBe(true);
    const questions = await all({ table: 'dns', range });
    expect(questions.every(({ ts }) => Number(ts) >= range.fromUs && Number(ts) < range.toUs)).toBe(true);
    await expect(scene.rows({ table: 'flows', filter: 'nope == 1', from: 0, count: 1 })).rejects.toMatchObject({
      code: 'BAD_FILTER',
      range: { at: 0, length: 4 },
    });
    await expect(scene.rows({ table: 'flows', from: 0, count: 201 })).rejects.toMatchObject({ code: 'BAD_QUERY' });
  });

  it('tells all of a flow: what was said in it, and alerts that name it', async () => {
    const [tls] = await all({ table: 'flows', filter: 'app:tls', sort: { column: 'bytes', descending: true } });
    const details = await scene.flow(storyPlace.run, Number(tls.flow_id));
    expect(details.flow).toMatchObject({ flow_id: tls.flow_id, bytes: tls.bytes, src_ip: tls.src_ip });
    expect(details.transactions.map(({ table }) => table)).toContain('tls');
    expect(details.transactions[0].row).toMatchObject({ src_ip: tls.src_ip, flow_id: tls.flow_id });
    expect(details.hasPackets).toBe(true);
    const named = story.snapshot.alerts.find(({ flows }) => flows.length > 0);
    const rows = await all({ table: 'flows', filter: `community_id == "${named?.flows[0]}"` });
    const { alerts } = await scene.flow(storyPlace.run, Number(rows[0].flow_id));
    expect(alerts.map(({ id }) => id)).toContain(named?.id);
    await expect(scene.flow(storyPlace.run, 999_999)).rejects.toMatchObject({ code: 'BAD_QUERY' });
  });

  it('shows the snapshot with names, counts of alerts, and what this process uses', () => {
    const shown = scene.latest();
    expect(shown).toMatchObject({ state: 'done', packets: story.snapshot.packets });
    expect(Object.values(shown?.alertCounts ?? {}).reduce((a, b) => a + b)).toBe(story.snapshot.alerts.length);
    expect(Object.keys(shown?.names ?? {}).length).toBeGreaterThan(0);
    expect(shown?.process.memoryBytes).toBeGreaterThan(1e7);
    expect(JSON.stringify(shown)).not.toContain('"counts":{"0"');
    expect(scene.latest()).toBe(shown);
  });

  it('keeps what people say of alerts, and passes it on', async () => {
    const written: string[] = [];
    const said = openLiveScene({
      ...parts,
      alertStates: {
        write: async (batches) => void written.push(batches[0].table),
        set: (...of) => written.push(of.join(' ')),
      },
    });
    for (const batch of story.batches) said.feed.batch(batch);
    const [{ id }] = story.snapshot.alerts;
    await said.scene.setAlertState(storyPlace.run, id, 'acknowledged');
    expect(written).toEqual(['alerts', `${storyPlace.run} ${id} acknowledged`]);
    const asked = { table: 'alerts', filter: `alert.id == "${id}"`, columns: ['state'], from: 0, count: 9 };
    expect((await said.scene.rows(asked)).rows).toEqual([['acknowledged']]);
    await expect(said.scene.setAlertState(storyPlace.run, id, 'forgiven')).rejects.toThrow('no state of an alert');
    await expect(scene.setAlertState(storyPlace.run, id, 'closed')).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });

  it('tells news in order, and what went wrong without its insides', () => {
    const { scene: other, feed } = openLiveScene(parts);
    const heard: string[] = [];
    other.subscribe((news) => heard.push(news));
    feed.snapshot(story.snapshot, false);
    expect(other.latest()?.state).toBe('running');
    feed.failed(new Failure('INTERFACE_DOWN', 'eth0 went away', 'Plug it in.'));
    feed.snapshot(story.snapshot, true);
    expect(heard).toEqual(['snapshot', 'end']);
    expect(other.failure()).toEqual({ code: 'INTERFACE_DOWN', message: 'eth0 went away', hint: 'Plug it in.' });
    expect(other.latest()?.state).toBe('failed');
    feed.failed(new TypeError('x is not a function'));
    expect(other.failure()?.message).not.toContain('function');
  });

  it('shows all rows once it is over, also to who asked a moment before', async () => {
    const { scene: ended, feed } = openLiveScene(parts);
    const asked = { table: 'flows', from: 0, count: 1 };
    expect((await ended.rows(asked)).total).toBe(0);
    for (const batch of story.batches) feed.batch(batch);
    feed.snapshot(story.snapshot, true);
    expect((await ended.rows(asked)).total).toBe(story.flows.length);
    expect((await ended.rows({ ...asked, table: 'hosts' })).total).toBeGreaterThan(20);
  });

  it('ends with a pulse that agrees with the last snapshot', () => {
    const { scene: ended, feed } = openLiveScene(parts);
    feed.snapshot(story.snapshot, false);
    feed.pulse({ ...emptyPulse, packets: 7 });
    feed.snapshot(story.snapshot, true);
    const { packets, bytes, lastUs, hosts } = story.snapshot;
    expect(ended.pulse()).toMatchObject({ packets, bytes, lastUs, hosts, flows: story.snapshot.flows.total });
  });

  it('counts rows that gave way', async () => {
    const { scene: small, feed } = openLiveScene({ ...parts, bounds: { flows: 20, hosts: 8, others: 5 } });
    for (const batch of story.batches) feed.batch(batch);
    feed.snapshot(story.snapshot, true);
    const window = await small.rows({ table: 'flows', from: 0, count: 200 });
    expect([window.rows.length, window.kept]).toEqual([20, 20]);
    expect(window.forgotten).toBe(story.flows.length - 20);
    expect((await small.rows({ table: 'hosts', from: 0, count: 200 })).kept).toBe(8);
    expect(small.latest()?.forgotten).toMatchObject({ flows: window.forgotten });
    feed.batch(batchOfRows(flowsTable, []));
    expect((await small.rows({ table: 'flows', from: 0, count: 1 })).kept).toBe(20);
  });
});
