// The receive ring of a packet socket, TPACKET_V3 (Documentation/networking/packet_mmap.rst), read in place.
//
//   ring   | block 0 | block 1 | … | block n-1 |            each `blockBytes` long, owned by the kernel or by us
//
//   block  0        8        12     16        20       24        48
//          | vers…  | status | pkts | first   | length | seq, ts | frame | frame | …
//
//   frame  0      4     8      12        16    20       24    26    28      32    36     48         68        mac
//          | next | sec | nsec | snaplen | len | status | mac | net | hash  | tci | tpid | sockaddr | … gap … | bytes
//
//   sockaddr_ll   0        2          4         8        10        11        12
//                 | family | protocol | ifindex | hatype | pkttype | addrlen | address (8) |
//
// What is missing in front of the bytes is written into the gap: a LINUX_SLL2 header for a cooked socket, and a VLAN
// tag that the network card or the kernel took out.

import { batchCapacity, type FrameBatch } from '../../../core/index.ts';

/** https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html */
export const sll2HeaderBytes = 20;
/** Room asked of the kernel in front of each frame (PACKET_RESERVE), beyond what alignment leaves. */
export const reservedBytes = 4;
/** A block that is not full is handed over after this long: the highest delay of a packet, milliseconds. */
export const retireAfterMs = 40;

const vlanTagBytes = 4;
/** Offset of the tag in an Ethernet frame: behind both addresses. */
const vlanTagAt = 12;
const blockStatusAt = 8;
const ownedByUs = 1;
const outgoing = 4;
const sockaddrAt = 48;
const frameStatus = { checksumNotReady: 8, vlanValid: 16, vlanProtocolValid: 64 } as const;
const ieee8021q = 0x8100;

/** The ring and where in it we are. */
export interface Ring {
  readonly bytes: Uint8Array;
  readonly halves: Uint16Array;
  readonly words: Int32Array;
  readonly blockBytes: number;
  readonly blockCount: number;
  /** Block that is read, or that the kernel fills next. */
  block: number;
  /** The block is ours: its frames are in a batch or still to come. */
  isHeld: boolean;
  /** Offset of the next frame of the held block. */
  frameAt: number;
  framesLeft: number;
}

/** How frames of this socket are to be told. */
export interface FrameShape {
  readonly cooked: boolean;
  /** Highest captured length, bytes. */
  readonly limit: number;
  /** Index of the loopback device, of whose two copies only the arriving one is told; 0: none. */
  readonly loopbackIndex: number;
}

/** Sizes of a ring of about `bufferBytes`: at least two blocks, each large enough for the largest loopback frame. */
export function ringSizes(bufferBytes: number): { readonly blockBytes: number; readonly blockCount: number } {
  const smallest = 1 << 17;
  const largest = 1 << 20;
  let blockBytes = smallest;
  while (blockBytes < largest && blockBytes * 32 <= bufferBytes) blockBytes *= 2;
  // Offsets into the ring are 32-bit integers.
  const most = 2 ** 30 / blockBytes;
  return { blockBytes, blockCount: Math.max(2, Math.min(most, Math.round(bufferBytes / blockBytes))) };
}

export function openRing(memory: ArrayBuffer, blockBytes: number): Ring {
  return {
    bytes: new Uint8Array(memory),
    halves: new Uint16Array(memory),
    words: new Int32Array(memory),
    blockBytes,
    blockCount: memory.byteLength / blockBytes,
    block: 0,
    isHeld: false,
    frameAt: 0,
    framesLeft: 0,
  };
}

/** Takes the next block if the kernel has handed it over. */
export function takeBlock(ring: Ring): boolean {
  const start = ring.block * ring.blockBytes;
  if ((Atomics.load(ring.words, (start + blockStatusAt) >> 2) & ownedByUs) === 0) return false;
  ring.framesLeft = ring.words[(start + 12) >> 2];
  ring.frameAt = start + ring.words[(start + 16) >> 2];
  ring.isHeld = true;
  return true;
}

/** Whether half of the blocks wait to be read: the kernel fills them in order, so the one half a round ahead tells. */
export function isHalfFull(ring: Ring): boolean {
  const ahead = (ring.block + (ring.blockCount >> 1)) % ring.blockCount;
  return (Atomics.load(ring.words, (ahead * ring.blockBytes + blockStatusAt) >> 2) & ownedByUs) !== 0;
}

/** Gives the held block back to the kernel, which may write into it from this moment. */
export function giveBack(ring: Ring): void {
  Atomics.store(ring.words, (ring.block * ring.blockBytes + blockStatusAt) >> 2, 0);
  ring.block = ring.block + 1 === ring.blockCount ? 0 : ring.block + 1;
  ring.isHeld = false;
}

/** Fills the batch from the held block, from its start on, and gives the number of frames. */
export function fillFromBlock(ring: Ring, shape: FrameShape, batch: FrameBatch): number {
  const { bytes, halves, words } = ring;
  const { at: ats, capLen, wireLen, timeUs, timeNs, checksumNotReady } = batch;
  const { cooked, limit, loopbackIndex } = shape;
  let frame = ring.frameAt;
  let left = ring.framesLeft;
  let count = 0;
  while (left > 0 && count < batchCapacity) {
    const word = frame >> 2;
    left--;
    if (bytes[frame + sockaddrAt + 10] !== outgoing || words[(frame + sockaddrAt + 4) >> 2] !== loopbackIndex) {
      const microseconds = (words[word + 2] / 1000) | 0;
      const status = words[word + 5];
      let start = frame + halves[(frame + 24) >> 1];
      let captured = words[word + 3];
      let onWire = words[word + 4];
      let added = 0;
      if (cooked) added = writeCookedHeader(bytes, frame, start, status, halves[(frame + 36) >> 1], words[word + 8]);
      else if ((status & frameStatus.vlanValid) !== 0 && captured >= vlanTagAt) {
        added = putTagBack(bytes, start, status, halves[(frame + 36) >> 1], words[word + 8]);
      }
      start -= added;
      captured += added;
      onWire += added;
      ats[count] = start;
      capLen[count] = Math.min(captured, limit);
      wireLen[count] = onWire;
      timeUs[count] = (words[word + 1] >>> 0) * 1e6 + microseconds;
      timeNs[count] = words[word + 2] - microseconds * 1000;
      checksumNotReady[count] = status & frameStatus.checksumNotReady;
      count++;
    }
    frame += words[word];
  }
  ring.frameAt = frame;
  ring.framesLeft = left;
  return count;
}

/** Moves both addresses four bytes forward and writes the tag behind them. Gives the bytes added. */
function putTagBack(bytes: Uint8Array, start: number, status: number, protocol: number, tci: number): number {
  bytes.copyWithin(start - vlanTagBytes, start, start + vlanTagAt);
  const tpid = (status & frameStatus.vlanProtocolValid) !== 0 ? protocol : ieee8021q;
  const at = start + vlanTagAt - vlanTagBytes;
  bytes[at] = tpid >> 8;
  bytes[at + 1] = tpid;
  bytes[at + 2] = tci >> 8;
  bytes[at + 3] = tci;
  return vlanTagBytes;
}

/**
 * Writes a LINUX_SLL2 header in front of the packet, and between both what belongs to a VLAN tag. Gives the bytes added.
 *
 *   0          2   4         8        10        11        12            20
 *   | protocol | 0 | ifindex | hatype | pkttype | addrlen | address (8) | [tci | protocol] | packet
 */
function writeCookedHeader(
  bytes: Uint8Array,
  frame: number,
  packet: number,
  status: number,
  vlanProtocol: number,
  tci: number,
): number {
  const from = frame + sockaddrAt;
  let at = packet - sll2HeaderBytes;
  let high = bytes[from + 2];
  let low = bytes[from + 3];
  if ((status & frameStatus.vlanValid) !== 0) {
    const tpid = (status & frameStatus.vlanProtocolValid) !== 0 ? vlanProtocol : ieee8021q;
    at -= vlanTagBytes;
    bytes[packet - 4] = tci >> 8;
    bytes[packet - 3] = tci;
    bytes[packet - 2] = high;
    bytes[packet - 1] = low;
    high = tpid >> 8;
    low = tpid & 0xff;
  }
  bytes[at] = high;
  bytes[at + 1] = low;
  bytes[at + 2] = 0;
  bytes[at + 3] = 0;
  // Index and hardware type stand in the machine's order, which is the other one on all machines koffi knows.
  for (let i = 0; i < 4; i++) bytes[at + 4 + i] = bytes[from + 7 - i];
  bytes[at + 8] = bytes[from + 9];
  bytes[at + 9] = bytes[from + 8];
  bytes[at + 10] = bytes[from + 10];
  bytes[at + 11] = bytes[from + 11];
  for (let i = 0; i < 8; i++) bytes[at + 12 + i] = bytes[from + 12 + i];
  return packet - at;
}
