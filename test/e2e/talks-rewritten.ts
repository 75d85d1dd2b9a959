// Rewrites classic pcap files packet by packet, headers and checksums as they are: other orders, copies, losses.

import { Buffer } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';

const fileHead = 24;
const recordHead = 16;

export interface PacketRecord {
  /** With its record header. */
  readonly bytes: Buffer;
  readonly srcPort: number;
  readonly destPort: number;
  readonly payloadBytes: number;
  readonly isTcp: boolean;
}

export interface Capture {
  readonly head: Buffer;
  readonly packets: readonly PacketRecord[];
}

/** Reads a little-endian pcap of Ethernet and IPv4 without options, TCP or UDP. */
export function capturedIn(path: string): Capture {
  const file = readFileSync(path);
  const packets: PacketRecord[] = [];
  for (let at = fileHead; at < file.length; ) {
    const end = at + recordHead + file.readUInt32LE(at + 8);
    const bytes = file.subarray(at, end);
    const ip = recordHead + 14;
    const l4 = ip + 20;
    const isTcp = bytes[ip + 9] === 6;
    const l4Head = isTcp ? (bytes[l4 + 12] >> 4) * 4 : 8;
    const payloadBytes = bytes.readUInt16BE(ip + 2) - 20 - l4Head;
    packets.push({
      ...{ bytes, isTcp, payloadBytes },
      ...{ srcPort: bytes.readUInt16BE(l4), destPort: bytes.readUInt16BE(l4 + 2) },
    });
    at = end;
  }
  return { head: file.subarray(0, fileHead), packets };
}

/** Writes the packets; one that comes late gets the time of the packet before it, so that time never runs back. */
export function writePackets(path: string, { head }: Capture, order: readonly PacketRecord[]): string {
  let latestSec = 0;
  let latestUs = 0;
  const parts = order.map(({ bytes }) => {
    const sec = bytes.readUInt32LE(0);
    const us = bytes.readUInt32LE(4);
    if (sec > latestSec || (sec === latestSec && us > latestUs)) {
      latestSec = sec;
      latestUs = us;
    }
    const copy = Buffer.from(bytes);
    copy.writeUInt32LE(latestSec, 0);
    copy.writeUInt32LE(latestUs, 4);
    return copy;
  });
  writeFileSync(path, Buffer.concat([head, ...parts]));
  return path;
}

const isNextOfSameSide = (a: PacketRecord, b: PacketRecord): boolean =>
  a.isTcp && b.isTcp && a.srcPort === b.srcPort && a.destPort === b.destPort;

/** Two segments with payload that one side sent one after the other change places. */
export function swapped(packets: readonly PacketRecord[]): PacketRecord[] {
  const order = [...packets];
  for (let i = 0; i < order.length - 1; i++) {
    const [a, b] = [order[i], order[i + 1]];
    if (!isNextOfSameSide(a, b) || a.payloadBytes === 0 || b.payloadBytes === 0) continue;
    order[i] = b;
    order[i + 1] = a;
    i++;
  }
  return order;
}

/** Each segment with payload is there twice, the second time three packets later. */
export function doubled(packets: readonly PacketRecord[]): PacketRecord[] {
  const order: PacketRecord[] = [];
  const late: PacketRecord[] = [];
  for (const packet of packets) {
    order.push(packet);
    if (packet.isTcp && packet.payloadBytes > 0) late.push(packet);
    const again = late.length > 3 ? late.shift() : undefined;
    if (again !== undefined) order.push(again);
  }
  return [...order, ...late];
}

/** Each TCP segment becomes segments of so many bytes: sequence numbers and lengths are right, checksums are not. */
export function inPieces(packets: readonly PacketRecord[], size: number): PacketRecord[] {
  return packets.flatMap((packet) => (packet.isTcp && packet.payloadBytes > size ? cut(packet, size) : [packet]));
}

function cut({ bytes, ...rest }: PacketRecord, size: number): PacketRecord[] {
  const ip = recordHead + 14;
  const tcp = ip + 20;
  const payload = bytes.length - rest.payloadBytes;
  const pieces: PacketRecord[] = [];
  for (let from = 0; from < rest.payloadBytes; from += size) {
    const payloadBytes = Math.min(size, rest.payloadBytes - from);
    const start = payload + from;
    const piece = Buffer.concat([bytes.subarray(0, payload), bytes.subarray(start, start + payloadBytes)]);
    piece.writeUInt32LE(piece.length - recordHead, 8);
    piece.writeUInt32LE(piece.length - recordHead, 12);
    piece.writeUInt16BE(piece.length - ip, ip + 2);
    piece.writeUInt32BE((bytes.readUInt32BE(tcp + 4) + from) >>> 0, tcp + 4);
    // FIN belongs to the last piece.
    if (from + size < rest.payloadBytes) piece[tcp + 13] &= ~1;
    pieces.push({ ...rest, bytes: piece, payloadBytes });
  }
  return pieces;
}

/** Segments with payload that one side sent in a row come in the opposite order, at most eight at a time. */
export function rotated(packets: readonly PacketRecord[]): PacketRecord[] {
  const order: PacketRecord[] = [];
  const run: PacketRecord[] = [];
  for (const packet of packets) {
    const last = run.at(-1);
    const goesOn =
      last !== undefined &&
      last.payloadBytes > 0 &&
      isNextOfSameSide(last, packet) &&
      packet.payloadBytes > 0 &&
      run.length < 8;
    if (!goesOn) order.push(...run.splice(0).reverse());
    run.push(packet);
  }
  return [...order, ...run.reverse()];
}
