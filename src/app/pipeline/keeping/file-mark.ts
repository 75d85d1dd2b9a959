// Tells capture files apart by what they hold, not by their names.

import { createHash, type Hash } from 'node:crypto';
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

/** Files up to this size are hashed whole; of larger ones this much of every step is. */
const wholeBytes = 64 << 20;
const sampleBytes = 64 << 10;
const stepBytes = 1 << 20;

/**
 * SHA-256 of what the files hold, in hexadecimal. Of files above 64 MiB it is `sampled:` and the hash of 64 KiB of each
 * MiB: to read all of a large file once more would cost a tenth of its analysis.
 */
export async function contentHash(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  let isSampled = false;
  for (const path of paths) {
    try {
      const { size } = await stat(path);
      isSampled ||= size > wholeBytes;
      if (size > wholeBytes) await hashSamples(hash, path, size);
      else for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }
  return `${isSampled ? 'sampled:' : ''}${hash.digest('hex')}`;
}

async function hashSamples(hash: Hash, path: string, size: number): Promise<void> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(sampleBytes);
    hash.update(String(size));
    for (let at = 0; at < size; at += stepBytes) {
      const { bytesRead } = await file.read(buffer, 0, sampleBytes, at);
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

function unreadable(path: string, cause: unknown): Failure {
  const { code } = cause as NodeJS.ErrnoException; // fs throws nothing else
  if (code === 'ENOENT') return new Failure('NO_SUCH_FILE', `${path} does not exist`, 'Look at the path.', cause);
  return new Failure('FILE_UNREADABLE', `${path} cannot be read (${code})`, 'Check what it is.', cause);
}
