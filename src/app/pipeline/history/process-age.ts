// When a process began, so that a number that was given again is not taken for the process that had it before.

import { readFileSync } from 'node:fs';

/**
 * A word that no other process of this number has: boot and the tick it began in (proc(5), field 22 of stat). Empty where
 * the system does not tell.
 */
export function processMark(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, in brackets, may hold anything.
    const began = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${began}`;
  } catch {
    return '';
  }
}

/** Whether the process that had this mark still runs. */
export function isRunning(pid: number, mark: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = processMark(pid);
  return mark === '' || now === '' || now === mark;
}
