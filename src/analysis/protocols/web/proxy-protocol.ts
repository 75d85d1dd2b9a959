// PROXY protocol (HAProxy, versions 1 and 2): who is behind a load balancer, told before what the connection is about.
//
//   1   PROXY TCP4 192.0.2.1 192.0.2.2 40000 443 CR LF
//   2   | signature 12 | version:4 command:4 | family:4 transport:4 | length 2 | addresses, then TLVs |

import { formatAddress, hasAscii, number, text, u16, u32, wireText } from '../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  oneOf,
  type Probe,
  probed,
  startingWith,
  type Talk,
} from '../protocol.ts';

/** Longest line of version 1, line feed included. */
const lineLimit = 107;
const headBytes = 16;
const signature = Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a);

const fields = {
  version: number('Version of the header'),
  source: text('Address of the client behind the proxy'),
  sourcePort: number('Port of the client behind the proxy'),
  destination: text('Address the client asked for'),
  destinationPort: number('Port the client asked for'),
};

/** How much of the signature of version 2 is there: all of it, none, or its begin. */
function signed(b: Uint8Array, at: number, end: number): number {
  for (let i = 0; i < signature.length; i++) {
    if (at + i >= end) return probed.maybe;
    if (b[at + i] !== signature[i]) return probed.no;
  }
  return probed.yes;
}

const probe: Probe = (b, at, end) => {
  if (b[at] === signature[0]) return signed(b, at, end);
  if (b[at] !== 0x50) return probed.no;
  if (end - at < 9) return hasAscii(b, at, end, 'PROXY '.slice(0, end - at)) ? probed.maybe : probed.no;
  return hasAscii(b, at, end, 'PROXY TCP') || hasAscii(b, at, end, 'PROXY UNK') ? probed.yes : probed.no;
};

class ProxyTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(_side: 0 | 1, b: Uint8Array, at: number, end: number): number {
    const isSecond = b[at] === signature[0];
    const length = isSecond ? this.#second(b, at, end) : this.#first(b, at, end);
    // What follows, both ways, is what the connection is about.
    if (length > 0) this.#conversation.become(null);
    return length;
  }

  /** Gives the length of the header; 0 when it is not all there. */
  #first(b: Uint8Array, at: number, end: number): number {
    const last = Math.min(end, at + lineLimit);
    let o = at;
    while (o < last && b[o] !== 0x0a) o++;
    if (o === last) return last - at < lineLimit ? 0 : notMine;
    const [, family, source, destination, sourcePort, destinationPort] = wireText(b, at, o - 1).split(' ');
    this.#tell(1, family === 'UNKNOWN' ? null : { source, destination, sourcePort, destinationPort });
    return o + 1 - at;
  }

  #second(b: Uint8Array, at: number, end: number): number {
    if (end - at < headBytes) return 0;
    const length = headBytes + u16(b, at + 14);
    if (end - at < length) return 0;
    const o = at + headBytes;
    const family = b[at + 13] >> 4;
    const size = family === 1 ? 4 : family === 2 ? 16 : 0;
    if (b[at + 12] !== 0x21 || size === 0 || length - headBytes < 2 * size + 4) this.#tell(2, null);
    else {
      const sourcePort = String(u16(b, o + 2 * size));
      const destinationPort = String(u16(b, o + 2 * size + 2));
      this.#tell(2, {
        source: addressAt(b, o, size),
        destination: addressAt(b, o + size, size),
        sourcePort,
        destinationPort,
      });
    }
    return length;
  }

  #tell(
    version: number,
    ends: { source?: string; destination?: string; sourcePort?: string; destinationPort?: string } | null,
  ): void {
    const { source, destination } = ends ?? {};
    const [sourcePort, destinationPort] = [Number(ends?.sourcePort), Number(ends?.destinationPort)];
    this.#conversation.confirm();
    this.#conversation.emit({
      version,
      ...(source === undefined ? {} : { source }),
      ...(isPort(sourcePort) ? { sourcePort } : {}),
      ...(destination === undefined ? {} : { destination }),
      ...(isPort(destinationPort) ? { destinationPort } : {}),
    });
  }
}

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port < 65_536;

function addressAt(b: Uint8Array, at: number, size: number): string {
  if (size === 4) return formatAddress(4, u32(b, at) | 0, 0, 0, 0);
  return formatAddress(6, u32(b, at) | 0, u32(b, at + 4) | 0, u32(b, at + 8) | 0, u32(b, at + 12) | 0);
}

export const proxyProtocol = defineProtocol({
  name: 'proxy-protocol',
  title: 'PROXY protocol',
  family: 'web',
  ports: { tcp: [] },
  fields,
  probe: startingWith(oneOf(0x0d, 0x50), probe),
  open: (conversation) => new ProxyTalk(conversation),
});
