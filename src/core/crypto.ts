// Ciphers, digests and decompression as analysis sees them: `app` fills this from node:crypto and node:zlib, so that
// analysis itself touches no `node:` module.

export type Digest = 'md5' | 'sha1' | 'sha256' | 'sha384';
export type Aead = 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305' | 'aes-128-ccm' | 'aes-128-ccm-8';

export interface Crypto {
  /** Lower-case hexadecimal digest. */
  digestHex(name: Digest, data: Uint8Array | string): string;
  digest(name: Digest, data: Uint8Array): Uint8Array;
  hmac(name: Digest, key: Uint8Array, data: Uint8Array): Uint8Array;
  /** One block of AES in ECB mode (QUIC header protection); the key's length says 128 or 256. */
  aesBlock(key: Uint8Array, block: Uint8Array): Uint8Array;
  /** 16 bytes of ChaCha20 key stream; counter (little endian) and nonce are the 16 bytes of `iv`. */
  chachaBlock(key: Uint8Array, iv: Uint8Array): Uint8Array;
  /** Plain text, or null when the tag does not fit. `sealed` ends with the tag. */
  open(name: Aead, key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | null;
  /** At most `limit` bytes of what is packed; what can be had of cut or damaged input, possibly nothing. */
  unpack(name: 'gzip' | 'deflate' | 'br', packed: Uint8Array, limit: number): Uint8Array;
}

/** Secrets of a key log by client random (SSLKEYLOGFILE, draft-ietf-tls-keylogfile). */
export interface KeyLog {
  /** Whether there is any secret at all: without one nothing has to be kept for decryption. */
  readonly isEmpty: boolean;
  /** @param label such as CLIENT_TRAFFIC_SECRET_0 @param clientRandom 64 lower-case hexadecimal digits */
  secret(label: string, clientRandom: string): Uint8Array | null;
}

/** Knows no secret. */
export const noKeys: KeyLog = { isEmpty: true, secret: () => null };
