// The analysis thread: one source, one engine, one queue of facts.

import { parentPort, workerData } from 'node:worker_threads';
import type { Detector } from '../../analysis/detectors/index.ts';
import type { FilteredSource } from '../../capture/sources/index.ts';
import {
  batchCapacity,
  endOfInput,
  Failure,
  FrameBatch,
  nothingYet,
  QueueWriter,
  type Source,
} from '../../core/index.ts';
import { useFastText } from '../machine/index.ts';
import { CaptureSecrets } from './capture-secrets.ts';
import { openEvidence } from './detection/evidence-files.ts';
import { IntelFeed } from './detection/intel-feed.ts';
import { loadOwnDetectors } from './detection/own/own-detectors.ts';
import type { SignalSender } from './detection/signal-sender.ts';
import { Engine } from './engine.ts';
import { FactSender } from './hand-over/facts.ts';
import { control, type WorkerMessage, type WorkerOrder } from './hand-over/messages.ts';
import { ScreenSender, spansOf, type TrafficSpans } from './hand-over/screen-sender.ts';
import { makeSnapshot, SeldomSums } from './hand-over/snapshot.ts';
import { openPacketKeeper } from './keeping/packets/open-packet-keeper.ts';
import type { PacketKeeper } from './keeping/packets/packet-keeper.ts';
import { openSource } from './open-source.ts';
import type { RunOptions } from './options.ts';
import { openPacketOutput, type PacketOutput } from './packet-output.ts';

/** Longest wait for packets before the flags are looked at again, and between two wake-ups of the reader. */
const waitMs = 50;
const wakeEveryMs = 40;

/** After a stop: how long a block of the ring is waited for, and batches taken at the most. */
const restWaitMs = 20;
const restBatches = 2000;

/** How long a disk may take for the last packets that are kept of a live capture. */
const liveCloseMs = 10_000;

const order = workerData as WorkerOrder; // given by run.ts
const port = parentPort;
const flags = new Int32Array(order.controlMemory);

function say(message: WorkerMessage): void {
  port?.postMessage(message);
}

function wake(): void {
  if (Atomics.exchange(flags, control.woken, 1) === 0) say({ type: 'drain' });
}

class Analysis {
  readonly #options: RunOptions;
  readonly #source: Source;
  readonly #output: PacketOutput | null;
  readonly #keeper: PacketKeeper | null;
  readonly #queue: QueueWriter;
  readonly #engine: Engine;
  /** Sends signals to detectors that run elsewhere. */
  readonly #sender: SignalSender | null;
  /** Null while nobody looks. */
  readonly #screens: ScreenSender | null;
  readonly #sums = new SeldomSums();
  readonly #secrets: CaptureSecrets;
  readonly #intel: IntelFeed;
  readonly #batch = new FrameBatch();
  readonly #numbers: Float64Array;
  readonly #countsItself: boolean;
  /** Frames taken so far, also those that another worker counts. */
  #taken = 0;
  #nextWake = 0;
  #nextSnapshot: number;
  #endMs = Number.POSITIVE_INFINITY;
  #endUs = Number.POSITIVE_INFINITY;

  constructor(source: Source, output: PacketOutput | null, keeper: PacketKeeper | null, own: readonly Detector[]) {
    this.#options = order.options;
    this.#source = source;
    this.#output = output;
    this.#keeper = keeper;
    const policy = source.kind === 'interface' ? 'drop' : 'wait';
    this.#queue = new QueueWriter(order.queueMemory, policy, wake);
    this.#secrets = new CaptureSecrets(source, order.options.keyLog);
    this.#intel = new IntelFeed(order.listening === null ? (order.options.detect?.intel ?? []) : []);
    const { events, values } = order.options.wants;
    const isFile = order.options.input.kind === 'files';
    const wants = events || values ? { eve: events, values, numbers: isFile } : null;
    const nameOf = (index: number): string | null => (isFile ? null : (source.interfaces[index]?.name ?? null));
    const facts = new FactSender(this.#queue, wants, nameOf);
    this.#sender = order.listening === null ? null : facts.signalSender(order.listening, order.index === 0 || !isFile);
    this.#engine = new Engine(order.options, facts, order.hashSeed, this.#secrets.keys, order.index, {
      own,
      evidence: openEvidence(order.options, source),
      keeper,
      intel: this.#intel.source,
      ...(this.#sender === null ? {} : { target: this.#sender }),
    });
    const { screens } = order.options;
    this.#screens = screens === null ? null : new ScreenSender(screens, this.#engine, source, this.#queue, facts);
    keeper?.attach(this.#engine);
    const speedBps = source.interfaces[0]?.speedBps ?? 0;
    this.#engine.volume.speedBps = speedBps;
    const meter = this.#engine.signals?.meter ?? null;
    if (meter !== null) meter.speedBps = speedBps;
    const every = order.options.snapshotEveryMs;
    this.#nextSnapshot = every > 0 ? Date.now() + every : Number.POSITIVE_INFINITY;
    const filteredNumbers = (source as Partial<FilteredSource>).packetNumbers;
    this.#numbers = filteredNumbers ?? new Float64Array(batchCapacity);
    this.#countsItself = filteredNumbers === undefined;
    if (order.options.maxSec > 0 && source.kind !== 'file') this.#endMs = Date.now() + order.options.maxSec * 1000;
  }

  /** Reads until the end, a limit or the stop flag. */
  async run(): Promise<void> {
    const source = this.#source;
    const batch = this.#batch;
    const isLive = source.kind === 'interface';
    const { input } = this.#options;
    // Of files that are read once, the same has to come whenever they are read.
    const goesOn = input.kind === 'interface' || input.follow;
    while (Atomics.load(flags, control.stop) === 0) {
      const reading = source.read(batch, waitMs);
      const count = typeof reading === 'number' ? reading : await reading;
      if (count === endOfInput) break;
      this.#secrets.look();
      if (goesOn) this.#intel.look();
      if (count !== nothingYet) {
        this.#engine.talks.isHurried = source.isBehind?.() ?? false;
        if (this.#take(count)) break;
      }
      if (this.#tend(count)) break;
    }
    if (isLive && Atomics.load(flags, control.stop) === 1) await this.#takeRest();
    // The capture is over: the records of all open flows can wait for the reader.
    this.#queue.waitFromNow();
    this.#engine.finish();
    this.#output?.close();
    this.#keeper?.close(isLive ? liveCloseMs : Number.POSITIVE_INFINITY);
    wake();
  }

  /** What the kernel had already received when the capture was stopped. */
  async #takeRest(): Promise<void> {
    const stopUs = Date.now() * 1000;
    const batch = this.#batch;
    for (let left = restBatches; left > 0; left--) {
      const reading = this.#source.read(batch, restWaitMs);
      const count = typeof reading === 'number' ? reading : await reading;
      if (count === endOfInput || count === nothingYet) return;
      const isLast = batch.timeUs[count - 1] > stopUs;
      if (this.#take(count) || isLast) return;
    }
  }

  /** Analyses and writes a batch; true when a limit is reached. */
  #take(count: number): boolean {
    const batch = this.#batch;
    const { maxPackets, maxSec, snapLen } = this.#options;
    const counts = this.#engine.counts;
    let take = count;
    if (maxPackets > 0) take = Math.min(take, maxPackets - counts.packets);
    if (maxSec > 0 && this.#source.kind === 'file') {
      if (counts.packets === 0) this.#endUs = batch.timeUs[0] + maxSec * 1e6;
      for (let i = 0; i < take; i++) if (batch.timeUs[i] >= this.#endUs) take = i;
    }
    if (snapLen > 0) for (let i = 0; i < take; i++) if (batch.capLen[i] > snapLen) batch.capLen[i] = snapLen;
    if (this.#countsItself) for (let i = 0; i < take; i++) this.#numbers[i] = this.#taken + i + 1;
    this.#taken += take;
    this.#output?.write(batch, take, this.#numbers);
    this.#engine.run(batch, take, this.#numbers, this.#source.interfaces);
    this.#engine.signals?.evidence?.flush();
    this.#sender?.mark();
    return take < count || (maxPackets > 0 && counts.packets >= maxPackets);
  }

  /** What is due between batches; true when the time is over. */
  #tend(count: number): boolean {
    const now = Date.now();
    this.#keeper?.tick(now);
    const pulse = this.#screens?.tick(now) ?? null;
    if (pulse !== null) say({ type: 'pulse', pulse });
    if (!this.#queue.isEmpty && (count === nothingYet || now >= this.#nextWake || this.#queue.isHalfFull)) {
      this.#nextWake = now + wakeEveryMs;
      wake();
    }
    if (now >= this.#nextSnapshot) {
      this.#nextSnapshot = now + this.#options.snapshotEveryMs;
      const { doneBytes, totalBytes } = this.#source.progress();
      say({
        type: 'snapshot',
        snapshot: this.snapshot({ sums: this.#sums }),
        traffic: this.traffic(),
        doneBytes,
        totalBytes,
      });
    }
    return now >= this.#endMs;
  }

  traffic(): TrafficSpans | null {
    return spansOf(this.#engine);
  }

  /** @param more what may be older, for snapshots on the way */
  snapshot(more: { readonly sums?: SeldomSums } = {}): ReturnType<typeof makeSnapshot> {
    return makeSnapshot({
      ...more,
      engine: this.#engine,
      source: this.#source,
      queue: this.#queue.counters(),
      capacity: this.#options.flow.capacity,
      keeper: this.#keeper,
      talkers: this.#options.workers > 1 ? 4096 : 20,
    });
  }
}

async function main(): Promise<void> {
  useFastText();
  let source: Source | null = null;
  try {
    const own = order.listening === null ? await loadOwnDetectors(order.options.detect?.modules ?? []) : [];
    source = await openSource(order.options, order.fanoutGroup);
    say({ type: 'opened', interfaces: source.interfaces });
    // The main thread gives up privileges between these two lines.
    Atomics.wait(flags, control.go, 0);
    const output = openPacketOutput(order.options, source);
    const keeper = await openPacketKeeper(order.options, source, order.index);
    const analysis = new Analysis(source, output, keeper, own);
    await analysis.run();
    const damage = source.damage === null ? null : { ...source.damage, input: source.name };
    say({
      type: 'done',
      snapshot: analysis.snapshot(),
      traffic: analysis.traffic(),
      interfaces: source.interfaces,
      damage,
    });
  } catch (cause) {
    if (cause instanceof Failure) say({ type: 'failed', failure: cause.toData() });
    else {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      say({ type: 'broken', message: error.message, stack: error.stack ?? '' });
    }
  } finally {
    source?.close();
    port?.close();
  }
}

await main();
