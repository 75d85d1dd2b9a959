// A second, simple reader of capture files for the comparison of TCP analysis: classic pcap, pcapng, and the link and
// tunnel layers that carry TCP in the corpus. Everything in front of TCP that it does not know is skipped.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Packet } from '../../src/core/packet.ts';

/** Calls `see` with each frame in file order: link type, bytes, time in microseconds, frame number from 1, length on the wire. */
export type FrameSeen = (link: number, bytes: Uint8Array, timeUs: number, number: number, wireLen: number) => void;

/** Reads a whole capture file; damage ends it silently, as what came before is enough here. */
export function readCapture(path: string, see: FrameSeen): void {
  let bytes: Uint8Array = readFileSync(path);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes);
  if (bytes.length < 24) return;
  const v = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (v.getUint32(0) === 0x0a0d0d0a) readPcapng(bytes, v, see);
  else readPcap(bytes, v, see);
}

function readPcap(bytes: Uint8Array, v: DataView, see: FrameSeen): void {
  const big = v.getUint32(0);
  const little = v.getUint32(0, true);
  const magics = [0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34];
  const le = magics.includes(little);
  if (!le && !magics.includes(big)) return;
  const magic = le ? little : big;
  const head = magic === 0xa1b2cd34 ? 24 : 16;
  const link = v.getUint32(20, le) & 0xffff;
  let number = 0;
  for (let o = 24; o + head <= bytes.length; ) {
    const fraction = v.getUint32(o + 4, le);
    const timeUs = v.getUint32(o, le) * 1e6 + (magic === 0xa1b23c4d ? Math.floor(fraction / 1000) : fraction);
    const len = v.getUint32(o + 8, le);
    const at = o + head;
    if (at + len > bytes.length) return;
    see(link, bytes.subarray(at, at + len), timeUs, ++number, v.getUint32(o + 12, le));
    o = at + len;
  }
}

interface PcapngInterface {
  link: number;
  ticksPerSec: number;
  offsetSec: number;
}

function readPcapng(bytes: Uint8Array, v: DataView, see: FrameSeen): void {
  let le = true;
  let interfaces: PcapngInterface[] = [];
  let number = 0;
  for (let o = 0; o + 12 <= bytes.length; ) {
    const type = v.getUint32(o, le);
    if (type === 0x0a0d0d0a) {
      le = v.getUint32(o + 8, true) === 0x1a2b3c4d;
      interfaces = [];
    }
    const len = v.getUint32(o + 4, le);
    if (len < 12 || o + len > bytes.length) return;
    if (type === 1) interfaces.push(readInterface(v, o, len, le));
    if (type === 6 || type === 2) {
      const it = interfaces[type === 6 ? v.getUint32(o + 8, le) : v.getUint16(o + 8, le)];
      const capLen = v.getUint32(o + 20, le);
      if (it === undefined || 32 + capLen > len) return;
      const ticks = v.getUint32(o + 12, le) * 4294967296 + v.getUint32(o + 16, le);
      const timeUs = Math.floor((ticks / it.ticksPerSec) * 1e6) + it.offsetSec * 1e6;
      see(it.link, bytes.subarray(o + 28, o + 28 + capLen), timeUs, ++number, v.getUint32(o + 24, le));
    }
    if (type === 3) {
      const wireLen = v.getUint32(o + 8, le);
      see(interfaces[0]?.link ?? -1, bytes.subarray(o + 12, o + Math.min(12 + wireLen, len - 4)), 0, ++number, wireLen);
    }
    o += len;
  }
}

function readInterface(v: DataView, o: number, len: number, le: boolean): PcapngInterface {
  const it = { link: v.getUint16(o + 8, le), ticksPerSec: 1e6, offsetSec: 0 };
  for (let at = o + 16; at + 4 <= o + len - 4; ) {
    const code = v.getUint16(at, le);
    const size = v.getUint16(at + 2, le);
    if (code === 0) break;
    if (code === 9) {
      const r = v.getUint8(at + 4);
      it.ticksPerSec = (r & 0x80) !== 0 ? 2 ** (r & 0x7f) : 10 ** r;
    }
    if (code === 14) it.offsetSec = Number(v.getBigInt64(at + 4, le));
    at += 4 + size + (-size & 3);
  }
  return it;
}

/** Where a conversation begins: protocol-independent key of both endpoints and the direction of this segment. */
export type SegmentSeen = (key: string, dir: 0 | 1, p: Packet) => void;

/** Finds the TCP segments of frames, through VLAN, MPLS, PPPoE, IP in IP, GRE, VXLAN and GTP; reassembles IPv4 and IPv6. */
export class SegmentFinder {
  readonly #p = new Packet();
  readonly #see: SegmentSeen;
  readonly #fragments = new Map<string, { at: number; bytes: Uint8Array }[]>();
  #timeUs = 0;
  #number = 0;

  constructor(see: SegmentSeen) {
    this.#see = see;
  }

  readonly frame: FrameSeen = (link, b, timeUs, number, wireLen) => {
    this.#timeUs = timeUs;
    this.#number = number;
    const wire = Math.max(wireLen, b.length);
    if (link === 1) this.#ethernet(b, 0, wire);
    else if (link === 0 || link === 108) this.#ip(b, 4, wire);
    else if (link === 101 || link === 12 || link === 14 || link === 228 || link === 229) this.#ip(b, 0, wire);
    else if (link === 113) this.#type(u16(b, 14), b, 16, wire);
    else if (link === 276) this.#type(u16(b, 0), b, 20, wire);
    else if (link === 9 || link === 50) this.#ppp(b, b[0] === 0xff && b[1] === 3 ? 2 : 0, wire);
    else if (link === 104) this.#type(u16(b, 2), b, 4, wire);
    else if (link === 129) this.#type(u16(b, 8) === 0x0800 ? 0x0800 : 0, b, 8, wire);
    else if (link === 239) this.#nflog(b, wire);
    else if (link === 242) this.#ip(b, 0, wire);
  };

  #nflog(b: Uint8Array, wire: number): void {
    for (let o = 4; o + 4 <= b.length; ) {
      const len = b[o] | (b[o + 1] << 8);
      const type = b[o + 2] | (b[o + 3] << 8);
      if (len < 4) return;
      if (type === 9) this.#ip(b, o + 4, wire);
      o += (len + 3) & ~3;
    }
  }

  #ethernet(b: Uint8Array, o: number, end: number): void {
    const type = u16(b, o + 12);
    if (type <= 1500 && u16(b, o + 14) === 0xaaaa) this.#type(u16(b, o + 20), b, o + 22, end);
    else this.#type(type, b, o + 14, end);
  }

  #type(type: number, b: Uint8Array, o: number, end: number): void {
    if (type === 0x0800 || type === 0x86dd) this.#ip(b, o, end);
    else if (type === 0x8100 || type === 0x88a8 || type === 0x9100) this.#type(u16(b, o + 2), b, o + 4, end);
    else if (type === 0x8864) this.#ppp(b, o + 6, Math.min(end, o + 6 + u16(b, o + 4)));
    else if (type === 0x8847 || type === 0x8848) this.#mpls(b, o, end);
    else if (type === 0x6558) this.#ethernet(b, o, end);
    else if (type === 0x880b) this.#ppp(b, o, end);
  }

  #mpls(b: Uint8Array, o: number, end: number): void {
    let at = o;
    while (at + 4 <= b.length && (b[at + 2] & 1) === 0) at += 4;
    const first = b[at + 4] >> 4;
    if (first === 4 || first === 6) this.#ip(b, at + 4, end);
    else this.#ethernet(b, first === 0 ? at + 8 : at + 4, end);
  }

  #ppp(b: Uint8Array, o: number, end: number): void {
    const at = b[o] === 0xff && b[o + 1] === 3 ? o + 2 : o;
    const short = (b[at] & 1) === 1;
    const proto = short ? b[at] : u16(b, at);
    if (proto === 0x21 || proto === 0x57) this.#ip(b, at + (short ? 1 : 2), end);
  }

  #ip(b: Uint8Array, o: number, end: number): void {
    if (o >= b.length) return;
    if (b[o] >> 4 === 4) this.#ipv4(b, o, end);
    else if (b[o] >> 4 === 6) this.#ipv6(b, o, end);
  }

  #ipv4(b: Uint8Array, o: number, frameEnd: number): void {
    const head = (b[o] & 15) * 4;
    if (o + head > b.length || head < 20) return;
    const total = u16(b, o + 2);
    const end = total === 0 ? frameEnd : Math.min(o + total, frameEnd);
    const ends = hex(b, o + 12, 4) + hex(b, o + 16, 4);
    const fragment = u16(b, o + 6) & 0x3fff;
    if (fragment === 0) {
      this.#transport(b[o + 9], ends, b, o + head, end);
      return;
    }
    const id = `${ends}${b[o + 9]}.${u16(b, o + 4)}`;
    const whole = this.#join(id, b, o + head, end, (fragment & 0x1fff) * 8, (fragment & 0x2000) !== 0);
    if (whole !== null) this.#transport(b[o + 9], ends, whole, 0, whole.length);
  }

  #ipv6(b: Uint8Array, o: number, frameEnd: number): void {
    if (o + 40 > b.length) return;
    const len = u16(b, o + 4);
    let end = len === 0 ? frameEnd : Math.min(o + 40 + len, frameEnd);
    const ends = hex(b, o + 8, 16) + hex(b, o + 24, 16);
    let bytes = b;
    let proto = b[o + 6];
    let at = o + 40;
    while ([0, 43, 44, 51, 60, 135].includes(proto) && at + 8 <= bytes.length) {
      const next = bytes[at];
      if (proto === 44) {
        const field = u16(bytes, at + 2);
        if ((field & 0xfff9) !== 0) {
          const id = `${ends}${hex(bytes, at + 4, 4)}`;
          const whole = this.#join(id, bytes, at + 8, end, field & 0xfff8, (field & 1) !== 0);
          if (whole === null) return;
          bytes = whole;
          at = 0;
          end = whole.length;
        } else at += 8;
      } else at += proto === 51 ? (bytes[at + 1] + 2) * 4 : (bytes[at + 1] + 1) * 8;
      proto = next;
    }
    this.#transport(proto, ends, bytes, at, end);
  }

  /** Adds one fragment; the whole payload once there is no hole, else null. */
  #join(id: string, b: Uint8Array, from: number, to: number, offset: number, more: boolean): Uint8Array | null {
    if (to > b.length) return null;
    const pieces = this.#fragments.get(id) ?? [];
    this.#fragments.set(id, pieces);
    pieces.push({ at: offset, bytes: b.slice(from, to) });
    if (!more) pieces.push({ at: offset + to - from, bytes: new Uint8Array(0) });
    const last = pieces.find((x) => x.bytes.length === 0);
    if (last === undefined) return null;
    const whole = new Uint8Array(last.at);
    let reach = 0;
    for (const x of [...pieces].sort((m, n) => m.at - n.at)) {
      if (x.at > reach) return null;
      if (x.at + x.bytes.length > last.at) return null;
      whole.set(x.bytes, x.at);
      reach = Math.max(reach, x.at + x.bytes.length);
    }
    this.#fragments.delete(id);
    return whole;
  }

  #transport(proto: number, ends: string, b: Uint8Array, o: number, end: number): void {
    if (proto === 6) this.#tcp(ends, b, o, end);
    else if (proto === 4 || proto === 41) this.#ip(b, o, end);
    else if (proto === 47) this.#gre(b, o, end);
    else if (proto === 17) this.#udp(b, o, end);
  }

  #gre(b: Uint8Array, o: number, end: number): void {
    const flags = b[o];
    let at = o + 4;
    if ((flags & 0xc0) !== 0) at += 4;
    if ((flags & 0x20) !== 0) at += 4;
    if ((flags & 0x10) !== 0) at += 4;
    if ((b[o + 1] & 7) === 1 && (b[o + 1] & 0x80) !== 0) at += 4;
    const type = u16(b, o + 2);
    if (type === 0x88be) this.#ethernet(b, (flags & 0x10) !== 0 ? at + 8 : at, end);
    else this.#type(type, b, at, end);
  }

  #udp(b: Uint8Array, o: number, end: number): void {
    const ports = [u16(b, o), u16(b, o + 2)];
    if (ports.includes(4789) || ports.includes(8472)) this.#ethernet(b, o + 16, end);
    else if (ports.includes(6081)) this.#type(u16(b, o + 10), b, o + 16 + (b[o + 8] & 63) * 4, end);
    else if (ports.includes(2152) && b[o + 9] === 255) {
      let at = o + 16;
      if ((b[o + 8] & 7) !== 0) {
        let next = b[o + 19];
        at += 4;
        while (next !== 0 && at < b.length && b[at] !== 0) {
          const size = b[at] * 4;
          next = b[at + size - 1];
          at += size;
        }
      }
      this.#ip(b, at, end);
    } else if (ports.includes(3544)) {
      let at = o + 8;
      if (b[at] === 0 && b[at + 1] === 1) at += 13 + b[at + 2] + b[at + 3];
      if (b[at] === 0 && b[at + 1] === 0) at += 8;
      this.#ip(b, at, end);
    }
  }

  #tcp(ends: string, b: Uint8Array, o: number, end: number): void {
    if (o + 20 > b.length || o + 20 > end) return;
    const head = (b[o + 12] >> 4) * 4;
    if (head < 20 || o + head > end) return;
    const p = this.#p;
    p.bytes = b;
    p.end = b.length;
    p.timeUs = this.#timeUs;
    p.number = this.#number;
    p.l4At = o;
    p.seq = u32(b, o + 4);
    p.ack = u32(b, o + 8);
    p.tcpFlags = u16(b, o + 12) & 0x1ff;
    p.window = u16(b, o + 14);
    p.tcpHeaderLen = head;
    p.payloadLen = end - o - head;
    const half = ends.length / 2;
    const from = ends.slice(0, half) + hex(b, o, 2);
    const to = ends.slice(half) + hex(b, o + 2, 2);
    if (from <= to) this.#see(from + to, 0, p);
    else this.#see(to + from, 1, p);
  }
}

function u16(b: Uint8Array, o: number): number {
  return (b[o] << 8) | b[o + 1];
}

function u32(b: Uint8Array, o: number): number {
  return (b[o] << 24) | (b[o + 1] << 16) | (b[o + 2] << 8) | b[o + 3];
}

function hex(b: Uint8Array, o: number, len: number): string {
  let s = '';
  for (let i = 0; i < len; i++) s += (b[o + i] ?? 0).toString(16).padStart(2, '0');
  return s;
}
