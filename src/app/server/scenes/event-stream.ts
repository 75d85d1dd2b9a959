// One viewer of a scene: server-sent events at its own pace, and never more waiting for it than it can take.

import type { ServerResponse } from 'node:http';
import type { Frame, SceneFeed } from './scene-feed.ts';

/** A viewer for whom so many bytes wait gets no further frame until they are gone. */
const mostWaitingBytes = 1 << 20;
/** A comment now and then tells both ends that the other is there. */
const beatMs = 15_000;
const retryMs = 1000;
/** Snapshots are large; what moves between two of them is in the pulse. */
const leastSnapshotMs = 1000;
/** Who asks for fewer frames a second gets snapshots only. */
export const leastPulseHz = 5;

export interface StreamCounters {
  /** Viewers now. */
  viewers: number;
  /** Frames sent, and those left out for a viewer that was too slow. */
  sent: number;
  skipped: number;
}

export interface StreamRequest {
  /** Pulses a second at the most; snapshots at most once a second. */
  readonly hz: number;
  /** The last snapshot this viewer has, from an earlier connection. */
  readonly lastEventId: string | null;
}

/** Sends until the viewer goes away, the scene is let go, or `end` of the returned value is called. */
export function streamTo(
  outgoing: ServerResponse,
  feed: SceneFeed,
  { hz, lastEventId }: StreamRequest,
  counters: StreamCounters,
): { end(): void } {
  let hasEnded = false;
  const offer = (): void => {
    const isOver = feed.end() !== null;
    pulses?.offer(isOver);
    snapshots.offer(isOver);
    const end = feed.end();
    if (end === null || hasEnded || !snapshots.isUpToDate()) return;
    hasEnded = true;
    outgoing.write(end.event);
  };
  const write = (frame: Frame): boolean => {
    if (outgoing.writableLength > mostWaitingBytes) {
      counters.skipped++;
      return false;
    }
    counters.sent++;
    outgoing.write(frame.event);
    return true;
  };
  const snapshots = lane(Math.max(leastSnapshotMs, 1000 / hz), feed.snapshot, lastEventId, write, offer);
  const pulses = hz < leastPulseHz ? null : lane(1000 / hz, feed.pulse, null, write, offer);
  counters.viewers++;
  // Small events are to leave at once, not to wait for more.
  outgoing.socket?.setNoDelay(true);
  outgoing.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
  outgoing.write(`retry: ${retryMs}\n\n`);
  const unsubscribe = feed.subscribe(offer, () => outgoing.end());
  const beat = setInterval(() => {
    if (outgoing.writableLength === 0) outgoing.write(': here\n\n');
  }, beatMs);
  // What was left out while bytes waited is made good by the latest frame.
  outgoing.on('drain', offer);
  outgoing.once('close', () => {
    counters.viewers--;
    unsubscribe();
    clearInterval(beat);
    snapshots.close();
    pulses?.close();
  });
  offer();
  return { end: () => outgoing.end() };
}

interface Lane {
  /** Sends the latest frame if it is new and its time has come. */
  offer(isLast: boolean): void;
  /** The latest frame was sent. */
  isUpToDate(): boolean;
  close(): void;
}

/** Frames of one kind at a pace: one that comes early is not lost, the latest is sent when its time has come. */
function lane(
  everyMs: number,
  latest: () => Frame | null,
  lastId: string | null,
  write: (frame: Frame) => boolean,
  again: () => void,
): Lane {
  let sentId = lastId;
  let nextMs = 0;
  let timer: NodeJS.Timeout | null = null;
  const offer = (isLast: boolean): void => {
    const frame = latest();
    if (frame === null || frame.id === sentId || (timer !== null && !isLast)) return;
    const waitMs = nextMs - performance.now();
    if (waitMs > 1 && !isLast) {
      timer = setTimeout(() => {
        timer = null;
        again();
      }, waitMs);
    } else if (write(frame)) {
      sentId = frame.id;
      nextMs = Math.max(nextMs + everyMs, performance.now() + everyMs / 2);
    }
  };
  return {
    offer,
    isUpToDate: () => (latest()?.id ?? sentId) === sentId,
    close: () => {
      if (timer !== null) clearTimeout(timer);
    },
  };
}
