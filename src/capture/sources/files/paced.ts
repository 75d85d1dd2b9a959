// A capture file played in its own time: each frame is handed over when it is due, so that a file looks as if it were live.

import { endOfInput, FrameBatch, nothingYet, type SourceInterface, type SourceStats } from '../../../core/index.ts';
import type { Annotations } from './annotations.ts';
import type { FileDamage, FileSource } from './input-source.ts';

/** A clock that never goes back, and a sleep that can be cut short. */
export interface PaceClock {
  nowMs(): number;
  /** Calls `wake` after about `ms`; the function it gives takes that back. */
  after(ms: number, wake: () => void): () => void;
}

const systemClock: PaceClock = {
  nowMs: () => performance.now(),
  after: (ms, wake) => {
    const timer = setTimeout(wake, ms);
    return () => clearTimeout(timer);
  },
};

/** Shortest sleep: frames that come closer together are handed over together. */
const leastSleepMs = 10;

/**
 * Plays `source` with `speed` seconds of packet time in each second. The first frame is due at the first read; times of
 * packets stay as they are. A frame whose time runs backwards is due with the one before it.
 */
export function paced(source: FileSource, speed: number, clock: PaceClock = systemClock): FileSource {
  return new PacedSource(source, speed, clock);
}

class PacedSource implements FileSource {
  readonly kind: FileSource['kind'];
  readonly name: string;
  readonly #source: FileSource;
  readonly #clock: PaceClock;
  /** Microseconds of packet time in a millisecond of the clock. */
  readonly #usPerMs: number;
  /** What was read ahead, and its next frame. */
  readonly #held = new FrameBatch();
  #next = 0;
  #firstUs = Number.NaN;
  #startMs = 0;
  #handed = 0;
  #isClosed = false;
  /** Ends a sleep; null while there is none. */
  #rouse: (() => void) | null = null;

  constructor(source: FileSource, speed: number, clock: PaceClock) {
    this.kind = source.kind;
    this.name = source.name;
    this.#source = source;
    this.#clock = clock;
    this.#usPerMs = speed * 1000;
  }

  get interfaces(): readonly SourceInterface[] {
    return this.#source.interfaces;
  }

  get annotations(): readonly Annotations[] {
    return this.#source.annotations;
  }

  get damage(): FileDamage | null {
    return this.#source.damage;
  }

  read(batch: FrameBatch, waitMs: number): number | Promise<number> {
    if (this.#isClosed) return endOfInput;
    if (this.#next < this.#held.count) return this.#play(batch, waitMs);
    const got = this.#source.read(this.#held, waitMs);
    return typeof got === 'number'
      ? this.#took(got, batch, waitMs)
      : got.then((count) => this.#took(count, batch, waitMs));
  }

  #took(count: number, batch: FrameBatch, waitMs: number): number | Promise<number> {
    this.#next = 0;
    this.#held.count = Math.max(0, count);
    if (count === endOfInput || count === nothingYet) return count;
    if (Number.isNaN(this.#firstUs)) {
      this.#firstUs = this.#held.timeUs[0];
      this.#startMs = this.#clock.nowMs();
    }
    return this.#play(batch, waitMs);
  }

  /** The frames that are due, or those that are after a sleep. */
  #play(batch: FrameBatch, waitMs: number): number | Promise<number> {
    const count = this.#hand(batch);
    if (count > 0) return count;
    const dueMs = this.#startMs + (this.#held.timeUs[this.#next] - this.#firstUs) / this.#usPerMs;
    const sleepMs = Math.min(waitMs, Math.max(leastSleepMs, dueMs - this.#clock.nowMs()));
    return this.#sleep(sleepMs).then(() => (this.#isClosed ? endOfInput : this.#hand(batch)));
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#rouse = null;
        resolve();
      };
      const cancel = this.#clock.after(ms, wake);
      this.#rouse = () => {
        cancel();
        wake();
      };
    });
  }

  /** Hands over what is due, where it lies. Gives the number of frames, {@link nothingYet} when none is. */
  #hand(batch: FrameBatch): number {
    const held = this.#held;
    const from = this.#next;
    const untilUs = this.#firstUs + (this.#clock.nowMs() - this.#startMs) * this.#usPerMs;
    let to = from;
    while (to < held.count && held.timeUs[to] <= untilUs) to++;
    const count = to - from;
    batch.count = count;
    if (count === 0) return nothingYet;
    batch.bytes = held.bytes;
    batch.at.set(held.at.subarray(from, to));
    batch.capLen.set(held.capLen.subarray(from, to));
    batch.wireLen.set(held.wireLen.subarray(from, to));
    batch.timeUs.set(held.timeUs.subarray(from, to));
    batch.timeNs.set(held.timeNs.subarray(from, to));
    batch.iface.set(held.iface.subarray(from, to));
    batch.checksumNotReady.set(held.checksumNotReady.subarray(from, to));
    this.#next = to;
    this.#handed += count;
    return count;
  }

  /** Frames that were read ahead have not come yet. */
  stats(): SourceStats {
    return { ...this.#source.stats(), received: this.#handed };
  }

  progress() {
    return this.#source.progress();
  }

  close(): void {
    this.#isClosed = true;
    this.#source.close();
    this.#rouse?.();
  }
}
