// WebSocket (RFC 6455) after its upgrade: frames told one by one in EVE, the whole of it at the end.
//
//  0               1               2
// +-+-----+-------+-+-------------+--------------------+-----------+=========+
// |F| RSV |opcode |M| length 0-125| 16 or 64 bits more | mask if M | payload |
// +-+-----+-------+-+-------------+--------------------+-----------+=========+

import { flag, number, text, texts, u16, u32, u64 } from '../../../core/index.ts';
import { type Conversation, defineProtocol, notMine, type Side, type Talk } from '../protocol.ts';
import { givenUpgrade, type UpgradeRequest } from './hand-over.ts';
import { subprotocolsOf } from './subprotocols.ts';
import { Carried } from './websocket-inside.ts';

const opcodes: Readonly<Record<number, string>> = {
  0: 'continuation',
  1: 'text',
  2: 'binary',
  8: 'connection_close',
  9: 'ping',
  10: 'pong',
};
const closeOpcode = 8;

/** Frames of a flow that EVE has a line for; all are counted. */
const frameLimit = 10_000;

export const websocket = defineProtocol({
  name: 'websocket',
  title: 'WebSocket',
  family: 'web',
  zeekLog: 'websocket',
  zeekService: 'websocket',
  fields: {
    transaction: number('Number of the frame in the flow, from 0', { eve: 'tx_id' }),
    fin: flag('Last frame of its message', { eve: 'websocket.fin', filter: 'websocket.fin' }),
    mask: number('Masking key', { eve: 'websocket.mask' }),
    opcode: text('Kind of frame', { eve: 'websocket.opcode', filter: 'websocket.opcode' }),
    host: text('Host header of the upgrade', { eve: false, zeek: 'host' }),
    uri: text('Target of the upgrade', { eve: false, zeek: 'uri' }),
    userAgent: text('Program that asks', { eve: false, zeek: 'user_agent' }),
    subprotocol: text('Protocol inside', { eve: false, zeek: 'subprotocol' }),
    clientProtocols: texts('Protocols that the client offers', { eve: false, zeek: 'client_protocols' }),
    serverExtensions: texts('Extensions in use', { eve: false, zeek: 'server_extensions' }),
    clientExtensions: texts('Extensions that the client offers', { eve: false, zeek: 'client_extensions' }),
    clientFrames: number('Frames of the client', { eve: false }),
    serverFrames: number('Frames of the server', { eve: false }),
    clientBytes: number('Payload of the client', { eve: false, unit: 'bytes' }),
    serverBytes: number('Payload of the server', { eve: false, unit: 'bytes' }),
    closeCode: number('Why it was closed', { eve: false }),
    durationUs: number('From the upgrade to the last frame', { eve: false, unit: 'us' }),
  },
  open: (conversation) => new WebSocketTalk(conversation),
});

class WebSocketTalk implements Talk {
  readonly #conversation: Conversation;
  readonly #upgrade: UpgradeRequest | null;
  /** By side. */
  readonly #frames: [number, number] = [0, 0];
  readonly #bytes: [number, number] = [0, 0];
  readonly #left: [number, number] = [0, 0];
  /** Whether the message each side is in is binary, and its frame one of data. */
  readonly #isBinary: [boolean, boolean] = [false, false];
  readonly #isCarried: [boolean, boolean] = [false, false];
  #carried: Carried | null = null;
  #told = 0;
  #closeCode = 0;
  #startUs: number;
  #lastUs: number;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
    this.#upgrade = givenUpgrade(conversation);
    this.#startUs = this.#upgrade?.timeUs ?? conversation.timeUs;
    this.#lastUs = this.#startUs;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    let pos = at;
    while (pos < end) {
      if (this.#left[side] > 0) {
        const step = Math.min(this.#left[side], end - pos);
        this.#left[side] -= step;
        if (this.#isCarried[side]) this.#carried?.data(side, b, pos, pos + step);
        pos += step;
        continue;
      }
      const next = this.#frame(side, b, pos, end);
      if (next === notMine) return this.#frames[0] + this.#frames[1] === 0 ? notMine : this.#stop(end - at);
      if (next === pos) break;
      pos = next;
    }
    return pos - at;
  }

  gap(side: Side, missing: number): void {
    this.#carried?.end();
    if (missing <= this.#left[side]) this.#left[side] -= missing;
    else this.#stop(0);
  }

  end(): void {
    this.#carried?.end();
    const upgrade = this.#upgrade;
    this.#conversation.emit(
      {
        ...(upgrade === null ? {} : { uri: upgrade.target }),
        ...(upgrade?.host === undefined ? {} : { host: upgrade.host }),
        ...(upgrade?.userAgent === undefined ? {} : { userAgent: upgrade.userAgent }),
        ...(upgrade?.protocol === undefined ? {} : { subprotocol: subprotocolsOf(upgrade.protocol).join(', ') }),
        ...listed('clientProtocols', upgrade?.askedProtocols),
        ...listed('serverExtensions', upgrade?.extensions),
        ...listed('clientExtensions', upgrade?.askedExtensions),
        clientFrames: this.#frames[0],
        serverFrames: this.#frames[1],
        clientBytes: this.#bytes[0],
        serverBytes: this.#bytes[1],
        ...(this.#closeCode === 0 ? {} : { closeCode: this.#closeCode }),
        durationUs: this.#lastUs - this.#startUs,
      },
      { only: 'log', timeUs: this.#startUs },
    );
  }

  /** Reads a frame's head; gives the position of its payload, `at` when it is not all there. */
  #frame(side: Side, b: Uint8Array, at: number, end: number): number {
    if (end - at < 2) return at;
    const opcode = b[at] & 15;
    const isMasked = b[at + 1] >= 0x80;
    const short = b[at + 1] & 127;
    if (opcodes[opcode] === undefined || (opcode >= closeOpcode && short > 125)) return notMine;
    let o = at + 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
    if (end - o < (isMasked ? 4 : 0)) return at;
    const length = short === 126 ? u16(b, at + 2) : short === 127 ? u64(b, at + 2) : short;
    if (length > Number.MAX_SAFE_INTEGER) return notMine;
    const mask = isMasked ? u32(b, o) : 0;
    if (isMasked) o += 4;
    if (opcode === closeOpcode && length >= 2) {
      if (end - o < 2) return at;
      this.#closeCode ||= u16(b, o) ^ (mask >>> 16);
    }
    this.#open(side, b[at], mask);
    this.#frames[side]++;
    this.#bytes[side] += length;
    this.#left[side] = length;
    this.#lastUs = this.#conversation.timeUs;
    if (this.#told < frameLimit) {
      const event = { transaction: this.#told++, fin: b[at] >= 0x80, opcode: opcodes[opcode] };
      this.#conversation.emit(isMasked ? { ...event, mask } : event, { only: 'eve', side });
    }
    return o;
  }

  /** Takes the contents of binary messages for a conversation, as long as they are not packed. */
  #open(side: Side, first: number, mask: number): void {
    const opcode = first & 15;
    if (opcode === 1 || opcode === 2) this.#isBinary[side] = opcode === 2 && (first & 0x40) === 0;
    this.#isCarried[side] = opcode < closeOpcode && this.#isBinary[side];
    if (!this.#isCarried[side]) return;
    this.#carried ??= new Carried(this.#conversation);
    this.#carried.frame(side, mask);
  }

  /** Where the next frame begins is lost. */
  #stop(consumed: number): number {
    this.end();
    this.#conversation.done();
    return consumed;
  }
}

/** A list of a header under its field's name, nothing when the header did not come. */
function listed(name: string, value: string | undefined): Record<string, string[]> {
  return value === undefined ? {} : { [name]: subprotocolsOf(value) };
}
