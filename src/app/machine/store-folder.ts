// Where history is kept unless the user says otherwise (XDG Base Directory specification).

import { join } from 'node:path';

/** Folder of the embedded store. */
export function storeFolder(home: string, dataHome: string | undefined): string {
  // The specification has relative paths ignored.
  return join(dataHome?.startsWith('/') ? dataHome : join(home, '.local/share'), 'taplight/store');
}

/** Folder for what a server has not yet taken. */
export function spoolFolder(home: string, stateHome: string | undefined): string {
  return join(stateHome?.startsWith('/') ? stateHome : join(home, '.local/state'), 'taplight/spool');
}
