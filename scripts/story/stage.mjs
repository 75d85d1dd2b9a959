// The stage of the story: hosts of a made-up network and frames between them, every checksum valid, in the order of time.
import { isIPv6 } from 'node:net';
import { checksum, etherType, put16 } from '../../bench/make/headers.mjs';

/** When the story begins: a Monday morning. Microseconds since the epoch fit a double exactly. */
const beginUs = Date.UTC(2026, 0, 5, 9, 0, 0) * 1000;

export const icmp6 = 58;

/** @param {string} address @returns {Buffer} 4 or 16 bytes */
export function addressBytes(address) {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  const [left, right] = address.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const zeros = right === undefined ? [] : Array(8 - left.length - right.length).fill('0');
  const words = [...left, ...zeros, ...(right ?? [])].map((word) => Number.parseInt(word, 16));
  return Buffer.from(words.flatMap((word) => [word >> 8, word & 255]));
}

/** Station of an address: hosts of the office by their last byte, all others behind the router, groups by rule. */
function macOf(address) {
  const bytes = addressBytes(address);
  if (address === '255.255.255.255' || address === '192.168.1.255') return Buffer.alloc(6, 255);
  if (bytes.length === 4 && bytes[0] >= 224) return Buffer.from([1, 0, 0x5e, bytes[1] & 127, bytes[2], bytes[3]]);
  if (bytes[0] === 0xff) return Buffer.from([0x33, 0x33, ...bytes.subarray(12)]);
  const isHere = /^(192\.168\.1\.|2001:db8:1::|fe80::)/.test(address);
  return Buffer.from([2, 0, 0, 0, 1, isHere ? hostNumber(address) : 1]);
}

/** `192.168.1.23`, `2001:db8:1::23` and `fe80::23` are one host. */
const hostNumber = (address) => Number(address.split(/[.:]/).at(-1));

export class Stage {
  /** @type {{ us: number, bytes: Buffer }[]} */
  frames = [];
  #id = 1000;

  /** @param {number} us after the beginning @param {Buffer} bytes */
  frame(us, bytes) {
    this.frames.push({ us: Math.round(beginUs + us), bytes: bytes.length < 60 ? Buffer.concat([bytes], 60) : bytes });
  }

  /** An IP packet whose layer above has its checksum at `sumAt` (below 0: none). */
  ip(us, from, to, proto, payload, sumAt, macTo = macOf(to)) {
    const [src, dst] = [addressBytes(from), addressBytes(to)];
    const body = Buffer.from(payload);
    if (sumAt >= 0) sealBody(body, sumAt, proto === 1 ? [] : [src, dst], proto);
    const ttl = /^(192\.168|2001:db8:1:|fe80|0\.0)/.test(from) ? 64 : 52;
    const is4 = src.length === 4;
    const head = is4 ? this.#head4(src, dst, proto, body.length, ttl) : head6(src, dst, proto, body.length, ttl);
    this.frame(us, Buffer.concat([ethernet(macTo, macOf(from), is4 ? etherType.ipv4 : etherType.ipv6), head, body]));
  }

  udp(us, from, fromPort, to, toPort, payload) {
    const head = Buffer.alloc(8);
    put16(head, 0, fromPort);
    put16(head, 2, toPort);
    put16(head, 4, 8 + payload.length);
    this.ip(us, from, to, 17, Buffer.concat([head, payload]), 6);
  }

  arp(us, from, to, isAnswer) {
    const [sender, target] = [macOf(from), isAnswer ? macOf(to) : Buffer.alloc(6)];
    const head = ethernet(isAnswer ? target : Buffer.alloc(6, 255), sender, etherType.arp);
    const kind = Buffer.from([0, 1, 8, 0, 6, 4, 0, isAnswer ? 2 : 1]);
    this.frame(us, Buffer.concat([head, kind, sender, addressBytes(from), target, addressBytes(to)]));
  }

  /** A question for the neighbour's station and its answer. */
  neighbours(us, asker, asked) {
    this.arp(us, asker, asked, false);
    this.arp(us + 310, asked, asker, true);
  }

  #head4(src, dst, proto, length, ttl) {
    const head = Buffer.alloc(20);
    head.set([0x45, 0], 0);
    put16(head, 2, 20 + length);
    put16(head, 4, this.#id++ & 0xffff);
    head.set([0x40, 0, proto === 2 ? 1 : ttl, proto], 6);
    head.set(src, 12);
    head.set(dst, 16);
    put16(head, 10, checksum(head, 0, 20, 0));
    return head;
  }

  /** The frames in order; those of one moment in the order they were made. */
  inOrder() {
    return this.frames.map((frame, n) => ({ ...frame, n })).sort((a, b) => a.us - b.us || a.n - b.n);
  }
}

const ethernet = (to, from, type) => Buffer.concat([to, from, Buffer.from([type >> 8, type & 255])]);

function head6(src, dst, proto, length, ttl) {
  const head = Buffer.alloc(40);
  head[0] = 0x60;
  put16(head, 4, length);
  // Neighbour discovery has to come from the link itself (RFC 4861 §7.1).
  head.set([proto, proto === icmp6 ? 255 : ttl], 6);
  head.set(src, 8);
  head.set(dst, 24);
  return head;
}

function sealBody(body, sumAt, addresses, proto) {
  put16(body, sumAt, 0);
  let pseudo = addresses.length === 0 ? 0 : proto + body.length;
  for (const address of addresses) for (let i = 0; i < address.length; i += 2) pseudo += address.readUInt16BE(i);
  const sum = checksum(body, 0, body.length, pseudo);
  put16(body, sumAt, proto === 17 && sum === 0 ? 0xffff : sum);
}
