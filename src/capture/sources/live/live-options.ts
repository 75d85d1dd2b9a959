// What a live capture is asked to do, the same for every way to capture.

/** What to capture, in this thread. */
export interface LiveOptions {
  /** Name of a device, or `any` for all of them (cooked). */
  readonly name: string;
  readonly promiscuous: boolean;
  /** Bytes kept of each packet; 0: all. */
  readonly snapLen: number;
  /** Size of the kernel's buffer, bytes; 0: {@link defaultBufferBytes}. */
  readonly bufferBytes: number;
  /** pcap-filter(7); empty: everything. */
  readonly filter: string;
  /** Share the packets with the other members of this group, whole conversations each; null: take them all. */
  readonly fanout: { readonly group: number; readonly members: number } | null;
}

export const defaultBufferBytes = 32 << 20;
