// Takes a capture file off the network: into a file of our own naming, no larger than allowed, and only what looks like
// a capture.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Failure, printable } from '../../../core/index.ts';
import { Refusal } from '../refusals.ts';

/** Nothing comes for so long: whoever sends has gone away. */
const silenceMs = 30_000;
/** So long a refused file may go on coming. */
const patienceMs = 3000;

/** First bytes of pcap (both orders; microseconds and nanoseconds), pcapng, snoop, gzip and Zstandard. */
const beginnings = ['a1b2c3d4', 'd4c3b2a1', 'a1b23c4d', '4d3cb2a1', '0a0d0d0a', '736e6f6f', '1f8b', '28b52ffd'];
const headBytes = 4;

export interface ReceivedFile {
  readonly path: string;
  readonly bytes: number;
  remove(): void;
}

/**
 * Resolves once all of the body is on disk. Rejects with BODY_TOO_LARGE, UNKNOWN_FILE_FORMAT, WRITE_FAILED; nothing is
 * left behind then, also when whoever sends goes away in the middle.
 */
export async function receiveFile(body: IncomingMessage, folder: string, maxBytes: number): Promise<ReceivedFile> {
  // No more comes than was told, and the door lets nothing in that does not tell.
  const told = Number(body.headers['content-length'] ?? Number.POSITIVE_INFINITY);
  if (!(told <= maxBytes)) {
    await heardOut(body);
    throw tooLarge(maxBytes);
  }
  // The name it has elsewhere is for people only.
  const path = join(folder, `${randomUUID()}.capture`);
  const remove = (): void => rmSync(path, { force: true });
  const silence = setTimeout(() => body.destroy(new Error('nothing came any more')), silenceMs);
  try {
    const bytes = await keep(body, path, () => silence.refresh());
    return { path, bytes, remove };
  } catch (error) {
    remove();
    if (error instanceof Failure) await heardOut(body);
    throw explained(error);
  } finally {
    clearTimeout(silence);
  }
}

/** Writes all that comes into a new file, as long as it may be a capture; gives how much that was. */
async function keep(body: IncomingMessage, path: string, alive: () => void): Promise<number> {
  const file = await open(path, 'wx', 0o600);
  try {
    let bytes = 0;
    let head: Buffer | null = Buffer.alloc(0);
    // What is refused is not cut off: the answer could not be read.
    for await (const piece of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      alive();
      bytes += piece.length;
      if (head !== null) {
        head = Buffer.concat([head, piece.subarray(0, headBytes)]);
        if (head.length >= headBytes) {
          if (!isCapture(head)) throw noCapture();
          head = null;
        }
      }
      for (let at = 0; at < piece.length; ) at += (await file.write(piece, at)).bytesWritten;
    }
    if (head !== null) throw noCapture();
    return bytes;
  } finally {
    await file.close();
  }
}

/** Lets go by what is still sent, a while: who is writing does not read the answer, and a closed line would lose it. */
async function heardOut(body: IncomingMessage): Promise<void> {
  if (body.readableEnded || body.destroyed) return;
  body.resume();
  const patience = AbortSignal.timeout(patienceMs);
  await once(body, 'end', { signal: patience }).catch(() => {}); // then the line is closed
}

function isCapture(head: Buffer): boolean {
  const digits = head.subarray(0, headBytes).toString('hex');
  return beginnings.some((beginning) => digits.startsWith(beginning));
}

const noCapture = (): Failure =>
  new Failure('UNKNOWN_FILE_FORMAT', 'this is no capture file', 'Send pcap or pcapng, plain or packed (.gz, .zst).');

function tooLarge(maxBytes: number): Refusal {
  const hint = `Files of up to ${maxBytes} bytes are taken (--max-upload); read larger ones with \`taplight -r FILE\`.`;
  return new Refusal('BODY_TOO_LARGE', 'the file is too large', hint);
}

function explained(error: unknown): unknown {
  if (error instanceof Refusal || error instanceof Failure) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (!['ENOSPC', 'EACCES', 'EROFS', 'EDQUOT', 'EMFILE', 'EIO'].includes(code)) {
    return new Refusal('BAD_REQUEST', 'the file did not come to its end', 'Send it again.');
  }
  return new Failure('WRITE_FAILED', `the file cannot be kept: ${message}`, 'Make room where temporary files lie.');
}

const longestName = 120;

/** A file's name as it is shown: without its folders, without what would not be seen. */
export function fileName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? '';
  const shown = [...printable(last.normalize('NFC')).trim()].slice(0, longestName).join('');
  return shown === '' || /^\.+$/.test(shown) ? 'a file' : shown;
}
