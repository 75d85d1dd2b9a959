// Zstandard (RFC 8878), taken apart into frames and blocks here, so that each decoder gets one whole block at a time:
// memory stays bounded, several frames and skippable frames work alike, and a cut is told from an end.
//
//     frame      magic 4 | descriptor 1 | window 0-1 | dictionary 0-4 | content size 0-8 | blocks … | checksum 0 or 4
//     block      last 1 bit, type 2 bits, size 21 bits (little-endian, 3 bytes) | data
//     skippable  184d2a50 … 5f | size 4 | data

import * as zlib from 'node:zlib';
import type { Decompress } from 'fzstd';
import { u32 } from '../byte-order.ts';
import { PackedWindow } from './compressed.ts';
import type { ByteInput } from './input.ts';
import { ChunkError, type Chunks } from './input-chunks.ts';

const frameMagic = 0xfd2fb528;
const largestBlockBytes = 128 * 1024;
/** What zstd(1) decompresses without being told to take more. */
const largestWindowBytes = 128 * 1024 * 1024;

const isSkippable = (magic: number): boolean => magic >>> 4 === 0x184d2a5;

/** Whether a file starts like Zstandard. */
export function isZstd(b: Uint8Array, o: number): boolean {
  const magic = u32(b, o, false);
  return magic === frameMagic || isSkippable(magic);
}

/** Decompresses one frame. */
export interface FrameDecoder {
  /** Takes the header, then whole blocks; gives what they decompress to. Rejects when they make no sense. */
  push(bytes: Uint8Array, isLast: boolean): Promise<Uint8Array[]>;
  stop(): void;
}

/** In JavaScript, loaded with the first block. Checksums are not verified. */
export function portableDecoder(): FrameDecoder {
  let out: Uint8Array[] = [];
  let engine: Decompress | null = null;
  return {
    async push(bytes, isLast) {
      out = [];
      engine ??= new (await import('fzstd')).Decompress((piece) => {
        if (piece.length > 0) out.push(piece);
      });
      engine.push(bytes, isLast);
      return out;
    },
    stop() {},
  };
}

type Engine = ReturnType<typeof zlib.createGunzip>;
/** Part of Node since 22.15; the types here are those of the oldest version that is supported. */
const createNative = (zlib as { createZstdDecompress?: (options: object) => Engine }).createZstdDecompress;

/** Node's own, about four times as fast; undefined where there is none. */
export const nativeDecoder: (() => FrameDecoder) | undefined =
  createNative &&
  (() => {
    let out: Uint8Array[] = [];
    let failed: Error | null = null;
    let wake = (): void => {};
    const engine = createNative({ chunkSize: largestBlockBytes });
    engine.on('data', (piece: Uint8Array) => out.push(new Uint8Array(piece.buffer, piece.byteOffset, piece.length)));
    engine.on('error', (cause: Error) => {
      failed = cause;
    });
    engine.on('close', () => wake());
    return {
      async push(bytes, isLast) {
        out = [];
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (engine.destroyed) resolve();
          else if (isLast) engine.end(bytes);
          else engine.write(bytes, () => resolve());
        });
        if (failed !== null) throw failed;
        return out;
      },
      stop: () => engine.destroy(),
    };
  });

/** Gives pieces of at most a block. Owns `packed`. */
export function zstdChunks(
  packed: ByteInput,
  newDecoder: () => FrameDecoder = nativeDecoder ?? portableDecoder,
): Chunks {
  const frames = new ZstdFrames(packed, newDecoder);
  const ready: Uint8Array[] = [];
  return {
    async next() {
      for (;;) {
        const piece = ready.shift();
        if (piece !== undefined) return piece;
        if (frames.isStopped) return null;
        const pieces = await frames.step();
        if (pieces === null || frames.isStopped) return null;
        ready.push(...pieces);
      }
    },
    stop: () => frames.stop(),
    progress: () => packed.progress(),
  };
}

class ZstdFrames {
  readonly #in: PackedWindow;
  readonly #newDecoder: () => FrameDecoder;
  #decoder: FrameDecoder | null = null;
  /** Frame header that still has to be given to the decoder, together with the first block. */
  #header = new Uint8Array(0);
  #checksumBytes = 0;
  #frames = 0;

  constructor(packed: ByteInput, newDecoder: () => FrameDecoder) {
    this.#in = new PackedWindow(packed, 'zstd');
    this.#newDecoder = newDecoder;
  }

  get isStopped(): boolean {
    return this.#in.isStopped;
  }

  stop(): void {
    this.#in.isStopped = true;
    this.#decoder?.stop();
    this.#in.packed.close();
  }

  /** One block or one header further; null at the end. */
  async step(): Promise<Uint8Array[] | null> {
    if (this.#decoder !== null) return this.#block(this.#decoder);
    const window = this.#in.window;
    const isThere = await this.#in.have(4);
    if (!isThere && window.end === window.start && this.#in.packed.damage === null) return null;
    const magic = isThere ? u32(window.bytes, window.start, false) : 0;
    if (isThere && magic === frameMagic) await this.#frame();
    else if (isThere && isSkippable(magic)) await this.#skip();
    else if (this.#frames > 0 && isThere) return null;
    else throw this.#in.cut('inside a magic number');
    this.#frames++;
    return [];
  }

  async #frame(): Promise<void> {
    await this.#in.need(6, 'inside a frame header');
    const descriptor = this.#in.window.bytes[this.#in.window.start + 4];
    const isSingle = (descriptor & 0x20) !== 0;
    const dictionaryBytes = [0, 1, 2, 4][descriptor & 3];
    const contentBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >>> 6];
    const total = 5 + (isSingle ? 0 : 1) + dictionaryBytes + contentBytes;
    await this.#in.need(total, 'inside a frame header');
    const { bytes, start } = this.#in.window;
    const contentAt = start + total - contentBytes;
    const windowBytes = isSingle ? contentSize(bytes, contentAt, contentBytes) : windowSize(bytes[start + 5]);
    if (windowBytes > largestWindowBytes) {
      throw new ChunkError('zstd.window', `a frame wants a window of ${windowBytes} bytes, at most 128 MiB is given`);
    }
    if (dictionaryBytes > 0 && bytes.subarray(contentAt - dictionaryBytes, contentAt).some((byte) => byte !== 0)) {
      throw new ChunkError('zstd.dictionary', 'a frame was compressed with a dictionary, which is not in the file');
    }
    this.#checksumBytes = (descriptor & 4) === 0 ? 0 : 4;
    this.#header = bytes.slice(start, start + total);
    this.#in.window.start += total;
    this.#decoder = this.#newDecoder();
  }

  async #block(decoder: FrameDecoder): Promise<Uint8Array[]> {
    await this.#in.need(3, 'before the last block of a frame');
    const { bytes, start } = this.#in.window;
    const head = bytes[start] | (bytes[start + 1] << 8) | (bytes[start + 2] << 16);
    const isLast = (head & 1) === 1;
    const type = (head >>> 1) & 3;
    const size = head >>> 3;
    if (size > largestBlockBytes || type === 3) {
      throw new ChunkError('zstd.damaged', `a block of type ${type} and ${size} bytes cannot be`);
    }
    const total = 3 + (type === 1 ? 1 : size) + (isLast ? this.#checksumBytes : 0);
    await this.#in.need(total, 'inside a block');
    const from = this.#in.window.start;
    const piece = new Uint8Array(this.#header.length + total);
    piece.set(this.#header);
    piece.set(this.#in.window.bytes.subarray(from, from + total), this.#header.length);
    this.#header = new Uint8Array(0);
    this.#in.window.start += total;
    if (isLast) this.#decoder = null;
    try {
      return await decoder.push(piece, isLast);
    } catch (cause) {
      if (this.isStopped) return [];
      throw new ChunkError('zstd.damaged', `decompression stopped: ${(cause as Error).message}`);
    }
  }

  async #skip(): Promise<void> {
    await this.#in.need(8, 'inside a skippable frame');
    let left = u32(this.#in.window.bytes, this.#in.window.start + 4, false) + 8;
    while (left > 0) {
      await this.#in.need(1, 'inside a skippable frame');
      const step = Math.min(left, this.#in.window.end - this.#in.window.start);
      this.#in.window.start += step;
      left -= step;
    }
  }
}

/** Window descriptor: exponent 5 bits, mantissa 3 bits (§3.1.1.1.2). */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** Content size of 1, 2 (less 256), 4 or 8 bytes; exact up to 2⁵³, beyond which it is too large anyway. */
function contentSize(b: Uint8Array, o: number, size: number): number {
  if (size === 1) return b[o];
  if (size === 2) return (b[o] | (b[o + 1] << 8)) + 256;
  return u32(b, o, false) + (size === 8 ? u32(b, o + 4, false) * 4_294_967_296 : 0);
}
