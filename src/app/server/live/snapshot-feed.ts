// The latest snapshot and who waits for the next: put into bytes once, for all viewers together, and only if there are any.

import { Buffer } from 'node:buffer';
import type { Snapshot } from '../../../core/index.ts';
import { type FeedState, type LiveDocument, liveDocument } from './live-document.ts';

/** One snapshot on its way to viewers. */
export interface Frame {
  /** Tells frames apart, across restarts of the program, too. */
  readonly id: string;
  readonly document: LiveDocument;
  /** As an event of a stream (HTML Standard §9.2.5). */
  readonly event: Uint8Array;
}

export interface SnapshotFeed {
  readonly state: FeedState;
  /** Null before the first. */
  latest(): Frame | null;
  /** Hears of every snapshot, until the returned function is called. */
  subscribe(heard: () => void): () => void;
}

export interface SnapshotPublisher extends SnapshotFeed {
  publish(snapshot: Snapshot, state: FeedState): void;
}

/** @param epoch differs from start to start of the program */
export function snapshotFeed(epoch: string): SnapshotPublisher {
  const listeners = new Set<() => void>();
  let count = 0;
  let state: FeedState = 'waiting';
  let latest: Frame | null = null;
  return {
    get state() {
      return state;
    },
    latest: () => latest,
    subscribe: (heard) => {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
    publish: (snapshot, newState) => {
      state = newState;
      latest = lazyFrame(`${epoch}-${++count}`, snapshot, state);
      for (const heard of listeners) heard();
    },
  };
}

function lazyFrame(id: string, snapshot: Snapshot, state: FeedState): Frame {
  let document: LiveDocument | null = null;
  let event: Uint8Array | null = null;
  const frame: Frame = {
    id,
    get document() {
      document ??= liveDocument(snapshot, state);
      return document;
    },
    get event() {
      event ??= Buffer.from(`id: ${id}\nevent: snapshot\ndata: ${JSON.stringify(frame.document)}\n\n`);
      return event;
    },
  };
  return frame;
}
