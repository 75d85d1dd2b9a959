// Inputs whose bytes come in pieces and later: standard input, named pipes, decompressors.

import { closeSync, constants, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import { type Damage, endOfInput, nothingYet } from '../../../../core/index.ts';
import { type ByteInput, readError } from './input.ts';

/** Pieces of bytes, pulled one by one. */
export interface Chunks {
  /** The next piece, null at the end. Rejects with a {@link ChunkError} or whatever the system says. */
  next(): Promise<Uint8Array | null>;
  stop(): void;
  /** When the medium counts differently from what `next` gave: compressed bytes. */
  progress?(): { readonly doneBytes: number; readonly totalBytes: number | null };
}

/** Why pieces ended early, by the name of the damage. */
export class ChunkError extends Error {
  readonly damageName: string;

  constructor(damageName: string, because: string) {
    super(because);
    this.damageName = damageName;
  }
}

/** An input of pieces. A pull that outlasts `waitMs` goes on and is found by the next `read`. */
export function chunkInput(chunks: Chunks): ByteInput {
  let chunk: Uint8Array = new Uint8Array(0);
  let used = 0;
  let doneBytes = 0;
  let damage: Damage | null = null;
  let isEnded = false;
  let isClosed = false;
  let pull: Promise<void> | null = null;
  let wake = (): void => {};

  /** Never rejects. */
  async function pullNext(): Promise<void> {
    try {
      const next = await chunks.next();
      if (isClosed) return;
      chunk = next ?? new Uint8Array(0);
      used = 0;
      isEnded = next === null;
    } catch (cause) {
      isEnded = true;
      if (isClosed) return;
      damage =
        cause instanceof ChunkError
          ? { name: cause.damageName, at: doneBytes, because: cause.message }
          : readError(doneBytes, cause);
    } finally {
      pull = null;
    }
  }

  function copy(into: Uint8Array, at: number, room: number): number {
    const count = Math.min(room, chunk.length - used);
    into.set(used === 0 && count === chunk.length ? chunk : chunk.subarray(used, used + count), at);
    used += count;
    doneBytes += count;
    return count;
  }

  async function readLater(into: Uint8Array, at: number, room: number, waitMs: number): Promise<number> {
    pull ??= pullNext();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      pull?.then(wake);
    });
    if (used < chunk.length) return copy(into, at, room);
    return isEnded ? endOfInput : nothingYet;
  }

  return {
    read(into, at, room, waitMs) {
      if (used < chunk.length) return copy(into, at, room);
      return isEnded ? endOfInput : readLater(into, at, room, waitMs);
    },
    get damage() {
      return damage;
    },
    progress: () => chunks.progress?.() ?? { doneBytes, totalBytes: null },
    close() {
      if (isClosed) return;
      isClosed = true;
      isEnded = true;
      chunk = new Uint8Array(0);
      used = 0;
      chunks.stop();
      wake();
    },
  };
}

/** Pieces of anything that can be iterated: what tests put in place of standard input. */
export function iterableChunks(pieces: AsyncIterable<Uint8Array>): Chunks {
  const iterator = pieces[Symbol.asyncIterator]();
  return {
    async next() {
      for (;;) {
        const { done, value } = await iterator.next();
        if (done === true) return null;
        if (value.length > 0) return new Uint8Array(value.buffer, value.byteOffset, value.length);
      }
    },
    stop() {
      // A generator that waits cannot be interrupted; whoever waits for it is woken by the input.
      iterator.return?.()?.catch(() => {});
    },
  };
}

/**
 * Pieces from an open descriptor that is not a regular file; owns it. Pipes and sockets are read through the event loop:
 * a read in the thread pool could not be ended while nothing arrives, and would hold up the end of the process.
 */
export function descriptorChunks(fd: number): Chunks {
  const stat = fstatSync(fd);
  const isEventDriven = stat.isFIFO() || stat.isSocket() || process.platform === 'win32';
  const stream = isEventDriven
    ? new Socket({ fd, readable: true, writable: false })
    : createReadStream('', { fd, highWaterMark: 65_536, autoClose: fd !== 0 });
  const chunks = iterableChunks(stream);
  return {
    next: () => chunks.next(),
    stop: () => stream.destroy(),
  };
}

const writerPollMs = 20;

/**
 * Opens a named pipe and waits for its writer without holding a thread: opened without blocking, it reads as ended
 * (0 bytes) until someone has it open for writing, and as EAGAIN from then on.
 */
export function fifoChunks(path: string): Chunks {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let chunks: Chunks | null = null;
  let isStopped = false;
  const first = new Uint8Array(65_536);

  async function connect(): Promise<Uint8Array | null> {
    for (;;) {
      if (isStopped) return null;
      try {
        const count = readSync(fd, first, 0, first.length, null);
        if (count > 0) return first.subarray(0, count);
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EAGAIN') throw cause;
        return new Uint8Array(0);
      }
      await new Promise((resolve) => setTimeout(resolve, writerPollMs));
    }
  }

  return {
    async next() {
      if (chunks !== null) return chunks.next();
      const piece = await connect();
      if (piece === null) return null;
      chunks = descriptorChunks(fd);
      return piece.length > 0 ? piece : chunks.next();
    },
    stop() {
      if (isStopped) return;
      isStopped = true;
      if (chunks === null) closeSync(fd);
      else chunks.stop();
    },
  };
}
