// Cipher suites that can be opened with logged secrets: AEAD only (RFC 5288, 5289, 7905, 6655, 8446 §B.4).

import type { Aead } from '../../../core/index.ts';
import type { HashName } from './key-schedule.ts';

export interface Suite {
  readonly aead: Aead;
  /** Digest of the key schedule. */
  readonly hash: HashName;
  readonly keyBytes: number;
}

const aes128: Suite = { aead: 'aes-128-gcm', hash: 'sha256', keyBytes: 16 };
const aes256: Suite = { aead: 'aes-256-gcm', hash: 'sha384', keyBytes: 32 };
const chacha: Suite = { aead: 'chacha20-poly1305', hash: 'sha256', keyBytes: 32 };
const ccm: Suite = { aead: 'aes-128-ccm', hash: 'sha256', keyBytes: 16 };
const ccm8: Suite = { aead: 'aes-128-ccm-8', hash: 'sha256', keyBytes: 16 };

const byNumber: ReadonlyMap<number, Suite> = new Map([
  // TLS 1.3
  [0x1301, aes128],
  [0x1302, aes256],
  [0x1303, chacha],
  [0x1304, ccm],
  [0x1305, ccm8],
  // RSA, DHE_RSA, DHE_DSS, DH_RSA, PSK
  [0x009c, aes128],
  [0x009d, aes256],
  [0x009e, aes128],
  [0x009f, aes256],
  [0x00a0, aes128],
  [0x00a1, aes256],
  [0x00a2, aes128],
  [0x00a3, aes256],
  [0x00a8, aes128],
  [0x00a9, aes256],
  [0x00aa, aes128],
  [0x00ab, aes256],
  // ECDHE_ECDSA, ECDH_ECDSA, ECDHE_RSA, ECDH_RSA
  [0xc02b, aes128],
  [0xc02c, aes256],
  [0xc02d, aes128],
  [0xc02e, aes256],
  [0xc02f, aes128],
  [0xc030, aes256],
  [0xc031, aes128],
  [0xc032, aes256],
  // CCM: RSA, DHE_RSA, ECDHE_ECDSA
  [0xc09c, ccm],
  [0xc09e, ccm],
  [0xc0a0, ccm8],
  [0xc0a2, ccm8],
  [0xc0ac, ccm],
  [0xc0ae, ccm8],
  // ChaCha20-Poly1305: ECDHE_RSA, ECDHE_ECDSA, DHE_RSA, PSK, ECDHE_PSK
  [0xcca8, chacha],
  [0xcca9, chacha],
  [0xccaa, chacha],
  [0xccab, chacha],
  [0xccac, chacha],
]);

/** null for suites that cannot be opened: CBC and RC4, those without encryption, unknown ones. */
export const suiteOf = (number: number): Suite | null => byNumber.get(number) ?? null;
