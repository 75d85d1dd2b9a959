// Several sources joined into one, in the order of time.

import {
  batchCapacity,
  endOfInput,
  FrameBatch,
  nothingYet,
  type Source,
  type SourceInterface,
} from '../../../core/index.ts';
import type { Annotations } from './annotations.ts';
import type { FileDamage, FileSource } from './input-source.ts';

/** One source, the batch it gave last, and how far that is used up. */
interface Cursor {
  readonly source: FileSource;
  readonly batch: FrameBatch;
  next: number;
  isEnded: boolean;
  /** A read that has not come back yet. */
  pending: Promise<number> | null;
  /** Index in the merged list by the source's own index. */
  readonly ifaceOf: number[];
}

/** A run this long is handed over where it lies; a shorter one is copied and joined with others. */
const longRun = 64;
const copyBytes = 256 * 1024;
const highestIface = 65_535;

/**
 * Always hands over the earliest of the frames that come next in their source; at equal times the source named first
 * comes first. Each source's own order is kept, also where its times run backwards. A source that is damaged ends, and
 * the others go on.
 */
export function mergeSources(sources: readonly FileSource[]): FileSource {
  return new MergedSource(sources);
}

class MergedSource implements FileSource {
  readonly kind: Source['kind'] = 'file';
  readonly name: string;
  readonly interfaces: SourceInterface[] = [];
  readonly #cursors: Cursor[] = [];
  #copy = new Uint8Array(copyBytes);
  #received = 0;
  #isClosed = false;

  constructor(sources: readonly FileSource[]) {
    this.name = sources.map((source) => source.name).join(', ');
    for (const source of sources) {
      const cursor = { source, batch: new FrameBatch(), next: 0, isEnded: false, pending: null, ifaceOf: [] };
      this.#cursors.push(cursor);
      this.#nameInterfaces(cursor);
    }
  }

  get damage(): FileDamage | null {
    for (const { source } of this.#cursors) if (source.damage !== null) return source.damage;
    return null;
  }

  get annotations(): readonly Annotations[] {
    return this.#cursors.flatMap(({ source }) => source.annotations);
  }

  read(batch: FrameBatch, waitMs: number): number | Promise<number> {
    const ready = this.#refill(waitMs);
    return typeof ready === 'number'
      ? this.#merge(batch, ready, waitMs)
      : ready.then((count) => this.#merge(batch, count, waitMs));
  }

  /** Makes sure that every source that goes on has a frame ready: 1 when so, nothingYet otherwise. */
  #refill(waitMs: number): number | Promise<number> {
    for (let i = 0; i < this.#cursors.length; i++) {
      const got = this.#refillOne(this.#cursors[i], waitMs);
      if (typeof got !== 'number') return this.#refillLater(i, got, waitMs);
      if (got === nothingYet) return nothingYet;
    }
    return 1;
  }

  async #refillLater(index: number, first: Promise<number>, waitMs: number): Promise<number> {
    const until = performance.now() + waitMs;
    if ((await first) === nothingYet) return nothingYet;
    for (let i = index + 1; i < this.#cursors.length; i++) {
      const got = this.#refillOne(this.#cursors[i], Math.max(0, until - performance.now()));
      if ((typeof got === 'number' ? got : await got) === nothingYet) return nothingYet;
    }
    return 1;
  }

  #refillOne(cursor: Cursor, waitMs: number): number | Promise<number> {
    if (cursor.isEnded || cursor.next < cursor.batch.count) return 1;
    if (cursor.pending !== null) return cursor.pending;
    const got = cursor.source.read(cursor.batch, waitMs);
    if (typeof got === 'number') return this.#took(cursor, got);
    cursor.pending = got.then((count) => this.#took(cursor, count));
    return cursor.pending;
  }

  #took(cursor: Cursor, count: number): number {
    cursor.pending = null;
    if (count === nothingYet) return nothingYet;
    cursor.next = 0;
    if (count === endOfInput) {
      cursor.isEnded = true;
      cursor.batch.count = 0;
    } else this.#nameInterfaces(cursor);
    return 1;
  }

  /** Gives numbers to interfaces that appeared since. */
  #nameInterfaces(cursor: Cursor): void {
    const { ifaceOf, source } = cursor;
    for (let i = ifaceOf.length; i < source.interfaces.length; i++) {
      ifaceOf.push(Math.min(this.interfaces.length, highestIface));
      if (this.interfaces.length <= highestIface) this.interfaces.push(source.interfaces[i]);
    }
  }

  /** Fills the batch run by run until it is full, or a source needs bytes that are not there at once. */
  #merge(batch: FrameBatch, ready: number, waitMs: number): number {
    if (this.#isClosed) return endOfInput;
    if (ready === nothingYet) return nothingYet;
    let n = 0;
    let used = 0;
    for (;;) {
      const first = this.#earliest();
      if (first === null) break;
      const run = this.#run(first);
      if (n === 0 && run >= longRun) {
        batch.bytes = first.batch.bytes;
        n = this.#hand(batch, 0, first, run, 0);
        break;
      }
      const fits = this.#copyRun(first, Math.min(run, batchCapacity - n), used, n === 0);
      if (fits === 0) break;
      const from = first.batch.at[first.next];
      const last = first.next + fits - 1;
      const shift = used - from;
      used += first.batch.at[last] + first.batch.capLen[last] - from;
      n = this.#hand(batch, n, first, fits, shift);
      batch.bytes = this.#copy;
      if (n === batchCapacity) break;
      // What cannot be had at once is waited for in the next read, with the frames found so far handed over.
      if (this.#refillOne(first, waitMs) !== 1) break;
    }
    if (n === 0) return endOfInput;
    batch.count = n;
    this.#received += n;
    return n;
  }

  /** The cursor whose next frame is the earliest; null when all have ended. */
  #earliest(): Cursor | null {
    let best: Cursor | null = null;
    for (const cursor of this.#cursors) {
      if (cursor.next < cursor.batch.count && (best === null || compare(cursor, cursor.next, best) < 0)) best = cursor;
    }
    return best;
  }

  /** How many frames of `first`, from its next on, certainly come before every other source's next: at least one. */
  #run(first: Cursor): number {
    let rival: Cursor | null = null;
    for (const cursor of this.#cursors) {
      if (cursor === first || cursor.next === cursor.batch.count) continue;
      if (rival === null || compare(cursor, cursor.next, rival) < 0) rival = cursor;
    }
    const { count } = first.batch;
    if (rival === null) return count - first.next;
    let i = first.next + 1;
    while (i < count && compare(first, i, rival) < 0) i++;
    return i - first.next;
  }

  /** Copies the bytes of up to `run` frames behind `used`; gives how many found room. */
  #copyRun(cursor: Cursor, run: number, used: number, isAlone: boolean): number {
    const { at, capLen, bytes } = cursor.batch;
    const from = at[cursor.next];
    let fits = run;
    let end = at[cursor.next + fits - 1] + capLen[cursor.next + fits - 1];
    while (fits > 0 && used + end - from > this.#copy.length) {
      fits--;
      if (fits > 0) end = at[cursor.next + fits - 1] + capLen[cursor.next + fits - 1];
    }
    if (fits === 0) {
      if (!isAlone) return 0;
      fits = 1;
      end = from + capLen[cursor.next];
      this.#copy = new Uint8Array((end - from) * 2);
    }
    this.#copy.set(bytes.subarray(from, end), used);
    return fits;
  }

  /** Writes `run` frames of the cursor behind the `n` that are in the batch, moved by `shift`; gives the new number. */
  #hand(batch: FrameBatch, n: number, cursor: Cursor, run: number, shift: number): number {
    const from = cursor.batch;
    const { ifaceOf } = cursor;
    let i = cursor.next;
    const end = n + run;
    for (let k = n; k < end; k++, i++) {
      batch.at[k] = from.at[i] + shift;
      batch.capLen[k] = from.capLen[i];
      batch.wireLen[k] = from.wireLen[i];
      batch.timeUs[k] = from.timeUs[i];
      batch.timeNs[k] = from.timeNs[i];
      batch.iface[k] = ifaceOf[from.iface[i]];
    }
    cursor.next = i;
    return end;
  }

  stats() {
    let droppedKernel = 0;
    let droppedInterface = 0;
    for (const { source } of this.#cursors) {
      const stats = source.stats();
      droppedKernel += stats.droppedKernel;
      droppedInterface += stats.droppedInterface;
    }
    return { received: this.#received, droppedKernel, droppedInterface };
  }

  progress() {
    let doneBytes = 0;
    let totalBytes: number | null = 0;
    for (const { source } of this.#cursors) {
      const progress = source.progress();
      doneBytes += progress.doneBytes;
      totalBytes = totalBytes === null || progress.totalBytes === null ? null : totalBytes + progress.totalBytes;
    }
    return { doneBytes, totalBytes };
  }

  close(): void {
    this.#isClosed = true;
    for (const { source } of this.#cursors) source.close();
  }
}

/** Negative when frame `i` of `a` is earlier than the next frame of `b`, 0 at the same nanosecond, else positive. */
function compare(a: Cursor, i: number, b: Cursor): number {
  const difference = a.batch.timeUs[i] - b.batch.timeUs[b.next];
  return difference !== 0 ? difference : a.batch.timeNs[i] - b.batch.timeNs[b.next];
}
