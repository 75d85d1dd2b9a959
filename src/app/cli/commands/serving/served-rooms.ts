// A capture that is looked at while it runs: the rooms a capture works with, with somebody listening in.

import type { Snapshot } from '../../../../core/index.ts';
import type { Batch, Store } from '../../../../output/store/index.ts';
import { type FileMark, forgetfulStore, type StoreOpening, type StorePlan } from '../../../pipeline/index.ts';
import type { Rooms } from '../../rooms.ts';
import { tappedStore } from './live-store.ts';

export interface Watcher {
  batch(batch: Batch): void;
  snapshot(snapshot: Snapshot, isLast: boolean): void;
}

export interface ServedRooms {
  /** For the capture. */
  readonly rooms: Rooms;
  /** The store of the capture once it is open; it stays open when the capture ends. */
  readonly store: Promise<Store>;
  /** A person has set the state of an alert. */
  setAlertState(run: number, alertId: string, state: string): void;
}

/** Snapshots while somebody may be looking. */
const snapshotEveryMs = 250;

/** @param isKept whether rows go into a store, too */
export function servedRooms(rooms: Rooms, isKept: boolean, watcher: Watcher): ServedRooms {
  let opened: (store: Promise<Store>) => void = () => {};
  const store = new Promise<Store>((resolve) => {
    opened = resolve;
  });
  store.catch(() => {}); // whoever asks is told
  let told: StoreOpening['alertStateSet'];
  const openStore = (plan: StorePlan, opening: StoreOpening): Promise<Store> => {
    told = opening.alertStateSet;
    const real = isKept ? rooms.openStore(plan, opening) : Promise.resolve(forgetfulStore);
    opened(real);
    return real.then((each) => tappedStore(each, watcher.batch));
  };
  const served: Rooms = {
    ...rooms,
    openStore,
    markFiles: (paths, engine) => (isKept ? rooms.markFiles(paths, engine) : Promise.resolve(unmarked)),
    startRun: (options, listeners) => {
      const every =
        options.snapshotEveryMs === 0 ? snapshotEveryMs : Math.min(options.snapshotEveryMs, snapshotEveryMs);
      const snapshot = (given: Snapshot): void => {
        watcher.snapshot(given, false);
        listeners.snapshot?.(given);
      };
      const run = rooms.startRun({ ...options, snapshotEveryMs: every }, { ...listeners, snapshot });
      run.done.then(
        (result) => watcher.snapshot(result.snapshot, true),
        () => {}, // the capture itself tells why it failed
      );
      return run;
    },
  };
  return { rooms: served, store, setAlertState: (run, id, state) => told?.(run, id, state) };
}

const unmarked: FileMark = { known: null, broken: [], endsHash: '', hash: Promise.resolve('') };
