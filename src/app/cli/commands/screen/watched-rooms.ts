// A capture that is looked at while it runs: the rooms a capture works with, with a scene listening in.

import type { Snapshot, SourceInterface } from '../../../../core/index.ts';
import type { Store } from '../../../../output/store/index.ts';
import {
  type FileMark,
  forgetfulStore,
  type Listeners,
  type Run,
  type RunOptions,
  type ScreenOptions,
  type StoreOpening,
  type StorePlan,
} from '../../../pipeline/index.ts';
import type { SceneFeed } from '../../../scenes/index.ts';
import type { Rooms } from '../../rooms.ts';
import { tappedStore } from '../serving/live-store.ts';

export interface WatchedRooms {
  /** For the capture. */
  readonly rooms: Rooms;
  /** The store of the capture once it is open; it stays open when the capture ends. */
  readonly store: Promise<Store>;
  /** The run, once there is one. */
  readonly run: Promise<Run>;
  /** Resolves when packets can be had. */
  readonly opened: Promise<void>;
  /** A person has set the state of an alert. */
  setAlertState(run: number, alertId: string, state: string): void;
}

/** How often whoever looks is told. */
export interface Rhythm {
  readonly snapshotEveryMs: number;
  readonly screens: ScreenOptions;
}

interface Promised<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T | Promise<T>) => void;
}

function promised<T>(): Promised<T> {
  let resolve: Promised<T>['resolve'] = () => {};
  const promise = new Promise<T>((given) => {
    resolve = given;
  });
  promise.catch(() => {}); // whoever asks is told
  return { promise, resolve };
}

/**
 * @param isKept whether rows go into a store, too
 * @param named hears the interfaces once the capture is open
 */
export function watchedRooms(
  rooms: Rooms,
  isKept: boolean,
  feed: SceneFeed,
  rhythm: Rhythm,
  named: (interfaces: readonly SourceInterface[]) => void,
): WatchedRooms {
  const store = promised<Store>();
  const run = promised<Run>();
  const opened = promised<void>();
  const heard = (interfaces: readonly SourceInterface[]): void => {
    named(interfaces);
    opened.resolve();
  };
  let told: StoreOpening['alertStateSet'];
  const openStore = (plan: StorePlan, opening: StoreOpening): Promise<Store> => {
    told = opening.alertStateSet;
    const real = isKept ? rooms.openStore(plan, opening) : Promise.resolve(forgetfulStore);
    store.resolve(real);
    return real.then((each) => tappedStore(each, (batch) => feed.batch(batch)));
  };
  const watched: Rooms = {
    ...rooms,
    openStore,
    markFiles: (paths, engine) => (isKept ? rooms.markFiles(paths, engine) : Promise.resolve(unmarked)),
    startRun: (options, listeners) => {
      const started = rooms.startRun(watchedOptions(options, rhythm), tapped(listeners, feed, heard));
      run.resolve(started);
      started.done.then(
        ({ snapshot }) => feed.snapshot(snapshot, true),
        (cause) => feed.failed(cause),
      );
      return started;
    },
  };
  return {
    rooms: watched,
    store: store.promise,
    run: run.promise,
    opened: opened.promise,
    setAlertState: (number, id, state) => told?.(number, id, state),
  };
}

function watchedOptions(options: RunOptions, { snapshotEveryMs, screens }: Rhythm): RunOptions {
  const every = options.snapshotEveryMs === 0 ? snapshotEveryMs : Math.min(options.snapshotEveryMs, snapshotEveryMs);
  return { ...options, snapshotEveryMs: every, screens };
}

/** The same listeners, and the scene hears first. */
function tapped(
  listeners: Listeners,
  feed: SceneFeed,
  opened: (interfaces: readonly SourceInterface[]) => void,
): Listeners {
  return {
    ...listeners,
    opened: (interfaces) => {
      listeners.opened?.(interfaces);
      opened(interfaces);
    },
    pulse: (pulse) => feed.pulse(pulse),
    openFlow: (flow) => feed.openFlow(flow),
    series: (recent, whole) => feed.series(recent, whole),
    snapshot: (snapshot: Snapshot) => {
      feed.snapshot(snapshot, false);
      listeners.snapshot?.(snapshot);
    },
  };
}

const unmarked: FileMark = { known: null, broken: [], endsHash: '', hash: Promise.resolve('') };
