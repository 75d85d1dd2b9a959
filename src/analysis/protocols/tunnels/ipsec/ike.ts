// IKE, versions 1 and 2 (RFC 2408, 2409, 7296): who agrees on keys for IPsec, and with which algorithms; also ESP inside
// UDP (RFC 3948), which shares its port.
//
//   | initiator 8 | responder 8 | next 1 | version 1 | exchange 1 | flags 1 | message 4 | length 4 | payloads …
//   payload: | next 1 | reserved 1 | length 2 | …          on port 4500 four zeros stand before all of it

import { flag, hexText, number, object, objects, text, texts, u16, u32 } from '../../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  type Probe,
  probed,
  type Side,
  type Talk,
} from '../../protocol.ts';
import { attributes, exchanges, notifications, payloads } from './ike-words.ts';

const headerBytes = 28;
/** Payloads read of a message, and items kept of a list. */
const payloadLimit = 32;
const listLimit = 32;
/** Bytes of a key or nonce that are shown. */
const shownBytes = 1024;

interface Attribute {
  key: string;
  value: string;
  raw: number;
}
interface ClientPart {
  key_exchange_payload?: string;
  key_exchange_payload_length?: number;
  nonce_payload?: string;
  nonce_payload_length?: number;
  proposals?: Attribute[];
}
interface Ikev1 {
  doi?: number;
  encrypted_payloads: boolean;
  client?: ClientPart;
  server?: Omit<ClientPart, 'proposals'>;
  vendor_ids?: string[];
}

const fields = {
  recordVersion: number('Version of the record, as EVE counts it', { eve: 'ike._v' }),
  versionMajor: number('Version of the protocol', { eve: 'ike.version_major' }),
  versionMinor: number('Minor version', { eve: 'ike.version_minor' }),
  exchange: number('Exchange type', { eve: 'ike.exchange_type', filter: 'isakmp.exchangetype' }),
  exchangeName: text('Exchange type in words', { eve: 'ike.exchange_type_verbose' }),
  message: number('Message identifier', { eve: 'ike.message_id', filter: 'isakmp.messageid' }),
  initiator: text("Initiator's identifier (SPI)", { eve: 'ike.init_spi', filter: 'isakmp.ispi' }),
  responder: text("Responder's identifier (SPI)", { eve: 'ike.resp_spi', filter: 'isakmp.rspi' }),
  role: text('Who sent the message: initiator or responder', { eve: 'ike.role' }),
  payloads: texts('Payloads of the message', { eve: 'ike.payload' }),
  attributes: objects<Attribute>('Algorithms and lifetimes that were agreed on', { eve: 'ike.attributes' }),
  ikev1: object<Ikev1>('What version 1 tells', { eve: 'ike.ikev1' }),
  ikev2: object<{ errors: number; notify: string[] }>('What version 2 tells', { eve: 'ike.ikev2' }),
  isBehindNat: flag('The message was sent on the port for peers behind NAT'),
};

/** Where the message begins: behind the marker of port 4500 or at once; -1 when there is none. */
function messageAt(b: Uint8Array, o: number, end: number): number {
  const at = end - o >= 4 && u32(b, o) === 0 ? o + 4 : o;
  if (end - at < headerBytes || (u32(b, at) === 0 && u32(b, at + 4) === 0)) return -1;
  const major = b[at + 17] >> 4;
  const exchange = b[at + 18];
  const isVersion1 = major === 1 && (exchange <= 6 || (exchange >= 32 && exchange <= 33));
  const isVersion2 = major === 2 && exchange >= 34 && exchange <= 45 && (b[at + 19] & 0xc7) === 0;
  return isVersion1 || isVersion2 ? at : -1;
}

const isPayload = (type: number): boolean => type <= 21 || (type >= 33 && type <= 54) || type >= 128;

const probe: Probe = (b, o, end, hint) => {
  const at = messageAt(b, o, end);
  if (at >= 0 && isPayload(b[at + 16])) {
    const length = u32(b, at + 24);
    const there = hint.length - (at - o);
    if (length === there || (hint.isPort && length >= headerBytes && length <= 65_507)) return probed.yes;
  }
  // ESP in UDP: identifiers below 256 are reserved, sequence numbers begin at 1 (RFC 4303).
  const isEsp = hint.isPort && (hint.rPort === 4500 || hint.oPort === 4500) && end - o >= 24 && u32(b, o) > 255;
  return isEsp && u32(b, o + 4) < 0x0100_0000 && u32(b, o + 4) > 0 ? probed.yes : probed.no;
};

export const ike = defineProtocol({
  name: 'ike',
  title: 'IKE (IPsec)',
  family: 'tunnel',
  ports: { udp: [500, 4500] },
  variants: ['esp-in-udp'],
  fields,
  probe,
  open: (conversation) => new IkeTalk(conversation),
});

/** Parts of one message that a line is made of. */
interface Message {
  readonly names: string[];
  readonly notify: string[];
  errors: number;
}

class IkeTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  #attributes: Attribute[] = [];
  #client: ClientPart = {};
  #server: ClientPart = {};
  readonly #vendors: string[] = [];
  #doi = -1;
  #messages = 0;
  #espPackets = 0;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, o: number, end: number): number {
    const conversation = this.#conversation;
    const at = messageAt(b, o, end);
    if (at < 0) {
      if (this.#messages > 0) return end - o;
      if (end - o < 24) return end - o > 1 ? notMine : end - o;
      if (this.#espPackets++ === 0) conversation.rename('esp-in-udp');
      return end - o;
    }
    if (this.#messages++ === 0) {
      // A first message from the responder has an identifier of its own.
      conversation.rename('ike');
    } else conversation.confirm();
    const isVersion1 = b[at + 17] >> 4 === 1;
    const isEncrypted = isVersion1 && (b[at + 19] & 1) !== 0;
    const message: Message = { names: [], notify: [], errors: 0 };
    const stop = Math.min(end, at + u32(b, at + 24));
    if (!isEncrypted) this.#payloads(side, b, at, stop, isVersion1, message);
    this.#tell(side, b, at, isVersion1, isEncrypted, message, at > o);
    return end - o;
  }

  #payloads(side: Side, b: Uint8Array, at: number, end: number, isVersion1: boolean, message: Message): void {
    let type = b[at + 16];
    let o = at + headerBytes;
    for (let n = 0; n < payloadLimit && type !== 0; n++) {
      if (o + 4 > end) return;
      const length = u16(b, o + 2);
      if (length < 4 || o + length > end) {
        this.#conversation.weird('ike_malformed_payload');
        return;
      }
      message.names.push(payloads[type] ?? `Unknown(${type})`);
      // What is enciphered names its first payload, which is not to be read.
      if (type === 46 || type === 53) return;
      this.#payload(side, b, type, o, o + length, isVersion1, message);
      type = b[o];
      o += length;
    }
  }

  #payload(
    side: Side,
    b: Uint8Array,
    type: number,
    o: number,
    end: number,
    isVersion1: boolean,
    message: Message,
  ): void {
    const part = side === 0 ? this.#client : this.#server;
    if (isVersion1) {
      if (type === 1) this.#association(side, b, o, end);
      else if (type === 4) {
        part.key_exchange_payload = hexText(b, o + 4, Math.min(end, o + 4 + shownBytes));
        part.key_exchange_payload_length = end - o - 4;
      } else if (type === 10) {
        part.nonce_payload = hexText(b, o + 4, Math.min(end, o + 4 + shownBytes));
        part.nonce_payload_length = end - o - 4;
      } else if (type === 13 && this.#vendors.length < listLimit) {
        this.#vendors.push(hexText(b, o + 4, Math.min(end, o + 68)));
      }
    } else if (type === 41 && end - o >= 8) {
      const kind = u16(b, o + 6);
      if (kind < 16_384) message.errors++;
      if (message.notify.length < listLimit) message.notify.push(notifications[kind] ?? `Unknown(${kind})`);
    }
  }

  /** Domain, situation, proposals: each with a number of transforms, which have attributes. */
  #association(side: Side, b: Uint8Array, o: number, end: number): void {
    if (end - o < 12) return;
    this.#doi = u32(b, o + 4);
    const found: Attribute[] = [];
    let proposal = o + 12;
    while (proposal + 8 <= end && found.length < listLimit) {
      const length = u16(b, proposal + 2);
      if (length < 8 || proposal + length > end) break;
      let transform = proposal + 8 + b[proposal + 6];
      for (let n = b[proposal + 7]; n > 0 && transform + 8 <= proposal + length; n--) {
        const size = u16(b, transform + 2);
        if (size < 8 || transform + size > proposal + length) break;
        readAttributes(b, transform + 8, transform + size, found);
        transform += size;
      }
      if (b[proposal] === 0) break;
      proposal += length;
    }
    if (side === 0) this.#client.proposals = found;
    else this.#attributes = found;
  }

  #tell(
    side: Side,
    b: Uint8Array,
    at: number,
    isVersion1: boolean,
    isEncrypted: boolean,
    message: Message,
    isBehindNat: boolean,
  ): void {
    const exchange = b[at + 18];
    const isInitiator = isVersion1 ? side === 0 : (b[at + 19] & 8) !== 0;
    this.#conversation.emit(
      {
        recordVersion: 2,
        versionMajor: b[at + 17] >> 4,
        versionMinor: b[at + 17] & 15,
        exchange,
        exchangeName: exchanges[exchange] ?? `Unknown(${exchange})`,
        message: u32(b, at + 20),
        initiator: hexText(b, at, at + 8),
        responder: hexText(b, at + 8, at + 16),
        role: isInitiator ? 'initiator' : 'responder',
        ...(message.names.length > 0 ? { payloads: message.names } : {}),
        ...(isVersion1 && this.#attributes.length > 0 ? { attributes: this.#attributes } : {}),
        ...(isVersion1
          ? { ikev1: this.#ikev1(isEncrypted) }
          : { ikev2: { errors: message.errors, notify: message.notify } }),
        ...(isBehindNat ? { isBehindNat } : {}),
      },
      { side },
    );
  }

  #ikev1(isEncrypted: boolean): Ikev1 {
    const { proposals, ...rest } = this.#client;
    const hasProposals = proposals !== undefined && proposals.length > 0;
    const client = { ...rest, ...(hasProposals ? { proposals } : {}) };
    return {
      ...(this.#doi >= 0 ? { doi: this.#doi } : {}),
      encrypted_payloads: isEncrypted,
      ...(Object.keys(client).length > 0 ? { client } : {}),
      ...(Object.keys(this.#server).length > 0 ? { server: { ...this.#server } } : {}),
      ...(this.#vendors.length > 0 ? { vendor_ids: [...this.#vendors] } : {}),
    };
  }
}

/** Short form: type with the top bit, value; long form: type, length, value (RFC 2408 §3.3). */
function readAttributes(b: Uint8Array, from: number, end: number, found: Attribute[]): void {
  let o = from;
  while (o + 4 <= end && found.length < listLimit) {
    const isShort = (b[o] & 0x80) !== 0;
    const type = u16(b, o) & 0x7fff;
    const length = isShort ? 0 : u16(b, o + 2);
    if (o + 4 + length > end) return;
    const raw = isShort ? u16(b, o + 2) : length === 4 ? u32(b, o + 4) : length === 2 ? u16(b, o + 4) : 0;
    const known = attributes[type];
    if (known !== undefined) found.push({ key: known.key, value: known.words[raw] ?? 'Unknown', raw });
    o += 4 + length;
  }
}
