// One viewer of the live stream: server-sent events at its own pace, and never more waiting for it than it can take.

import type { ServerResponse } from 'node:http';
import type { SnapshotFeed } from './snapshot-feed.ts';

/** A viewer for whom so many bytes wait gets no further frame until they are gone. */
const mostWaitingBytes = 1 << 20;
/** A comment now and then tells both ends that the other is there. */
const beatMs = 15_000;
const retryMs = 1000;

export interface StreamCounters {
  /** Viewers now. */
  viewers: number;
  /** Frames sent, and those left out for a viewer that was too slow. */
  sent: number;
  skipped: number;
}

export interface StreamRequest {
  /** Frames a second at the most. */
  readonly hz: number;
  /** The last frame this viewer has, from an earlier connection. */
  readonly lastEventId: string | null;
}

/** Sends until the viewer goes away or `end` of the returned value is called. Headers are set already. */
export function streamTo(
  outgoing: ServerResponse,
  feed: SnapshotFeed,
  { hz, lastEventId }: StreamRequest,
  counters: StreamCounters,
): { end(): void } {
  const everyMs = 1000 / hz;
  let lastId = lastEventId;
  let nextMs = 0;
  let timer: NodeJS.Timeout | null = null;
  const offer = (): void => {
    const frame = feed.latest();
    if (timer !== null || frame === null || frame.id === lastId) return;
    const waitMs = nextMs - performance.now();
    // A frame that comes early is not lost: the latest one is sent when its time has come.
    if (waitMs > 1) timer = setTimeout(due, waitMs);
    else if (outgoing.writableLength > mostWaitingBytes) counters.skipped++;
    else {
      lastId = frame.id;
      nextMs = Math.max(nextMs + everyMs, performance.now() + everyMs / 2);
      counters.sent++;
      outgoing.write(frame.event);
    }
  };
  const due = (): void => {
    timer = null;
    offer();
  };
  counters.viewers++;
  outgoing.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
  outgoing.write(`retry: ${retryMs}\n\n`);
  const unsubscribe = feed.subscribe(offer);
  const beat = setInterval(() => {
    if (outgoing.writableLength === 0) outgoing.write(': here\n\n');
  }, beatMs);
  // What was left out while bytes waited is made good by the latest frame.
  outgoing.on('drain', offer);
  outgoing.once('close', () => {
    counters.viewers--;
    unsubscribe();
    clearInterval(beat);
    if (timer !== null) clearTimeout(timer);
  });
  offer();
  return { end: () => outgoing.end() };
}
