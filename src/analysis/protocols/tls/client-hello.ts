// ClientHello of TLS 1.0 to 1.3 (RFC 8446 §4.1.2), DTLS (RFC 6347 §4.2.1) and QUIC (RFC 9001 §4).

import { hexText, u16, wireText } from '../../../core/index.ts';

/** Bounds of what is kept of one hello. More than any real client sends. */
const suiteLimit = 1024;
const extensionLimit = 256;
const listLimit = 256;
const alpnLimit = 32;
const nameLimit = 1024;

export const extension = {
  serverName: 0,
  statusRequest: 5,
  supportedGroups: 10,
  ecPointFormats: 11,
  signatureAlgorithms: 13,
  useSrtp: 14,
  heartbeat: 15,
  alpn: 16,
  extendedMasterSecret: 23,
  sessionTicket: 35,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  keyShare: 51,
  quicParameters: 57,
  nextProtocol: 13172,
  encryptedClientHello: 0xfe0d,
} as const;

/** What a client offers. Lists are in the order of the wire, GREASE values (RFC 8701) included. */
export interface ClientHello {
  /** The hello's own version field, which TLS 1.3 leaves at 0x0303. */
  readonly version: number;
  /** 64 lower-case hexadecimal digits. */
  readonly randomHex: string;
  /** Where the 32 bytes of the random begin, in the bytes that were read. */
  readonly randomAt: number;
  /** Lower-case hexadecimal digits, empty without one. */
  readonly sessionIdHex: string;
  readonly sessionIdLength: number;
  readonly cipherSuites: readonly number[];
  readonly compressionMethods: readonly number[];
  /** Types in order. */
  readonly extensions: readonly number[];
  /** First host name of server_name as it came, made safe to show; null without one. */
  readonly sni: string | null;
  readonly alpn: readonly string[];
  /** First and last byte of the first name of `alpn`, as one 16-bit number; -1 without one. JA4 wants bytes, not text. */
  readonly alpnEnds: number;
  readonly supportedVersions: readonly number[];
  readonly supportedGroups: readonly number[];
  readonly ecPointFormats: readonly number[];
  readonly signatureAlgorithms: readonly number[];
  /** Groups of key_share (TLS 1.3). */
  readonly keyShareGroups: readonly number[];
  /** Encrypted ClientHello (RFC 9849) is offered: `sni` is that of the outer hello. */
  readonly hasEch: boolean;
  readonly hasPsk: boolean;
  readonly hasEarlyData: boolean;
  /** Length of the session ticket: 0 when it is asked for, -1 without the extension. */
  readonly ticketLength: number;
  /** Whether it ended before its own lengths said so: what is there was kept. */
  readonly isCut: boolean;
}

/** `-readonly`, while it is read. */
type Draft = { -readonly [K in keyof ClientHello]: ClientHello[K] };

/** 0x?A?A with both bytes the same: values that mean nothing (RFC 8701). */
export const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);

/**
 * The body of a ClientHello, after the four bytes of its handshake header (twelve in DTLS).
 *
 * ```text
 * version(2) random(32) session id<0..32> [cookie<0..255>, DTLS only] cipher suites<2..> compression<1..> extensions<0..>
 * ```
 *
 * @param hasCookie DTLS: a cookie follows the session id
 * @returns null when the bytes end before the cipher suites do, or no hello has such lengths
 */
export function readClientHello(b: Uint8Array, at: number, end: number, hasCookie = false): ClientHello | null {
  if (end - at < 38) return null;
  const version = u16(b, at);
  const randomAt = at + 2;
  const sessionIdLength = b[at + 34];
  let o = at + 35 + sessionIdLength;
  if (sessionIdLength > 32 || o + 2 > end) return null;
  const sessionIdHex = hexText(b, at + 35, o);
  if (hasCookie) o += 1 + b[o];
  if (o + 2 > end) return null;
  const suitesEnd = o + 2 + u16(b, o);
  if (suitesEnd > end || (suitesEnd - o) % 2 !== 0) return null;
  const cipherSuites = numbers16(b, o + 2, suitesEnd, suiteLimit);
  o = suitesEnd;
  const compressionEnd = o < end ? o + 1 + b[o] : o;
  const hello: Draft = {
    version,
    randomHex: hexText(b, randomAt, randomAt + 32),
    randomAt,
    sessionIdHex,
    sessionIdLength,
    cipherSuites,
    compressionMethods: numbers8(b, o + 1, Math.min(end, compressionEnd)),
    extensions: [],
    sni: null,
    alpn: [],
    alpnEnds: -1,
    supportedVersions: [],
    supportedGroups: [],
    ecPointFormats: [],
    signatureAlgorithms: [],
    keyShareGroups: [],
    hasEch: false,
    hasPsk: false,
    hasEarlyData: false,
    ticketLength: -1,
    isCut: compressionEnd > end || o >= end || compressionEnd + 1 === end,
  };
  if (compressionEnd + 2 <= end) readExtensions(hello, b, compressionEnd, end);
  return hello;
}

function readExtensions(hello: Draft, b: Uint8Array, at: number, end: number): void {
  const stated = at + 2 + u16(b, at);
  if (stated > end) hello.isCut = true;
  const stop = Math.min(stated, end);
  const types: number[] = [];
  let o = at + 2;
  while (o + 4 <= stop && types.length < extensionLimit) {
    const type = u16(b, o);
    const next = o + 4 + u16(b, o + 2);
    types.push(type);
    if (next > stop) {
      hello.isCut = true;
      break;
    }
    readExtension(hello, type, b, o + 4, next);
    o = next;
  }
  hello.extensions = types;
}

function readExtension(hello: Draft, type: number, b: Uint8Array, at: number, end: number): void {
  switch (type) {
    case extension.serverName:
      hello.sni ??= serverNameOf(b, at, end);
      return;
    case extension.supportedGroups:
      hello.supportedGroups = list16(b, at, end);
      return;
    case extension.ecPointFormats:
      if (at < end) hello.ecPointFormats = numbers8(b, at + 1, Math.min(end, at + 1 + b[at]));
      return;
    case extension.signatureAlgorithms:
      hello.signatureAlgorithms = list16(b, at, end);
      return;
    case extension.alpn:
      hello.alpn = readAlpn(b, at, end);
      if (hello.alpn.length > 0 && b[at + 2] > 0) hello.alpnEnds = (b[at + 3] << 8) | b[at + 2 + b[at + 2]];
      return;
    case extension.supportedVersions:
      if (at < end) hello.supportedVersions = numbers16(b, at + 1, Math.min(end, at + 1 + b[at]), listLimit);
      return;
    case extension.keyShare:
      hello.keyShareGroups = keyShareGroupsOf(b, at, end);
      return;
    case extension.sessionTicket:
      hello.ticketLength = end - at;
      return;
    case extension.preSharedKey:
      hello.hasPsk = true;
      return;
    case extension.earlyData:
      hello.hasEarlyData = true;
      return;
    case extension.encryptedClientHello:
      hello.hasEch = true;
      return;
  }
}

/** list length(2), then entries of type(1) length(2) name; type 0 is a host name (RFC 6066 §3). */
function serverNameOf(b: Uint8Array, at: number, end: number): string | null {
  let o = at + 2;
  while (o + 3 <= end) {
    const next = o + 3 + u16(b, o + 1);
    if (next > end) return null;
    if (b[o] === 0) return next > o + 3 ? wireText(b, o + 3, Math.min(next, o + 3 + nameLimit)) : null;
    o = next;
  }
  return null;
}

/** Protocol names of an ALPN extension (RFC 7301 §3.1): list length(2), then names of length(1) each. */
export function readAlpn(b: Uint8Array, at: number, end: number): string[] {
  const names: string[] = [];
  let o = at + 2;
  while (o < end && names.length < alpnLimit) {
    const next = o + 1 + b[o];
    if (next > end) break;
    names.push(wireText(b, o + 1, next));
    o = next;
  }
  return names;
}

/** list length(2), then entries of group(2) length(2) key (RFC 8446 §4.2.8). */
function keyShareGroupsOf(b: Uint8Array, at: number, end: number): number[] {
  const groups: number[] = [];
  for (let o = at + 2; o + 4 <= end && groups.length < listLimit; o += 4 + u16(b, o + 2)) groups.push(u16(b, o));
  return groups;
}

/** Two-byte numbers after a two-byte length. */
function list16(b: Uint8Array, at: number, end: number): number[] {
  if (at + 2 > end) return [];
  return numbers16(b, at + 2, Math.min(end, at + 2 + u16(b, at)), listLimit);
}

function numbers16(b: Uint8Array, at: number, end: number, limit: number): number[] {
  const out: number[] = [];
  for (let o = at; o + 2 <= end && out.length < limit; o += 2) out.push(u16(b, o));
  return out;
}

function numbers8(b: Uint8Array, at: number, end: number): number[] {
  const out: number[] = [];
  for (let o = at; o < end; o++) out.push(b[o]);
  return out;
}
