// Proves that viewers of a scene get snapshots and pulses in order at their own pace, resume where they were, hear of the
// end, and that a slow one costs nothing but its own frames.

import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeScene, fakeSeries } from '../golden/fake-scene.ts';
import { type StreamCounters, type StreamRequest, streamTo } from './event-stream.ts';
import { type SceneFeed, sceneFeed } from './scene-feed.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function serve(feed: SceneFeed, request: Partial<StreamRequest>, counters = counted()): Promise<IncomingMessage> {
  const asked = { hz: 20, lastEventId: null, ...request };
  const server = createServer((_, outgoing) => streamTo(outgoing, feed, asked, counters));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new Promise((resolve) => get({ port: (server.address() as AddressInfo).port }, resolve));
}

const counted = (): StreamCounters => ({ viewers: 0, sent: 0, skipped: 0 });
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};

interface SeenEvent {
  readonly name: string;
  readonly id: string | undefined;
  readonly data: { readonly packets: number; readonly state?: string };
}

/** Events as they come, into a list that grows. */
function watch(incoming: IncomingMessage): SeenEvent[] {
  const events: SeenEvent[] = [];
  let text = '';
  incoming.on('error', () => {});
  incoming.on('data', (chunk) => {
    text += chunk;
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const found = /^(?:id: (.+)\n)?event: (\w+)\ndata: (.+)$/.exec(part);
      if (found !== null) events.push({ id: found[1], name: found[2], data: JSON.parse(found[3]) });
    }
  });
  return events;
}

const packetsOf = (events: readonly SeenEvent[], name: string): number[] =>
  events.filter((each) => each.name === name).map(({ data }) => data.packets);

describe('the stream of a scene', () => {
  it('sends the latest at once, then pulses as they come, in order', async () => {
    const scene = fakeScene();
    const counters = counted();
    scene.publish(1);
    const incoming = await serve(sceneFeed(scene, 'e'), {}, counters);
    const events = watch(incoming);
    await until(() => events.length === 1);
    expect(events[0]).toMatchObject({ id: 'e-1', name: 'snapshot', data: { packets: 1 } });
    for (let i = 2; i <= 5; i++) {
      scene.beat(i);
      await until(() => packetsOf(events, 'pulse').includes(i));
    }
    expect(packetsOf(events, 'pulse')).toEqual([2, 3, 4, 5]);
    expect(events.find(({ name }) => name === 'pulse')?.id).toBeUndefined();
    incoming.destroy();
    await until(() => counters.viewers === 0 && scene.listeners.size === 0);
  });

  it('keeps to the pace that was asked for, and sends snapshots once a second at the most', async () => {
    const scene = fakeScene();
    scene.publish(1);
    const events = watch(await serve(sceneFeed(scene, 'e'), { hz: 10 }));
    await until(() => events.length === 1);
    const began = performance.now();
    while (performance.now() - began < 700) {
      const now = Math.round(performance.now() - began) + 2;
      scene.beat(now);
      scene.publish(now);
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    const pulses = packetsOf(events, 'pulse').length;
    expect(pulses).toBeGreaterThan(3);
    expect(pulses).toBeLessThan(11);
    expect(packetsOf(events, 'snapshot').length).toBeLessThan(3);
  });

  it('sends snapshots only to whoever asks for few frames', async () => {
    const scene = fakeScene();
    scene.publish(1);
    scene.beat(1);
    const events = watch(await serve(sceneFeed(scene, 'e'), { hz: 2 }));
    await until(() => events.length > 0);
    scene.beat(2);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(events.map(({ name }) => name)).toEqual(['snapshot']);
  });

  it('does not send again what a viewer that comes back has', async () => {
    const scene = fakeScene();
    const feed = sceneFeed(scene, 'e');
    scene.publish(1);
    await until(() => feed.snapshot()?.id === 'e-1');
    const again = watch(await serve(feed, { lastEventId: 'e-1' }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    scene.publish(2);
    await until(() => again.length > 0);
    expect(again[0]).toMatchObject({ id: 'e-2', data: { packets: 2 } });
    const later = watch(await serve(feed, { lastEventId: 'another start-2' }));
    await until(() => later.length > 0);
    expect(later[0]).toMatchObject({ id: 'e-2' });
  });

  it('sends the last snapshot without waiting, then says that it was the last', async () => {
    const scene = fakeScene();
    scene.publish(1);
    const feed = sceneFeed(scene, 'e');
    const events = watch(await serve(feed, { hz: 0.1 }));
    await until(() => events.length === 1);
    scene.publish(2, 'done');
    await until(() => events.length === 3);
    expect(events[1].data).toMatchObject({ packets: 2 });
    expect(events[2]).toMatchObject({ name: 'end', data: { state: 'done', failure: null } });
    scene.publish(3, 'done');
    await until(() => events.length === 4);
    expect(events[3].name).toBe('snapshot');
    const late = watch(await serve(feed, {}));
    await until(() => late.length === 2);
    expect(late.map(({ name }) => name)).toEqual(['snapshot', 'end']);
  });

  it('says why a scene failed that showed nothing, and sends viewers away when it is let go', async () => {
    const scene = fakeScene();
    const feed = sceneFeed(scene, 'e');
    const incoming = await serve(feed, {});
    const events = watch(incoming);
    scene.fail('FILE_DAMAGED');
    await until(() => events.length === 1);
    expect(events[0]).toMatchObject({ name: 'end', data: { state: 'failed', failure: { code: 'FILE_DAMAGED' } } });
    feed.close();
    await until(() => incoming.readableEnded);
  });

  it('leaves frames out for a viewer that does not read, counts them, and sends it the latest once it does', async () => {
    const scene = fakeScene();
    const counters = counted();
    const incoming = await serve(sceneFeed(scene, 'e'), { hz: 1000 }, counters);
    incoming.pause();
    const families = [Array.from({ length: 60_000 }, (_, i) => 1e6 + i)];
    let last = 1;
    for (; counters.skipped < 20; last++) {
      scene.beat(last, { recent: { ...fakeSeries, families } });
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    const sent = counters.sent;
    const events = watch(incoming);
    incoming.resume();
    await until(() => packetsOf(events, 'pulse').includes(last - 1));
    expect(events.length).toBeLessThanOrEqual(sent + 1);
    expect(counters.sent + counters.skipped).toBeGreaterThanOrEqual(20);
  });

  it('puts nothing into words where nobody looks, and once for all who do', async () => {
    const scene = fakeScene();
    const feed = sceneFeed(scene, 'e');
    let words = 0;
    const toJSON = (): object => ({ packets: ++words });
    scene.publish(1, 'running', { toJSON } as object);
    expect(feed.snapshot()?.id).toBe('e-1');
    expect(words).toBe(0);
    const seen = await Promise.all([1, 2, 3].map(async () => watch(await serve(feed, {}))));
    await until(() => seen.every((events) => events.length === 1));
    expect(words).toBe(1);
  });
});
