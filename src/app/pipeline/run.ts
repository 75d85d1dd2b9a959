// One run: from its start to the last snapshot. Owns the threads, their queues and their flags.

import { randomInt } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import {
  type Alert,
  createQueueMemory,
  Failure,
  QueueReader,
  type Snapshot,
  type SourceInterface,
} from '../../core/index.ts';
import { dropPrivileges } from '../machine/index.ts';
import type { Listening } from './detection/index.ts';
import type { OpenMerged } from './detection/open-merged.ts';
import { FactReceiver, factQueueBytes } from './hand-over/facts.ts';
import { mergeSnapshots } from './hand-over/merge-snapshots.ts';
import { control, type WorkerMessage, type WorkerOrder } from './hand-over/messages.ts';
import { ScreenReceiver } from './hand-over/screen-receiver.ts';
import type { Listeners, Run, RunResult } from './listeners.ts';
import type { DetectOptions, RunOptions } from './options.ts';

interface Hand {
  readonly worker: Worker;
  readonly flags: Int32Array;
  readonly queue: QueueReader;
  readonly facts: FactReceiver;
  interfaces: readonly SourceInterface[] | null;
  latest: Snapshot | null;
  result: RunResult | null;
  /** The listeners are busy; facts are handed over once they are not. */
  isWaiting: boolean;
  /** All facts up to the result were handed over. */
  isDone: boolean;
}

/** Starts a run. Failures to open arrive through `done`. */
export function startRun(options: RunOptions, listeners: Listeners): Run {
  return new ThreadedRun(options, listeners);
}

/**
 * What each of several workers is asked to do. A source above the threshold has sent at least its share of it through
 * one of them, so each lists the sources above that share, and the sums decide.
 */
function shareOf(options: RunOptions): RunOptions {
  if (options.workers === 1) return options;
  return {
    ...options,
    threshold: options.threshold === 0 ? 0 : Math.max(1, Math.floor(options.threshold / options.workers)),
    wants: { ...options.wants, alerts: false },
    snapshotEveryMs: options.snapshotEveryMs === 0 ? 1000 : options.snapshotEveryMs,
  };
}

class ThreadedRun implements Run {
  readonly done: Promise<RunResult>;
  readonly #options: RunOptions;
  readonly #listeners: Listeners;
  readonly #hands: Hand[] = [];
  /** Count at the last alert, by key; only with several workers. */
  readonly #raised = new Map<string, number>();
  /** Null while nobody looks. */
  readonly #screens: ScreenReceiver | null;
  #resolve!: (result: RunResult) => void; // set in the constructor, by the promise
  #reject!: (cause: unknown) => void; // likewise
  #isSettled = false;
  #isStopped = false;
  /** Detectors behind several threads; null with one, or without. */
  #merged: OpenMerged | null = null;

  constructor(options: RunOptions, listeners: Listeners) {
    this.#options = options;
    this.#listeners = listeners;
    const { screens, workers } = options;
    this.#screens = screens === null ? null : new ScreenReceiver(listeners, screens.pulseEveryMs, workers);
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { detect } = options;
    if (detect === null || options.workers === 1) this.#startWorkers(null);
    else this.#openDetection(detect).catch((cause: unknown) => this.#fail(cause));
  }

  /** Several threads share the work: detectors run here, over the signals of all of them. */
  async #openDetection(detect: DetectOptions): Promise<void> {
    // Loaded here, so that runs of one thread do not wait for it.
    const { openMerged } = await import('./detection/open-merged.ts');
    const { input } = this.#options;
    const tell = this.#options.wants.alerts ? (alert: Alert) => this.#listeners.alert?.(alert) : null;
    this.#merged = await openMerged(detect, input.kind === 'interface' || input.follow, tell);
    if (!this.#isStopped) this.#startWorkers(this.#merged.listening);
    else this.#finishEmpty();
  }

  #startWorkers(listening: Listening | null): void {
    const fanoutGroup = randomInt(1, 65535);
    for (let index = 0; index < this.#options.workers; index++)
      this.#hands.push(this.#startWorker(index, fanoutGroup, listening));
    const isFile = this.#options.input.kind === 'files';
    this.#merged?.begin(
      this.#hands.map(({ queue }) => queue),
      isFile,
    );
  }

  /** Stopped before it began. */
  #finishEmpty(): void {
    this.#fail(new Failure('CAPTURE_FAILED', 'the capture was stopped before it began', 'Start it again.'));
  }

  #startWorker(index: number, fanoutGroup: number, listening: Listening | null): Hand {
    const queueMemory = createQueueMemory(factQueueBytes);
    const controlMemory = new SharedArrayBuffer(control.words * 4);
    const order: WorkerOrder = {
      options: shareOf(this.#options),
      index,
      hashSeed: randomInt(2 ** 31),
      fanoutGroup,
      listening,
      queueMemory,
      controlMemory,
    };
    // The bundle beside this one: see scripts/build.mjs.
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: order });
    const queue = new QueueReader(queueMemory);
    const hand: Hand = {
      worker,
      flags: new Int32Array(controlMemory),
      queue,
      facts: new FactReceiver(queue, this.#listeners, (unit) => this.#merged?.take(index, unit)),
      interfaces: null,
      latest: null,
      result: null,
      isWaiting: false,
      isDone: false,
    };
    worker.on('message', (message: WorkerMessage) => this.#guard(() => this.#hear(hand, index, message)));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => {
      if (hand.result === null) this.#fail(new Error('the analysis thread ended without a result'));
    });
    return hand;
  }

  /** A listener that throws ends the run: its error is the run's. */
  #guard(action: () => void): void {
    try {
      action();
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #hear(hand: Hand, index: number, message: WorkerMessage): void {
    switch (message.type) {
      case 'opened':
        hand.interfaces = message.interfaces;
        if (this.#hands.every((each) => each.interfaces !== null)) this.#go(message.interfaces);
        break;
      case 'drain':
        this.#drain(hand);
        break;
      case 'pulse':
        this.#screens?.pulse(index, message.pulse);
        break;
      case 'snapshot':
        hand.latest = message.snapshot;
        this.#screens?.traffic(index, message.traffic);
        this.#listeners.progress?.(message.doneBytes, message.totalBytes);
        this.#tell();
        break;
      case 'done':
        hand.result = message;
        this.#screens?.traffic(index, message.traffic);
        this.#drain(hand);
        break;
      case 'failed':
        this.#fail(Failure.fromData(message.failure));
        break;
      case 'broken': {
        const error = new Error(message.message);
        error.stack = message.stack;
        this.#fail(error);
        break;
      }
    }
  }

  /** All captures are open: give up privileges, then let packets be parsed. */
  #go(interfaces: readonly SourceInterface[]): void {
    if (this.#options.dropTo !== null) dropPrivileges(this.#options.dropTo);
    this.#listeners.opened?.(interfaces);
    for (const { flags } of this.#hands) {
      Atomics.store(flags, control.go, 1);
      Atomics.notify(flags, control.go);
    }
  }

  #drain(hand: Hand): void {
    if (hand.isWaiting || this.#isSettled) return;
    const busy = this.#listeners.busy?.() ?? null;
    if (busy !== null) {
      hand.isWaiting = true;
      void busy.then(() => {
        hand.isWaiting = false;
        this.#guard(() => this.#drain(hand));
      });
      return;
    }
    // A thread far ahead of the others waits, so that what is kept of it stays little.
    const index = this.#hands.indexOf(hand);
    if (this.#merged?.isAhead(index) === true) return;
    // Asked to be woken again only when all is taken: a writer that is busy would wake for every batch.
    let taken = hand.facts.drain();
    Atomics.store(hand.flags, control.woken, 0);
    if (!hand.queue.isEmpty) taken += hand.facts.drain();
    if (hand.result !== null) this.#merged?.done(index);
    if (this.#merged !== null) this.#runMerged(index);
    if (taken > 0) this.#listeners.drained?.();
    if (hand.result === null) return;
    hand.isDone = true;
    this.#finish();
  }

  /** Detectors hear what can be told; threads that had to wait go on. */
  #runMerged(index: number): void {
    this.#merged?.run();
    for (const [i, other] of this.#hands.entries())
      if (i !== index && !other.isDone && !other.queue.isEmpty) this.#drain(other);
  }

  #tell(): void {
    const known = this.#hands.map((hand) => hand.latest).filter((snapshot) => snapshot !== null);
    if (known.length < this.#hands.length) return;
    const snapshot = this.#withAlerts(mergeSnapshots(known, this.#options));
    this.#raise(snapshot);
    this.#screens?.tellSeries();
    this.#listeners.snapshot?.(snapshot);
  }

  /** With several workers a source's packets are known only here: raises what is new, or grew tenfold. */
  #raise(snapshot: Snapshot): void {
    if (this.#hands.length === 1) return;
    for (const alert of snapshot.alerts) {
      // Alerts of the desk were told by it.
      if (alert.detector !== 'volume.packet-count') continue;
      const told = this.#raised.get(alert.key) ?? 0;
      if (told > 0 && alert.count < told * 10) continue;
      this.#raised.set(alert.key, alert.count);
      this.#listeners.alert?.(alert);
    }
  }

  #finish(): void {
    const results = this.#hands.map((hand) => hand.result).filter((result) => result !== null);
    if (!this.#hands.every((hand) => hand.isDone) || this.#isSettled) return;
    this.#isSettled = true;
    this.#merged?.end();
    const snapshot = this.#withAlerts(
      mergeSnapshots(
        results.map((result) => result.snapshot),
        this.#options,
      ),
    );
    this.#raise(snapshot);
    this.#screens?.close();
    this.#screens?.tellSeries();
    this.#resolve({
      snapshot,
      interfaces: results[0].interfaces,
      damage: results.find((result) => result.damage !== null)?.damage ?? null,
    });
  }

  /** With detectors of our own here, what they found belongs to the snapshot. */
  #withAlerts(snapshot: Snapshot): Snapshot {
    return this.#merged === null ? snapshot : { ...snapshot, ...this.#merged.snapshot(snapshot.alerts) };
  }

  #fail(cause: unknown): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#screens?.close();
    void this.abort();
    this.#reject(cause);
  }

  stop(): void {
    this.#isStopped = true;
    for (const { flags } of this.#hands) Atomics.store(flags, control.stop, 1);
  }

  async abort(): Promise<void> {
    this.stop();
    for (const hand of this.#hands) {
      hand.queue.close();
      Atomics.store(hand.flags, control.go, 1);
      Atomics.notify(hand.flags, control.go);
    }
    await Promise.all(this.#hands.map((hand) => hand.worker.terminate()));
  }
}
