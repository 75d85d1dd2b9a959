// Lines as bytes into a file or standard output, through one reused block of memory.

import { closeSync, openSync, writeSync } from 'node:fs';
import { Failure } from '../../core/index.ts';
import { ReaderGone } from './sink.ts';

/** Room for lines before they are handed over, bytes. */
export const blockBytes = 256 * 1024;

/** Longest line that may be written straight into the block. */
export const maxLineBytes = 8 * 1024;

/** The calls to the system, so that tests can make them fail. */
export interface FileCalls {
  open(path: string): number;
  write(fd: number, bytes: Uint8Array, at: number, length: number): number;
  close(fd: number): void;
  /** Lets a little time pass without giving up the thread. */
  pause(ms: number): void;
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

const systemCalls: FileCalls = {
  open: (path) => openSync(path, 'a'),
  write: (fd, bytes, at, length) => writeSync(fd, bytes, at, length),
  close: closeSync,
  pause: (ms) => {
    Atomics.wait(sleeper, 0, 0, ms);
  },
};

const reasons: Record<string, readonly [reason: string, hint: string]> = {
  ENOSPC: ['the disk is full', 'Free some space or write to another disk.'],
  EDQUOT: ['the disk quota is used up', 'Free some space or write to another disk.'],
  EFBIG: ['the file would become larger than allowed', 'Raise the limit (ulimit -f) or write to another file.'],
  EACCES: ['no permission to write there', 'Choose a path that you may write to.'],
  EPERM: ['no permission to write there', 'Choose a path that you may write to.'],
  EROFS: ['that file system is read-only', 'Choose a path on another file system.'],
  EISDIR: ['it is a directory', 'Give the name of a file.'],
  ENOENT: ['its folder does not exist', 'Create the folder first.'],
  ENOTDIR: ['a part of its path is not a folder', 'Check the path.'],
};

function failure(path: string, error: unknown): Failure {
  const code = (error as { code?: string } | null)?.code ?? 'unknown error';
  const name = path === '-' ? 'standard output' : path;
  const [reason, hint] = reasons[code] ?? [`the system says ${code}`, 'Check the path and the disk.'];
  return new Failure('WRITE_FAILED', `cannot write ${name}: ${reason}`, hint, error);
}

/**
 * An open file of lines. Write a line of at most {@link maxLineBytes} into `bytes` from `at`, then call `end` with the
 * position after it; or hand over a string with `line`.
 */
export class ByteFile {
  readonly bytes = new Uint8Array(blockBytes + maxLineBytes);
  /** Where the next line begins. */
  at = 0;
  /** Set after a failure: everything is ignored from then on. */
  isBroken = false;
  #isClosed = false;
  readonly #path: string;
  readonly #fd: number;
  readonly #calls: FileCalls;

  /** Opens for appending, so that a second run adds to the first. Throws a Failure `WRITE_FAILED`. */
  constructor(path: string, calls: FileCalls = systemCalls) {
    this.#path = path;
    this.#calls = calls;
    try {
      this.#fd = path === '-' ? 1 : calls.open(path);
    } catch (error) {
      throw failure(path, error);
    }
  }

  /** Whether a line may be written: false after a failure; throws after `close`. */
  get isReady(): boolean {
    if (this.#isClosed) {
      throw new Failure('WRITE_FAILED', `${this.#path} was written to after it was closed`, 'Please report this.');
    }
    return !this.isBroken;
  }

  /** Ends the line that was written up to `at`. */
  end(at: number): void {
    this.at = at;
    if (at >= blockBytes) this.flush();
  }

  /** Adds a line of any length. */
  line(text: string): void {
    this.add(new TextEncoder().encode(`${text}\n`));
  }

  /** Adds a finished line of any length, its line feed included. */
  add(line: Uint8Array): void {
    if (line.length > maxLineBytes) {
      this.flush();
      this.#hand(line, line.length);
      return;
    }
    this.bytes.set(line, this.at);
    this.end(this.at + line.length);
  }

  flush(): void {
    const length = this.at;
    this.at = 0;
    if (length > 0) this.#hand(this.bytes, length);
  }

  #hand(bytes: Uint8Array, length: number): void {
    if (this.isBroken) return;
    let at = 0;
    while (at < length) {
      try {
        at += this.#calls.write(this.#fd, bytes, at, length - at);
      } catch (error) {
        const code = (error as { code?: string } | null)?.code;
        if (code === 'EINTR') continue;
        // A pipe or terminal that does not block and is full: its reader needs a moment.
        if (code === 'EAGAIN') {
          this.#calls.pause(2);
          continue;
        }
        this.isBroken = true;
        if (code === 'EPIPE') throw new ReaderGone();
        throw failure(this.#path, error);
      }
    }
  }

  /** Idempotent. Hands over the rest; the descriptor is released even when that fails. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      this.flush();
    } finally {
      if (this.#path !== '-') this.#calls.close(this.#fd);
    }
  }
}
