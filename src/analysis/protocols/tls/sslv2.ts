// SSL 2.0 hellos (draft-hickman-netscape-ssl-00; RFC 5246 §E.2: clients of TLS that are also good for SSL 2.0 servers).

import { hexText, u16, u24 } from '../../../core/index.ts';
import type { ClientHello } from './client-hello.ts';

const suiteLimit = 256;

/** Messages of SSL 2.0 that are read. */
export const sslv2 = { clientHello: 1, clientMasterKey: 2, serverHello: 4 } as const;

const names: ReadonlyMap<number, string> = new Map([
  [0x010080, 'SSLv20_CK_RC4_128_WITH_MD5'],
  [0x020080, 'SSLv20_CK_RC4_128_EXPORT40_WITH_MD5'],
  [0x030080, 'SSLv20_CK_RC2_128_CBC_WITH_MD5'],
  [0x040080, 'SSLv20_CK_RC2_128_CBC_EXPORT40_WITH_MD5'],
  [0x050080, 'SSLv20_CK_IDEA_128_CBC_WITH_MD5'],
  [0x060040, 'SSLv20_CK_DES_64_CBC_WITH_MD5'],
  [0x0700c0, 'SSLv20_CK_DES_192_EDE3_CBC_WITH_MD5'],
]);

/** Name of a suite of three bytes, undefined for one of TLS. */
export const sslv2SuiteName = (suite: number): string | undefined => names.get(suite);

/** Length of a record, its header of two bytes included; 0 when there is none of that kind. */
export const sslv2RecordLength = (b: Uint8Array, at: number): number =>
  b[at] & 0x80 ? 2 + (((b[at] & 0x7f) << 8) | b[at + 1]) : 0;

/**
 * Whether a record of SSL 2.0 with a ClientHello begins here.
 *
 * ```text
 * length(2, first bit set) 1 version(2) suites length(2) session id length(2) challenge length(2)
 * ```
 */
export function isSslv2ClientHello(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < 11 || b[at + 2] !== sslv2.clientHello) return false;
  const version = u16(b, at + 3);
  const suites = u16(b, at + 5);
  const id = u16(b, at + 7);
  const challenge = u16(b, at + 9);
  return (
    (version === 2 || version >> 8 === 3) &&
    suites > 0 &&
    suites % 3 === 0 &&
    (id === 0 || id === 16) &&
    challenge >= 16 &&
    challenge <= 32 &&
    sslv2RecordLength(b, at) === 11 + suites + id + challenge
  );
}

/** The hello of a whole record. It has no random and no extensions: fingerprints are not taken of it. */
export function readSslv2ClientHello(b: Uint8Array, at: number): ClientHello {
  const suitesEnd = at + 11 + u16(b, at + 5);
  const idLength = u16(b, at + 7);
  const cipherSuites: number[] = [];
  for (let o = at + 11; o < suitesEnd && cipherSuites.length < suiteLimit; o += 3) cipherSuites.push(u24(b, o));
  return {
    version: u16(b, at + 3),
    randomHex: '',
    randomAt: 0,
    sessionIdHex: hexText(b, suitesEnd, suitesEnd + idLength),
    sessionIdLength: idLength,
    cipherSuites,
    compressionMethods: [],
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
    isCut: false,
  };
}

export interface Sslv2ServerHello {
  /** The first suite of its list, -1 without one. */
  readonly cipherSuite: number;
  readonly certificateAt: number;
  readonly certificateEnd: number;
}

/**
 * The hello of a server that knows nothing newer; null when it is none.
 *
 * ```text
 * length(2) 4 session hit(1) certificate type(1) version(2) certificate length(2) suites length(2) id length(2)
 * ```
 */
export function readSslv2ServerHello(b: Uint8Array, at: number, end: number): Sslv2ServerHello | null {
  if (end - at < 13 || b[at + 2] !== sslv2.serverHello || u16(b, at + 5) !== 2) return null;
  const certificateEnd = at + 13 + u16(b, at + 7);
  const suites = u16(b, at + 9);
  if (certificateEnd + suites + u16(b, at + 11) > end) return null;
  return {
    cipherSuite: suites >= 3 ? u24(b, certificateEnd) : -1,
    certificateAt: at + 13,
    certificateEnd,
  };
}
