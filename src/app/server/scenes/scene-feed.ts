// What viewers of a scene are sent: put into bytes once, for all viewers together, and only if there are any.

import { Buffer } from 'node:buffer';
import type { Pulse } from '../../../core/index.ts';
import type { Scene, SceneSnapshot, SceneState } from '../../../screens/api/index.ts';

/** One event on its way to viewers (HTML Standard §9.2.5). */
export interface Frame {
  /** Tells frames apart, across restarts of the program, too. */
  readonly id: string;
  readonly event: Uint8Array;
}

export interface SceneFeed {
  readonly scene: Scene;
  /** Null before the first. */
  snapshot(): Frame | null;
  pulse(): Frame | null;
  /** Why nothing comes any more; null as long as something may. */
  end(): Frame | null;
  /** Hears of news, and of the scene being let go; until the returned function is called. */
  subscribe(heard: () => void, gone: () => void): () => void;
  /** The scene is let go: viewers are sent away. */
  close(): void;
}

/** How a scene is, also before its first snapshot. */
export function stateOf(scene: Scene): SceneState {
  if (scene.failure() !== null) return 'failed';
  return scene.latest()?.state ?? 'waiting';
}

/** Whether nothing more will come. */
export function isOver(scene: Scene): boolean {
  const state = stateOf(scene);
  return state === 'done' || state === 'failed';
}

/** @param epoch differs from start to start of the program, and from scene to scene */
export function sceneFeed(scene: Scene, epoch: string): SceneFeed {
  const viewers = new Set<() => void>();
  const snapshots = latestFrame<SceneSnapshot>(`${epoch}-`, 'snapshot');
  // Pulses have no id of their own: who comes back resumes after a snapshot.
  const pulses = latestFrame<Pulse>(null, 'pulse');
  let ended: Frame | null = null;
  return {
    scene,
    snapshot: () => snapshots(scene.latest()),
    pulse: () => pulses(scene.pulse()),
    end: () => {
      if (!isOver(scene)) return null;
      const data = JSON.stringify({ state: stateOf(scene), failure: scene.failure() });
      ended ??= { id: 'end', event: Buffer.from(`event: end\ndata: ${data}\n\n`) };
      return ended;
    },
    subscribe: (heard, gone) => {
      const unsubscribe = scene.subscribe(heard);
      viewers.add(gone);
      return () => {
        unsubscribe();
        viewers.delete(gone);
      };
    },
    close: () => {
      for (const gone of viewers) gone();
    },
  };
}

/** The frame of a value that is replaced when it changes: bytes are made when the first viewer takes them. */
function latestFrame<T extends object>(idPrefix: string | null, name: string): (value: T | null) => Frame | null {
  let count = 0;
  let seen: T | null = null;
  let frame: Frame | null = null;
  return (value) => {
    if (value !== seen) {
      seen = value;
      frame = value === null ? null : lazyFrame(idPrefix, ++count, name, value);
    }
    return frame;
  };
}

function lazyFrame(idPrefix: string | null, count: number, name: string, value: object): Frame {
  const id = `${idPrefix ?? ''}${count}`;
  let event: Uint8Array | null = null;
  return {
    id,
    get event() {
      const head = idPrefix === null ? '' : `id: ${id}\n`;
      event ??= Buffer.from(`${head}event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
      return event;
    },
  };
}
