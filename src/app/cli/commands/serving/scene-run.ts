// A capture that is looked at while it runs: its scene, and the rooms it works with, with the scene listening in.

import type { Snapshot, SourceInterface } from '../../../../core/index.ts';
import type { Store, Table } from '../../../../output/store/index.ts';
import type { Scene, SceneAbout } from '../../../../screens/api/index.ts';
import { type FileMark, forgetfulStore, type RunOptions, type StoreOpening } from '../../../pipeline/index.ts';
import type { Geo, ScenePackets } from '../../../scenes/index.ts';
import type { Rooms } from '../../rooms.ts';
import { tappedStore } from './live-store.ts';
import type { SharedStore } from './shared-store.ts';

export interface SceneRunOptions {
  readonly about: Omit<SceneAbout, 'can'>;
  readonly tables: readonly Table[];
  readonly packets: ScenePackets | null;
  readonly geo: Geo | null;
  /** Where rows go, too; null: nowhere. */
  readonly store: SharedStore | null;
  readonly viewer: keyof typeof screens;
}

export interface SceneRun {
  readonly scene: Scene;
  /** For the capture. */
  readonly rooms: Rooms;
  /** Resolves once the input is open; never if it cannot be. */
  readonly opened: Promise<void>;
  /** The capture has come to its end, and every row of it was told. */
  ended(): void;
  failed(cause: unknown): void;
}

/** What a run tells while somebody may be looking. */
const snapshotEveryMs = 1000;
/** By who looks: charts of a browser glide ten times a second, a terminal is drawn four times. */
const screens = {
  browser: { pulseEveryMs: 100, openFlowsEveryMs: 1000, openFlowsMost: 4000 },
  terminal: { pulseEveryMs: 250, openFlowsEveryMs: 1000, openFlowsMost: 2000 },
} as const;

export async function sceneRun(rooms: Rooms, options: SceneRunOptions): Promise<SceneRun> {
  const { about, tables, packets, geo, store: shared, viewer } = options;
  const { openLiveScene, sceneProtocols } = await import('../../../scenes/index.ts');
  let interfaces: readonly SourceInterface[] = [];
  let store: Store | null = null;
  let told: StoreOpening['alertStateSet'];
  const { scene, feed } = openLiveScene({
    about,
    tables,
    protocols: sceneProtocols(),
    packets,
    geo,
    history: shared?.history ?? null,
    interfaceName: (index) => (about.kind === 'interface' ? (interfaces[index]?.name ?? '') : ''),
    alertStates: {
      write: async (batches) => await store?.write(batches),
      set: (run, id, state) => told?.(run, id, state),
    },
  });
  let last: Snapshot | null = null;
  let isOpen = (): void => {};
  const opened = new Promise<void>((resolve) => {
    isOpen = resolve;
  });
  const startRun: Rooms['startRun'] = (given, listeners) => {
    const run = rooms.startRun(watched(given, viewer), {
      ...listeners,
      opened: (each) => {
        interfaces = each;
        listeners.opened?.(each);
        isOpen();
      },
      openFlow: (flow) => feed.openFlow(flow),
      pulse: (pulse) => feed.pulse(pulse),
      series: (recent, whole) => feed.series(recent, whole),
      snapshot: (snapshot) => {
        feed.snapshot(snapshot, false);
        listeners.snapshot?.(snapshot);
      },
    });
    run.done.then(
      ({ snapshot }) => {
        last = snapshot;
      },
      () => {}, // the capture itself tells why it failed
    );
    return run;
  };
  const openStore: Rooms['openStore'] = async (plan, opening) => {
    told = opening.alertStateSet;
    const real = shared === null ? forgetfulStore : await shared.open(plan, opening);
    store = tappedStore(real, feed.batch);
    return store;
  };
  const markFiles: Rooms['markFiles'] = async (...given) =>
    shared === null ? unmarked : await rooms.markFiles(...given);
  return {
    scene,
    rooms: { ...rooms, startRun, openStore, markFiles },
    opened,
    ended: () => {
      if (last !== null) feed.snapshot(last, true);
    },
    failed: feed.failed,
  };
}

const watched = (options: RunOptions, viewer: keyof typeof screens): RunOptions => ({
  ...options,
  snapshotEveryMs: options.snapshotEveryMs === 0 ? snapshotEveryMs : Math.min(options.snapshotEveryMs, snapshotEveryMs),
  screens: screens[viewer],
});

const unmarked: FileMark = { known: null, broken: [], endsHash: '', hash: Promise.resolve('') };
