// WireGuard: the four messages of its protocol paper, and the variant of Cloudflare WARP, which uses the reserved bytes.
//
//   initiation (148)  | 1 | reserved 3 | sender 4 | …        response (92)  | 2 | reserved 3 | sender 4 | receiver 4 | …
//   cookie (64)       | 3 | reserved 3 | receiver 4 | …      data (32 + 16n)| 4 | reserved 3 | receiver 4 | counter 8 | …

import { number, u24, u32, u32le } from '../../../core/index.ts';
import {
  between,
  type Conversation,
  defineProtocol,
  notMine,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../protocol.ts';

const initiation = 1;
const response = 2;
const cookie = 3;
const transport = 4;

/** Padding that some clients put behind a handshake's message, bytes. */
const paddingLimit = 128;
/** WARP's ports besides WireGuard's own. */
const warpPorts = [2408, 500, 1701, 4500];

const fields = {
  initiator: number('Index that the initiator chose'),
  responder: number('Index that the responder chose'),
  handshakeUs: number('Time from the initiation to the response', { unit: 'us' }),
};

const probe: Probe = (b, o, end, hint) => {
  const type = b[o];
  if (type === 0 || type > 4 || end - o < 32) return probed.no;
  const { length } = hint;
  const isPlain = u24(b, o + 1) === 0;
  if (!isPlain) {
    const isWarp = warpPorts.includes(hint.rPort) || warpPorts.includes(hint.oPort);
    return isWarp && ((type === initiation && length === 148) || (type === response && length === 92))
      ? probed.yes
      : probed.no;
  }
  switch (type) {
    case initiation:
      return length >= 148 && length <= 148 + paddingLimit ? probed.yes : probed.no;
    case response:
      return length >= 92 && length <= 92 + paddingLimit ? probed.yes : probed.no;
    case cookie:
      return length === 64 ? probed.yes : probed.no;
    default:
      // The counter is 64 bits, little endian: no tunnel comes near its upper half.
      return length % 16 === 0 && u32(b, o + 12) === 0 && u32(b, o + 4) !== 0 ? probed.yes : probed.no;
  }
};

export const wireguard = defineProtocol({
  name: 'wireguard',
  title: 'WireGuard',
  family: 'tunnel',
  ports: { udp: [51_820] },
  variants: ['cloudflare-warp'],
  fields,
  probe: startingWith(between(1, 4), probe),
  open: (conversation) => new WireguardTalk(conversation),
});

/** Reads until a response has answered an initiation, or data flows. */
class WireguardTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  #initiator = -1;
  #initiatedUs = 0;
  #data = 0;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    if (end - at < 12) return this.#initiator < 0 ? notMine : end - at;
    if (b[at] === initiation) {
      this.#initiator = u32le(b, at + 4);
      this.#initiatedUs = this.#conversation.timeUs;
      if (side === 1) this.#conversation.swap();
      if (u24(b, at + 1) !== 0) this.#conversation.rename('cloudflare-warp');
    } else if (b[at] === response) this.#answered(side, b, at);
    else if (b[at] === transport && ++this.#data >= 2) this.#conversation.done();
    return end - at;
  }

  #answered(side: Side, b: Uint8Array, at: number): void {
    const conversation = this.#conversation;
    const responder = u32le(b, at + 4);
    if (this.#initiator < 0) {
      // Only the answer was captured.
      if (side === 0) conversation.swap();
      return;
    }
    if (u32le(b, at + 8) !== this.#initiator) return;
    conversation.confirm();
    conversation.emit({
      initiator: this.#initiator,
      responder,
      handshakeUs: Math.max(0, conversation.timeUs - this.#initiatedUs),
    });
    conversation.done();
  }
}
