// A ring without a second thread, for tests: what the writer fills is written at once.

import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrameBatch, type SourceInterface } from '../../../core/index.ts';
import { type KeptCounters, type KeptOfRun, keptPackets, nothingKept } from './kept-packets.ts';
import { fileBytesOf, RingFiles, writeBlocks } from './ring-files.ts';
import type { RingDisk } from './ring-folder.ts';
import { blockState, RingMemory } from './ring-memory.ts';
import { RingWriter } from './ring-writer.ts';

export const ethernet: SourceInterface = { name: 'eth0', linkType: 1, snapLen: 0, ticksPerSec: 1e6 };

export interface TestPacket {
  readonly timeUs: number;
  readonly flows: readonly number[];
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly iface?: number;
}

export function makeFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'taplight-ring-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A packet whose bytes say its number. */
export function packet(number: number, timeUs: number, flows: readonly number[], length = 60): TestPacket {
  const bytes = new Uint8Array(length).fill(number & 255);
  new DataView(bytes.buffer).setUint32(0, number);
  return { timeUs, flows, number, bytes };
}

export interface StageOptions {
  readonly bytes?: number;
  readonly run?: number;
  readonly worker?: number;
  readonly workers?: number;
  readonly hasRunNumbers?: boolean;
  readonly interfaces?: readonly SourceInterface[];
  readonly disk?: RingDisk;
  readonly canDrop?: boolean;
}

export class RingStage {
  readonly memory = new RingMemory();
  readonly writer: RingWriter;
  readonly files: RingFiles;
  #next: number | null = 0;
  readonly #batch = new FrameBatch();

  constructor(folder: string, options: StageOptions = {}) {
    const { bytes = 16 << 20, run = 1, worker = 0, workers = 1, hasRunNumbers = true, canDrop = false } = options;
    this.files = new RingFiles({ folder, worker, workers, run, bytes, hasRunNumbers }, options.disk);
    this.writer = new RingWriter(this.memory, options.interfaces ?? [ethernet], {
      about: { application: 'test' },
      fileBytes: fileBytesOf(bytes, workers),
      canDrop,
    });
    // Where the writer waits for a block, there is nobody else to write it.
    const { memory } = this;
    const waitWhile = memory.waitWhile.bind(memory);
    memory.waitWhile = (block, state, timeoutMs) => {
      if (state !== blockState.full) return waitWhile(block, state, timeoutMs);
      this.write();
      return memory.state(block);
    };
  }

  put({ timeUs, flows, number, bytes, iface = 0 }: TestPacket): number {
    const batch = this.#batch;
    batch.bytes = bytes;
    batch.at[0] = 0;
    batch.capLen[0] = bytes.length;
    batch.wireLen[0] = bytes.length;
    batch.timeUs[0] = timeUs;
    batch.iface[0] = iface;
    const place = this.writer.put(batch, 0, number, Float64Array.from(flows), flows.length);
    this.write();
    return place;
  }

  /** What the other thread does. */
  write(): void {
    if (this.#next !== null) this.#next = writeBlocks(this.memory, this.files, this.#next, 0);
  }

  flush(): void {
    this.writer.flush();
    this.write();
  }

  close(): void {
    this.flush();
    this.writer.close(0);
    this.write();
  }
}

/** Sizes of all files below a folder, as they are. */
export function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0),
    0,
  );
}

export interface Found {
  readonly number: number;
  readonly iface: number;
  readonly bytes: Uint8Array;
}

/** Asks the ring; gives packets by the number their bytes say. */
export async function ask(
  folder: string,
  runs: ReadonlyMap<number, KeptOfRun>,
  more: { fromUs?: number; toUs?: number; limit?: number } = {},
  counters: KeptCounters = nothingKept(),
): Promise<Found[]> {
  const { fromUs = -Infinity, toUs = Infinity, limit = Infinity } = more;
  const query = { folder, runs, fromUs, toUs, limit, about: { application: 'test' }, signal: null };
  const chunks: Uint8Array[] = [];
  for await (const chunk of keptPackets(query, counters)) chunks.push(chunk);
  return packetsIn(Buffer.concat(chunks));
}

/** Packets of a pcapng file of ours; throws where it is not whole. */
export function packetsIn(file: Uint8Array): Found[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: Found[] = [];
  let interfaces = 0;
  for (let at = 0; at < file.length; ) {
    const type = view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    if (view.getUint32(at + length - 4, true) !== length) throw new Error(`block at ${at} is not whole`);
    if (type === 1) interfaces++;
    if (type === 6) {
      const iface = view.getUint32(at + 8, true);
      if (iface >= interfaces) throw new Error(`interface ${iface} is not described`);
      const bytes = file.slice(at + 28, at + 28 + view.getUint32(at + 20, true));
      found.push({ number: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), iface, bytes });
    }
    at += length;
  }
  return found;
}
