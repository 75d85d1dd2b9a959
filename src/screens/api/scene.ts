// A scene: one capture, one file, one upload, or one stretch of the store, as screens look at it.

import type { Alert, Family, Pulse, Severity, Snapshot, TrafficSeries, TrafficSpan } from '../../core/index.ts';
import type { FlowDetails, PacketDetails, RowWindow, TimeRange, WindowRequest } from './asking.ts';

/** `waiting`: no packet source is open yet; `done`: the input has ended; `failed`: see `failure`. */
export type SceneState = 'waiting' | 'running' | 'done' | 'failed';

/** What a snapshot tells screens: all of it but what only threads need, and of long lists the newest or largest. */
export interface SceneSnapshot extends Omit<Snapshot, 'handshakes' | 'alerts' | 'seconds' | 'health' | 'queue'> {
  readonly state: SceneState;
  /** By severity, all of them. */
  readonly alertCounts: Readonly<Record<Severity, number>>;
  /** The latest 50; the table `alerts` has the others. */
  readonly alerts: readonly Alert[];
  readonly health: Omit<NonNullable<Snapshot['health']>, 'rtt' | 'response'> | null;
  /** Rows of the live tables that gave way, by table. */
  readonly forgotten: Readonly<Record<string, number>>;
  /** Best name of an address, for those that this snapshot names. */
  readonly names: Readonly<Record<string, string>>;
  /** Of this process since it began: CPU seconds, bytes of resident memory. */
  readonly process: { readonly cpuSec: number; readonly memoryBytes: number; readonly wallSec: number };
}

/** A protocol as it declares itself. */
export interface ProtocolInfo {
  readonly name: string;
  readonly title: string;
  readonly family: Family;
  /** Columns of its table, beyond those of every event; empty: there is no table. */
  readonly fields: readonly {
    readonly column: string;
    readonly kind: string;
    readonly title: string;
    readonly unit: string | null;
    readonly filters: readonly string[];
  }[];
}

export interface SceneAbout {
  /** `main`, or a number in letters for those that were begun from a screen. */
  readonly id: string;
  readonly kind: 'interface' | 'file' | 'pipe' | 'store' | 'demo';
  /** Interface, files, or the store's place. */
  readonly names: readonly string[];
  /** Times are shown while they are now: a capture that goes on, or a demo. */
  readonly isLive: boolean;
  /** What can be asked of it. */
  readonly can: {
    readonly packets: boolean;
    readonly history: boolean;
    readonly acknowledge: boolean;
    /** Places on the map: the user's mmdb is there. */
    readonly places: boolean;
  };
}

/** What changed. */
export type SceneNews = 'pulse' | 'snapshot' | 'end';

/** What a screen asks; over HTTP the same under /api/v1/live. Rejects with Failures. */
export interface Scene {
  readonly about: SceneAbout;
  readonly protocols: readonly ProtocolInfo[];
  /** Null before the first. About one a second. */
  latest(): SceneSnapshot | null;
  /** Null before the first. About ten a second. */
  pulse(): Pulse | null;
  /** Null while there is nothing. A new object when it changed. */
  series(span: TrafficSpan): TrafficSeries | null;
  /** Why it failed. */
  failure(): { readonly code: string; readonly message: string; readonly hint: string } | null;
  subscribe(heard: (news: SceneNews) => void): () => void;
  rows(request: WindowRequest): Promise<RowWindow>;
  flow(run: number, flowId: number): Promise<FlowDetails>;
  /** Packets of a flow in order of time, `limit` of them at the most (200 when left out), from the `from`th. */
  packets(run: number, flowId: number, from?: number, limit?: number): Promise<readonly PacketDetails[]>;
  /** A pcapng file in pieces: of one flow, or of all flows that a filter finds. */
  packetFile(
    of: { readonly run: number; readonly flowId: number } | { readonly filter: string },
  ): AsyncIterable<Uint8Array>;
  /** Sets the state of an alert: `acknowledged`, `open`. */
  setAlertState(run: number, alertId: string, state: string): Promise<void>;
  /** The same scene over another time, where a store is behind it; null where that cannot be had. */
  during(range: TimeRange): Scene | null;
}
