// BitTorrent between peers (BEP 3): the handshake that names the torrent, over TCP and over uTP (BEP 29); LSD (BEP 14).
//
//   | 19 | "BitTorrent protocol" | extensions 8 | info hash 20 | peer 20 |
//
//   uTP: | type:4 version:4 | extension | connection 2 | time 4 | difference 4 | window 4 | sequence 2 | acknowledged 2 |

import { flag, hasAscii, hexText, text, u16, u32, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  oneOf,
  otherSide,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';

const handshakeBytes = 68;
const greeting = '\x13BitTorrent protocol';
const utpBytes = 20;
const searchLine = 'BT-SEARCH * HTTP/1.1';
/** Connection identifier that asks a tracker for another (BEP 15). */
const trackerMagic = 0x00000417;
const trackerMagic2 = 0x27101980;
/** Datagrams looked at for a handshake inside uTP. */
const datagramLimit = 12;

const fields = {
  infoHash: text('Hash that names the torrent, hexadecimal', { filter: 'bittorrent.info_hash' }),
  clientPeer: text('Peer identifier of the client', { filter: 'bittorrent.peer_id' }),
  serverPeer: text('Peer identifier of the other'),
  isUtp: flag('Carried over uTP'),
  hasDht: flag('The client takes part in the distributed hash table'),
  hasExtensions: flag('The client speaks the extension protocol'),
};

/** A uTP header: version 1, a known type and extension. A first one opens: nothing measured, a window. */
function isUtpOpening(b: Uint8Array, o: number, end: number, length: number): boolean {
  if (end - o < utpBytes || (b[o] & 15) !== 1 || b[o + 1] > 3) return false;
  const type = b[o] >> 4;
  if (type === 4) return length <= 64 && u32(b, o + 8) === 0 && u32(b, o + 12) > 0 && u16(b, o + 2) !== 0;
  // The answer to it acknowledges one packet; data may carry the handshake.
  return type === 0 && hasAscii(b, o + utpBytes, end, greeting);
}

/** A message of the extension protocol (BEP 10): length, 20, 0 and a dictionary; where the handshake was not captured. */
const isExtension = (b: Uint8Array, o: number, end: number): boolean =>
  end - o >= 12 && b[o] === 0 && b[o + 1] === 0 && b[o + 4] === 20 && b[o + 5] === 0 && hasAscii(b, o + 6, end, 'd1:');

const probe: Probe = (b, o, end, hint) => {
  if (hint.proto === 6) {
    if (b[o] !== 0x13) return isExtension(b, o, end) ? probed.yes : probed.no;
    if (end - o >= greeting.length) return hasAscii(b, o, end, greeting) ? probed.yes : probed.no;
    return hasAscii(b, o, end, greeting.slice(0, end - o)) ? probed.maybe : probed.no;
  }
  if (b[o] === 0x42 && hasAscii(b, o, end, searchLine)) return probed.yes;
  if (hint.length === 16 && end - o === 16 && u32(b, o) === trackerMagic && u32(b, o + 4) === trackerMagic2)
    return probed.yes;
  return isUtpOpening(b, o, end, hint.length) ? probed.yes : probed.no;
};

export const bittorrent = defineProtocol({
  name: 'bittorrent',
  title: 'BitTorrent',
  family: 'files',
  ports: { tcp: [6881, 6882, 6883, 6884, 6885, 6886, 6887, 6888, 6889], udp: [6771] },
  variants: ['utp'],
  fields,
  probe: startingWith(oneOf(0, 0x01, 0x13, 0x41, 0x42), probe),
  open: (conversation) => new BittorrentTalk(conversation),
});

interface Handshake {
  readonly infoHash: string;
  readonly peer: string;
  readonly hasDht: boolean;
  readonly hasExtensions: boolean;
}

const handshakeOf = (b: Uint8Array, o: number): Handshake => ({
  infoHash: hexText(b, o + 28, o + 48),
  peer: wireText(b, o + 48, o + 68),
  hasDht: (b[o + 27] & 1) !== 0,
  hasExtensions: (b[o + 25] & 0x10) !== 0,
});

/** Reads until both sides have said who they are, or the second one has had its time. */
class BittorrentTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  readonly #shakes: [Handshake | null, Handshake | null] = [null, null];
  #isUtp = false;
  #datagrams = 0;
  #isTold = false;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    if (this.#conversation.proto === 17) return this.#datagram(side, b, at, end);
    if (this.#shakes[side] !== null) return 0x1000_0000;
    if (isExtension(b, at, end)) {
      this.#conversation.done();
      return end - at;
    }
    if (b[at] !== 0x13) return this.#shakes[otherSide(side)] === null ? notMine : 0x1000_0000;
    if (end - at < handshakeBytes) return 0;
    if (!hasAscii(b, at, end, greeting)) return notMine;
    this.#shake(side, b, at);
    return 0x1000_0000;
  }

  #datagram(side: Side, b: Uint8Array, at: number, end: number): number {
    const conversation = this.#conversation;
    if (b[at] === 0x42 && hasAscii(b, at, end, searchLine)) {
      this.#search(b, at, end);
      return end - at;
    }
    if (end - at === 16 && u32(b, at) === trackerMagic) {
      conversation.done();
      return end - at;
    }
    if (end - at < utpBytes || (b[at] & 15) !== 1) return this.#datagrams === 0 ? notMine : end - at;
    if (this.#datagrams++ === 0) {
      this.#isUtp = true;
      conversation.rename('utp');
    }
    let o = at + utpBytes;
    let extension = b[at + 1];
    while (extension !== 0 && o + 2 <= end) {
      extension = b[o];
      o += 2 + b[o + 1];
    }
    if (o + handshakeBytes <= end && hasAscii(b, o, end, greeting)) this.#shake(side, b, o);
    if (this.#datagrams >= datagramLimit) conversation.done();
    return end - at;
  }

  #shake(side: Side, b: Uint8Array, o: number): void {
    const other = otherSide(side);
    this.#shakes[side] = handshakeOf(b, o);
    if (this.#isUtp) this.#conversation.rename('bittorrent');
    if (this.#shakes[other] === null) return;
    this.#conversation.confirm();
    this.#tell();
    this.#conversation.done();
  }

  #tell(): void {
    const [client, server] = this.#shakes;
    const first = client ?? server;
    if (first === null || this.#isTold) return;
    this.#isTold = true;
    this.#conversation.emit({
      infoHash: first.infoHash,
      ...(client === null ? {} : { clientPeer: client.peer }),
      ...(server === null ? {} : { serverPeer: server.peer }),
      isUtp: this.#isUtp,
      hasDht: first.hasDht,
      hasExtensions: first.hasExtensions,
    });
  }

  /** Local search: the torrent's hash stands in a header line. */
  #search(b: Uint8Array, at: number, end: number): void {
    for (let o = at; o + 50 < end; o++) {
      if (b[o] !== 0x0a || !hasAscii(b, o + 1, end, 'Infohash: ')) continue;
      this.#conversation.emit({ infoHash: wireText(b, o + 11, o + 51).toLowerCase() });
      break;
    }
    this.#conversation.done();
  }

  end(): void {
    this.#tell();
  }
}
