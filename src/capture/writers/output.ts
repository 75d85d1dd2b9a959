// Where records go: a file, or standard output, behind one buffer that is only ever handed over at record boundaries.
//
//      bytes   |  record  |  record  |  record  |······ room ······|
//              0                                used
//
// So whatever happens to a disk or a reader, what arrived ends with a whole record.
import * as nodeFs from 'node:fs';
import { dirname } from 'node:path';
import { Failure, printable } from '../../core/index.ts';

/** The part of `node:fs` that is used; a parameter, so that tests can fill up a disk. */
export type Disk = Pick<typeof nodeFs, 'openSync' | 'writeSync' | 'closeSync' | 'ftruncateSync' | 'unlinkSync'>;

/** Finds the end of the last whole record among `bytes[0..end)`, which starts at a record of a file at offset `fileAt`. */
export type WholeRecords = (bytes: DataView, end: number, fileAt: number) => number;

const bufferBytes = 1 << 20;
const standardOutput = 1;

/** One file at a time, all through the same memory. After a failed write it takes nothing more and closes quietly. */
export class Output {
  bytes = new Uint8Array(bufferBytes);
  view = new DataView(this.bytes.buffer);
  /** End of the last record in `bytes`. */
  used = 0;
  /** Bytes of the present file that were handed to the system. */
  flushed = 0;
  path = '';
  /** A write failed: what comes now is left out. */
  hasFailed = false;
  private fd = -1;
  private readonly wholeRecords: WholeRecords;
  private readonly disk: Disk;

  constructor(wholeRecords: WholeRecords, disk: Disk = nodeFs) {
    this.wholeRecords = wholeRecords;
    this.disk = disk;
  }

  /** Starts a file; `-` is standard output. Throws Failure WRITE_FAILED. */
  open(path: string): void {
    this.path = path;
    this.used = 0;
    this.flushed = 0;
    if (path === '-') {
      this.fd = standardOutput;
      return;
    }
    try {
      this.fd = this.disk.openSync(path, 'w');
    } catch (cause) {
      throw writeFailure(path, cause);
    }
  }

  get isOpen(): boolean {
    return this.fd >= 0;
  }

  /** Makes room for a record of `size` bytes at `used`. */
  reserve(size: number): void {
    if (this.used + size <= this.bytes.length) return;
    this.flush();
    if (size <= this.bytes.length) return;
    this.bytes = new Uint8Array(2 ** Math.ceil(Math.log2(size)));
    this.view = new DataView(this.bytes.buffer);
  }

  /** Hands over all whole records. Throws Failure WRITE_FAILED or OUTPUT_CLOSED; the file then ends with a whole record. */
  flush(): void {
    const end = this.used;
    if (end === 0) return;
    this.used = 0;
    if (this.fd < 0) return;
    let done = 0;
    try {
      while (done < end) done += this.writeSome(done, end);
    } catch (cause) {
      this.giveUp(done);
      throw writeFailure(this.path, cause);
    }
    this.flushed += end;
  }

  /** Flushes and closes; idempotent. */
  close(): void {
    if (this.fd < 0) return;
    this.flush();
    const fd = this.fd;
    this.fd = -1;
    if (fd === standardOutput) return;
    try {
      this.disk.closeSync(fd);
    } catch (cause) {
      // Network file systems report a full disk only here.
      throw writeFailure(this.path, cause);
    }
  }

  /** Deletes a finished file; that somebody else already took it away is fine. */
  remove(path: string): void {
    try {
      this.disk.unlinkSync(path);
    } catch (cause) {
      if (errorCode(cause) !== 'ENOENT') throw writeFailure(path, cause);
    }
  }

  private writeSome(from: number, end: number): number {
    for (;;) {
      try {
        return this.disk.writeSync(this.fd, this.bytes, from, end - from);
      } catch (cause) {
        // A pipe in non-blocking mode whose reader is slow: wait for it, as a blocking one would.
        if (errorCode(cause) !== 'EAGAIN') throw cause;
        Atomics.wait(pause, 0, 0, 1);
      }
    }
  }

  private giveUp(written: number): void {
    const fd = this.fd;
    this.fd = -1;
    this.hasFailed = true;
    if (fd === standardOutput) return;
    try {
      this.disk.ftruncateSync(fd, this.flushed + this.wholeRecords(this.view, written, this.flushed));
    } catch {
      // Not a regular file: what a pipe or a device took cannot be taken back.
    }
    try {
      this.disk.closeSync(fd);
    } catch {
      // The failure that led here is the one to tell.
    }
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));

function errorCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

/** Says what kept `path` from being written and what to do about it. */
export function writeFailure(path: string, cause: unknown): Failure {
  const code = errorCode(cause);
  const shown = path === '-' ? 'standard output' : printable(path);
  if (code === 'EPIPE') return new Failure('OUTPUT_CLOSED', `the reader of ${shown} is gone`, 'Nothing to do.', cause);
  const [because, hint] = reasons[code] ?? [
    cause instanceof Error ? cause.message : String(cause),
    'Write to another place with -w.',
  ];
  const folder = printable(dirname(path));
  return new Failure(
    'WRITE_FAILED',
    `cannot write ${shown}: ${because}`,
    hint.replace('FOLDER', () => folder),
    cause,
  );
}

const kept = 'The file is complete up to the last packet that fitted.';
const reasons: Record<string, readonly [string, string]> = {
  ENOSPC: ['no space left on the device', `Free some space, or keep less with rotation or -s. ${kept}`],
  EDQUOT: ['your disk quota is used up', `Free some space, or keep less with rotation or -s. ${kept}`],
  EFBIG: ['the file would be larger than allowed here', `Rotate by size. ${kept}`],
  EIO: ['the device reports an error', `Look into the system log. ${kept}`],
  ENOENT: ['the folder does not exist', 'Make it first: mkdir -p FOLDER'],
  ENOTDIR: ['a part of the path is not a folder', 'Check the path: FOLDER'],
  EACCES: ['permission denied', 'Choose a folder this user may write to; FOLDER is not one, or the file is not yours.'],
  EPERM: ['not permitted', 'Choose a folder this user may write to; FOLDER is not one, or the file is not yours.'],
  EROFS: ['the file system is read-only', 'Write to another place with -w.'],
  EISDIR: ['it is a folder', 'Give the name of a file.'],
  EMFILE: ['too many open files', 'Raise the limit: ulimit -n 4096'],
};
