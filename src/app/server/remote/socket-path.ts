// Where the owner of a store answers, known without loading the server.

import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';

/** Socket of the store in this folder; on Windows a named pipe. */
export function socketPath(folder: string): string {
  const path = resolve(folder);
  if (process.platform !== 'win32') return join(path, 'api.sock');
  return `\\\\.\\pipe\\taplight-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;
}
