// A small capture file per alert: the packets it names and those between its ends, out of the latest that were seen.
//
//   ring    ┌──────────────────────────────────────────────┐  bytes of frames, one behind the other, oldest overwritten
//           └──────────────────────────────────────────────┘
//   slots   number, time, place, lengths, interface, hashes of both addresses: one each per frame

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hashWords } from '../../../analysis/sketches/index.ts';
import { openWriter } from '../../../capture/writers/index.ts';
import { type Alert, Failure, FrameBatch, type Packet, parseAddress, type Source } from '../../../core/index.ts';
import type { RunOptions } from '../options.ts';

const ringBytes = 64 << 20;
const slotCount = 1 << 18;
/** Packets in a file, and files in a run. */
const packetLimit = 1000;
const fileLimit = 1000;

export class EvidenceFiles {
  readonly #folder: string;
  readonly #source: Source;
  readonly #application: string;
  readonly #ring = new Uint8Array(ringBytes);
  readonly #number = new Float64Array(slotCount);
  readonly #timeUs = new Float64Array(slotCount);
  readonly #at = new Int32Array(slotCount);
  readonly #capLen = new Int32Array(slotCount);
  readonly #wireLen = new Int32Array(slotCount);
  readonly #iface = new Uint16Array(slotCount);
  readonly #src = new Int32Array(slotCount);
  readonly #dst = new Int32Array(slotCount);
  /** Frames kept since the beginning, and the oldest that is still whole. */
  #next = 0;
  #oldest = 0;
  #end = 0;
  readonly #wanted = new Map<string, Alert>();
  readonly #written = new Set<string>();
  /** Set when a file could not be written: no more are tried. */
  failure: Failure | null = null;

  constructor(folder: string, source: Source, version: string) {
    this.#folder = folder;
    this.#source = source;
    this.#application = `taplight ${version}`;
  }

  /** Copies a frame whose outermost level `p` holds. */
  keep(p: Packet): void {
    const length = p.end - p.at;
    if (length > ringBytes >> 4) return;
    if (this.#end + length > ringBytes) this.#wrap();
    this.#makeRoom(this.#end, this.#end + length);
    const slot = this.#next % slotCount;
    if (this.#next - this.#oldest >= slotCount) this.#oldest++;
    this.#ring.set(p.bytes.subarray(p.at, p.end), this.#end);
    this.#number[slot] = p.number;
    this.#timeUs[slot] = p.timeUs;
    this.#at[slot] = this.#end;
    this.#capLen[slot] = length;
    this.#wireLen[slot] = p.wireLen;
    this.#iface[slot] = p.iface;
    this.#src[slot] = p.ipVersion === 0 ? 0 : hashWords(p.src0, p.src1, p.src2, p.src3);
    this.#dst[slot] = p.ipVersion === 0 ? 0 : hashWords(p.dst0, p.dst1, p.dst2, p.dst3);
    this.#end += length;
    this.#next++;
  }

  /** Begins anew at the front; what is left at the back from the lap before is older than what stands there. */
  #wrap(): void {
    while (this.#oldest < this.#next && this.#at[this.#oldest % slotCount] >= this.#end) this.#oldest++;
    this.#end = 0;
  }

  /** Frames whose bytes lie where new ones are going to are forgotten: always the oldest. */
  #makeRoom(from: number, to: number): void {
    while (this.#oldest < this.#next) {
      const slot = this.#oldest % slotCount;
      const at = this.#at[slot];
      const isHit = at < to && at + this.#capLen[slot] > from;
      if (!isHit) return;
      this.#oldest++;
    }
  }

  /** An alert was told: its file is due once the packets at hand are through. */
  want(alert: Alert): void {
    if (alert.severity === 'info') return;
    if (this.#written.has(alert.id) || this.#written.size + this.#wanted.size < fileLimit)
      this.#wanted.set(alert.id, alert);
  }

  /** The input is over: files of all these alerts once more, with what came after they were told. */
  finish(alerts: readonly Alert[]): void {
    for (const alert of alerts) this.want(alert);
    this.flush();
  }

  /** Writes the files that are due. */
  flush(): void {
    if (this.#wanted.size === 0) return;
    for (const alert of this.#wanted.values()) {
      if (this.failure !== null) break;
      try {
        this.#write(alert);
        this.#written.add(alert.id);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        this.failure = error;
      }
    }
    this.#wanted.clear();
  }

  #write(alert: Alert): void {
    const slots = this.#chosen(alert);
    if (slots.length === 0) return;
    const path = join(this.#folder, `${alert.id}.pcapng`);
    const limits = { rotateBytes: 0, rotateSec: 0, rotateFiles: 0 };
    const writer = openWriter({ path, format: 'pcapng', ...limits }, this.#source.interfaces, {
      application: this.#application,
      comments: [`${alert.detector} ${alert.id}: ${alert.explain}`],
      commentOf: (number) => (alert.packets.includes(number) ? [alert.detector] : null),
    });
    const batch = new FrameBatch();
    batch.bytes = this.#ring;
    for (const slot of slots) {
      batch.at[0] = this.#at[slot];
      batch.capLen[0] = this.#capLen[slot];
      batch.wireLen[0] = this.#wireLen[slot];
      batch.timeUs[0] = this.#timeUs[slot];
      batch.iface[0] = this.#iface[slot];
      writer.write(batch, 0, this.#number[slot]);
    }
    writer.close(this.#source.stats());
  }

  /** Slots of the packets it names, and of those between its ends, in order; the named ones are never left out. */
  #chosen(alert: Alert): number[] {
    const sources = new Set(alert.sources.map(hashOf));
    const targets = new Set(alert.targets.map(hashOf));
    const named = new Set(alert.packets);
    const chosen: number[] = [];
    let room = packetLimit - named.size;
    for (let i = this.#oldest; i < this.#next; i++) {
      const slot = i % slotCount;
      if (named.has(this.#number[slot])) chosen.push(slot);
      else if (room > 0 && this.#number[slot] >= alert.firstPacket && this.#isBetween(slot, sources, targets)) {
        room--;
        chosen.push(slot);
      }
    }
    return chosen;
  }

  #isBetween(slot: number, sources: ReadonlySet<number>, targets: ReadonlySet<number>): boolean {
    const src = this.#src[slot];
    const dst = this.#dst[slot];
    if (sources.size > 0 && targets.size > 0)
      return (sources.has(src) && targets.has(dst)) || (sources.has(dst) && targets.has(src));
    const ends = sources.size > 0 ? sources : targets;
    return ends.has(src) || ends.has(dst);
  }
}

/** The files of a run; null when none were asked for. Throws WRITE_FAILED when there can be no folder. */
export function openEvidence({ detect, version }: RunOptions, source: Source): EvidenceFiles | null {
  const folder = detect?.evidence ?? null;
  if (folder === null) return null;
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // fs throws nothing else
    throw new Failure(
      'WRITE_FAILED',
      `cannot make the folder ${folder} (${code})`,
      'Check the path and the disk.',
      error,
    );
  }
  return new EvidenceFiles(folder, source, version);
}

/** Hash of an address as in `keep`; of any other text one that no packet has. */
function hashOf(text: string): number {
  const address = parseAddress(text);
  return address === null ? Number.NaN : hashWords(...address.words);
}
