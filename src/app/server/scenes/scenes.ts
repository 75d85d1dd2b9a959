// Scenes that can be looked at: the one of the command line, and a few that were begun from a screen.

import { Failure } from '../../../core/index.ts';
import type { Scene, SceneState } from '../../../screens/api/index.ts';
import { Refusal } from '../refusals.ts';
import { isOver, type SceneFeed, sceneFeed, stateOf } from './scene-feed.ts';

/** A scene and its end. Neither function rejects. */
export interface OpenScene {
  readonly scene: Scene;
  /** Ends what feeds it; what was seen stays. */
  stop(): Promise<void>;
  /** Lets go of all of it, also of what it has on disk. */
  close(): Promise<void>;
}

/** Bounds of what screens may begin. */
export const sceneLimits = { begun: 4, windowMs: 60_000, inWindow: 20 } as const;

interface Entry extends OpenScene {
  readonly feed: SceneFeed;
}

export interface Scenes {
  /** Null where the command line named nothing to look at. */
  main(): Scene | null;
  list(): readonly Scene[];
  /** `main` when left out. Throws UNSUPPORTED where there is no such one, NOT_FOUND. */
  find(id?: string): Scene;
  feed(id?: string): SceneFeed;
  /**
   * Opens one more; the oldest that is over gives way. Rejects with TOO_MANY_SCENES, TOO_MANY_TRIES, and what `open`
   * rejects with.
   */
  begin(open: (id: string) => Promise<OpenScene>): Promise<Scene>;
  /** Ends it; lets go of it when it was over already. Throws what `find` throws. */
  end(id: string): Promise<SceneState | 'gone'>;
  close(): Promise<void>;
}

/** @param main closing it is left to whoever opened it */
export function openScenes(main: Scene | null, nowMs: () => number = () => performance.now()): Scenes {
  const epoch = Date.now().toString(36);
  const nothing = async (): Promise<void> => {};
  const entries = new Map<string, Entry>();
  const enter = (id: string, opened: OpenScene): void => {
    entries.set(id, { ...opened, feed: sceneFeed(opened.scene, `${epoch}-${id}`) });
  };
  if (main !== null) enter('main', { scene: main, stop: nothing, close: nothing });
  const beginnings: number[] = [];
  let next = 2;
  let opening = 0;
  let isClosed = false;
  const begun = (): [string, Entry][] => [...entries].filter(([id]) => id !== 'main');
  const entryOf = (id: string): Entry => {
    const entry = entries.get(id);
    if (entry !== undefined) return entry;
    if (id === 'main') {
      throw new Failure('UNSUPPORTED', 'there is no capture here', 'Start with -i IFACE or -r FILE, or POST /scenes.');
    }
    throw new Refusal('NOT_FOUND', `there is no scene '${id}'`, 'GET /api/v1/scenes lists them.');
  };
  const letGo = async (id: string, { feed, close }: Entry): Promise<void> => {
    entries.delete(id);
    feed.close();
    await close();
  };
  return {
    main: () => entries.get('main')?.scene ?? null,
    list: () => [...entries.values()].map(({ scene }) => scene),
    find: (id = 'main') => entryOf(id).scene,
    feed: (id = 'main') => entryOf(id).feed,
    begin: async (open) => {
      refuseFlood(beginnings, nowMs());
      while (begun().length + opening >= sceneLimits.begun) {
        const oldest = begun().find(([, { scene }]) => isOver(scene));
        if (oldest === undefined) throw tooMany();
        await letGo(...oldest);
      }
      opening++;
      try {
        const id = String(next++);
        const opened = await open(id);
        if (isClosed) {
          await opened.close();
          throw new Failure('UNSUPPORTED', 'the server ends', 'Start it again.');
        }
        enter(id, opened);
        return opened.scene;
      } finally {
        opening--;
      }
    },
    end: async (id) => {
      const entry = entryOf(id);
      if (id === 'main') {
        throw new Refusal('BAD_REQUEST', 'this scene ends with the program', 'Stop it where it was started: Ctrl+C.');
      }
      if (isOver(entry.scene)) {
        await letGo(id, entry);
        return 'gone';
      }
      await entry.stop();
      return stateOf(entry.scene);
    },
    close: async () => {
      isClosed = true;
      await Promise.all([...entries].map(([id, entry]) => letGo(id, entry)));
    },
  };
}

function refuseFlood(beginnings: number[], nowMs: number): void {
  while (beginnings.length > 0 && beginnings[0] <= nowMs - sceneLimits.windowMs) beginnings.shift();
  if (beginnings.length >= sceneLimits.inWindow) {
    throw new Refusal('TOO_MANY_TRIES', 'too many captures were begun within a minute', 'Wait a minute.');
  }
  beginnings.push(nowMs);
}

function tooMany(): Refusal {
  const hint = 'Stop one of them first: DELETE /api/v1/scenes/{id}.';
  return new Refusal('TOO_MANY_SCENES', `${sceneLimits.begun} captures that were begun here still run`, hint);
}
