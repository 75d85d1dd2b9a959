// SSH key exchange: the algorithm lists of both sides and what follows from them (RFC 4253 §7.1), HASSH fingerprints.

import { type Crypto, latin1, u32 } from '../../../core/index.ts';

/** Characters of a fingerprint's text that are kept in an event; the digest is always over all of it. */
const shownHasshChars = 8192;

/** The name lists of a KEXINIT, as they came. `ToServer` and `ToClient` as in the message: by the way bytes go. */
export interface KeyExchange {
  readonly kex: string;
  readonly hostKey: string;
  readonly cipherToServer: string;
  readonly cipherToClient: string;
  readonly macToServer: string;
  readonly macToClient: string;
  readonly compressionToServer: string;
  readonly compressionToClient: string;
}

export interface Hassh {
  readonly hash: string;
  readonly string: string;
}

/** What both sides agreed on. */
export interface Negotiated {
  readonly kex: string;
  readonly hostKey: string;
  readonly cipher: string;
  readonly mac: string;
  readonly compression: string;
}

/*
 *   +----+-----------+----------+----------+- - -+----------+----------+
 *   | 20 | cookie 16 | length 4 | names    | x10 | follows 1| reserved |
 *   +----+-----------+----------+----------+- - -+----------+----------+
 */

/**
 * Reads a KEXINIT.
 * @param at position of the message number
 * @returns null when a list reaches beyond the message
 */
export function readKeyExchange(b: Uint8Array, at: number, end: number): KeyExchange | null {
  const lists: string[] = [];
  let o = at + 17;
  while (lists.length < 8) {
    if (o + 4 > end) return null;
    const length = u32(b, o);
    o += 4;
    if (length > end - o) return null;
    lists.push(latin1(b, o, o + length));
    o += length;
  }
  const [kex, hostKey, cipherToServer, cipherToClient, macToServer, macToClient] = lists;
  return {
    kex,
    hostKey,
    cipherToServer,
    cipherToClient,
    macToServer,
    macToClient,
    compressionToServer: lists[6],
    compressionToClient: lists[7],
  };
}

/** The fingerprint of a side: key exchange, ciphers, MACs and compressions for what that side sends. */
export function hasshOf(lists: KeyExchange, isServer: boolean, crypto: Crypto): Hassh {
  const string = isServer
    ? `${lists.kex};${lists.cipherToClient};${lists.macToClient};${lists.compressionToClient}`
    : `${lists.kex};${lists.cipherToServer};${lists.macToServer};${lists.compressionToServer}`;
  return { hash: crypto.digestHex('md5', string), string: shown(string) };
}

/** The client's first choice that the server has, too. In Zeek's words where the ways differ or nothing fits. */
export function negotiate(client: KeyExchange, server: KeyExchange): Negotiated {
  return {
    kex: first(client.kex, server.kex),
    hostKey: first(client.hostKey, server.hostKey),
    cipher: bothWays(client.cipherToServer, server.cipherToServer, client.cipherToClient, server.cipherToClient),
    mac: bothWays(client.macToServer, server.macToServer, client.macToClient, server.macToClient),
    compression: bothWays(
      client.compressionToServer,
      server.compressionToServer,
      client.compressionToClient,
      server.compressionToClient,
    ),
  };
}

function bothWays(clientUp: string, serverUp: string, clientDown: string, serverDown: string): string {
  const up = first(clientUp, serverUp);
  const down = first(clientDown, serverDown);
  return up === down ? up : `To server: ${up}, to client: ${down}`;
}

function first(wanted: string, offered: string): string {
  const there = new Set(offered.split(','));
  for (const name of wanted.split(',')) if (there.has(name)) return shown(name);
  return 'Algorithm negotiation failed';
}

/** Names are ASCII by RFC 4251 §6; whatever else came is shown as an escape. */
function shown(text: string): string {
  return text
    .slice(0, shownHasshChars)
    .replace(/[^\x20-\x7e]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
