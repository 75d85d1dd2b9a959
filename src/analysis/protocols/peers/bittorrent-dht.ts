// BitTorrent's distributed hash table (BEP 5, 32, 43): Kademlia queries and answers as bencoded dictionaries.

import { formatAddress, hexText, ipv4Text, latin1, object, text, u16, u32, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  oneOf,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';
import { bencodedNumber, bencodedText, eachEntry } from './bencode.ts';

/** Nodes and peers kept of an answer. */
const listLimit = 64;
/** Bytes of a hash, a token or an identifier that are shown. */
const shownBytes = 64;

interface Node {
  id: string;
  ip: string;
  port: number;
}
interface Peer {
  ip: string;
  port: number;
}
interface Request {
  id?: string;
  target?: string;
  info_hash?: string;
  token?: string;
  implied_port?: number;
  port?: number;
}
interface Response {
  id?: string;
  nodes?: Node[];
  nodes6?: Node[];
  token?: string;
  values?: Peer[];
}

const fields = {
  transaction: text('Transaction identifier, hexadecimal', {
    eve: 'bittorrent_dht.transaction_id',
    filter: 'bt-dht.bencoded.string',
  }),
  requestType: text('What is asked: ping, find_node, get_peers, announce_peer', { eve: 'bittorrent_dht.request_type' }),
  request: object<Request>('Arguments of a query', { eve: 'bittorrent_dht.request' }),
  response: object<Response>('Values of an answer', { eve: 'bittorrent_dht.response' }),
  error: object<{ num: number; msg: string }>('Number and text of an error', { eve: 'bittorrent_dht.error' }),
  clientVersion: text("Sender's program, hexadecimal", { eve: 'bittorrent_dht.client_version' }),
};

/** Keys in order: answer or arguments first, or the address of who asked ("ip", BEP 42), an error, a version. */
const probe: Probe = (b, o, end) => {
  if (end - o < 20 || b[o] !== 0x64) return probed.no;
  const key = bencodedText(b, o + 1, end);
  if (key === null || key.to - key.from > 2 || key.to === key.from) return probed.no;
  const isKnown = latin1(b, key.from, key.to);
  if (
    isKnown !== 'a' &&
    isKnown !== 'r' &&
    isKnown !== 'e' &&
    isKnown !== 'ip' &&
    isKnown !== 't' &&
    isKnown !== 'q' &&
    isKnown !== 'y'
  ) {
    return probed.no;
  }
  const value = b[key.to];
  // The value of "a" and "r" is a dictionary, that of "e" a list, the others are strings.
  if ((isKnown === 'a' || isKnown === 'r') && value !== 0x64) return probed.no;
  if (isKnown === 'e' && value !== 0x6c) return probed.no;
  return probed.yes;
};

export const bittorrentDht = defineProtocol({
  name: 'bittorrent-dht',
  title: 'BitTorrent DHT',
  family: 'files',
  eveType: 'bittorrent_dht',
  ports: { udp: [6881] },
  fields,
  probe: startingWith(oneOf(0x64), probe),
  open: (conversation) => new DhtTalk(conversation),
});

interface Message {
  kind: string;
  transaction: string | null;
  query: string | null;
  arguments: number;
  answer: number;
  error: number;
  version: string | null;
}

const hexOf = (b: Uint8Array, from: number, to: number): string => hexText(b, from, Math.min(to, from + shownBytes));

/** Finds the parts of a message; null when it is not a dictionary. */
function messageOf(b: Uint8Array, at: number, end: number): Message | null {
  const message: Message = {
    kind: '',
    transaction: null,
    query: null,
    arguments: -1,
    answer: -1,
    error: -1,
    version: null,
  };
  const isWhole = eachEntry(b, at, end, (key, valueAt) => {
    if (key.to - key.from !== 1) return;
    const value = bencodedText(b, valueAt, end);
    switch (b[key.from]) {
      case 0x61:
        message.arguments = valueAt;
        break;
      case 0x72:
        message.answer = valueAt;
        break;
      case 0x65:
        message.error = valueAt;
        break;
      case 0x79:
        message.kind = value === null ? '' : latin1(b, value.from, Math.min(value.to, value.from + 1));
        break;
      case 0x71:
        message.query = value === null ? null : wireText(b, value.from, Math.min(value.to, value.from + shownBytes));
        break;
      case 0x74:
        message.transaction = value === null ? null : hexOf(b, value.from, value.to);
        break;
      case 0x76:
        message.version = value === null ? null : hexOf(b, value.from, value.to);
    }
  });
  return isWhole || message.kind !== '' ? message : null;
}

class DhtTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  #asked = 0;
  #messages = 0;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    const conversation = this.#conversation;
    if (b[at] !== 0x64) {
      if (this.#messages === 0) return notMine;
      return end - at;
    }
    const message = messageOf(b, at, end);
    if (message === null || message.transaction === null) {
      conversation.weird('malformed_packet');
      if (message === null) return end - at;
    }
    this.#messages++;
    const common = {
      transaction: message.transaction ?? '',
      ...(message.version === null ? {} : { clientVersion: message.version }),
    };
    if (message.query !== null && message.kind === 'q') {
      this.#asked |= side === 0 ? 1 : 2;
      const request = requestOf(b, message.arguments, end);
      conversation.emit({ ...common, requestType: message.query, request }, { side });
    } else if (message.kind === 'r' && message.answer >= 0) {
      if ((this.#asked & (side === 0 ? 2 : 1)) !== 0) conversation.confirm();
      const response = responseOf(b, message.answer, end);
      conversation.emit({ ...common, response }, { side });
    } else if (message.kind === 'e' && message.error >= 0) {
      conversation.emit({ ...common, error: errorOf(b, message.error, end) }, { side });
    }
    return end - at;
  }
}

function requestOf(b: Uint8Array, at: number, end: number): Request {
  const request: Request = {};
  eachEntry(b, at, end, (key, valueAt) => {
    const name = latin1(b, key.from, Math.min(key.to, key.from + 16));
    if (name === 'port' || name === 'implied_port') {
      const value = bencodedNumber(b, valueAt, end);
      if (value !== null) request[name] = value;
    } else if (name === 'id' || name === 'target' || name === 'info_hash' || name === 'token') {
      const value = bencodedText(b, valueAt, end);
      if (value !== null) request[name] = hexOf(b, value.from, value.to);
    }
  });
  return request;
}

function responseOf(b: Uint8Array, at: number, end: number): Response {
  // Suricata's schema wants an id in every answer; one without it is empty.
  const response: Response = { id: '' };
  eachEntry(b, at, end, (key, valueAt) => {
    const name = latin1(b, key.from, Math.min(key.to, key.from + 16));
    const value = bencodedText(b, valueAt, end);
    if (name === 'values') response.values = peersOf(b, valueAt, end);
    else if (value === null) return;
    else if (name === 'id' || name === 'token') response[name] = hexOf(b, value.from, value.to);
    else if (name === 'nodes') setNodes(response, 'nodes', nodesOf(b, value.from, value.to, 4));
    else if (name === 'nodes6') setNodes(response, 'nodes6', nodesOf(b, value.from, value.to, 16));
  });
  return response;
}

function setNodes(response: Response, name: 'nodes' | 'nodes6', nodes: Node[]): void {
  if (nodes.length > 0) response[name] = nodes;
}

/** 20 bytes of identifier, address, port, one behind the other. */
function nodesOf(b: Uint8Array, from: number, to: number, addressBytes: 4 | 16): Node[] {
  const nodes: Node[] = [];
  const size = 22 + addressBytes;
  for (let o = from; o + size <= to && nodes.length < listLimit; o += size) {
    nodes.push({ id: hexText(b, o, o + 20), ip: addressText(b, o + 20, addressBytes), port: u16(b, o + size - 2) });
  }
  return nodes;
}

/** A list of strings, each an address and a port. */
function peersOf(b: Uint8Array, at: number, end: number): Peer[] {
  const peers: Peer[] = [];
  if (b[at] !== 0x6c) return peers;
  let o = at + 1;
  while (o < end && b[o] !== 0x65 && peers.length < listLimit) {
    const peer = bencodedText(b, o, end);
    if (peer === null) break;
    const size = peer.to - peer.from;
    if (size === 6 || size === 18) {
      peers.push({ ip: addressText(b, peer.from, size === 6 ? 4 : 16), port: u16(b, peer.to - 2) });
    }
    o = peer.to;
  }
  return peers;
}

const addressText = (b: Uint8Array, o: number, bytes: 4 | 16): string =>
  bytes === 4 ? ipv4Text(b, o) : formatAddress(6, u32(b, o), u32(b, o + 4), u32(b, o + 8), u32(b, o + 12));

/** A list of a number and a text. */
function errorOf(b: Uint8Array, at: number, end: number): { num: number; msg: string } {
  const num = b[at] === 0x6c ? bencodedNumber(b, at + 1, end) : null;
  if (num === null) return { num: 0, msg: '' };
  let o = at + 2;
  while (o < end && b[o] !== 0x65) o++;
  const msg = bencodedText(b, o + 1, end);
  return { num, msg: msg === null ? '' : wireText(b, msg.from, Math.min(msg.to, msg.from + 256)) };
}
