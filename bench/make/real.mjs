// W3, real captures: every Ethernet capture of a folder, merged, and repeated with other hosts until there are enough.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checksum, put16, put32 } from './headers.mjs';
import { framesOf } from './read-capture.mjs';

/** No capture may last longer than this; longer ones are run faster, so that all of them overlap. */
const longestUs = 60e6;

/**
 * @param {import('./pcap-file.mjs').PcapFile} out
 * @param {{ packets: number, from: string }} options
 */
export function real(out, { packets, from }) {
  const { frames, captures } = collect(from);
  if (frames.length === 0) throw new Error(`no Ethernet capture in ${from}`);
  const periodUs = frames[frames.length - 1].timeUs + 10e6;
  /** @type {Map<number, number>} */
  const hosts = new Map();
  let written = 0;
  let rounds = 0;
  for (; written < packets; rounds++) {
    for (const { timeUs, bytes } of frames) {
      if (written++ === packets) break;
      const at = out.frame(timeUs + rounds * periodUs, bytes.length);
      out.bytes.set(bytes, at);
      rename(out.bytes, at, at + bytes.length, rounds, hosts);
    }
  }
  return { captures, frames: frames.length, rounds };
}

/** @param {string} folder */
function collect(folder) {
  /** @type {{ timeUs: number, bytes: Buffer }[]} */
  const frames = [];
  let captures = 0;
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (!/\.(pcap|pcapng|cap)$/.test(name) || /fuzz|bad/.test(name) || !statSync(path).isFile()) continue;
    const here = framesOf(readFileSync(path));
    if (here.length === 0) continue;
    let first = Number.POSITIVE_INFINITY;
    let last = 0;
    for (const { timeUs } of here) {
      first = Math.min(first, timeUs);
      last = Math.max(last, timeUs);
    }
    const pace = Math.min(1, longestUs / Math.max(1, last - first));
    for (const { timeUs, bytes } of here) {
      frames.push({ timeUs: captures * 50_000 + Math.round((timeUs - first) * pace), bytes });
    }
    captures++;
  }
  frames.sort((a, b) => a.timeUs - b.timeUs);
  return { frames, captures };
}

/**
 * Gives the IPv4 hosts of a frame other addresses in 10/8 in every round, so that its flows are new ones; checksums that
 * were right stay right.
 *
 * @param {Buffer} b @param {number} at @param {number} end @param {number} round @param {Map<number, number>} hosts
 */
function rename(b, at, end, round, hosts) {
  let type = at + 12;
  while (type + 6 < end && (b.readUInt16BE(type) === 0x8100 || b.readUInt16BE(type) === 0x88a8)) type += 4;
  const ip = type + 2;
  if (ip + 20 > end || b.readUInt16BE(type) !== 0x0800) return;
  const l4 = ip + (b[ip] & 15) * 4;
  const isFirstPart = (b.readUInt16BE(ip + 6) & 0x1fff) === 0;
  for (const where of [ip + 12, ip + 16]) {
    const old = b.readUInt32BE(where);
    const top = old >>> 24;
    if (top === 0 || top === 127 || top >= 224) continue;
    if (!hosts.has(old)) hosts.set(old, hosts.size + 1);
    const fresh = (0x0a000000 + ((1 + (round % 250)) << 16) + ((hosts.get(old) ?? 0) & 0xffff)) >>> 0;
    put32(b, where, fresh);
    amend(b, ip + 10, old, fresh);
    if (isFirstPart && b[ip + 9] === 6 && l4 + 18 <= end) amend(b, l4 + 16, old, fresh);
    if (isFirstPart && b[ip + 9] === 17 && l4 + 8 <= end && b.readUInt16BE(l4 + 6) !== 0) amend(b, l4 + 6, old, fresh);
  }
}

/** Mends a checksum after one address changed (RFC 1624, equation 3). @param {Buffer} b @param {number} at @param {number} old @param {number} fresh */
function amend(b, at, old, fresh) {
  const words = Buffer.alloc(8);
  words.writeUInt32BE(~old >>> 0, 0);
  words.writeUInt32BE(fresh, 4);
  put16(b, at, checksum(words, 0, 8, ~b.readUInt16BE(at) & 0xffff));
}
