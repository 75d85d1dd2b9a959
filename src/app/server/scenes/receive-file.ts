// Takes a capture file off the network: into a file of our own naming, no larger than allowed, and only what looks like
// a capture.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure, printable } from '../../../core/index.ts';
import { Refusal } from '../refusals.ts';

/** Nothing comes for so long: whoever sends has gone away. */
const silenceMs = 30_000;

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
  if (Number(body.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  // The name it has elsewhere is for people only.
  const path = join(folder, `${randomUUID()}.capture`);
  const remove = (): void => rmSync(path, { force: true });
  const gate = captureGate(maxBytes);
  const silence = setTimeout(() => body.destroy(new Error('nothing came any more')), silenceMs);
  body.on('data', () => silence.refresh());
  const writer = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  try {
    await pipeline(body, gate.stream, writer);
    return { path, bytes: gate.bytes(), remove };
  } catch (error) {
    // It may be just about to be made.
    if (!writer.closed) await once(writer, 'close').catch(() => {});
    remove();
    throw explained(error);
  } finally {
    clearTimeout(silence);
  }
}

/** Lets bytes through as long as they may be a capture and are not too many. */
function captureGate(maxBytes: number): { readonly stream: Transform; bytes(): number } {
  let bytes = 0;
  let head: Buffer | null = Buffer.alloc(0);
  const stream = new Transform({
    transform: (piece: Buffer, _: BufferEncoding, done: TransformCallback) => {
      bytes += piece.length;
      if (bytes > maxBytes) return done(tooLarge(maxBytes));
      if (head === null) return done(null, piece);
      head = Buffer.concat([head, piece]);
      if (head.length < headBytes) return done();
      if (!isCapture(head)) return done(noCapture());
      const all = head;
      head = null;
      done(null, all);
    },
    flush: (done: TransformCallback) => done(head === null ? null : noCapture()),
  });
  return { stream, bytes: () => bytes };
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
