// Frames as sources hand them over: a batch of positions in one piece of memory, so that nothing is copied or allocated
// per packet.

/** Highest number of frames in one batch. */
export const batchCapacity = 1024;

/**
 * Up to {@link batchCapacity} frames that lie in one `bytes`. Valid until the next `read` of the source that filled it.
 * All arrays are parallel and reused.
 */
export class FrameBatch {
  /** The memory the frames lie in: always a plain Uint8Array (never a Buffer, so that hot code sees one hidden class). */
  bytes: Uint8Array = new Uint8Array(0);
  count = 0;
  /** Offset of the frame's first byte in `bytes`. */
  readonly at = new Int32Array(batchCapacity);
  /** Bytes captured. */
  readonly capLen = new Int32Array(batchCapacity);
  /** Bytes the frame had on the wire; at least capLen unless the file lies. */
  readonly wireLen = new Int32Array(batchCapacity);
  /** Whole microseconds since the epoch; may be negative in damaged files, never NaN. */
  readonly timeUs = new Float64Array(batchCapacity);
  /** Nanoseconds beyond timeUs, 0..999. */
  readonly timeNs = new Uint16Array(batchCapacity);
  /** Index into the source's `interfaces`. */
  readonly iface = new Uint16Array(batchCapacity);
  /** Not 0 where the kernel says that the network card still has to fill in the checksums (live, sent or local). */
  readonly checksumNotReady = new Uint8Array(batchCapacity);
}

/** One interface of a source: a network device, or an interface described in a file. */
export interface SourceInterface {
  readonly name: string;
  /** LINKTYPE_ number (https://www.tcpdump.org/linktypes.html). */
  readonly linkType: number;
  /** Largest captured length in bytes, 0 when unlimited. */
  readonly snapLen: number;
  /** Ticks per second of the recorded time stamps: 1e6 or 1e9 for classic pcap, any if_tsresol for pcapng. */
  readonly ticksPerSec: number;
  /** Seconds of if_tsoffset already added to all time stamps. */
  readonly offsetSec?: number;
  /** Name of the pcapng section it stands in, by number from 0. */
  readonly section?: number;
  readonly description?: string;
  /** Link speed in bits per second, where known. */
  readonly speedBps?: number;
  /** Bytes of frame check sequence at the end of frames, where known. */
  readonly fcsLen?: number;
}

/** Counters of one source; all since it was opened. */
export interface SourceStats {
  /** Frames handed over, before any filter of ours. */
  received: number;
  /** Frames lost because the kernel's buffer was full. */
  droppedKernel: number;
  /** Frames lost by the device or its driver. */
  droppedInterface: number;
}

/** Damage that ended a file early; everything before `at` was handed over. */
export interface Damage {
  readonly name: string;
  /** Offset in the (decompressed) input, bytes. */
  readonly at: number;
  /** One sentence: what was expected, what was there. */
  readonly because: string;
}

/** `read` has nothing now but may have later (live, or a file still being written). */
export const nothingYet = 0;
/** `read` has nothing and never will. */
export const endOfInput = -1;

/**
 * Where frames come from. `open` functions of sources throw a Failure; after that a source never throws for what its
 * input holds: damage ends it and is told in `damage`.
 */
export interface Source {
  readonly kind: 'file' | 'interface' | 'pipe';
  /** What the user called it: interface name, file path, or `-`. */
  readonly name: string;
  /** Grows while a pcapng file is read; existing entries never change. */
  readonly interfaces: readonly SourceInterface[];
  /**
   * Fills the batch and gives the number of frames, {@link nothingYet} after at most about `waitMs`, or
   * {@link endOfInput}. A number when it can be given at once; a promise only where bytes come asynchronously.
   */
  read(batch: FrameBatch, waitMs: number): number | Promise<number>;
  /** Whether so much waits to be read that it may soon be lost; left out where that is not known. */
  isBehind?(): boolean;
  /** Set when the input ended in the middle of a packet or is damaged; null otherwise. */
  readonly damage: Damage | null;
  stats(): SourceStats;
  /** Bytes of input consumed and, when known, in all: for progress. Compressed bytes for compressed files. */
  progress(): { readonly doneBytes: number; readonly totalBytes: number | null };
  /** Releases files, sockets and memory; idempotent. A read that is under way ends with endOfInput. */
  close(): void;
}
