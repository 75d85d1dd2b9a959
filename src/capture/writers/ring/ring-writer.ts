// Frames into blocks of the ring: pcapng blocks, and the records that find them again. Decides where files end, so that
// every place is known before anything is on the disk.

import type { FrameBatch, SourceInterface } from '../../../core/index.ts';
import type { About, Format, RecordSpace } from '../format.ts';
import { pcapng } from '../pcapng.ts';
import { headBytes, isInterface, noFlow, R, recordBytes } from './index-file.ts';
import { beginsFile, blockCount, blockState, indexAreaBytes, packetAreaBytes, type RingMemory } from './ring-memory.ts';

export interface RingWriterOptions {
  readonly about: About;
  /** Packets and index of one file; see `fileBytesOf`. */
  readonly fileBytes: number;
  /** Live: packets for which no block is free are dropped. Otherwise the writer waits for one. */
  readonly canDrop: boolean;
}

/** No packet: see `RingWriter.put`. */
export const notKept = -1;
/** How long a free block is waited for before it is looked again whether writing failed. */
const waitMs = 500;

export class RingWriter implements RecordSpace {
  // Filled here and copied into shared memory whole: a short copy into shared memory costs more than twice as much.
  bytes = new Uint8Array(packetAreaBytes);
  view = new DataView(this.bytes.buffer);
  used = 0;
  readonly counters = { packets: 0, bytes: 0, droppedPackets: 0, droppedBytes: 0 };
  /** Number of the present file, from 1: places of other files are not known any more. */
  file = 0;
  readonly #memory: RingMemory;
  readonly #options: RingWriterOptions;
  readonly #interfaces: readonly SourceInterface[];
  #format: Format;
  /** Block that is filled, or filled next; whether it is ours. */
  #block = 0;
  #isTaken = false;
  #flags = 0;
  readonly #index = new Uint8Array(indexAreaBytes);
  readonly #indexView = new DataView(this.#index.buffer);
  #indexUsed = 0;
  /** Bytes of the present file in blocks before this one. */
  #fileAt = 0;
  #indexAt = headBytes;
  #described = 0;
  #firstUs = Number.POSITIVE_INFINITY;
  #lastUs = Number.NEGATIVE_INFINITY;
  #lateUs = 0;
  #from: DataView = new DataView(new ArrayBuffer(0));
  #fromBytes: Uint8Array = new Uint8Array(0);

  /** @param interfaces those of the source; the list may grow */
  constructor(memory: RingMemory, interfaces: readonly SourceInterface[], options: RingWriterOptions) {
    this.#memory = memory;
    this.#interfaces = interfaces;
    this.#options = options;
    this.#format = pcapng(options.about);
  }

  /**
   * Keeps frame `i` under each of its flows.
   * @returns its place in the present file, words of four bytes; `notKept` when it was dropped
   */
  put(batch: FrameBatch, i: number, number: number, flows: Float64Array, count: number): number {
    const iface = batch.iface[i];
    const size = packetHeadBytes + ((batch.capLen[i] + 3) & ~3) + 4;
    const isOpen = this.file > 0 && this.#hasRoomInFile(size, count);
    if (size > packetAreaBytes || !(isOpen || this.#beginFile()) || !this.#prepare(size, count, iface)) {
      this.counters.droppedPackets++;
      this.counters.droppedBytes += batch.capLen[i];
      return notKept;
    }
    const capLen = Math.min(batch.capLen[i], this.#format.capLimit(iface));
    if (this.#fromBytes !== batch.bytes) {
      this.#fromBytes = batch.bytes;
      this.#from = new DataView(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength);
    }
    const place = (this.#fileAt + this.used) / 4;
    this.#format.frame(this, batch, i, this.#from, capLen, null);
    const timeUs = batch.timeUs[i];
    this.#time(timeUs);
    for (let n = 0; n < count; n++) this.#record(timeUs, flows[n], number, place, capLen);
    this.counters.packets++;
    this.counters.bytes += capLen;
    return place;
  }

  /** Names one more flow of a packet of the present file. Left out where no block is free. */
  name(timeUs: number, flow: number, number: number, place: number, capLen: number): void {
    if (this.#hasRoomInFile(0, 1) && this.#prepare(0, 1, 0)) this.#record(timeUs, flow, number, place, capLen);
  }

  /** Hands over what there is, so that it can be found. */
  flush(): void {
    if (this.#isTaken && (this.used > 0 || this.#indexUsed > 0)) this.#handOver();
  }

  /** Ends the file; false when the other thread did not finish in time. */
  close(timeoutMs: number): boolean {
    this.flush();
    const memory = this.#memory;
    if (memory.waitWhile(this.#block, blockState.full, timeoutMs) !== blockState.free) return false;
    memory.setState(this.#block, blockState.end);
    return memory.waitForEnd(timeoutMs);
  }

  /** For what is too large for the rest of a block; packets are asked about before (see `put`). */
  reserve(size: number): void {
    if (this.used + size <= this.bytes.length) return;
    this.#handOver();
    this.#take(true);
    if (size <= this.bytes.length) return;
    // A description of an interface above a mebibyte: it goes nowhere.
    this.#memory.fail('the description of an interface is too long');
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
  }

  #hasRoomInFile(size: number, records: number): boolean {
    const there = this.#fileAt + this.used + this.#indexAt + this.#indexUsed;
    return there + size + records * recordBytes <= this.#options.fileBytes;
  }

  /** Makes sure that a packet and its records fit into the block that is ours. */
  #prepare(size: number, records: number, iface: number): boolean {
    const indexSize = records * recordBytes;
    if (this.#isTaken && (this.used + size > this.bytes.length || this.#indexUsed + indexSize > indexAreaBytes))
      this.#handOver();
    if (!this.#isTaken && !this.#take(!this.#options.canDrop)) return false;
    if (iface < this.#described) return true;
    this.#describe();
    return this.#prepare(size, records, 0);
  }

  #beginFile(): boolean {
    this.flush();
    if (!this.#isTaken && !this.#take(!this.#options.canDrop)) return false;
    this.file++;
    this.#flags = beginsFile;
    this.#fileAt = 0;
    this.#indexAt = headBytes;
    this.#described = 0;
    this.#firstUs = Number.POSITIVE_INFINITY;
    this.#lastUs = Number.NEGATIVE_INFINITY;
    this.#lateUs = 0;
    this.#format = pcapng(this.#options.about);
    this.#format.begin(this);
    this.#describe();
    return true;
  }

  /** Describes the interfaces that the file does not know yet. */
  #describe(): void {
    while (this.#described < this.#interfaces.length) {
      this.#format.addInterface(this, this.#interfaces[this.#described]);
      const length = this.view.getUint32(this.used - 4, true);
      const place = (this.#fileAt + this.used - length) / 4;
      if (this.#indexUsed + recordBytes > indexAreaBytes) {
        this.#handOver();
        this.#take(true);
      }
      // Of the latest time so far: searching by time goes over these records, too.
      this.#record(this.#lastUs, noFlow, this.#described++, place, isInterface);
    }
  }

  #record(timeUs: number, flow: number, number: number, place: number, bytes: number): void {
    const view = this.#indexView;
    const at = this.#indexUsed;
    view.setFloat64(at + R.timeUs, timeUs, true);
    view.setFloat64(at + R.flow, flow, true);
    view.setFloat64(at + R.number, number, true);
    view.setUint32(at + R.place, place, true);
    view.setUint32(at + R.bytes, bytes, true);
    this.#indexUsed = at + recordBytes;
  }

  #time(timeUs: number): void {
    if (timeUs >= this.#lastUs) this.#lastUs = timeUs;
    else if (this.#lastUs - timeUs > this.#lateUs) this.#lateUs = this.#lastUs - timeUs;
    if (timeUs < this.#firstUs) this.#firstUs = timeUs;
  }

  #take(mayWait: boolean): boolean {
    const memory = this.#memory;
    while (memory.state(this.#block) !== blockState.free) {
      if (!mayWait || memory.hasFailed) return false;
      memory.waitWhile(this.#block, blockState.full, waitMs);
    }
    if (memory.hasFailed) return false;
    this.#isTaken = true;
    return true;
  }

  #handOver(): void {
    const memory = this.#memory;
    const at = memory.stateAt(this.#block);
    if (!memory.hasFailed) {
      memory.packetArea(this.#block).set(this.bytes.subarray(0, this.used));
      memory.indexArea(this.#block).set(this.#index.subarray(0, this.#indexUsed));
    }
    memory.control[at + 1] = this.used;
    memory.control[at + 2] = this.#indexUsed;
    memory.control[at + 3] = this.#flags;
    const times = memory.timesAt(this.#block);
    memory.doubles[times] = this.#firstUs;
    memory.doubles[times + 1] = this.#lastUs;
    memory.doubles[times + 2] = this.#lateUs;
    this.#fileAt += this.used;
    this.#indexAt += this.#indexUsed;
    this.used = 0;
    this.#indexUsed = 0;
    this.#flags = 0;
    this.#isTaken = false;
    memory.setState(this.#block, blockState.full);
    this.#block = (this.#block + 1) % blockCount;
  }
}

/** An enhanced packet block before its data. */
const packetHeadBytes = 28;
