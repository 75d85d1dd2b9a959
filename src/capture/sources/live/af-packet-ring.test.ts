// Proves that the ring reader tells each frame of a block once, puts tags and cooked headers in front without touching
// the packet, leaves out the second loopback copy, and gives blocks back only when their last frame was told.
import { expect, test } from 'vitest';
import { batchCapacity, FrameBatch } from '../../../core/index.ts';
import {
  type FrameShape,
  fillFromBlock,
  giveBack,
  isHalfFull,
  openRing,
  type Ring,
  ringSizes,
  takeBlock,
} from './af-packet-ring.ts';

const blockBytes = 1 << 17;
const plain: FrameShape = { cooked: false, limit: 0x7fffffff, loopbackIndex: 1 };

interface Written {
  readonly bytes: readonly number[];
  readonly status?: number;
  readonly tci?: number;
  readonly tpid?: number;
  readonly packetType?: number;
  readonly index?: number;
  readonly onWire?: number;
}

/** Writes a block as the kernel does: the network header 96 bytes behind the start of a frame, Ethernet before it. */
function writeBlock(ring: Ring, block: number, frames: readonly Written[], mac = 82): void {
  const start = block * blockBytes;
  const view = new DataView(ring.bytes.buffer);
  let at = start + 48;
  view.setUint32(start + 12, frames.length, true);
  view.setUint32(start + 16, 48, true);
  for (const one of frames) {
    const size = (96 + one.bytes.length + 15) & ~15;
    view.setUint32(at, size, true);
    view.setUint32(at + 4, 1_700_000_000, true);
    view.setUint32(at + 8, 123_456_789, true);
    view.setUint32(at + 12, one.bytes.length, true);
    view.setUint32(at + 16, one.onWire ?? one.bytes.length, true);
    view.setUint32(at + 20, (one.status ?? 0) | 1, true);
    view.setUint16(at + 24, mac, true);
    view.setUint32(at + 32, one.tci ?? 0, true);
    view.setUint16(at + 36, one.tpid ?? 0, true);
    view.setUint16(at + 50, 0x0008, true);
    view.setInt32(at + 52, one.index ?? 3, true);
    view.setUint16(at + 56, 1, true);
    ring.bytes[at + 58] = one.packetType ?? 0;
    ring.bytes[at + 59] = 6;
    ring.bytes.set([2, 0, 0, 0, 0, 9, 0, 0], at + 60);
    ring.bytes.set(one.bytes, at + mac);
    at += size;
  }
  view.setUint32(start + 8, 1, true);
}

const newRing = (blocks = 2) => openRing(new ArrayBuffer(blocks * blockBytes), blockBytes);
const ethernet = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 0, 0x45, 0, 0, 20];
const told = (batch: FrameBatch, i: number) => [...batch.bytes.subarray(batch.at[i], batch.at[i] + batch.capLen[i])];

function fill(ring: Ring, shape: FrameShape): FrameBatch {
  const batch = new FrameBatch();
  batch.bytes = ring.bytes;
  batch.count = takeBlock(ring) ? fillFromBlock(ring, shape, batch) : 0;
  return batch;
}

test('a frame is told with its bytes, lengths and time', () => {
  const ring = newRing();
  writeBlock(ring, 0, [{ bytes: ethernet, onWire: 900, status: 8 }]);
  const batch = fill(ring, plain);
  expect(batch.count).toBe(1);
  expect(told(batch, 0)).toEqual(ethernet);
  expect(batch.wireLen[0]).toBe(900);
  expect(batch.timeUs[0]).toBe(1_700_000_000_123_456);
  expect(batch.timeNs[0]).toBe(789);
  expect(batch.checksumNotReady[0]).not.toBe(0);
});

test('a tag goes behind both addresses, with its own protocol where the kernel knows it', () => {
  const ring = newRing();
  writeBlock(ring, 0, [
    { bytes: ethernet, status: 16, tci: 0x6123 },
    { bytes: ethernet, status: 16 | 64, tci: 5, tpid: 0x88a8 },
    { bytes: ethernet.slice(0, 11), status: 16, tci: 5 },
  ]);
  const batch = fill(ring, plain);
  expect(told(batch, 0)).toEqual([...ethernet.slice(0, 12), 0x81, 0, 0x61, 0x23, ...ethernet.slice(12)]);
  expect(told(batch, 1)).toEqual([...ethernet.slice(0, 12), 0x88, 0xa8, 0, 5, ...ethernet.slice(12)]);
  expect(batch.wireLen[0]).toBe(ethernet.length + 4);
  // Cut before the place of the tag: left as it is.
  expect(told(batch, 2)).toEqual(ethernet.slice(0, 11));
});

test('a cooked frame gets a LINUX_SLL2 header, and the tag behind it', () => {
  const ring = newRing();
  const cooked = { ...plain, cooked: true };
  const tagged = { bytes: [0x45, 1, 2], status: 16, tci: 7 };
  writeBlock(ring, 0, [{ bytes: [0x45, 1, 2], packetType: 3 }, tagged], 96);
  const batch = fill(ring, cooked);
  const rest = [0, 0, 0, 0, 0, 3, 0, 1];
  const address = [6, 2, 0, 0, 0, 0, 9, 0, 0];
  expect(told(batch, 0)).toEqual([8, 0, ...rest, 3, ...address, 0x45, 1, 2]);
  expect(told(batch, 1)).toEqual([0x81, 0, ...rest, 0, ...address, 0, 7, 8, 0, 0x45, 1, 2]);
});

test('the departing copy on loopback is left out, and only there', () => {
  const ring = newRing();
  writeBlock(ring, 0, [
    { bytes: [1], packetType: 4, index: 1 },
    { bytes: [2], packetType: 0, index: 1 },
    { bytes: [3], packetType: 4, index: 2 },
  ]);
  const batch = fill(ring, plain);
  expect([told(batch, 0), told(batch, 1), batch.count]).toEqual([[2], [3], 2]);
});

test('a block larger than a batch is told in several, and is the kernel’s again only behind the last', () => {
  const ring = newRing();
  const frames = Array.from({ length: batchCapacity + 5 }, (_, i) => ({ bytes: [i & 255] }));
  writeBlock(ring, 0, frames);
  writeBlock(ring, 1, [{ bytes: [77] }]);
  const first = fill(ring, plain);
  expect([first.count, ring.framesLeft, ring.words[2]]).toEqual([batchCapacity, 5, 1]);
  expect(fillFromBlock(ring, plain, first)).toBe(5);
  expect(ring.words[2]).toBe(1);
  giveBack(ring);
  expect(ring.words[2]).toBe(0);
  expect(told(fill(ring, plain), 0)).toEqual([77]);
  giveBack(ring);
  expect([ring.block, takeBlock(ring)]).toEqual([0, false]);
});

test('a ring is half full once the block half a round ahead is ours', () => {
  const ring = newRing(4);
  writeBlock(ring, 0, [{ bytes: [1] }]);
  writeBlock(ring, 1, [{ bytes: [2] }]);
  expect(isHalfFull(ring)).toBe(false);
  writeBlock(ring, 2, [{ bytes: [3] }]);
  expect(isHalfFull(ring)).toBe(true);
  fill(ring, plain);
  giveBack(ring);
  expect([ring.block, isHalfFull(ring)]).toEqual([1, false]);
});

test('a limit cuts what is captured', () => {
  const ring = newRing();
  writeBlock(ring, 0, [{ bytes: ethernet, status: 16, tci: 1 }]);
  expect(fill(ring, { ...plain, limit: 10 }).capLen[0]).toBe(10);
});

test('rings have at least two blocks, each with room for the largest frame, and offsets of 31 bits', () => {
  expect(ringSizes(1)).toEqual({ blockBytes: 1 << 17, blockCount: 2 });
  expect(ringSizes(32 << 20)).toEqual({ blockBytes: 1 << 20, blockCount: 32 });
  const huge = ringSizes(2 ** 40);
  expect(huge.blockBytes * huge.blockCount).toBe(2 ** 30);
});
