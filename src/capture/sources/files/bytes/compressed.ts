// gzip (RFC 1952), read as it is decompressed. Members are taken apart here, so that what stands behind the last one is
// not mistaken for a part of it, and a cut is told from an end.
//
//     member  1f 8b | method 8 | flags | time 4 | extra flags, system 2 | fields by flags … | deflate data | CRC 4 | size 4

import { crc32, createInflateRaw, type InflateRaw, type ZlibOptions } from 'node:zlib';
import { endOfInput, nothingYet } from '../../../../core/index.ts';
import { u16, u32 } from '../byte-order.ts';
import { type ByteInput, ByteWindow } from './input.ts';
import { ChunkError, type Chunks } from './input-chunks.ts';

/** How often a pull looks whether it was stopped while the compressed input gives nothing. */
const patienceMs = 250;
const packedBytes = 64 * 1024;
/** Output that comes in the same step as an error is lost with it, so a step is kept small. */
const pieceBytes = 32 * 1024;

const flag = { headerCrc: 2, extra: 4, name: 8, comment: 16 } as const;

/** Whether a file starts like gzip: 1f 8b and the only method there is; three bytes must be there. */
export function isGzip(b: Uint8Array, o: number): boolean {
  return b[o] === 0x1f && b[o + 1] === 0x8b && b[o + 2] === 8;
}

/**
 * Decompresses gzip of any number of members, as far as it is asked. Bytes behind the last member that do not start
 * another are ignored, as gzip(1) does. Owns `packed`.
 */
export function gzipChunks(packed: ByteInput): Chunks {
  const members = new GzipMembers(packed);
  return {
    next: () => members.next(),
    stop: () => members.stop(),
    progress: () => packed.progress(),
  };
}

/** Compressed bytes being looked at, with waiting for more; shared by the formats. */
export class PackedWindow {
  readonly window = new ByteWindow(packedBytes);
  readonly packed: ByteInput;
  readonly #format: string;
  isStopped = false;

  constructor(packed: ByteInput, format: string) {
    this.packed = packed;
    this.#format = format;
  }

  get length(): number {
    return this.window.end - this.window.start;
  }

  /** Whether `count` bytes are there, after waiting for them. */
  async have(count: number): Promise<boolean> {
    while (this.length < count) {
      const got = await this.window.fill(this.packed, patienceMs);
      if (got === endOfInput || this.isStopped) return false;
      if (got === nothingYet) continue;
    }
    return true;
  }

  /** Fails with `truncated` when the input ends before `count` bytes; `where` says inside of what. */
  async need(count: number, where: string): Promise<void> {
    if (!(await this.have(count))) throw this.cut(where);
  }

  cut(where: string): ChunkError {
    const { damage } = this.packed;
    if (damage !== null) return new ChunkError(damage.name, damage.because);
    const because = `the compressed data ends after ${this.window.base + this.window.end} bytes, ${where}`;
    return new ChunkError(`${this.#format}.truncated`, because);
  }
}

class GzipMembers {
  readonly #in: PackedWindow;
  #engine: InflateRaw | null = null;
  #feeding: Promise<void> | null = null;
  #wake = (): void => {};
  #crc = 0;
  #isFirst = true;

  constructor(packed: ByteInput) {
    this.#in = new PackedWindow(packed, 'gzip');
  }

  async next(): Promise<Uint8Array | null> {
    for (;;) {
      if (this.#in.isStopped) return null;
      if (this.#engine === null && !(await this.#open())) return null;
      const piece = await this.#pull(this.#engine as InflateRaw);
      if (piece !== null) {
        this.#crc = crc32(piece, this.#crc);
        return piece;
      }
      if (this.#in.isStopped) return null;
      await this.#feeding;
      await this.#close();
    }
  }

  stop(): void {
    this.#in.isStopped = true;
    this.#engine?.destroy();
    this.#in.packed.close();
  }

  /** Reads the header of the next member; false when there is none. */
  async #open(): Promise<boolean> {
    const input = this.#in;
    const isThere = await input.have(3);
    if (!this.#isFirst && !(isThere && isGzip(input.window.bytes, input.window.start))) {
      if (input.packed.damage !== null) throw input.cut('');
      return false;
    }
    const where = 'inside a member header';
    await input.need(10, where);
    const flags = input.window.bytes[input.window.start + 3];
    let length = 10;
    if ((flags & flag.extra) !== 0) {
      await input.need(length + 2, where);
      length += 2 + u16(input.window.bytes, input.window.start + length, false);
    }
    for (const text of [flag.name, flag.comment]) {
      if ((flags & text) === 0) continue;
      do await input.need(++length, where);
      while (input.window.bytes[input.window.start + length - 1] !== 0);
    }
    if ((flags & flag.headerCrc) !== 0) length += 2;
    await input.need(length, where);
    input.window.start += length;
    this.#isFirst = false;
    this.#crc = 0;
    // With a mark of one byte the engine rests as soon as one piece waits: no more is decompressed than is asked for,
    // and no piece is waiting, to be thrown away, when the engine finds an error.
    const options: ZlibOptions & { readableHighWaterMark: number } = {
      chunkSize: pieceBytes,
      readableHighWaterMark: 1,
    };
    this.#engine = createInflateRaw(options);
    this.#engine.on('error', () => {}); // Told by `errored`; an event without a listener would end the process.
    for (const event of ['readable', 'end', 'close']) this.#engine.on(event, () => this.#wake());
    this.#feeding = this.#feed(this.#engine);
    return true;
  }

  /** Gives the engine what arrives, until it has found the end of the deflate data; never rejects. */
  async #feed(engine: InflateRaw): Promise<void> {
    const { window } = this.#in;
    const closed = new Promise<void>((resolve) => engine.once('close', resolve));
    while (!engine.destroyed && !engine.readableEnded) {
      const isThere = await this.#in.have(1);
      if (this.#in.isStopped) return;
      if (!isThere) {
        engine.end();
        await closed;
        return;
      }
      const before = engine.bytesWritten;
      const slice = window.bytes.slice(window.start, window.end);
      // The engine does not call back for a slice of which it left something: then it ends.
      await Promise.race([new Promise((resolve) => engine.write(slice, resolve)), closed]);
      window.start += engine.bytesWritten - before;
    }
  }

  /** The next piece; null at the end of the deflate data. */
  async #pull(engine: InflateRaw): Promise<Uint8Array | null> {
    for (;;) {
      const piece: Buffer | null = engine.read();
      if (piece !== null) return new Uint8Array(piece.buffer, piece.byteOffset, piece.length);
      if (engine.errored) throw this.#stopped(engine.errored);
      if (engine.readableEnded || engine.destroyed) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #stopped(cause: Error): ChunkError {
    if ((cause as NodeJS.ErrnoException).code === 'Z_BUF_ERROR') return this.#in.cut('inside a member');
    return new ChunkError('gzip.damaged', `decompression stopped: ${cause.message}`);
  }

  /** Checks the trailer of the member that ended. */
  async #close(): Promise<void> {
    this.#engine = null;
    await this.#in.need(8, 'inside a member trailer');
    const { window } = this.#in;
    const crc = u32(window.bytes, window.start, false);
    window.start += 8;
    if (crc !== this.#crc) {
      throw new ChunkError('gzip.checksum', 'the checksum of a member does not agree with what it decompressed to');
    }
  }
}
