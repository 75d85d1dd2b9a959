// Proves that viewers of the live stream get snapshots in order at their own pace, resume where they were, and that a slow
// one costs nothing but its own frames.

import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { emptySnapshot } from '../../../../test/e2e/cli-empty-snapshot.ts';
import { type StreamCounters, type StreamRequest, streamTo } from './event-stream.ts';
import { type SnapshotPublisher, snapshotFeed } from './snapshot-feed.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

const snapshot = (packets: number) => ({ ...emptySnapshot, packets });

async function serve(
  feed: SnapshotPublisher,
  request: StreamRequest,
  counters: StreamCounters,
): Promise<IncomingMessage> {
  const server = createServer((_, outgoing) => streamTo(outgoing, feed, request, counters));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new Promise((resolve) => get({ port: (server.address() as AddressInfo).port }, resolve));
}

/** Packet counters of the events as they come, until there are so many. */
async function seen(incoming: IncomingMessage, count: number): Promise<{ id: string; packets: number }[]> {
  const events: { id: string; packets: number }[] = [];
  let text = '';
  for await (const chunk of incoming) {
    text += chunk;
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const found = /^id: (.+)\nevent: snapshot\ndata: (.+)$/.exec(part);
      if (found !== null) events.push({ id: found[1], packets: JSON.parse(found[2]).packets });
    }
    if (events.length >= count) break;
  }
  return events;
}

const counters = (): StreamCounters => ({ viewers: 0, sent: 0, skipped: 0 });
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('the live stream', () => {
  it('sends the latest at once, then each new one, in order', async () => {
    const feed = snapshotFeed('e');
    const count = counters();
    feed.publish(snapshot(1), 'running');
    const incoming = await serve(feed, { hz: 1000, lastEventId: null }, count);
    const timer = setInterval(() => feed.publish(snapshot((feed.latest()?.document.packets ?? 0) + 1), 'running'), 20);
    const events = await seen(incoming, 5);
    clearInterval(timer);
    expect(events.map(({ packets }) => packets)).toEqual([1, 2, 3, 4, 5]);
    expect(events.map(({ id }) => id)).toEqual(['e-1', 'e-2', 'e-3', 'e-4', 'e-5']);
    await until(() => count.viewers === 0);
  });

  it('keeps to the pace a viewer asked for, and still sends the last one', async () => {
    const feed = snapshotFeed('e');
    const count = counters();
    feed.publish(snapshot(1), 'running');
    const incoming = await serve(feed, { hz: 10, lastEventId: null }, count);
    const began = performance.now();
    for (let i = 2; i <= 100; i++) feed.publish(snapshot(i), i === 100 ? 'done' : 'running');
    const events = await seen(incoming, 2);
    expect(events.map(({ packets }) => packets)).toEqual([1, 100]);
    expect(performance.now() - began).toBeGreaterThan(24);
    expect(count.skipped).toBe(0);
  });

  it('does not send again what a viewer that comes back has', async () => {
    const feed = snapshotFeed('e');
    feed.publish(snapshot(1), 'running');
    const again = await serve(feed, { hz: 1000, lastEventId: 'e-1' }, counters());
    const waiting = seen(again, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    feed.publish(snapshot(2), 'running');
    expect(await waiting).toEqual([{ id: 'e-2', packets: 2 }]);
    const later = await serve(feed, { hz: 1000, lastEventId: 'another start-7' }, counters());
    expect(await seen(later, 1)).toEqual([{ id: 'e-2', packets: 2 }]);
  });

  it('leaves frames out for a viewer that does not read, counts them, and sends it the latest once it does', async () => {
    const feed = snapshotFeed('e');
    const count = counters();
    const incoming = await serve(feed, { hz: 1000, lastEventId: null }, count);
    incoming.pause();
    const problems = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`layer.reason-${i}`, i]));
    let last = 0;
    for (; count.skipped < 20; last++) {
      feed.publish({ ...snapshot(last), problems }, 'running');
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    const sent = count.sent;
    const events = await seen(incoming, sent + 1);
    expect(events.at(-1)?.packets).toBe(last - 1);
    expect(events.length).toBe(sent + 1);
    expect(count.sent + count.skipped).toBeGreaterThanOrEqual(last);
  });

  it('puts nothing into words where nobody looks', () => {
    const feed = snapshotFeed('e');
    const hostile = { ...snapshot(1), toJSON: () => expect.unreachable() };
    feed.publish(hostile, 'running');
    expect(feed.latest()?.id).toBe('e-1');
  });
});
