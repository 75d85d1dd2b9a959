// Bytes as they arrive from a file, a pipe or a decompressor, and the one window of memory they are read through.

import { closeSync, fstatSync, readSync } from 'node:fs';
import { type Damage, endOfInput } from '../../../../core/index.ts';

/** Where bytes come from, in order, once. */
export interface ByteInput {
  /**
   * Puts up to `room` bytes at `into[at]` and gives their number, `nothingYet` after about `waitMs`, or `endOfInput`.
   * Never throws and never rejects: an input that breaks ends, and says so in `damage`.
   */
  read(into: Uint8Array, at: number, room: number, waitMs: number): number | Promise<number>;
  /** Why the input ended before its end; null while it goes on and when it was complete. */
  readonly damage: Damage | null;
  /** Bytes taken from the medium (compressed bytes when it is compressed), and how many it holds where known. */
  progress(): { readonly doneBytes: number; readonly totalBytes: number | null };
  /** Releases the medium; idempotent. A read under way ends with `endOfInput`. */
  close(): void;
}

/**
 * The part of the input that is in memory.
 *
 *     bytes   ┌──────────────┬─────────────────┬──────────┐
 *             │ handed over  │ still to parse  │ free     │
 *             └──────────────┴─────────────────┴──────────┘
 *             0              start             end        length
 *
 * `base` is the offset in the input of `bytes[0]`. Frames of a batch lie in `bytes` itself, so nothing moves before the
 * next fill. It grows only when one record fills it whole, and then with the bytes that are really there, so that a
 * length field that lies cannot make it large.
 */
export class ByteWindow {
  bytes: Uint8Array;
  start = 0;
  end = 0;
  base = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }

  /** Offset in the input of the first byte that is still to parse. */
  get position(): number {
    return this.base + this.start;
  }

  /** Moves what is still to parse to the front and makes sure that bytes are free behind it. */
  makeRoom(): void {
    if (this.start > 0) {
      this.bytes.copyWithin(0, this.start, this.end);
      this.base += this.start;
      this.end -= this.start;
      this.start = 0;
    }
    if (this.end < this.bytes.length) return;
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
  }

  /** Reads more of `input` behind what is there; gives what its `read` gave. */
  fill(input: ByteInput, waitMs: number): number | Promise<number> {
    this.makeRoom();
    const got = input.read(this.bytes, this.end, this.bytes.length - this.end, waitMs);
    if (typeof got === 'number') return this.#took(got);
    return got.then((count) => this.#took(count));
  }

  #took(count: number): number {
    if (count > 0) this.end += count;
    return count;
  }
}

/** Damage for an input that the system refused to go on reading. */
export function readError(at: number, cause: unknown): Damage {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return { name: 'input.read', at, because: `reading on failed with ${code}` };
}

/** A regular file, read synchronously from where its descriptor stands; it is closed at the end if it `isOwned`. */
export function fileInput(fd: number, isOwned: boolean): ByteInput {
  const totalBytes = fstatSync(fd).size;
  let doneBytes = 0;
  let damage: Damage | null = null;
  let isClosed = false;
  return {
    read(into, at, room) {
      if (isClosed || damage !== null) return endOfInput;
      try {
        const count = readSync(fd, into, at, room, null);
        doneBytes += count;
        return count === 0 ? endOfInput : count;
      } catch (cause) {
        damage = readError(doneBytes, cause);
        return endOfInput;
      }
    },
    get damage() {
      return damage;
    },
    progress: () => ({ doneBytes, totalBytes }),
    close() {
      if (isClosed) return;
      isClosed = true;
      if (isOwned) closeSync(fd);
    },
  };
}
