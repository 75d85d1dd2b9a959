// Packets out of the ring again: those of some flows, by time, from all workers and files, as one pcapng.

import { join } from 'node:path';
import type { About, RecordSpace } from '../format.ts';
import { pcapng } from '../pcapng.ts';
import { noFlow } from './index-file.ts';
import { pairNumbers, workerFolders } from './ring-folder.ts';
import { headOf, type PairPlace, RingIndex } from './ring-index.ts';

/** What is wanted of one run. */
export interface KeptOfRun {
  /** Numbers of flows; null: all packets. */
  readonly flows: ReadonlySet<number> | null;
  /** Packets by number, whatever flow they belong to. Left out of runs in which numbers are not unique. */
  readonly numbers?: ReadonlySet<number>;
}

export interface KeptQuery {
  /** Folder of the ring. */
  readonly folder: string;
  /** By number of the run; what is not named is not searched. */
  readonly runs: ReadonlyMap<number, KeptOfRun>;
  /** Microseconds; from inclusive, to exclusive. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Packets at the most. */
  readonly limit: number;
  readonly about: About;
  /** Ends the search early. */
  readonly signal: AbortSignal | null;
}

/** What was found so far. */
export interface KeptCounters {
  packets: number;
  /** Captured bytes. */
  bytes: number;
  /** Named by the index, but not to be read. */
  damaged: number;
  /** More were there than `limit`. */
  isCut: boolean;
}

/** Bytes handed over at once, and records looked at before others get their turn. */
const chunkBytes = 1 << 18;
const turnRecords = 16_384;

/**
 * The packets as the bytes of a pcapng file, in time order; within a worker in the order of capture. Pieces of about
 * 256 KiB, the caller's own; between them and while nothing is found others get their turn.
 */
export async function* keptPackets(query: KeptQuery, counters: KeptCounters): AsyncGenerator<Uint8Array> {
  const out = new Chunk();
  pcapng(query.about).begin(out);
  const interfaces = new Interfaces(out);
  const cursors = openCursors(query);
  try {
    for (let cursor = earliest(cursors); cursor !== null; cursor = earliest(cursors)) {
      if (cursor.hasPacket) {
        if (counters.packets >= query.limit) {
          counters.isCut = true;
          break;
        }
        if (interfaces.put(cursor.index)) {
          counters.packets++;
          counters.bytes += cursor.index.bytes;
        } else counters.damaged++;
        if (out.used >= chunkBytes) yield out.take();
      }
      if (!cursor.advance()) await new Promise((resolve) => setImmediate(resolve));
      if (query.signal?.aborted === true) break;
    }
    yield out.take();
  } finally {
    for (const cursor of cursors) cursor.close();
  }
}

/** Counters to begin with. */
export const nothingKept = (): KeptCounters => ({ packets: 0, bytes: 0, damaged: 0, isCut: false });

function openCursors(query: KeptQuery): readonly Cursor[] {
  const cursors = new Map<string, Cursor>();
  for (const worker of workerFolders(query.folder)) {
    const folder = join(query.folder, String(worker));
    for (const number of pairNumbers(folder)) {
      const head = headOf({ folder, number });
      const wanted = head === null ? undefined : query.runs.get(head.run);
      if (head === null || wanted === undefined || head.firstUs >= query.toUs || head.lastUs < query.fromUs) continue;
      const key = `${worker} ${head.run}`;
      const cursor = cursors.get(key) ?? new Cursor(wanted, query);
      cursor.add({ folder, number }, head.firstUs);
      cursors.set(key, cursor);
    }
  }
  return [...cursors.values()];
}

/** The cursor whose packet is the earliest; null when all are at their end. */
function earliest(cursors: readonly Cursor[]): Cursor | null {
  let found: Cursor | null = null;
  for (const cursor of cursors) if (!cursor.isOver && (found === null || cursor.isBefore(found))) found = cursor;
  return found;
}

/** Goes through the files that one worker kept of one run; opens the first only once its time has come. */
class Cursor {
  isOver = false;
  /** It is at a packet; otherwise it is to be advanced. */
  hasPacket = false;
  /** Of that packet, or a time before which it has none. */
  timeUs = Number.POSITIVE_INFINITY;
  #number = -1;
  readonly #pairs: PairPlace[] = [];
  readonly #wanted: KeptOfRun;
  readonly #query: KeptQuery;
  readonly #numbered = new Set<number>();
  #index: RingIndex | null = null;
  #place = -1;

  constructor(wanted: KeptOfRun, query: KeptQuery) {
    this.#wanted = wanted;
    this.#query = query;
  }

  /** One more file, begun after those added before. */
  add(pair: PairPlace, firstUs: number): void {
    this.#pairs.push(pair);
    this.timeUs = Math.min(this.timeUs, firstUs);
  }

  /** Of packets of the same time the one with the lower number comes first: workers share one file. */
  isBefore(other: Cursor): boolean {
    return this.timeUs < other.timeUs || (this.timeUs === other.timeUs && this.#number < other.#number);
  }

  /** The file with the packet. */
  get index(): RingIndex {
    return this.#index as RingIndex; // there is a packet
  }

  /** Goes to the next packet that is wanted; false when it has looked for so long that others should have their turn. */
  advance(): boolean {
    this.hasPacket = false;
    for (let left = turnRecords; left > 0; left--) {
      const index = this.#index;
      if (index === null || !index.next() || index.isPast(this.#query.toUs)) {
        if (!this.#openNext()) return true;
        continue;
      }
      if (!this.#isWanted(index)) continue;
      this.#place = index.place;
      this.timeUs = index.timeUs;
      this.#number = index.number;
      this.hasPacket = true;
      return true;
    }
    return false;
  }

  #isWanted(index: RingIndex): boolean {
    const { fromUs, toUs } = this.#query;
    const { flows, numbers } = this.#wanted;
    // A packet of several flows has its records one behind the other.
    if (index.place === this.#place || index.timeUs < fromUs || index.timeUs >= toUs) return false;
    if (this.#numbered.has(index.number)) return false;
    if (numbers !== undefined && index.head.hasRunNumbers && numbers.has(index.number)) {
      // A fragment has one more record once its flow is known.
      this.#numbered.add(index.number);
      return true;
    }
    return flows === null || (index.flow !== noFlow && flows.has(index.flow));
  }

  #openNext(): boolean {
    this.close();
    this.#place = -1;
    for (let pair = this.#pairs.shift(); pair !== undefined; pair = this.#pairs.shift()) {
      this.#index = RingIndex.open(pair);
      this.#index?.seek(this.#query.fromUs);
      if (this.#index !== null) return true;
    }
    this.isOver = true;
    return false;
  }

  close(): void {
    this.#index?.close();
    this.#index = null;
  }
}

/** Interfaces of all files under numbers of the new one: the same description is the same interface. */
class Interfaces {
  readonly #out: Chunk;
  readonly #numbers = new Map<string, number>();
  readonly #ofFile = new WeakMap<RingIndex, Map<number, number>>();

  constructor(out: Chunk) {
    this.#out = out;
  }

  /** Puts the present packet with its interface's new number, after that interface; false where one is not to be read. */
  put(index: RingIndex): boolean {
    const old = index.packet()?.interfaceNumber ?? null;
    const number = old === null ? null : this.#numberOf(index, old);
    // Once more: what describes an interface may have been read in between.
    const packet = number === null ? null : index.packet();
    if (number === null || packet === null) return false;
    this.#out.put(packet.block);
    this.#out.view.setUint32(this.#out.used - packet.block.length + 8, number, true);
    return true;
  }

  #numberOf(index: RingIndex, old: number): number | null {
    let known = this.#ofFile.get(index);
    if (known === undefined) {
      known = new Map();
      this.#ofFile.set(index, known);
    }
    const number = known.get(old);
    if (number !== undefined) return number;
    const described = index.interfaceBlock(old);
    if (described === null) return null;
    const key = Buffer.from(described).toString('latin1');
    const found = this.#numbers.get(key) ?? this.#numbers.size;
    if (found === this.#numbers.size) {
      this.#numbers.set(key, found);
      this.#out.put(described);
    }
    known.set(old, found);
    return found;
  }
}

/** Bytes until they are handed over. */
class Chunk implements RecordSpace {
  bytes = new Uint8Array(2 * chunkBytes);
  view = new DataView(this.bytes.buffer);
  used = 0;

  reserve(size: number): void {
    if (this.used + size <= this.bytes.length) return;
    const bytes = new Uint8Array(2 * (this.used + size));
    bytes.set(this.bytes.subarray(0, this.used));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }

  put(block: Uint8Array): void {
    this.reserve(block.length);
    this.bytes.set(block, this.used);
    this.used += block.length;
  }

  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.used);
    this.used = 0;
    return taken;
  }
}
