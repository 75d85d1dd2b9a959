// Small things done to classic little-endian pcap files, as workloads.mjs writes them.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const chunkBytes = 16 << 20;

/**
 * Walks the records of a capture file.
 *
 * @param {string} file @param {(end: number) => boolean} each gets the file position behind each record; false stops
 */
function walk(file, each) {
  const fd = openSync(file, 'r');
  try {
    const chunk = Buffer.alloc(chunkBytes);
    let base = 0; // file position of chunk[0]
    let have = readSync(fd, chunk, 0, chunkBytes, 0);
    if (chunk.readUInt32LE(0) !== 0xa1b2c3d4) throw new Error(`${file}: not a little-endian microsecond pcap`);
    let at = 24;
    for (;;) {
      if (at + 16 > base + have) {
        base = at;
        have = readSync(fd, chunk, 0, chunkBytes, base);
        if (have < 16) return;
      }
      at += 16 + chunk.readUInt32LE(at - base + 8);
      if (!each(at)) return;
    }
  } finally {
    closeSync(fd);
  }
}

/** @param {string} file */
export function countPackets(file) {
  let count = 0;
  walk(file, () => {
    count++;
    return true;
  });
  return count;
}

/** Copies the first packets to another file and gives its name. @param {string} file @param {number} packets @param {string} to */
export function cutCapture(file, packets, to) {
  let size = 24;
  let left = packets;
  walk(file, (end) => {
    size = end;
    return --left > 0;
  });
  const source = openSync(file, 'r');
  const target = openSync(to, 'w');
  const chunk = Buffer.alloc(chunkBytes);
  for (let at = 0; at < size; ) {
    const got = readSync(source, chunk, 0, Math.min(chunkBytes, size - at), at);
    for (let done = 0; done < got; ) done += writeSync(target, chunk, done, got - done);
    at += got;
  }
  closeSync(source);
  closeSync(target);
  return to;
}
