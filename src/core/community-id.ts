// Community ID v1 of a flow (https://github.com/corelight/community-id-spec): the same text in Zeek, Suricata, Arkime and
// here, whoever spoke first.
//
//   SHA-1 of  ┌──────┬─────────┬─────────┬───────┬───┬───────┬───────┐
//             │ seed │ address │ address │ proto │ 0 │ port  │ port  │   lower endpoint first; ports only where
//             └──────┴─────────┴─────────┴───────┴───┴───────┴───────┘   the protocol has them
//               2      4 or 16   4 or 16   1       1   2       2

import { ipProto } from './ip-protocols.ts';
import { scheduleWords, sha1Block } from './sha1.ts';

/** How the hash is written: as Base64 (the standard form) or in hexadecimal. */
export type CommunityIdForm = 'base64' | 'hex';

/** Counterpart by ICMP type, -1 where messages of the type are not answered by another type. */
function counterparts(pairs: readonly (readonly [request: number, reply: number])[]): Int16Array {
  const table = new Int16Array(256).fill(-1);
  for (const [request, reply] of pairs) {
    table[request] = reply;
    table[reply] = request;
  }
  return table;
}

/** Echo, router discovery, timestamp, information, address mask. */
const icmpTable = counterparts([
  [8, 0],
  [10, 9],
  [13, 14],
  [15, 16],
  [17, 18],
]);

/** Echo, listener query and report, router and neighbour discovery, who-are-you, home agent discovery. */
const icmpv6Table = counterparts([
  [128, 129],
  [130, 131],
  [133, 134],
  [135, 136],
  [139, 140],
  [144, 145],
]);

/**
 * The type that answers an ICMP type (echo ↔ echo reply …), or -1 for messages that travel one way, such as errors.
 *
 * @param ipVersion 4 for ICMP, 6 for ICMPv6: what counts is the protocol (1 or 58), also where it rides in the other IP.
 */
export function icmpCounterpart(ipVersion: number, type: number): number {
  return (ipVersion === 6 ? icmpv6Table : icmpTable)[type & 255];
}

const schedule = new Int32Array(scheduleWords);
const digest = new Int32Array(5);

/** Whether the source is the higher endpoint: addresses as unsigned words in order, then ports. */
function isHigher(
  s0: number,
  s1: number,
  s2: number,
  s3: number,
  d0: number,
  d1: number,
  d2: number,
  d3: number,
  sport: number,
  dport: number,
): boolean {
  if (s0 !== d0) return s0 >>> 0 > d0 >>> 0;
  if (s1 !== d1) return s1 >>> 0 > d1 >>> 0;
  if (s2 !== d2) return s2 >>> 0 > d2 >>> 0;
  if (s3 !== d3) return s3 >>> 0 > d3 >>> 0;
  return sport > dport;
}

/** Fills `digest` with the hash of a flow's endpoints. Parameters as for {@link communityId}. */
function hashEndpoints(
  ipVersion: number,
  s0: number,
  s1: number,
  s2: number,
  s3: number,
  d0: number,
  d1: number,
  d2: number,
  d3: number,
  proto: number,
  sport: number,
  dport: number,
  seed: number,
): void {
  let hasPorts = proto === ipProto.tcp || proto === ipProto.udp || proto === ipProto.sctp;
  let isOneWay = false;
  if (proto === ipProto.icmp || proto === ipProto.icmpv6) {
    hasPorts = true;
    const counterpart = icmpCounterpart(proto === ipProto.icmpv6 ? 6 : 4, sport);
    if (counterpart < 0) isOneWay = true;
    else dport = counterpart;
  }
  if (!isOneWay && isHigher(s0, s1, s2, s3, d0, d1, d2, d3, hasPorts ? sport : 0, hasPorts ? dport : 0)) {
    let t = s0;
    s0 = d0;
    d0 = t;
    t = s1;
    s1 = d1;
    d1 = t;
    t = s2;
    s2 = d2;
    d2 = t;
    t = s3;
    s3 = d3;
    d3 = t;
    t = sport;
    sport = dport;
    dport = t;
  }
  const w = schedule;
  // The seed of two bytes in front puts every address across two words.
  w[0] = (seed << 16) | (s0 >>> 16);
  let n = 0;
  if (ipVersion === 6) {
    w[1] = (s0 << 16) | (s1 >>> 16);
    w[2] = (s1 << 16) | (s2 >>> 16);
    w[3] = (s2 << 16) | (s3 >>> 16);
    w[4] = (s3 << 16) | (d0 >>> 16);
    w[5] = (d0 << 16) | (d1 >>> 16);
    w[6] = (d1 << 16) | (d2 >>> 16);
    w[7] = (d2 << 16) | (d3 >>> 16);
    w[8] = (d3 << 16) | ((proto & 255) << 8);
    n = 9;
  } else {
    w[1] = (s0 << 16) | (d0 >>> 16);
    w[2] = (d0 << 16) | ((proto & 255) << 8);
    n = 3;
  }
  if (hasPorts) w[n++] = (sport << 16) | (dport & 0xffff);
  w[n] = 0x80000000 | 0;
  for (let i = n + 1; i < 15; i++) w[i] = 0;
  w[15] = n * 32;
  sha1Block(w, digest);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const base64 = Uint8Array.from(alphabet, (c) => c.charCodeAt(0));

/** Bytes that {@link writeCommunityId} writes: `1:` and 28 characters. */
export const communityIdBytes = 30;

/** Writes `1:` and the Base64 of `digest` (20 bytes make 27 characters and one `=`). */
function writeDigest(out: Uint8Array, at: number): void {
  out[at] = 0x31;
  out[at + 1] = 0x3a;
  const a = digest[0];
  const b = digest[1];
  const c = digest[2];
  const d = digest[3];
  const e = digest[4];
  writeSextets(out, at + 2, a >>> 8);
  writeSextets(out, at + 6, ((a & 255) << 16) | (b >>> 16));
  writeSextets(out, at + 10, ((b & 0xffff) << 8) | (c >>> 24));
  writeSextets(out, at + 14, c & 0xffffff);
  writeSextets(out, at + 18, d >>> 8);
  writeSextets(out, at + 22, ((d & 255) << 16) | (e >>> 16));
  writeSextets(out, at + 26, (e & 0xffff) << 8);
  out[at + 29] = 0x3d;
}

/** Four Base64 characters of 24 bits. */
function writeSextets(out: Uint8Array, at: number, bits: number): void {
  out[at] = base64[bits >>> 18];
  out[at + 1] = base64[(bits >>> 12) & 63];
  out[at + 2] = base64[(bits >>> 6) & 63];
  out[at + 3] = base64[bits & 63];
}

/** As {@link communityId} with seed 0, written as {@link communityIdBytes} ASCII bytes; gives the position after them. */
export function writeCommunityId(
  out: Uint8Array,
  at: number,
  ipVersion: number,
  s0: number,
  s1: number,
  s2: number,
  s3: number,
  d0: number,
  d1: number,
  d2: number,
  d3: number,
  proto: number,
  sport: number,
  dport: number,
): number {
  hashEndpoints(ipVersion, s0, s1, s2, s3, d0, d1, d2, d3, proto, sport, dport, 0);
  writeDigest(out, at);
  return at + communityIdBytes;
}

/** The first 64 bits of a Community ID with seed 0, as two words; parameters as for {@link communityId}. */
export function communityWords(
  out: Int32Array,
  ipVersion: number,
  s0: number,
  s1: number,
  s2: number,
  s3: number,
  d0: number,
  d1: number,
  d2: number,
  d3: number,
  proto: number,
  sport: number,
  dport: number,
): void {
  hashEndpoints(ipVersion, s0, s1, s2, s3, d0, d1, d2, d3, proto, sport, dport, 0);
  out[0] = digest[0];
  out[1] = digest[1];
}

const text = new Uint8Array(communityIdBytes);

/**
 * Community ID v1, `1:` and a hash.
 *
 * @param s0 first word of the source address in network order (IPv4 uses only this one); `d0` likewise.
 * @param sport source port; for ICMP and ICMPv6 the type. Ignored for protocols other than TCP, UDP, SCTP and those.
 * @param dport destination port; for ICMP the code, ignored where the type has a counterpart.
 * @param seed 0..65535, to keep the flows of several sites apart.
 */
export function communityId(
  ipVersion: number,
  s0: number,
  s1: number,
  s2: number,
  s3: number,
  d0: number,
  d1: number,
  d2: number,
  d3: number,
  proto: number,
  sport: number,
  dport: number,
  seed = 0,
  form: CommunityIdForm = 'base64',
): string {
  hashEndpoints(ipVersion, s0, s1, s2, s3, d0, d1, d2, d3, proto, sport, dport, seed);
  if (form === 'hex') {
    let hex = '1:';
    for (let i = 0; i < 5; i++) hex += (digest[i] >>> 0).toString(16).padStart(8, '0');
    return hex;
  }
  writeDigest(text, 0);
  return String.fromCharCode.apply(null, text as unknown as number[]); // any array-like does; the type says arrays
}
