// A folder for what only this process needs on disk: nobody else can read it, and it is gone when the process is.

import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../host.ts';

export interface PrivateFolder {
  /** Its path; made at the first call, mode 700. */
  path(): string;
  remove(): void;
}

export function privateFolder(host: Pick<Host, 'user' | 'onExit'>): PrivateFolder {
  let path: string | null = null;
  let deaf = (): void => {};
  const remove = (): void => {
    if (path !== null) rmSync(path, { recursive: true, force: true });
    path = null;
    deaf();
  };
  return {
    path: () => {
      if (path !== null) return path;
      path = mkdtempSync(join(tmpdir(), 'taplight-'));
      const { sudo } = host.user;
      // What runs with fewer rights later still has to get in.
      if (sudo !== null) chownSync(path, sudo.uid, sudo.gid);
      deaf = host.onExit(remove);
      return path;
    },
    remove,
  };
}
