// What a capture file format has to know; `packet-writer.ts` does the rest.
import type { FrameBatch, SourceInterface, SourceStats } from '../../core/index.ts';

/** Who wrote the file and why; goes to its head where the format has a place for it. */
export interface About {
  /** `taplight 0.1.0`. */
  readonly application: string;
  readonly os?: string;
  readonly hardware?: string;
  /** BPF filter that let these packets through. */
  readonly filter?: string;
  /** Comments of the whole file. */
  readonly comments?: readonly string[];
  /** Comments of one packet by its number in the source, null when it has none. Asked for every packet written. */
  readonly commentOf?: (packetNumber: number) => string | readonly string[] | null;
}

/** Memory that records are put into, one behind the other. */
export interface RecordSpace {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the next record goes. */
  used: number;
  /** Makes room for a record of `size` bytes at `used`; `bytes` and `view` may be others afterwards. */
  reserve(size: number): void;
}

/** The state of one format while one file after the other is written. */
export interface Format {
  /** Puts the head of a file: everything it needs to be read alone. */
  begin(out: RecordSpace): void;
  /** A new interface; goes into the present file where the format describes interfaces. */
  addInterface(out: RecordSpace | null, added: SourceInterface): void;
  /** Bytes of the record of a frame of which `capLen` bytes are kept. */
  recordBytes(capLen: number): number;
  /** Bytes of a frame that readers still accept. */
  capLimit(iface: number): number;
  /** Puts a frame. `comments` are left out by formats without a place for them. Throws Failure UNSUPPORTED. */
  frame(out: RecordSpace, batch: FrameBatch, i: number, from: DataView, capLen: number, comments: Comments): void;
  /** Puts what ends a capture. */
  end(out: RecordSpace, stats: SourceStats | null): void;
}

export type Comments = readonly string[] | null;

/** What every reader accepts (libpcap, Wireshark). */
const usualLimit = 262_144;
/** D-Bus, USBPcap, EBHSCR: their readers accept more. */
const largeLimits: Record<number, number> = { 231: 128 << 20, 249: 128 << 20, 279: 8 << 20 };

/** Captured bytes that libpcap and Wireshark accept in one record of this link type. */
export function capLimitOf(linkType: number): number {
  return largeLimits[linkType] ?? usualLimit;
}
