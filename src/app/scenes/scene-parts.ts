// What scenes are given to answer from: each part stands for itself, so that tests need no capture and no engine.

import type { Flow, Pulse, Snapshot, TrafficSeries } from '../../core/index.ts';
import type { Batch, History, RowPlace, Scope, Table } from '../../output/store/index.ts';
import type { ProtocolInfo, Scene, SceneAbout, TimeRange } from '../../screens/api/index.ts';
import type { PacketsOf } from '../pipeline/index.ts';
import type { Geo } from './geo/geo.ts';

/** Rows of one window at the most. */
export const windowRows = 200;

/** Where a scene's packets can be had. */
export interface ScenePackets {
  /** Capture files that are read again; empty where there are none. */
  readonly files: readonly string[];
  /** The ring of kept packets beside a store: a pcapng file in pieces; throws NO_SUCH_FILE where nothing is left. */
  readonly kept: { find(packets: PacketsOf, signal: AbortSignal): AsyncIterable<Uint8Array> } | null;
}

/** Takes the states that people give to alerts. */
export interface AlertStates {
  /** Writes a row of the table `alerts`. */
  write(batches: readonly Batch[]): Promise<void>;
  /** Later versions of the alert are to keep that state; left out where there are none to come. */
  set?(run: number, alertId: string, state: string): void;
}

/** What every scene has. */
export interface SceneParts {
  readonly about: Omit<SceneAbout, 'can'>;
  /** All tables, as `keptTables()` has them. */
  readonly tables: readonly Table[];
  /** As `sceneProtocols()` has them. */
  readonly protocols: readonly ProtocolInfo[];
  readonly packets?: ScenePackets | null;
  readonly geo?: Geo | null;
  /** Null where alerts cannot be changed. */
  readonly alertStates?: AlertStates | null;
}

export interface LiveSceneParts extends SceneParts {
  /** What is kept of this scene and of what was before it; null where nothing is. */
  readonly history?: History | null;
  /** Name of an interface by its index, for rows of open flows; empty for files. */
  readonly interfaceName?: (index: number) => string;
  /** Rows kept at the most. */
  readonly bounds?: Partial<LiveBounds>;
}

export interface LiveBounds {
  readonly flows: number;
  readonly hosts: number;
  /** Of every other table. */
  readonly others: number;
}

/** What a run tells, on its way into its scene. Facts are read before a call returns. */
export interface SceneFeed {
  /** Run and sensor, as soon as they are known: rows of open flows have them. Batches tell it, too. */
  place(place: RowPlace): void;
  /** Rows as the store gets them: flow records, events, names, alerts. */
  batch(batch: Batch): void;
  openFlow(flow: Flow): void;
  pulse(pulse: Pulse): void;
  /** With each snapshot. */
  series(recent: TrafficSeries, whole: TrafficSeries): void;
  /** @param isLast the input has ended */
  snapshot(snapshot: Snapshot, isLast: boolean): void;
  /** A failure of the run, or anything else that ended it. */
  failed(cause: unknown): void;
}

export interface LiveScene {
  readonly scene: Scene;
  readonly feed: SceneFeed;
}

export interface StoreSceneParts extends SceneParts {
  readonly history: History;
  /** Left out: the last hour that has rows. */
  readonly range?: TimeRange;
  /** Left out: live captures, or files where nothing was captured live. */
  readonly runs?: Scope['runs'];
}

/** A scene over a stretch of a store: asked once, and as it was then. */
export interface StoreScene extends Scene {
  /** Resolves when snapshot and series are there, or with `failure()` set. */
  readonly ready: Promise<void>;
}
