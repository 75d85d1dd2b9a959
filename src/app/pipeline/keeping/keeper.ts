// Keeps what a run tells in a store: gathers rows, hands them over in batches, and holds back or drops when the store is
// slower than the run.

import { randomInt } from 'node:crypto';
import { Failure, type Snapshot } from '../../../core/index.ts';
import {
  type Batch,
  FactBatches,
  type RetentionPolicy,
  type RowPlace,
  type RunAbout,
  runBatch,
  SensorRows,
  type Store,
} from '../../../output/store/index.ts';
import type { Listeners } from '../listeners.ts';

export interface KeeperOptions {
  /** Rows wait in memory until it is open. */
  readonly store: Promise<Store>;
  /** Run and sensor never change; the rest is known once the store is open. */
  readonly about: () => RunAbout;
  /** Live runs never wait for the store: rows that find no room are dropped and counted. */
  readonly isLive: boolean;
  /** Name of the interface with this index; empty for files. */
  readonly interfaceName: (index: number) => string;
  readonly retention: RetentionPolicy;
  /** `linux x64`. */
  readonly system: string;
  /** A clock that never goes back, and the one on the wall. */
  readonly nowMs: () => number;
  readonly wallMs: () => number;
  /** What went wrong with the store; told once for each kind. */
  readonly warn: (failure: Failure) => void;
}

export interface KeeperReport {
  readonly rows: number;
  /** Lost because the store was slower than the run, or because it failed. */
  readonly droppedRows: number;
  readonly hasFailed: boolean;
}

/** A number for a run: those of all sensors of a fleet meet in one store. */
export const newRun = (): number => randomInt(1, 2 ** 48 - 1);

/** Rows handed over at once at the most; and about the longest a row waits. */
const batchRows = 16_384;
const batchEveryMs = 1000;
/** Rows on their way into the store at the most. */
const waitingBound = 8 * batchRows;
const sensorEveryMs = 10_000;
const retainEveryMs = 60_000;

/** One run's rows on their way into a store. */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #place: RowPlace;
  readonly #facts: FactBatches;
  readonly #sensor: SensorRows;
  #waiting = 0;
  #rows = 0;
  #dropped = 0;
  #version: number;
  #lastMs: number;
  #lastSensorMs: number;
  #lastRetainMs: number;
  #free: (() => void) | null = null;
  /** What was begun, one after the other. */
  #work: Promise<void>;
  readonly #told = new Set<string>();

  constructor(options: KeeperOptions) {
    const now = options.nowMs();
    this.#options = options;
    const about = options.about();
    this.#place = about;
    this.#facts = new FactBatches(about, batchRows);
    this.#sensor = new SensorRows(about);
    this.#version = options.wallMs() * 1000;
    this.#lastMs = now;
    this.#lastSensorMs = now;
    this.#lastRetainMs = now;
    this.#work = Promise.resolve();
    this.#putRun('open', null);
  }

  get droppedRows(): number {
    return this.#dropped;
  }

  /** What a run tells is heard here. */
  readonly listeners: Listeners = {
    flow: (flow) => {
      this.#facts.flow(flow, this.#options.interfaceName(flow.iface));
      this.#flushFull();
    },
    event: (event) => {
      this.#facts.event(event);
      this.#flushFull();
    },
    alert: (alert) => this.#facts.alert(alert),
    snapshot: (snapshot) => this.#snapshot(snapshot),
    // Also of files: one may be played in its own time, or grow, while somebody looks on.
    drained: () => {
      if (this.#options.nowMs() - this.#lastMs >= batchEveryMs) this.#flush();
    },
    // Offline the run waits for the store, so that nothing is lost.
    busy: () => {
      if (this.#options.isLive || this.#waiting < waitingBound) return null;
      return new Promise((resolve) => {
        this.#free = resolve;
      });
    },
  };

  /** A person has set the state of an alert of this run; others are not ours. */
  setAlertState(run: number, alertId: string, state: string): void {
    if (run === this.#place.run) this.#facts.setAlertState(alertId, state);
  }

  /** The run is over: all rows are handed over, and the run is marked whole where nothing was lost. */
  async finish(snapshot: Snapshot, hash: string): Promise<KeeperReport> {
    for (const alert of snapshot.alerts) this.#facts.alert(alert);
    this.#flush();
    if (this.#options.isLive) this.#tellSensor(snapshot);
    await this.#work;
    const failed = this.#told.size > 0;
    // A run that lost rows of a file is not whole: it may be imported again.
    const state = failed && !this.#options.isLive ? 'open' : 'done';
    this.#putRun(state, snapshot, hash);
    await this.#work;
    return { rows: this.#rows, droppedRows: this.#dropped, hasFailed: this.#told.size > 0 };
  }

  #snapshot(snapshot: Snapshot): void {
    const now = this.#options.nowMs();
    if (now - this.#lastMs >= batchEveryMs) this.#flush();
    if (!this.#options.isLive) return;
    if (now - this.#lastSensorMs >= sensorEveryMs) {
      this.#lastSensorMs = now;
      for (const alert of snapshot.alerts) this.#facts.alert(alert);
      this.#tellSensor(snapshot);
      this.#putRun('open', snapshot);
    }
    if (now - this.#lastRetainMs >= retainEveryMs) {
      this.#lastRetainMs = now;
      this.#retain();
    }
  }

  #putRun(state: 'open' | 'done', snapshot: Snapshot | null, hash = ''): void {
    const version = this.#nextVersion();
    this.#waiting++;
    this.#work = this.#work.then(async () => {
      await this.#options.store.catch(() => {}); // `write` says so
      await this.#write([runBatch({ ...this.#options.about(), hash }, state, snapshot, version)], 1);
    });
  }

  #tellSensor(snapshot: Snapshot): void {
    const { user, system } = process.cpuUsage();
    const state = {
      nowUs: this.#options.wallMs() * 1000,
      system: this.#options.system,
      memoryBytes: process.memoryUsage.rss(),
      cpuUs: user + system,
      droppedRows: this.#dropped,
      spoolBytes: 0,
    };
    this.#waiting++;
    this.#work = this.#work.then(async () => {
      const waiting = await this.#options.store.then((store) => store.waiting()).catch(() => null);
      const { spoolBytes, droppedRows } = waiting ?? { spoolBytes: 0, droppedRows: 0 };
      const lost = state.droppedRows + droppedRows;
      const batch = this.#sensor.make(snapshot, { ...state, spoolBytes, droppedRows: lost });
      await this.#write([batch], 1);
    });
  }

  #retain(): void {
    this.#work = this.#work.then(async () => {
      try {
        const store = await this.#options.store;
        await store.retain(this.#options.retention, this.#options.wallMs() * 1000);
      } catch (cause) {
        this.#warn(cause);
      }
    });
  }

  #flushFull(): void {
    if (this.#facts.rows >= batchRows) this.#flush();
  }

  #flush(): void {
    this.#lastMs = this.#options.nowMs();
    if (this.#facts.rows === 0) return;
    this.#put(this.#facts.take(this.#nextVersion()));
  }

  #put(batches: readonly Batch[]): void {
    const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
    if (this.#options.isLive && this.#waiting + rows > waitingBound) {
      this.#dropped += rows;
      return;
    }
    this.#waiting += rows;
    this.#work = this.#work.then(() => this.#write(batches, rows));
  }

  async #write(batches: readonly Batch[], rows: number): Promise<void> {
    try {
      const store = await this.#options.store;
      await store.write(batches);
      this.#rows += rows;
    } catch (cause) {
      this.#dropped += rows;
      this.#warn(cause);
    } finally {
      this.#waiting -= rows;
      if (this.#waiting < waitingBound) {
        this.#free?.();
        this.#free = null;
      }
    }
  }

  #warn(cause: unknown): void {
    if (!(cause instanceof Failure)) throw cause;
    if (this.#told.has(cause.code)) return;
    this.#told.add(cause.code);
    this.#options.warn(cause);
  }

  #nextVersion(): number {
    this.#version = Math.max(this.#version + 1, this.#options.wallMs() * 1000);
    return this.#version;
  }
}
