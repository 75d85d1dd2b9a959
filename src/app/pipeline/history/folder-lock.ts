// Who owns the folder of a store. DuckDB itself keeps a second process from the file, but not a second thread of the same
// process, which would damage it; and it cannot say who is there.
//
// The lock is a file that is made whole under another name and then linked to its own, which fails where there is one. A
// lock whose process is gone is followed by exactly one: who makes the file named after the dead owner may put its own
// lock in the place.

import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { Failure } from '../../../core/index.ts';
import { isRunning, processMark } from './process-age.ts';

/** What a lock says. */
export interface StoreOwner {
  readonly pid: number;
  /** See processMark. */
  readonly mark: string;
  /** One store after the other of the same process. */
  readonly nonce: string;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Version of the program. */
  readonly program: string;
  /** Where it answers questions, when it does. */
  readonly socket: string;
}

export interface FolderLock {
  readonly owner: StoreOwner;
  /** Gives the folder back; idempotent. */
  release(): void;
}

const lockName = 'owner.json';
const heirPrefix = 'owner-after-';

let taken = 0;

/** Takes a folder, made where there is none. Throws STORE_LOCKED, which says who has it; STORE_FAILED. */
export function lockFolder(folder: string, program: string): FolderLock {
  const nonce = `${process.pid}-${threadId}-${Date.now()}-${taken++}`;
  const owner: StoreOwner = {
    pid: process.pid,
    mark: processMark(process.pid),
    nonce,
    sinceMs: Date.now(),
    program,
    socket: join(folder, 'api.sock'),
  };
  const draft = join(folder, `${lockName}.${nonce}`);
  try {
    // What a network carried is nobody else's business.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
    take(folder, draft);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const words = error instanceof Error ? error.message : String(error);
    throw new Failure(
      'STORE_FAILED',
      `the store ${folder} cannot be locked: ${words}`,
      'Choose another folder.',
      error,
    );
  } finally {
    rmSync(draft, { force: true });
  }
  return { owner, release: () => release(folder, nonce) };
}

/** The process that has the folder, null when none has. */
export function readOwner(folder: string): StoreOwner | null {
  const owner = read(join(folder, lockName));
  return owner !== null && isRunning(owner.pid, owner.mark) ? owner : null;
}

function take(folder: string, draft: string): void {
  const lock = join(folder, lockName);
  // Others may take and give back meanwhile; nobody does so for long.
  for (let attempt = 0; attempt < 100; attempt++) {
    if (linked(draft, lock)) return;
    const owner = read(lock);
    if (owner === null) continue;
    if (isRunning(owner.pid, owner.mark)) throw lockedFailure(folder, owner);
    if (inherit(folder, draft, owner)) return;
  }
  throw new Failure('STORE_LOCKED', `the store ${folder} is being opened by others`, 'Try again.');
}

/** Takes over from an owner that is gone; false: look again. */
function inherit(folder: string, draft: string, dead: StoreOwner): boolean {
  const lock = join(folder, lockName);
  // Heirs that died before they were in place have heirs in turn.
  for (let last = dead; ; ) {
    const heir = join(folder, `${heirPrefix}${last.nonce.replace(/[^\w-]/g, '_')}`);
    if (linked(draft, heir)) {
      // A slow one may have linked after another one has taken over and cleared away.
      const isStillDead = read(lock)?.nonce === dead.nonce;
      if (isStillDead) {
        const own = `${draft}.own`;
        linkSync(draft, own);
        renameSync(own, lock);
        for (const name of readdirSync(folder)) {
          if (name.startsWith(heirPrefix)) rmSync(join(folder, name), { force: true });
        }
      } else rmSync(heir, { force: true });
      return isStillDead;
    }
    const other = read(heir);
    if (other === null) return false;
    if (isRunning(other.pid, other.mark)) throw lockedFailure(folder, other);
    last = other;
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(path: string): StoreOwner | null {
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8')) as Partial<StoreOwner>;
    const { pid, mark, nonce, sinceMs, program, socket } = owner;
    // A file that somebody else has put there is one of a process that is gone.
    return {
      pid: Number.isInteger(pid) && (pid as number) > 0 ? (pid as number) : 2 ** 31 - 1,
      mark: String(mark ?? ''),
      nonce: String(nonce ?? ''),
      sinceMs: Number(sinceMs ?? 0),
      program: String(program ?? ''),
      socket: String(socket ?? ''),
    };
  } catch (error) {
    if (!(error instanceof SyntaxError)) return null;
    return { pid: 2 ** 31 - 1, mark: '', nonce: 'damaged', sinceMs: 0, program: '', socket: '' };
  }
}

function release(folder: string, nonce: string): void {
  const lock = join(folder, lockName);
  if (read(lock)?.nonce === nonce) rmSync(lock, { force: true });
}

function lockedFailure(folder: string, owner: StoreOwner): Failure {
  const since = new Date(owner.sinceMs).toISOString().replace(/\.\d+Z$/, 'Z');
  const who = owner.pid === process.pid ? 'this process' : `process ${owner.pid}`;
  return new Failure(
    'STORE_LOCKED',
    `the store ${folder} is open: ${who} (taplight ${owner.program}) has it since ${since}`,
    'Ask it while it runs: questions go through its socket; to write, end it or choose another folder with --store.',
  );
}
