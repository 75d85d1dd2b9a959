// Threat lists of the user: files that are read line by line, and read again when they have changed.

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Failure } from '../../core/index.ts';

/** Who takes the lines; a list at a time. */
export interface ListSink {
  begin(name: string): void;
  line(text: string): void;
}

const chunkBytes = 1 << 16;
/** What comes without a line feed for so long is no line of a list. */
const lineLimit = 1 << 16;
/** How often files are looked at, at the most. */
const lookEveryMs = 5000;

export class IntelFiles {
  readonly #paths: readonly string[];
  readonly #clock: () => number;
  #stamps: string[] = [];
  #lookedAt: number;

  /** @param clock milliseconds; for tests */
  constructor(paths: readonly string[], clock: () => number = Date.now) {
    this.#paths = paths;
    this.#clock = clock;
    this.#lookedAt = clock();
  }

  /** Reads all files to their ends. @throws Failure when one cannot be read */
  readAll(sink: ListSink): void {
    const step = this.reading(sink);
    while (!step());
  }

  /**
   * Reads all files in small steps, so that packets are taken in between.
   * @returns a step: true when it was the last one; it throws a Failure when a file cannot be read
   */
  reading(sink: ListSink): () => boolean {
    this.#stamps = this.#paths.map(stampOf);
    const lines = this.#lines(sink);
    return () => lines.next().done === true;
  }

  /** Whether a file is another one than when it was read; looks only so often. */
  hasChanged(): boolean {
    const now = this.#clock();
    if (now - this.#lookedAt < lookEveryMs) return false;
    this.#lookedAt = now;
    return this.#paths.some((path, i) => {
      const stamp = stampOf(path);
      // One that is gone may be about to be replaced.
      return stamp !== '' && stamp !== this.#stamps[i];
    });
  }

  *#lines(sink: ListSink): Generator<void> {
    for (const path of this.#paths) {
      sink.begin(basename(path));
      yield* readLines(path, sink);
    }
  }
}

/** When and how large; empty when there is no such file. */
function stampOf(path: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return '';
  }
}

function* readLines(path: string, sink: ListSink): Generator<void> {
  const file = opened(path);
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let rest = '';
    for (;;) {
      const count = readChunk(path, file, chunk);
      if (count === 0) break;
      const lines = (rest + chunk.toString('latin1', 0, count)).split('\n');
      rest = (lines.pop() ?? '').slice(0, lineLimit);
      for (const one of lines) sink.line(one);
      yield;
    }
    if (rest !== '') sink.line(rest);
  } finally {
    closeSync(file);
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
}

function readChunk(path: string, file: number, chunk: Buffer): number {
  try {
    return readSync(file, chunk, 0, chunkBytes, null);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): Failure {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') {
    return new Failure('NO_SUCH_FILE', `there is no list ${path}`, 'Check the path given with --intel.', error);
  }
  const hint = code === 'EACCES' ? 'Allow this user to read it: chmod u+r on the file.' : 'Give a plain file.';
  return new Failure('FILE_UNREADABLE', `the list ${path} cannot be read (${code ?? String(error)})`, hint, error);
}
