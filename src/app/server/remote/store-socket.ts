// The socket in a store's folder: whoever owns the store answers there, and whoever may read the folder may ask.

import { chmodSync, rmSync } from 'node:fs';
import { Failure } from '../../../core/index.ts';
import { buildApi } from '../api.ts';
import { listen } from '../listening.ts';
import type { ServerParts } from '../parts.ts';
import { socketPath } from './socket-path.ts';

/** What the system's `sockaddr_un` has room for, on the one that has least. */
const longestPath = 103;

export interface SocketOptions {
  /** Hears of what nobody expected. */
  readonly fault?: (error: unknown) => void;
}

/**
 * Answers at the socket of this folder until it is closed. Call it only as the owner of the store: a socket that is there
 * is taken for the leftover of an owner that was killed. Only this user may use it. Throws SERVE_FAILED.
 */
export async function serveSocket(
  folder: string,
  parts: ServerParts,
  { fault = () => {} }: SocketOptions = {},
): Promise<{ close(): Promise<void> }> {
  const path = socketPath(folder);
  const isFile = process.platform !== 'win32';
  if (isFile && Buffer.byteLength(path) > longestPath) {
    const hint = `Use a --store folder whose path is shorter than ${longestPath - 9} bytes; the store itself works.`;
    throw new Failure('SERVE_FAILED', `the path of the socket ${path} is too long`, hint);
  }
  if (isFile) rmSync(path, { force: true });
  const api = buildApi({ parts, entry: null, fault });
  // The socket is bound before `listen` gives its promise, so that there is no moment in which others may use it.
  const mask = process.umask(0o177);
  const starting = listen(api, { path });
  process.umask(mask);
  try {
    const listening = await starting;
    if (isFile) chmodSync(path, 0o600);
    return listening;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Failure('SERVE_FAILED', `cannot listen on ${path} (${code})`, 'Look at the folder of the store.', cause);
  }
}
