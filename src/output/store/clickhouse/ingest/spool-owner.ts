// Who writes into a spool folder: one process at a time. Two would send each other's unfinished files.

import { readFileSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../../../core/index.ts';

const fileName = 'owner';

/** When the kernel started a process, so that a number that is used again is told apart; empty where it does not say. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19]; // starttime, proc(5)
  } catch {
    return '';
  }
}

function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return start === startOf(pid);
}

/**
 * Makes this process the owner of a folder.
 * @returns gives it up again
 * Throws STORE_LOCKED where another process has it, STORE_FAILED.
 */
export async function ownSpool(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, fileName);
  const own = `${path}.${process.pid}`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(own, `${process.pid} ${startOf(process.pid)}\n`);
    // Linking fails where the name is taken, and what is linked is whole.
    while (!(await isLinked(own, path))) await removeStale(path);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      'STORE_FAILED',
      `the spool cannot be opened: ${why}`,
      'Name a folder that may be written.',
      cause,
    );
  } finally {
    await rm(own, { force: true });
  }
  return () => rm(path, { force: true });
}

async function isLinked(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

async function removeStale(path: string): Promise<void> {
  const [pid, start = ''] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ');
  if (/^\d+$/.test(pid) && isAlive(Number(pid), start)) {
    const hint = `End it first, or give this one another name with --sensor.`;
    throw new Failure('STORE_LOCKED', `process ${pid} sends what this sensor sees already`, hint);
  }
  await rm(path, { force: true });
}
