// An input, a window and a reader of one format, joined into a source.

import {
  type Damage,
  endOfInput,
  type FrameBatch,
  nothingYet,
  type Source,
  type SourceInterface,
} from '../../../core/index.ts';
import type { Annotations } from './annotations.ts';
import type { ByteInput, ByteWindow } from './bytes/input.ts';

/** Finds the frames of one file format in the bytes of a window. */
export interface FrameReader {
  readonly format: string;
  readonly interfaces: readonly SourceInterface[];
  /** What the file says beside frames; null for formats that say nothing. */
  readonly annotations: Annotations | null;
  /** Set when the bytes make no sense; nothing is taken from then on. */
  readonly damage: Damage | null;
  /**
   * Takes as many whole frames as the window and the batch hold, moves `window.start` behind them, and gives their
   * number. 0 means: more bytes are needed, or see `damage`.
   */
  take(window: ByteWindow, batch: FrameBatch): number;
  /** The input is at its end: the damage if it ended inside of something; null when it is complete. */
  endedInside(window: ByteWindow): Damage | null;
}

/** Damage, and which of the files has it. */
export interface FileDamage extends Damage {
  readonly input: string;
}

/** A source of frames that were written down before: what {@link openFiles} gives. */
export interface FileSource extends Source {
  readonly damage: FileDamage | null;
  /** What the files say beside frames, one entry per file that says something, in the order of the files. */
  readonly annotations: readonly Annotations[];
}

/** Reads frames out of one input. Synchronous as long as the input is. */
export class InputSource implements FileSource {
  readonly kind: 'file' | 'pipe';
  readonly name: string;
  damage: FileDamage | null = null;
  readonly #input: ByteInput;
  readonly #window: ByteWindow;
  readonly #reader: FrameReader;
  #received = 0;
  #isClosed = false;
  #isEnded = false;

  constructor(kind: 'file' | 'pipe', name: string, input: ByteInput, window: ByteWindow, reader: FrameReader) {
    this.kind = kind;
    this.name = name;
    this.#input = input;
    this.#window = window;
    this.#reader = reader;
  }

  get interfaces(): readonly SourceInterface[] {
    return this.#reader.interfaces;
  }

  get annotations(): readonly Annotations[] {
    return this.#reader.annotations === null ? [] : [this.#reader.annotations];
  }

  read(batch: FrameBatch, waitMs: number): number | Promise<number> {
    for (;;) {
      const taken = this.#take(batch);
      if (taken !== nothingYet) return taken;
      const got = this.#window.fill(this.#input, waitMs);
      if (typeof got !== 'number') return this.#readLater(got, batch, waitMs);
      if (got === nothingYet) return nothingYet;
      if (got === endOfInput) return this.#end();
    }
  }

  async #readLater(first: Promise<number>, batch: FrameBatch, waitMs: number): Promise<number> {
    const until = performance.now() + waitMs;
    let got = await first;
    for (;;) {
      if (got === nothingYet) return this.#isClosed ? endOfInput : nothingYet;
      if (got === endOfInput) return this.#end();
      const taken = this.#take(batch);
      if (taken !== nothingYet) return taken;
      const leftMs = until - performance.now();
      if (leftMs <= 0) return nothingYet;
      got = await this.#window.fill(this.#input, leftMs);
    }
  }

  /** Frames that the window already holds; nothingYet when it holds none whole. */
  #take(batch: FrameBatch): number {
    if (this.#isClosed || this.#isEnded) return endOfInput;
    const count = this.#reader.take(this.#window, batch);
    batch.count = count;
    if (count > 0) {
      batch.bytes = this.#window.bytes;
      this.#received += count;
      return count;
    }
    if (this.#reader.damage === null) return nothingYet;
    this.damage = { ...this.#reader.damage, input: this.name };
    this.#isEnded = true;
    return endOfInput;
  }

  #end(): number {
    if (this.#isClosed || this.#isEnded) return endOfInput;
    this.#isEnded = true;
    const damage = this.#input.damage ?? this.#reader.endedInside(this.#window);
    this.damage = damage && { ...damage, input: this.name };
    return endOfInput;
  }

  stats() {
    let droppedKernel = 0;
    let droppedInterface = 0;
    for (const counters of this.#reader.annotations?.statistics.values() ?? []) {
      droppedKernel += counters.droppedBySystem ?? 0;
      droppedInterface += counters.droppedByInterface ?? 0;
    }
    return { received: this.#received, droppedKernel, droppedInterface };
  }

  progress() {
    return this.#input.progress();
  }

  close(): void {
    this.#isClosed = true;
    this.#input.close();
  }
}
