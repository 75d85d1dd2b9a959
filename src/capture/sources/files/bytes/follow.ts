// A file that is still being written: its end is not the end.

import { closeSync, fstatSync, readSync, statSync } from 'node:fs';
import { type Damage, endOfInput, nothingYet } from '../../../../core/index.ts';
import { type ByteInput, readError } from './input.ts';

const pollMs = 100;

/**
 * Reads on as the file grows, until it is closed. Ends, with damage, when the file became shorter than what was read
 * (`follow.shrunk`) or another file stands at `path` (`follow.replaced`): what was read before stays good, and what came
 * after cannot be told apart from another capture. A file that was only deleted is read on: its writer may still write.
 */
export function followInput(fd: number, path: string): ByteInput {
  const { ino, dev } = fstatSync(fd);
  let doneBytes = 0;
  let damage: Damage | null = null;
  let isClosed = false;
  let wake = (): void => {};

  function readNow(into: Uint8Array, at: number, room: number): number {
    if (isClosed || damage !== null) return endOfInput;
    try {
      const count = readSync(fd, into, at, room, null);
      doneBytes += count;
      if (count > 0) return count;
      damage = ended();
    } catch (cause) {
      damage = readError(doneBytes, cause);
    }
    return damage === null ? nothingYet : endOfInput;
  }

  /** Whether the file that has no more bytes now will ever have some. */
  function ended(): Damage | null {
    const { size } = fstatSync(fd);
    if (size < doneBytes) {
      const because = `the file has ${size} bytes left of ${doneBytes} that were read`;
      return { name: 'follow.shrunk', at: doneBytes, because };
    }
    const now = statSync(path, { throwIfNoEntry: false });
    if (now === undefined || size > doneBytes || (now.ino === ino && now.dev === dev)) return null;
    return { name: 'follow.replaced', at: doneBytes, because: 'another file took its place' };
  }

  async function readLater(into: Uint8Array, at: number, room: number, waitMs: number): Promise<number> {
    const until = performance.now() + waitMs;
    for (;;) {
      const leftMs = until - performance.now();
      if (leftMs <= 0) return nothingYet;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(pollMs, leftMs));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      const got = readNow(into, at, room);
      if (got !== nothingYet) return got;
    }
  }

  return {
    read(into, at, room, waitMs) {
      const got = readNow(into, at, room);
      return got === nothingYet && waitMs > 0 ? readLater(into, at, room, waitMs) : got;
    },
    get damage() {
      return damage;
    },
    progress: () => ({ doneBytes, totalBytes: null }),
    close() {
      if (isClosed) return;
      isClosed = true;
      closeSync(fd);
      wake();
    },
  };
}
