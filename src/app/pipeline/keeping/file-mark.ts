// Tells capture files apart by what they hold, not by their names.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Failure } from '../../../core/index.ts';

const endBytes = 64 * 1024;

/** Size and SHA-256 of both ends of each file: quick to have, and different for nearly all files that differ. */
export async function endsHash(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  let total = 0;
  for (const path of paths) {
    try {
      const { size } = await stat(path);
      const file = await open(path, 'r');
      try {
        for (const at of size > endBytes ? [0, size - endBytes] : [0]) {
          const { buffer, bytesRead } = await file.read(Buffer.alloc(endBytes), 0, endBytes, at);
          hash.update(buffer.subarray(0, bytesRead));
        }
      } finally {
        await file.close();
      }
      hash.update(String(size));
      total += size;
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }
  return `${total}:${hash.digest('hex')}`;
}

/** SHA-256 of the files' content, one after the other, in hexadecimal. */
export async function contentHash(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    try {
      for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }
  return hash.digest('hex');
}

function unreadable(path: string, cause: unknown): Failure {
  const { code } = cause as NodeJS.ErrnoException; // fs throws nothing else
  if (code === 'ENOENT') return new Failure('NO_SUCH_FILE', `${path} does not exist`, 'Look at the path.', cause);
  return new Failure('FILE_UNREADABLE', `${path} cannot be read (${code})`, 'Check what it is.', cause);
}
