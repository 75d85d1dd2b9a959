// Writes classic pcap: little-endian, microseconds, Ethernet (draft-ietf-opsawg-pcap).
import { closeSync, openSync, writeSync } from 'node:fs';

const flushAt = 8 << 20;
const largestFrame = 1 << 18;

/** Time of the first possible frame: 2023-11-14T22:13:20Z. */
export const epochSec = 1_700_000_000;

/**
 * @typedef {object} PcapFile
 * @property {Buffer} bytes where frames are written; valid until the next `frame` call
 * @property {(timeUs: number, length: number, wireLength?: number) => number} frame begins a record; gives the frame's
 *   offset in `bytes`. The frame is not zeroed: the caller writes every byte of it.
 * @property {() => { packets: number, bytes: number }} close writes what is left
 */

/**
 * @param {string} path
 * @returns {PcapFile}
 */
export function createPcapFile(path) {
  const fd = openSync(path, 'w');
  const bytes = Buffer.alloc(flushAt + largestFrame + 64);
  let used = 24;
  let written = 0;
  let packets = 0;
  bytes.set([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0]);
  bytes.writeUInt32LE(largestFrame, 16);
  bytes.writeUInt32LE(1, 20);

  const flush = () => {
    for (let at = 0; at < used; ) at += writeSync(fd, bytes, at, used - at);
    written += used;
    used = 0;
  };

  return {
    bytes,
    frame(timeUs, length, wireLength = length) {
      if (used > flushAt) flush();
      const sec = Math.floor(timeUs / 1e6);
      bytes.writeUInt32LE(epochSec + sec, used);
      bytes.writeUInt32LE(timeUs - sec * 1e6, used + 4);
      bytes.writeUInt32LE(length, used + 8);
      bytes.writeUInt32LE(wireLength, used + 12);
      const at = used + 16;
      used = at + length;
      packets++;
      return at;
    },
    close() {
      flush();
      closeSync(fd);
      return { packets, bytes: written };
    },
  };
}
