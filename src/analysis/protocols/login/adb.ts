// ADB, the Android Debug Bridge (AOSP, protocol.txt): what the device says of itself, and the services that are opened on it.
//
//   | command 4 | argument 4 | argument 4 | length 4 | checksum 4 | command, inverted 4 | payload |    little endian

import { hasAscii, number, text, u32le, wireText } from '../../../core/index.ts';
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

const headBytes = 24;
const connect = 0x4e58_4e43;
const open = 0x4e45_504f;
const startTls = 0x534c_5453;
/** CNXN, AUTH, STLS: what a connection can begin with. */
const first: ReadonlySet<number> = new Set([connect, 0x4854_5541, startTls]);
/** And OPEN, OKAY, CLSE, WRTE, SYNC. */
const known: ReadonlySet<number> = new Set([...first, open, 0x5941_4b4f, 0x4553_4c43, 0x4554_5257, 0x434e_5953]);

/** Largest payload of a message, and bytes of one that are read: names are short. */
const payloadLimit = 1 << 20;
const readLimit = 4096;
/** Services of one connection that are told. */
const serviceLimit = 64;

const fields = {
  banner: text('What the device says of itself: `device::ro.product.name=…`'),
  hostBanner: text('What the host says of itself'),
  version: number('Version of the protocol'),
  service: text('Service that was opened: `shell:…`, `sync:`, `tcp:…`'),
};

const isMessage = (b: Uint8Array, o: number): boolean =>
  known.has(u32le(b, o)) && (u32le(b, o) ^ u32le(b, o + 20)) === -1 && u32le(b, o + 12) <= payloadLimit;

const probe: Probe = (b, at, end) => {
  const isLikely = b[at] === 0x43 || b[at] === 0x41 || b[at] === 0x53;
  if (!isLikely) return probed.no;
  if (end - at < 4) return probed.maybe;
  if (!first.has(u32le(b, at))) return probed.no;
  if (end - at < headBytes) return probed.maybe;
  return isMessage(b, at) ? probed.yes : probed.no;
};

class AdbTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  #hostBanner = '';
  #services = 0;
  /** Sides that asked for TLS, as bits. */
  #startsTls = 0;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    let o = at;
    while (end - o >= headBytes) {
      if (!isMessage(b, o)) return notMine;
      const command = u32le(b, o);
      const next = o + headBytes + u32le(b, o + 12);
      const isRead = command === connect || command === open;
      if (isRead && end < Math.min(next, o + headBytes + readLimit)) break;
      this.#message(side, command, b, o, Math.min(next, end));
      o = next;
      if (this.#startsTls === 3) {
        this.#conversation.become('tls');
        break;
      }
    }
    return o - at;
  }

  #message(side: Side, command: number, b: Uint8Array, at: number, end: number): void {
    const conversation = this.#conversation;
    if (command === startTls) this.#startsTls |= 1 << side;
    else if (command === connect) this.#connect(side, b, at, end);
    else if (command === open && this.#services++ < serviceLimit) {
      conversation.emit({ service: payloadText(b, at, end) }, { side });
    }
  }

  #connect(side: Side, b: Uint8Array, at: number, end: number): void {
    const conversation = this.#conversation;
    const banner = payloadText(b, at, end);
    if (hasAscii(b, at + headBytes, end, 'host:')) {
      if (side === 1) conversation.swap();
      this.#hostBanner = banner;
      return;
    }
    conversation.confirm();
    const host = this.#hostBanner === '' ? {} : { hostBanner: this.#hostBanner };
    conversation.emit({ banner, ...host, version: u32le(b, at + 4) }, { side });
  }
}

/** Names end with a zero byte. */
function payloadText(b: Uint8Array, at: number, end: number): string {
  let to = Math.min(end, at + headBytes + readLimit);
  while (to > at + headBytes && b[to - 1] === 0) to--;
  return wireText(b, at + headBytes, to);
}

export const adb = defineProtocol({
  name: 'adb',
  title: 'Android Debug Bridge',
  family: 'login',
  ports: { tcp: [5555] },
  fields,
  probe: startingWith(oneOf(0x41, 0x43, 0x53), probe),
  open: (conversation) => new AdbTalk(conversation),
});
