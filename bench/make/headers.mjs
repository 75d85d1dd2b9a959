// Writes headers with valid checksums: Ethernet II, 802.1Q, ARP (RFC 826), IPv4 (RFC 791), IPv6 (RFC 8200), TCP, UDP, ICMP.

export const tcpBit = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 };
export const ipProto = { icmp: 1, tcp: 6, udp: 17 };
export const etherType = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd };

/** @param {Uint8Array} b @param {number} at @param {number} value */
export function put16(b, at, value) {
  b[at] = value >>> 8;
  b[at + 1] = value;
}

/** @param {Uint8Array} b @param {number} at @param {number} value */
export function put32(b, at, value) {
  b[at] = value >>> 24;
  b[at + 1] = value >>> 16;
  b[at + 2] = value >>> 8;
  b[at + 3] = value;
}

/**
 * The Internet checksum (RFC 1071) of `from`..`to`, begun with `start` (what a pseudo header adds).
 *
 * @param {Uint8Array} b @param {number} from @param {number} to @param {number} start
 */
export function checksum(b, from, to, start) {
  let sum = start;
  const even = to - ((to - from) & 1);
  for (let at = from; at < even; at += 2) sum += (b[at] << 8) + b[at + 1];
  if (even < to) sum += b[even] << 8;
  sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/**
 * Ethernet header, tagged when `vlan` is not 0. Hosts get locally administered addresses 02:00:<four bytes of `host`>.
 *
 * @param {Uint8Array} b @param {number} at @param {number} from @param {number} to 0xffffffff: broadcast
 * @param {number} type @param {number} vlan
 * @returns {number} offset of the payload
 */
export function putEthernet(b, at, from, to, type, vlan) {
  const head = to === 0xffffffff ? 0xffff : 0x0200;
  put16(b, at, head);
  put32(b, at + 2, to);
  put16(b, at + 6, 0x0200);
  put32(b, at + 8, from);
  let next = at + 12;
  if (vlan !== 0) {
    put16(b, next, etherType.vlan);
    put16(b, next + 2, vlan);
    next += 4;
  }
  put16(b, next, type);
  return next + 2;
}

/**
 * @param {Uint8Array} b @param {number} at @param {number} length of the datagram @param {number} id @param {number} ttl
 * @param {number} proto @param {number} from @param {number} to
 * @returns {number} what the addresses add to a checksum over a pseudo header
 */
export function putIpv4(b, at, length, id, ttl, proto, from, to) {
  put16(b, at, 0x4500);
  put16(b, at + 2, length);
  put16(b, at + 4, id);
  put16(b, at + 6, 0x4000);
  b[at + 8] = ttl;
  b[at + 9] = proto;
  put16(b, at + 10, 0);
  put32(b, at + 12, from);
  put32(b, at + 16, to);
  const pseudo = (from >>> 16) + (from & 0xffff) + (to >>> 16) + (to & 0xffff);
  put16(b, at + 10, checksum(b, at, at + 12, pseudo));
  return pseudo;
}

/**
 * IPv6 in the documentation prefix 2001:db8::/32: each host is its number below subnet 1.
 *
 * @param {Uint8Array} b @param {number} at @param {number} length of the payload @param {number} ttl
 * @param {number} proto @param {number} from @param {number} to
 * @returns {number} what the addresses add to a checksum over a pseudo header
 */
export function putIpv6(b, at, length, ttl, proto, from, to) {
  put32(b, at, 0x60000000);
  put16(b, at + 4, length);
  b[at + 6] = proto;
  b[at + 7] = ttl;
  for (const [where, host] of [
    [at + 8, from],
    [at + 24, to],
  ]) {
    put32(b, where, 0x20010db8);
    put32(b, where + 4, 1);
    put32(b, where + 8, 0);
    put32(b, where + 12, host);
  }
  const pair = 0x2001 + 0x0db8 + 1;
  return 2 * pair + (from >>> 16) + (from & 0xffff) + (to >>> 16) + (to & 0xffff);
}

/**
 * TCP header without its checksum, which {@link sealTcp} puts in when the payload is there.
 *
 * @param {Uint8Array} b @param {number} at @param {number} fromPort @param {number} toPort @param {number} seq
 * @param {number} ack @param {number} flags @param {number} window @param {number} optionBytes multiple of 4
 * @returns {number} offset of the options
 */
export function putTcp(b, at, fromPort, toPort, seq, ack, flags, window, optionBytes) {
  put16(b, at, fromPort);
  put16(b, at + 2, toPort);
  put32(b, at + 4, seq);
  put32(b, at + 8, ack);
  b[at + 12] = ((20 + optionBytes) >> 2) << 4;
  b[at + 13] = flags;
  put16(b, at + 14, window);
  put32(b, at + 16, 0);
  return at + 20;
}

/** @param {Uint8Array} b @param {number} at @param {number} end @param {number} pseudo */
export function sealTcp(b, at, end, pseudo) {
  put16(b, at + 16, checksum(b, at, end, pseudo + ipProto.tcp + end - at));
}

/**
 * UDP header without its checksum, which {@link sealUdp} puts in when the payload is there.
 *
 * @param {Uint8Array} b @param {number} at @param {number} fromPort @param {number} toPort @param {number} payloadBytes
 * @returns {number} offset of the payload
 */
export function putUdp(b, at, fromPort, toPort, payloadBytes) {
  put16(b, at, fromPort);
  put16(b, at + 2, toPort);
  put16(b, at + 4, 8 + payloadBytes);
  put16(b, at + 6, 0);
  return at + 8;
}

/**
 * A sum of zero is sent as all ones: zero says that there is none (RFC 768).
 *
 * @param {Uint8Array} b @param {number} at @param {number} end @param {number} pseudo
 */
export function sealUdp(b, at, end, pseudo) {
  put16(b, at + 6, checksum(b, at, end, pseudo + ipProto.udp + end - at) || 0xffff);
}

/**
 * Addresses of a workload: 10/8 and the documentation ranges in files, 127/8 for live sending.
 *
 * @param {boolean} live
 */
export function createAddresses(live) {
  const documentation = [0xc0000200, 0xc6336400, 0xcb007100]; // 192.0.2/24, 198.51.100/24, 203.0.113/24
  const clientNet = live ? 0x7f010000 : 0x0a010000;
  const serverNet = live ? 0x7f020000 : 0x0ac80000;
  return {
    /** @param {number} n below 65536 */
    client: (n) => (clientNet + n) >>> 0,
    /** @param {number} n below 65536 */
    server: (n) => {
      if (live || n >= 720) return (serverNet + n) >>> 0;
      return documentation[n % 3] + 1 + Math.floor(n / 3);
    },
    resolver: live ? 0x7f000035 : 0x0a000035,
  };
}
