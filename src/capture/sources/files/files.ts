// Opens capture files and pipes: tells their format by their first bytes, looks through compression, merges several.

import { constants, fstatSync, openSync, type Stats, statSync } from 'node:fs';
import { endOfInput, Failure } from '../../../core/index.ts';
import { gzipChunks, isGzip } from './bytes/compressed.ts';
import { isZstd, zstdChunks } from './bytes/compressed-zstd.ts';
import { followInput } from './bytes/follow.ts';
import { type ByteInput, ByteWindow, fileInput } from './bytes/input.ts';
import { chunkInput, descriptorChunks, fifoChunks, iterableChunks } from './bytes/input-chunks.ts';
import { type FileSource, type FrameReader, InputSource } from './input-source.ts';
import { mergeSources } from './merge.ts';
import { paced } from './paced.ts';
import { pcapHeaderBytes, pcapReader } from './pcap.ts';
import { isPcapng, pcapngReader, sectionHeaderBytes } from './pcapng/pcapng.ts';
import { isSnoop, snoopHeaderBytes, snoopReader } from './snoop.ts';
import { unknownFormat } from './unknown-format.ts';

export interface FileOptions {
  /** Keep reading files that are still being written; also waits for the header of one that was just made. */
  readonly follow: boolean;
  /** Plays the files in their own time: seconds of packet time in a second. Left out: all at once. */
  readonly pace?: number;
  /** Ends an open that still waits for the first bytes of a pipe; it then fails. */
  readonly signal?: AbortSignal;
  /** Stands in for standard input. */
  readonly stdin?: AsyncIterable<Uint8Array>;
}

/**
 * Opens files (`-` is standard input) as one source: of several, the frames are merged in the order of time. Fails with
 * NO_SUCH_FILE, FILE_UNREADABLE, UNKNOWN_FILE_FORMAT, or FILE_DAMAGED when a file ends inside of its header.
 */
export async function openFiles(paths: readonly string[], options: FileOptions): Promise<FileSource> {
  if (paths.length === 0)
    throw new Failure('BAD_OPTION', 'no file is given', 'Name a capture file, or - for standard input.');
  if (paths.filter((path) => path === '-').length > 1) {
    throw new Failure('BAD_OPTION', 'standard input is given twice', 'Name - once.');
  }
  const sources: FileSource[] = [];
  try {
    for (const path of paths) sources.push(await openFile(path, options));
  } catch (cause) {
    for (const source of sources) source.close();
    throw cause;
  }
  const source = sources.length === 1 ? sources[0] : mergeSources(sources);
  return options.pace === undefined ? source : paced(source, options.pace);
}

async function openFile(path: string, options: FileOptions): Promise<FileSource> {
  const { kind, input } = openInput(path, options);
  const abort = () => input.close();
  options.signal?.addEventListener('abort', abort);
  try {
    return await openFormat(kind, path === '-' ? 'standard input' : path, path, input, false);
  } catch (cause) {
    input.close();
    throw cause;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

interface Opened {
  readonly kind: 'file' | 'pipe';
  readonly input: ByteInput;
}

function openInput(path: string, options: FileOptions): Opened {
  if (path === '-') return openStandardInput(options);
  try {
    const stat = statSync(path);
    refuseDirectory(path, stat);
    if (stat.isFIFO()) return { kind: 'pipe', input: chunkInput(openPipe(path)) };
    const fd = openSync(path, constants.O_RDONLY);
    if (!stat.isFile()) return { kind: 'pipe', input: chunkInput(descriptorChunks(fd)) };
    return { kind: 'file', input: options.follow ? followInput(fd, path) : fileInput(fd, true) };
  } catch (cause) {
    throw cause instanceof Failure ? cause : cannotOpen(path, cause as NodeJS.ErrnoException);
  }
}

/** Descriptors that were handed to us as `/dev/fd/63` have their writer already; a pipe with a name may not. */
function openPipe(path: string) {
  return /^\/(dev|proc)\//.test(path) ? descriptorChunks(openSync(path, constants.O_RDONLY)) : fifoChunks(path);
}

function openStandardInput(options: FileOptions): Opened {
  if (options.stdin !== undefined) return { kind: 'pipe', input: chunkInput(iterableChunks(options.stdin)) };
  try {
    const stat = fstatSync(0);
    refuseDirectory('standard input', stat);
    return { kind: 'pipe', input: stat.isFile() ? fileInput(0, false) : chunkInput(descriptorChunks(0)) };
  } catch (cause) {
    throw cause instanceof Failure ? cause : cannotOpen('standard input', cause as NodeJS.ErrnoException);
  }
}

function refuseDirectory(title: string, stat: Stats): void {
  if (!stat.isDirectory()) return;
  throw new Failure('FILE_UNREADABLE', `${title} is a directory`, 'Name the capture files in it.');
}

function cannotOpen(title: string, cause: NodeJS.ErrnoException): Failure {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') {
    return new Failure('NO_SUCH_FILE', `there is no file ${title}`, 'Check the path.', cause);
  }
  if (cause.code === 'EACCES' || cause.code === 'EPERM') {
    const hint = 'Ask its owner for the right to read it, or copy it.';
    return new Failure('FILE_UNREADABLE', `you may not read ${title} (${cause.code})`, hint, cause);
  }
  return new Failure(
    'FILE_UNREADABLE',
    `${title} cannot be read (${cause.code ?? cause.message})`,
    'Check the file.',
    cause,
  );
}

/** How long one wait for the first bytes of a pipe lasts; only its repetition matters. */
const patienceMs = 1000;
/** Enough to name a format that is not read. */
const headBytes = 512;

/** Fits the second-level cache, and a system call per half mebibyte costs nothing any more. */
const fileWindowBytes = 512 * 1024;
/** Pieces have at most half of this. */
const pieceWindowBytes = 128 * 1024;

async function openFormat(
  kind: 'file' | 'pipe',
  title: string,
  name: string,
  input: ByteInput,
  isUnpacked: boolean,
): Promise<FileSource> {
  const window = new ByteWindow(kind === 'file' && !isUnpacked ? fileWindowBytes : pieceWindowBytes);
  await has(window, input, 8);
  const { bytes, start, end } = window;
  const length = end - start;
  if (!isUnpacked && length >= 4 && (isGzip(bytes, start) || isZstd(bytes, start))) {
    const packed = rest(window, input);
    const chunks = isGzip(bytes, start) ? gzipChunks(packed) : zstdChunks(packed);
    return openFormat(kind, title, name, chunkInput(chunks), true);
  }
  return new InputSource(kind, name, input, window, await readerOf(window, input, title, name));
}

/** The reader of the format that the window's first bytes tell. */
async function readerOf(window: ByteWindow, input: ByteInput, title: string, name: string): Promise<FrameReader> {
  const length = window.end - window.start;
  if (length >= 4 && pcapHeaderBytes(window.bytes, window.start) > 0) {
    await needHeader(window, input, title, 'pcap', pcapHeaderBytes(window.bytes, window.start));
    return pcapReader(window, name);
  }
  if (length >= 4 && isPcapng(window.bytes, window.start)) {
    await needHeader(window, input, title, 'pcapng', 12);
    const headerBytes = sectionHeaderBytes(window.bytes, window.start);
    if (headerBytes === 0) throw unknownFormat(title, window.bytes.subarray(window.start, window.end));
    await needHeader(window, input, title, 'pcapng', headerBytes);
    return pcapngReader(window, name);
  }
  if (length >= 8 && isSnoop(window.bytes, window.start)) {
    await needHeader(window, input, title, 'snoop', snoopHeaderBytes);
    return snoopReader(window, name);
  }
  if (input.damage !== null)
    throw new Failure('FILE_DAMAGED', `${title} is damaged: ${input.damage.because}`, 'Get a whole copy.');
  await has(window, input, headBytes);
  throw unknownFormat(title, window.bytes.subarray(window.start, Math.min(window.end, window.start + headBytes)));
}

async function needHeader(
  window: ByteWindow,
  input: ByteInput,
  title: string,
  format: string,
  count: number,
): Promise<void> {
  if (await has(window, input, count)) return;
  const left = window.end - window.start;
  const what = `${title} is ${format} but ends inside of its header: ${left} bytes of ${count}`;
  throw new Failure('FILE_DAMAGED', what, 'Get a whole copy of the file.');
}

/** Whether the window comes to hold `count` bytes; waits for them. */
async function has(window: ByteWindow, input: ByteInput, count: number): Promise<boolean> {
  while (window.end - window.start < count) {
    const got = window.fill(input, patienceMs);
    if ((typeof got === 'number' ? got : await got) === endOfInput) return false;
  }
  return true;
}

/** What the window holds, then the input: to start over with bytes that were looked at. */
function rest(window: ByteWindow, input: ByteInput): ByteInput {
  return {
    read(into, at, room, waitMs) {
      const count = Math.min(room, window.end - window.start);
      if (count === 0) return input.read(into, at, room, waitMs);
      into.set(window.bytes.subarray(window.start, window.start + count), at);
      window.start += count;
      return count;
    },
    get damage() {
      return input.damage;
    },
    progress: () => input.progress(),
    close: () => input.close(),
  };
}
