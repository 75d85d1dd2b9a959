// Blocks of the ring onto the disk: pairs of files, the oldest deleted before a new one would pass the bound.

import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../../core/index.ts';
import { writeFailure } from '../output.ts';
import { wholeBlocks } from '../pcapng.ts';
import { headBytes, putHead, recordBytes } from './index-file.ts';
import {
  indexPath,
  isGone,
  onDisk,
  packetPath,
  pairBytes,
  pairNumbers,
  type RingDisk,
  type RingPair,
  workerFolders,
} from './ring-folder.ts';
import { beginsFile, blockCount, blockState, type RingMemory } from './ring-memory.ts';

export interface RingFilesOptions {
  /** Of all workers. */
  readonly folder: string;
  /** Number of this one, and how many there are. */
  readonly worker: number;
  readonly workers: number;
  readonly run: number;
  /** Of all workers together. */
  readonly bytes: number;
  /** See IndexHead. */
  readonly hasRunNumbers: boolean;
}

/** Files a ring consists of: the oldest is given up whole, so this is the share of time that is lost at once. */
const filesInRing = 16;
const leastFileBytes = 1 << 20;
/** Places in a file are counted in words of four bytes; larger files would also be slow to search. */
const mostFileBytes = 4 * 2 ** 30;

/** Packets and index of one file of a ring that `workers` share. */
export function fileBytesOf(bytes: number, workers: number): number {
  return Math.min(mostFileBytes, Math.max(leastFileBytes, Math.floor(bytes / workers / filesInRing)));
}

export class RingFiles {
  readonly #options: RingFilesOptions;
  readonly #disk: RingDisk;
  readonly #bound: number;
  readonly #fileBytes: number;
  /** Finished pairs, oldest first; also those of workers that there are no more of. */
  readonly #pairs: RingPair[] = [];
  #total = 0;
  #next = 1;
  #present: RingPair | null = null;
  #packetsFd = -1;
  #indexFd = -1;
  #packetsAt = 0;
  #indexAt = 0;
  readonly #head = new Uint8Array(headBytes);
  readonly #headView = new DataView(this.#head.buffer);

  /** Finds what earlier runs kept. Throws WRITE_FAILED when there can be no folder. */
  constructor(options: RingFilesOptions, disk: RingDisk = nodeFs) {
    this.#options = options;
    this.#disk = disk;
    this.#bound = Math.floor(options.bytes / options.workers);
    this.#fileBytes = fileBytesOf(options.bytes, options.workers);
    const own = join(options.folder, String(options.worker));
    try {
      disk.mkdirSync(own, { recursive: true, mode: 0o700 });
      for (const worker of workerFolders(options.folder, disk)) {
        if (worker % options.workers !== options.worker) continue;
        const folder = join(options.folder, String(worker));
        for (const number of pairNumbers(folder, disk))
          this.#pairs.push({ folder, number, bytes: pairBytes({ folder, number }, disk) });
      }
    } catch (cause) {
      throw writeFailure(own, cause);
    }
    this.#pairs.sort((a, b) => a.number - b.number);
    this.#next = (this.#pairs.at(-1)?.number ?? 0) + 1;
    this.#total = this.#pairs.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Writes a block, `packets` before `index`: what is in the index is there. Throws WRITE_FAILED. */
  write(
    packets: Uint8Array,
    index: Uint8Array,
    begins: boolean,
    firstUs: number,
    lastUs: number,
    lateUs: number,
  ): void {
    if (begins) this.#begin();
    const pair = this.#present;
    if (pair === null) return;
    const { run, hasRunNumbers } = this.#options;
    try {
      putHead(this.#headView, { run, firstUs, lastUs, lateUs, hasRunNumbers });
      this.#writeAt(this.#indexFd, this.#head, 0);
      this.#writeAt(this.#packetsFd, packets, this.#packetsAt);
      this.#packetsAt += packets.length;
      this.#writeAt(this.#indexFd, index, this.#indexAt);
      this.#indexAt += index.length;
    } catch (cause) {
      this.#giveUp(packets);
      throw writeFailure(packetPath(pair), cause);
    }
  }

  /** Idempotent. Throws WRITE_FAILED. */
  close(): void {
    const pair = this.#present;
    if (pair === null) return;
    this.#present = null;
    try {
      this.#disk.closeSync(this.#packetsFd);
      this.#disk.closeSync(this.#indexFd);
    } catch (cause) {
      // Network file systems report a full disk only here.
      throw writeFailure(packetPath(pair), cause);
    }
    pair.bytes = onDisk(this.#packetsAt) + onDisk(this.#indexAt);
    this.#total += pair.bytes;
    this.#pairs.push(pair);
  }

  #begin(): void {
    this.close();
    const pair = { folder: join(this.#options.folder, String(this.#options.worker)), number: this.#next++, bytes: 0 };
    try {
      this.#makeRoom();
      this.#packetsFd = this.#disk.openSync(packetPath(pair), 'w', 0o600);
      this.#indexFd = this.#disk.openSync(indexPath(pair), 'w', 0o600);
    } catch (cause) {
      throw writeFailure(packetPath(pair), cause);
    }
    this.#present = pair;
    this.#packetsAt = 0;
    this.#indexAt = headBytes;
  }

  /** Deletes the oldest pairs until a whole new one fits. The index goes first: packets without one are never found. */
  #makeRoom(): void {
    const wanted = onDisk(this.#fileBytes) + onDisk(1);
    while (this.#pairs.length > 0 && this.#total + wanted > this.#bound) {
      const pair = this.#pairs.shift();
      if (pair === undefined) return;
      this.#total -= pair.bytes;
      for (const path of [indexPath(pair), packetPath(pair)]) this.#remove(path);
    }
  }

  #remove(path: string): void {
    try {
      this.#disk.unlinkSync(path);
    } catch (cause) {
      if (!isGone(cause)) throw cause;
    }
  }

  #writeAt(fd: number, bytes: Uint8Array, at: number): void {
    let done = 0;
    while (done < bytes.length) done += this.#disk.writeSync(fd, bytes, done, bytes.length - done, at + done);
  }

  /** The disk took only a part: what is there shall end with a whole block and a whole record. */
  #giveUp(packets: Uint8Array): void {
    this.#present = null;
    const quietly = (act: () => void): void => {
      try {
        act();
      } catch {
        // The failure that led here is the one to tell.
      }
    };
    const view = new DataView(packets.buffer, packets.byteOffset, packets.byteLength);
    quietly(() => {
      const there = this.#disk.fstatSync(this.#packetsFd).size - this.#packetsAt;
      if (there > 0) this.#disk.ftruncateSync(this.#packetsFd, this.#packetsAt + wholeBlocks(view, there));
    });
    quietly(() => this.#disk.ftruncateSync(this.#indexFd, this.#indexAt - ((this.#indexAt - headBytes) % recordBytes)));
    quietly(() => this.#disk.closeSync(this.#packetsFd));
    quietly(() => this.#disk.closeSync(this.#indexFd));
  }
}

/**
 * Writes the blocks of `memory` until the last, in the thread that calls; after a failure the rest goes nowhere.
 * @param next block to begin with; gives the one to go on with when `waitMs` is over without a full one, null after the last
 */
export function writeBlocks(memory: RingMemory, files: RingFiles, next: number, waitMs: number): number | null {
  let block = next;
  for (;;) {
    const state = memory.waitWhile(block, blockState.free, waitMs);
    if (state === blockState.free) return block;
    try {
      if (state === blockState.full) writeBlock(memory, files, block);
      else files.close();
    } catch (error) {
      // Whatever it was: the thread that captures waits for blocks, and must not wait for ever.
      memory.fail(error instanceof Failure ? `${error.message}. ${error.hint}` : String(error));
    }
    if (state === blockState.end) {
      memory.end();
      return null;
    }
    memory.setState(block, blockState.free);
    block = (block + 1) % blockCount;
  }
}

function writeBlock(memory: RingMemory, files: RingFiles, block: number): void {
  if (memory.hasFailed) return;
  const at = memory.stateAt(block);
  const [, packets, index, flags] = memory.control.subarray(at, at + 4);
  const times = memory.timesAt(block);
  const [first, last, late] = memory.doubles.subarray(times, times + 3);
  const areas = [memory.packetArea(block).subarray(0, packets), memory.indexArea(block).subarray(0, index)] as const;
  files.write(areas[0], areas[1], (flags & beginsFile) !== 0, first, last, late);
}
