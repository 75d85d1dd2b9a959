// Frames into files of one format: which file, how much of the frame, which comments. Formats only lay out bytes.
import { Failure, type FrameBatch, type SourceInterface, type SourceStats } from '../../core/index.ts';
import type { About, Comments, Format } from './format.ts';
import type { Output } from './output.ts';
import { type RotationLimits, rotatedPath, rotates } from './rotation.ts';

export interface WriterCounters {
  /** Packets written, or waiting in the buffer. */
  packets: number;
  /** Bytes of all files, with heads and what waits in the buffer. */
  bytes: number;
  /** Files begun, also those a ring has deleted again. */
  files: number;
}

/** Where packets are kept. Every method but `close` throws a Failure when the place is full, forbidden or gone. */
export interface Writer {
  readonly counters: Readonly<WriterCounters>;
  /** The file being written; empty before the first packet of a rotated set. */
  readonly path: string;
  /** Writes one frame of a batch. `packetNumber` (from 1, in the source) finds its comments; without: a running count. */
  write(batch: FrameBatch, index: number, packetNumber?: number): void;
  /** Writes all frames of a batch; `firstNumber` is the packet number of its first. */
  writeAll(batch: FrameBatch, firstNumber?: number): void;
  /** Interfaces are numbered in the order in which they are added, after those given at the start. */
  addInterface(added: SourceInterface): void;
  /** Hands what is buffered to the system: after each batch when somebody reads along. */
  flush(): void;
  /** Ends the file, with the source's counters where the format keeps them; idempotent, quiet after a failure. */
  close(stats?: SourceStats): void;
}

export interface PacketWriterParts {
  readonly path: string;
  readonly limits: RotationLimits;
  readonly format: Format;
  readonly out: Output;
  readonly interfaces: readonly SourceInterface[];
  readonly commentOf: About['commentOf'];
  /** Wall clock, microseconds: names a rotated set into which no packet came. */
  readonly nowUs: () => number;
}

/** Joins a format, an output and rotation limits. A single file is opened at once, a rotated set at its first packet. */
export function packetWriter(parts: PacketWriterParts): Writer {
  const { path, limits, format, out, commentOf } = parts;
  const isSet = rotates(limits);
  const counters: WriterCounters = { packets: 0, bytes: 0, files: 0 };
  const set: string[] = [];
  let interfaceCount = 0;
  let packetsInFile = 0;
  let fileStartUs = 0;
  let bytesBefore = 0;
  let isClosed = false;
  let fromBytes: Uint8Array = new Uint8Array(0);
  let from = new DataView(fromBytes.buffer);

  const fileBytes = (): number => out.flushed + out.used;

  function begin(timeUs: number): void {
    counters.files++;
    const name = isSet ? rotatedPath(path, counters.files, timeUs) : path;
    out.open(name);
    packetsInFile = 0;
    fileStartUs = timeUs;
    if (isSet && limits.rotateFiles > 0) {
      set.push(name);
      if (set.length > limits.rotateFiles) out.remove(set.shift() ?? '');
    }
    format.begin(out);
  }

  function endFile(): void {
    out.flush();
    bytesBefore += out.flushed;
    out.flushed = 0;
    out.close();
  }

  function rotateBefore(timeUs: number, recordBytes: number): void {
    if (counters.files === 0) {
      begin(timeUs);
      return;
    }
    if (packetsInFile === 0 || out.hasFailed) return;
    const isFull = limits.rotateBytes > 0 && fileBytes() + recordBytes > limits.rotateBytes;
    const isOld = limits.rotateSec > 0 && timeUs - fileStartUs >= limits.rotateSec * 1e6;
    if (!isFull && !isOld) return;
    endFile();
    begin(timeUs);
  }

  function put(batch: FrameBatch, i: number, comments: Comments): void {
    const iface = batch.iface[i];
    if (iface >= interfaceCount) throw new Error(`frame of interface ${iface}, but only ${interfaceCount} were added`);
    const limit = format.capLimit(iface);
    const capLen = Math.min(batch.capLen[i], limit);
    if (isSet) rotateBefore(batch.timeUs[i], format.recordBytes(capLen));
    format.frame(out, batch, i, from, capLen, comments);
    counters.packets++;
    packetsInFile++;
  }

  function look(batch: FrameBatch): void {
    if (fromBytes === batch.bytes) return;
    fromBytes = batch.bytes;
    from = new DataView(fromBytes.buffer, fromBytes.byteOffset, fromBytes.byteLength);
  }

  for (const known of parts.interfaces) addInterface(known);
  if (!isSet) begin(0);

  function addInterface(added: SourceInterface): void {
    interfaceCount++;
    format.addInterface(out.isOpen ? out : null, added);
  }

  return {
    counters: {
      get packets() {
        return counters.packets;
      },
      get bytes() {
        return bytesBefore + fileBytes();
      },
      get files() {
        return counters.files;
      },
    },
    get path() {
      return out.path;
    },
    addInterface,
    write(batch, index, packetNumber = counters.packets + 1) {
      look(batch);
      put(batch, index, commentsOf(commentOf, packetNumber));
    },
    writeAll(batch, firstNumber = counters.packets + 1) {
      look(batch);
      if (commentOf === undefined) for (let i = 0; i < batch.count; i++) put(batch, i, null);
      else for (let i = 0; i < batch.count; i++) put(batch, i, commentsOf(commentOf, firstNumber + i));
    },
    flush: () => out.flush(),
    close(stats) {
      if (isClosed) return;
      isClosed = true;
      if (counters.files === 0) begin(parts.nowUs());
      if (!out.isOpen) return;
      format.end(out, stats ?? null);
      endFile();
    },
  };
}

function commentsOf(commentOf: About['commentOf'], packetNumber: number): Comments {
  const found = commentOf?.(packetNumber) ?? null;
  return typeof found === 'string' ? [found] : found;
}

/** Rotation needs names, and standard output has none. */
export function refuseRotatedOutput(path: string, limits: RotationLimits): void {
  if (path === '-' && rotates(limits)) {
    throw new Failure('BAD_OPTION', 'standard output cannot be rotated', 'Give -w a file name, or leave rotation out.');
  }
}
