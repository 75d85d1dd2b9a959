// A finished text to stdout, all of it, before the process ends.

import { Failure } from '../../core/index.ts';
import type { Host } from './host.ts';

/** Resolves when stdout took the text; a reader that is gone is no failure. Rejects with WRITE_FAILED. */
export function writeAll(host: Host, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    host.stdout.on('error', (error) => {
      if (error.code === 'EPIPE') resolve();
      else reject(stdoutFailure(error));
    });
    host.stdout.write(text, () => resolve());
  });
}

/** What to say when stdout takes nothing more. */
export function stdoutFailure(error: NodeJS.ErrnoException): Failure {
  const hint = error.code === 'ENOSPC' ? 'Free some space or write elsewhere.' : 'Check where it leads.';
  return new Failure('WRITE_FAILED', `cannot write to standard output (${error.code})`, hint, error);
}
