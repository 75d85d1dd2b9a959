// Next-header tables: which header is read behind a tag. They are built from what each header says of itself.

import type { Packet } from '../../core/packet.ts';

/**
 * Reads a header in place. The hot readers begin with `& 0x3fffffff`: offsets stay below 2^30, and said like this the
 * compiler leaves out the overflow check of every `at + n` (a named constant would not do).
 *
 * @param at first byte of the header, an index of `p.bytes`; at most `end`
 * @param end one past the last byte that may be read: the container's end, never beyond the capture
 * @returns one of `verdict`; bad bytes are noted with `setProblem`, nothing is ever thrown
 */
export type Read = (p: Packet, at: number, end: number) => number;

/** The tags behind which a header is found. */
export interface After {
  /** LINKTYPE_ numbers. */
  readonly linkType?: readonly number[];
  /** EtherTypes, also used in SNAP, SLL, GRE and GENEVE. */
  readonly etherType?: readonly number[];
  /** Destination service access points of IEEE 802.2. */
  readonly llcSap?: readonly number[];
  /** PPP data link layer protocol numbers. */
  readonly pppProtocol?: readonly number[];
  /** IANA IP protocol numbers, also IPv6 next headers. */
  readonly ipProtocol?: readonly number[];
  /** GRE protocol types that mean another thing than the same EtherType, or that are no EtherType. */
  readonly greProtocol?: readonly number[];
  /** UDP ports of a tunnel, tried for the destination port first, then for the source port. */
  readonly udpPort?: readonly number[];
}

export interface Header {
  /** Short name; the layer in the names of its problems. */
  readonly name: string;
  readonly title: string;
  /** The document that defines it. */
  readonly standard: string;
  readonly after: After;
  readonly read: Read;
}

/** All readers; 0 is kept free and means none. */
export const readers: Read[] = [];

/** One byte per tag: an index of {@link readers}, 0 for none. */
export const byLinkType = new Uint8Array(65536);
export const byEtherType = new Uint8Array(65536);
export const byLlcSap = new Uint8Array(256);
export const byPppProtocol = new Uint8Array(65536);
export const byIpProtocol = new Uint8Array(256);
export const byGreProtocol = new Uint8Array(65536);
export const byUdpPort = new Uint8Array(65536);

/** Fills the tables. Throws when two headers claim the same tag: that is a mistake in the registry. */
export function enter(headers: readonly Header[]): void {
  for (const table of [byLinkType, byEtherType, byLlcSap, byPppProtocol, byIpProtocol, byGreProtocol, byUdpPort]) {
    table.fill(0);
  }
  readers.length = 0;
  readers.push(() => {
    throw new Error('reader 0 is no reader');
  });
  for (const header of headers) {
    const index = readers.push(header.read) - 1;
    const { after } = header;
    claim(byLinkType, after.linkType, index, header.name);
    claim(byEtherType, after.etherType, index, header.name);
    claim(byLlcSap, after.llcSap, index, header.name);
    claim(byPppProtocol, after.pppProtocol, index, header.name);
    claim(byIpProtocol, after.ipProtocol, index, header.name);
    claim(byGreProtocol, after.greProtocol, index, header.name);
    claim(byUdpPort, after.udpPort, index, header.name);
  }
}

function claim(table: Uint8Array, tags: readonly number[] | undefined, index: number, name: string): void {
  for (const tag of tags ?? []) {
    if (tag >= table.length || table[tag] !== 0)
      throw new Error(`${name} cannot follow tag ${tag}: taken or too large`);
    table[tag] = index;
  }
}
