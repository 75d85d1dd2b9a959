// Packets of flows: out of the capture files, which are read again, or out of the ring of kept packets.

import { sources } from '../../../capture/sources/index.ts';
import { pcapng } from '../../../capture/writers/pcapng.ts';
import { endOfInput, Failure, FrameBatch, nothingYet, Packet, type Source } from '../../../core/index.ts';
import type { PacketDetails, Row } from '../../../screens/api/index.ts';
import type { ScenePackets } from '../scene-parts.ts';
import { packetDetails } from './packet-details.ts';
import { RecordPieces } from './record-pieces.ts';
import { WantedFlows, way } from './wanted-flows.ts';

/** So long a page of packets may take to be found, and so long nothing else gets its turn. A file is written to its end. */
const longestMs = 15_000;
const turnMs = 8;
/** Files are in the order of time but for a little. */
const disorderUs = 5e6;
/** Packets of one answer at the most. */
const mostPackets = 1000;

/** A frame that is wanted. Valid until the next. */
interface Found {
  readonly batch: FrameBatch;
  readonly i: number;
  /** In the capture, from 1; 0 when not known. */
  readonly number: number;
  readonly isForward: boolean;
}

export class ScenePacketReader {
  readonly #from: ScenePackets | null;

  constructor(from: ScenePackets | null) {
    this.#from = from;
  }

  get canRead(): boolean {
    return this.#from !== null && (this.#from.files.length > 0 || this.#from.kept !== null);
  }

  /** @param flow its row. Throws UNSUPPORTED, NO_SUCH_FILE, what reading the files throws. */
  async read(flow: Row, from: number, limit: number): Promise<PacketDetails[]> {
    const details: PacketDetails[] = [];
    const most = Math.min(limit, mostPackets);
    let skip = from;
    if (most <= 0) return details;
    await this.#each([flow], new AbortController(), (source, found) => {
      if (skip-- > 0) return true;
      details.push(packetDetails(source, found.batch, found.i, found.number, found.isForward));
      return details.length < most;
    });
    return details;
  }

  /** A pcapng file in pieces. Throws as `read` does, before the first piece. */
  async *file(flows: readonly Row[], comment: string): AsyncGenerator<Uint8Array> {
    if (flows.length === 0)
      throw new Failure('NO_SUCH_FILE', 'no flow fits, so there are no packets', 'Ask with another filter.');
    const { kept, files } = this.#known();
    const stop = new AbortController();
    try {
      if (files.length > 0) yield* this.#written(flows, comment, stop);
      else if (kept !== null) yield* kept.find(keptQuestion(flows), stop.signal);
    } finally {
      stop.abort();
    }
  }

  async *#written(flows: readonly Row[], comment: string, stop: AbortController): AsyncGenerator<Uint8Array> {
    const out = new RecordPieces();
    const format = pcapng({ application: 'taplight', comments: [comment] });
    format.begin(out);
    let interfaces = 0;
    let count = 0;
    for await (const { source, batch, found } of this.#batches(flows, stop, Number.POSITIVE_INFINITY)) {
      for (; interfaces < source.interfaces.length; interfaces++)
        format.addInterface(out, source.interfaces[interfaces]);
      const view = new DataView(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength);
      for (const { i } of found) {
        const capLen = Math.min(batch.capLen[i], format.capLimit(batch.iface[i]));
        out.reserve(format.recordBytes(capLen));
        format.frame(out, batch, i, view, capLen, null);
        count++;
      }
      if (out.isFull) yield out.take();
    }
    if (count === 0) throw noneLeft();
    yield out.take();
  }

  /** Calls for each packet until that says no. */
  async #each(
    flows: readonly Row[],
    stop: AbortController,
    take: (source: Source, found: Found) => boolean,
  ): Promise<void> {
    for await (const { source, found } of this.#batches(flows, stop, longestMs))
      for (const each of found) if (!take(source, each)) return;
  }

  /** Packets that are wanted, batch by batch, with other work in between. */
  async *#batches(
    flows: readonly Row[],
    stop: AbortController,
    mostMs: number,
  ): AsyncGenerator<{ readonly source: Source; readonly batch: FrameBatch; readonly found: readonly Found[] }> {
    const wanted = new WantedFlows(flows);
    const { files } = this.#known();
    const source = await this.#open(flows, stop);
    const batch = new FrameBatch();
    const packet = new Packet();
    let number = 0;
    const beganMs = performance.now();
    let sinceMs = beganMs;
    try {
      for (;;) {
        const reading = source.read(batch, 50);
        const count = typeof reading === 'number' ? reading : await reading;
        if (count === endOfInput) return;
        if (count === nothingYet) continue;
        const found = lookThrough(source, batch, count, { packet, wanted, number: files.length > 0 ? number : -1 });
        number += count;
        if (found.length > 0) yield { source, batch, found };
        const nowMs = performance.now();
        if (batch.timeUs[count - 1] > wanted.endUs + disorderUs || nowMs - beganMs > mostMs) return;
        if (nowMs - sinceMs < turnMs) continue;
        await new Promise((resolve) => setImmediate(resolve));
        sinceMs = performance.now();
      }
    } finally {
      stop.abort();
      source.close();
    }
  }

  #open(flows: readonly Row[], stop: AbortController): Promise<Source> {
    const { files, kept } = this.#known();
    if (files.length > 0) return sources.files(files, { follow: false });
    if (kept === null) throw notKept();
    return sources.files(['-'], { follow: false, stdin: kept.find(keptQuestion(flows), stop.signal) });
  }

  #known(): ScenePackets {
    if (this.#from === null || !this.canRead) throw notKept();
    return this.#from;
  }
}

interface Looking {
  readonly packet: Packet;
  readonly wanted: WantedFlows;
  /** Packets before this batch; -1: not known. */
  readonly number: number;
}

function lookThrough(source: Source, batch: FrameBatch, count: number, { packet, wanted, number }: Looking): Found[] {
  const found: Found[] = [];
  const firstUs = wanted.startUs;
  for (let i = 0; i < count; i++) {
    if (batch.timeUs[i] < firstUs || batch.timeUs[i] > wanted.endUs) continue;
    fillPacket(packet, source, batch, i);
    const goes = wanted.look(packet);
    if (goes === way.none) continue;
    found.push({ batch, i, number: number < 0 ? 0 : number + i + 1, isForward: goes === way.forward });
  }
  return found;
}

/** What decoding needs to know of a frame. */
export function fillPacket(p: Packet, source: Pick<Source, 'interfaces'>, batch: FrameBatch, i: number): void {
  p.bytes = batch.bytes;
  p.at = batch.at[i];
  p.end = batch.at[i] + batch.capLen[i];
  p.wireLen = batch.wireLen[i];
  p.timeUs = batch.timeUs[i];
  p.iface = batch.iface[i];
  p.linkType = source.interfaces[batch.iface[i]].linkType;
}

/** As the ring is asked: one flow, or several of one run. */
function keptQuestion(flows: readonly Row[]): Parameters<NonNullable<ScenePackets['kept']>['find']>[0] {
  if (flows.length === 1) return { kind: 'flow', flow: flows[0] };
  return { kind: 'flows', flows };
}

function notKept(): Failure {
  return new Failure('UNSUPPORTED', 'packets are not kept here', 'Start with --keep-packets SIZE, or read a file.');
}

function noneLeft(): Failure {
  return new Failure('NO_SUCH_FILE', 'the files have no packets of this any more', 'They may have been changed since.');
}
