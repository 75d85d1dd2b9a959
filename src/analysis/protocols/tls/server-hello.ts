// ServerHello of TLS 1.0 to 1.3 (RFC 8446 §4.1.3) and DTLS, HelloRetryRequest included.

import { hexText, u16, wireText } from '../../../core/index.ts';
import { extension, readAlpn } from './client-hello.ts';

const extensionLimit = 256;

/** The random that makes a ServerHello a HelloRetryRequest (RFC 8446 §4.1.3). */
const retryRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

/** What a server chose. */
export interface ServerHello {
  /** The hello's own version field. */
  readonly wireVersion: number;
  /** The version in force: that of supported_versions where it is there. */
  readonly version: number;
  /** 64 lower-case hexadecimal digits. */
  readonly randomHex: string;
  readonly sessionIdHex: string;
  readonly cipherSuite: number;
  /** Types in order. */
  readonly extensions: readonly number[];
  readonly alpn: string | null;
  /** Names of next_protocol_negotiation, the predecessor of ALPN; null without the extension. */
  readonly npn: readonly string[] | null;
  /** Group of key_share, or of pre-TLS 1.3 nothing: -1. */
  readonly group: number;
  readonly hasPsk: boolean;
  readonly hasTicket: boolean;
  readonly isRetry: boolean;
}

type Draft = { -readonly [K in keyof ServerHello]: ServerHello[K] };

/**
 * The body of a ServerHello, after its handshake header.
 *
 * ```text
 * version(2) random(32) session id<0..32> cipher suite(2) compression(1) extensions<0..>
 * ```
 *
 * Drafts of TLS 1.3 before the 23rd have no session id and no compression.
 *
 * @returns null when the bytes end before the cipher suite does
 */
export function readServerHello(b: Uint8Array, at: number, end: number): ServerHello | null {
  if (end - at < 36) return null;
  const wireVersion = u16(b, at);
  const isDraft = wireVersion >> 8 === 0x7f && (wireVersion & 0xff) < 23;
  const sessionLength = isDraft ? 0 : b[at + 34];
  const suiteAt = isDraft ? at + 34 : at + 35 + sessionLength;
  if (sessionLength > 32 || suiteAt + 2 > end) return null;
  const randomHex = hexText(b, at + 2, at + 34);
  const hello: Draft = {
    wireVersion,
    version: wireVersion,
    randomHex,
    sessionIdHex: hexText(b, at + 35, at + 35 + sessionLength),
    cipherSuite: u16(b, suiteAt),
    extensions: [],
    alpn: null,
    npn: null,
    group: -1,
    hasPsk: false,
    hasTicket: false,
    isRetry: randomHex === retryRandom,
  };
  const extensionsAt = suiteAt + (isDraft ? 2 : 3);
  if (extensionsAt + 2 <= end) readExtensions(hello, b, extensionsAt, end);
  return hello;
}

function readExtensions(hello: Draft, b: Uint8Array, at: number, end: number): void {
  const stop = Math.min(end, at + 2 + u16(b, at));
  const types: number[] = [];
  let o = at + 2;
  while (o + 4 <= stop && types.length < extensionLimit) {
    const type = u16(b, o);
    const next = o + 4 + u16(b, o + 2);
    types.push(type);
    if (next > stop) break;
    readExtension(hello, type, b, o + 4, next);
    o = next;
  }
  hello.extensions = types;
}

function readExtension(hello: Draft, type: number, b: Uint8Array, at: number, end: number): void {
  if (type === extension.alpn) hello.alpn = readAlpn(b, at, end)[0] ?? null;
  else if (type === extension.nextProtocol) hello.npn = readNames(b, at, end);
  else if (type === extension.supportedVersions && end - at >= 2) hello.version = u16(b, at);
  else if (type === extension.keyShare && end - at >= 2) hello.group = u16(b, at);
  else if (type === extension.preSharedKey) hello.hasPsk = true;
  else if (type === extension.sessionTicket) hello.hasTicket = true;
}

function readNames(b: Uint8Array, at: number, end: number): string[] {
  const names: string[] = [];
  for (let o = at; o < end && o + 1 + b[o] <= end && names.length < 32; o += 1 + b[o]) {
    names.push(wireText(b, o + 1, o + 1 + b[o]));
  }
  return names;
}
