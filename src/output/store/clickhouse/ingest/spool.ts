// Blocks on their way to the server, on disk: files that are only ever added to, sent and removed as a whole. What was
// written once is there after a kill of the process.
//
// A file is named `<epoch>-<number>.spool`; the epoch is new for every start of the program, so no name comes twice, and
// the name is what the server knows batches by.

import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../../../core/index.ts';
import { type Part, readRecords, recordOf } from './record.ts';

/** A file of the spool. */
export interface Segment {
  readonly name: string;
  bytes: number;
  rows: number;
  /** When its first record was written, by the clock. */
  readonly bornMs: number;
  /** Set aside: the server refuses it. It is kept as long as there is room. */
  isRefused: boolean;
}

export interface SpoolOptions {
  readonly folder: string;
  /** At the bound the oldest files are dropped; or, with `waits`, writing waits. */
  readonly bytes: number;
  readonly waits: boolean;
  /** A file that is larger is closed; its blocks are sent together. */
  readonly segmentBytes: number;
  /** Rows were dropped at the bound. */
  readonly dropped: (rows: number) => void;
}

const suffix = '.spool';
const refusedSuffix = '.refused';

export class Spool {
  readonly #options: SpoolOptions;
  readonly #epoch: string;
  #segments: Segment[] = [];
  #number = 0;
  /** The last segment while records are added to it. */
  #current: { readonly segment: Segment; readonly file: FileHandle } | null = null;
  /** Writes wait for each other; what changes files waits for each other, and never for room. */
  #writes: Promise<unknown> = Promise.resolve();
  #work: Promise<unknown> = Promise.resolve();
  #roomFor: (() => void) | null = null;
  /** Called after every write. */
  onWrite: () => void = () => {};

  private constructor(options: SpoolOptions) {
    this.#options = options;
    this.#epoch = Date.now().toString(36).padStart(9, '0') + randomBytes(6).toString('hex');
  }

  /** Takes up what an earlier run of the program left. Throws STORE_FAILED. */
  static async open(options: SpoolOptions): Promise<Spool> {
    const spool = new Spool(options);
    try {
      await mkdir(options.folder, { recursive: true, mode: 0o700 });
      const names = (await readdir(options.folder)).filter((name) => name.endsWith(suffix)).sort();
      for (const name of names) await spool.#takeUp(name);
      for (const name of await readdir(options.folder)) if (name.endsWith(refusedSuffix)) await spool.#takeUp(name);
    } catch (cause) {
      throw spool.#failure('cannot be opened', cause);
    }
    return spool;
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Rows that wait to be sent. */
  get rows(): number {
    return this.#segments.reduce((sum, { rows, isRefused }) => sum + (isRefused ? 0 : rows), 0);
  }

  /** Adds a record; resolves once a kill cannot lose it. Throws STORE_FULL, STORE_FAILED; then nothing was added. */
  append(parts: readonly Part[]): Promise<void> {
    const pieces = recordOf(parts);
    const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const rows = parts.reduce((sum, part) => sum + part.rows, 0);
    const done = this.#writes.then(async () => {
      await this.#makeRoom(bytes);
      await this.#queue(() => this.#append(pieces, bytes, rows));
      this.onWrite();
    });
    this.#writes = done.catch(() => {});
    return done;
  }

  /** The oldest file, closed so that it does not change any more; null where none waits. */
  takeOldest(): Promise<Segment | null> {
    return this.#queue(async () => {
      const oldest = this.peek();
      if (oldest !== null && oldest === this.#current?.segment) await this.#closeCurrent();
      return oldest;
    });
  }

  isClosed(segment: Segment): boolean {
    return segment !== this.#current?.segment;
  }

  /** The oldest file that waits, as it is now. */
  peek(): Segment | null {
    return this.#segments.find(({ isRefused }) => !isRefused) ?? null;
  }

  /** The newest file that waits. */
  newest(): Segment | null {
    return this.#segments.findLast(({ isRefused }) => !isRefused) ?? null;
  }

  isWaiting(segment: Segment): boolean {
    return !segment.isRefused && this.#segments.includes(segment);
  }

  /** Blocks of a closed file in the order in which they were written; null where it is gone, dropped at the bound. */
  async read(segment: Segment): Promise<readonly Part[] | null> {
    try {
      const file = await readFile(this.#path(segment));
      return readRecords(file.subarray(0, segment.bytes)).records.flat();
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw this.#failure('cannot be read', cause);
    }
  }

  /** It was taken by the server. */
  async remove(segment: Segment): Promise<void> {
    this.#segments = this.#segments.filter((each) => each !== segment);
    await rm(this.#path(segment), { force: true });
    this.#roomFor?.();
  }

  /** The server will never take it: out of the way, but kept for who wants to look. */
  async refuse(segment: Segment): Promise<void> {
    const from = this.#path(segment);
    segment.isRefused = true;
    await rename(from, this.#path(segment)).catch(() => {});
    this.#roomFor?.();
  }

  async close(): Promise<void> {
    await this.#queue(() => this.#closeCurrent());
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => {});
    return done;
  }

  async #takeUp(name: string): Promise<void> {
    const { records, goodBytes } = readRecords(await readFile(join(this.#options.folder, name)));
    const rows = records.flat().reduce((sum, part) => sum + part.rows, 0);
    const isRefused = name.endsWith(refusedSuffix);
    const bare = name.slice(0, name.lastIndexOf('.'));
    if (goodBytes === 0) await rm(join(this.#options.folder, name), { force: true });
    else this.#segments.push({ name: bare, bytes: goodBytes, rows, bornMs: 0, isRefused });
  }

  async #append(pieces: readonly Buffer[], bytes: number, rows: number): Promise<void> {
    const { segment, file } = this.#current ?? (await this.#begin());
    try {
      await writeAll(file, pieces, segment.bytes);
      await file.datasync();
    } catch (cause) {
      await this.#undo(segment, file);
      throw this.#failure('cannot be written', cause);
    }
    segment.bytes += bytes;
    segment.rows += rows;
    if (segment.bytes >= this.#options.segmentBytes) await this.#closeCurrent();
  }

  async #makeRoom(bytes: number): Promise<void> {
    const { bytes: bound, waits } = this.#options;
    if (bytes > bound) {
      const hint = 'Give the spool more room, or write smaller batches.';
      throw new Failure('STORE_FULL', `${bytes} bytes do not fit into the spool of ${bound} bytes`, hint);
    }
    let dropped = 0;
    while (this.bytes + bytes > bound) {
      if (waits && this.peek() !== null) {
        this.onWrite();
        await new Promise<void>((resolve) => {
          this.#roomFor = resolve;
        });
        continue;
      }
      dropped += await this.#queue(() => this.#dropOldest());
    }
    if (dropped > 0) this.#options.dropped(dropped);
  }

  /** Gives the number of rows that are lost by it. */
  async #dropOldest(): Promise<number> {
    const [oldest] = this.#segments;
    if (oldest === this.#current?.segment) await this.#closeCurrent();
    await this.remove(oldest);
    return oldest.isRefused ? 0 : oldest.rows;
  }

  async #begin(): Promise<{ readonly segment: Segment; readonly file: FileHandle }> {
    const name = `${this.#epoch}-${String(++this.#number).padStart(8, '0')}`;
    const segment: Segment = { name, bytes: 0, rows: 0, bornMs: Date.now(), isRefused: false };
    try {
      const file = await open(this.#path(segment), 'wx', 0o600);
      this.#current = { segment, file };
      await syncFolder(this.#options.folder);
      this.#segments.push(segment);
      return this.#current;
    } catch (cause) {
      throw this.#failure('cannot be written', cause);
    }
  }

  /** What may be there of a record that was not taken goes; where it cannot, no other is written behind it. */
  async #undo(segment: Segment, file: FileHandle): Promise<void> {
    try {
      await file.truncate(segment.bytes);
      if (segment.bytes > 0) return;
      await this.#closeCurrent();
      await this.remove(segment);
    } catch {
      await this.#closeCurrent();
    }
  }

  async #closeCurrent(): Promise<void> {
    const current = this.#current;
    this.#current = null;
    await current?.file.close().catch(() => {}); // Everything in it is on disk already.
  }

  #path({ name, isRefused }: Segment): string {
    return join(this.#options.folder, name + (isRefused ? refusedSuffix : suffix));
  }

  #failure(what: string, cause: unknown): Failure {
    if (cause instanceof Failure) return cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    const why = isFull ? 'the disk is full' : message;
    const hint = isFull ? 'make room, or use another folder' : 'see whether the folder is there and may be written';
    return new Failure(isFull ? 'STORE_FULL' : 'STORE_FAILED', `the spool ${what}: ${why}`, hint, cause);
  }
}

async function writeAll(file: FileHandle, pieces: readonly Buffer[], position: number): Promise<void> {
  let at = position;
  for (const piece of pieces) {
    for (let from = 0; from < piece.length; ) {
      const { bytesWritten } = await file.write(piece, from, piece.length - from, at);
      from += bytesWritten;
      at += bytesWritten;
    }
  }
}

/** So that the name of a new file outlives a loss of power, too; not every system lets folders be opened. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
