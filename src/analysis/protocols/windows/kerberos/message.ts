// Reads Kerberos messages (RFC 4120 section 5): who asks, for what, and how the ticket is sealed. Nothing secret is read.
//
//    [application type] SEQUENCE of numbered elements: [0] 0xa0, [1] 0xa1, ...

import {
  type BerElement,
  berBits,
  berInteger,
  berText,
  berTimeUs,
  element,
  findElement,
  findInside,
  isWhole,
} from '../ber.ts';

export interface Ticket {
  readonly realm: string;
  /** Parts of the service's name, `cifs` and `host`. */
  readonly service: readonly string[];
  /** Encryption type; NaN when it was cut off. */
  readonly cipher: number;
}

export interface KerberosMessage {
  /** As in messageNames. */
  readonly type: number;
  /** Client's name, parts joined by `/`. */
  client?: string;
  realm?: string;
  service?: string;
  /** Valid from and till, microseconds since the epoch. */
  fromUs?: number;
  tillUs?: number;
  isForwardable?: boolean;
  isRenewable?: boolean;
  /** Encryption types the client offers. */
  offered?: number[];
  hasPreauthentication?: boolean;
  ticket?: Ticket;
  /** How the reply's own part is sealed. */
  cipher?: number;
  error?: number;
  errorText?: string;
}

const partLimit = 8;
const offeredLimit = 32;
const preauthenticationLimit = 16;

/** PA-ENC-TIMESTAMP, PA-PK-AS-REQ, PA-ENCRYPTED-CHALLENGE: proofs that the client knows its key. */
const proofs = new Set([2, 16, 138]);

/** The message at `at`, as much of it as is there; null when it is none. */
export function readKerberos(b: Uint8Array, at: number, end: number): KerberosMessage | null {
  const outer = element(b, at, end);
  if (outer === null || (outer.tag & 0xe0) !== 0x60) return null;
  const body = element(b, outer.at, outer.end);
  if (body === null || body.tag !== 0x30) return null;
  const message: KerberosMessage = { type: outer.tag & 0x1f };
  if (message.type === 10 || message.type === 12) readRequest(b, body, message);
  else if (message.type === 11 || message.type === 13) readReply(b, body, message);
  else if (message.type === 14) readApRequest(b, body, message);
  else if (message.type === 30) readError(b, body, message);
  else if (message.type !== 15) return null;
  return message;
}

function readRequest(b: Uint8Array, whole: BerElement, message: KerberosMessage): void {
  const padata = findInside(b, whole.at, whole.end, 0xa3, 0x30);
  message.hasPreauthentication = padata !== null && hasProof(b, padata);
  const body = findInside(b, whole.at, whole.end, 0xa4, 0x30);
  if (body === null) return;
  const { at, end } = body;
  const options = findInside(b, at, end, 0xa0, 0x03);
  if (options !== null) {
    const bits = berBits(b, options);
    message.isForwardable = (bits & 0x4000_0000) !== 0;
    message.isRenewable = (bits & 0x0080_0000) !== 0;
  }
  setName(b, body, 0xa1, (name) => {
    message.client = name;
  });
  setText(b, body, 0xa2, (name) => {
    message.realm = name;
  });
  setName(b, body, 0xa3, (name) => {
    message.service = name;
  });
  const from = findInside(b, at, end, 0xa4, 0x18);
  const till = findInside(b, at, end, 0xa5, 0x18);
  const fromUs = from === null ? Number.NaN : berTimeUs(b, from);
  const tillUs = till === null ? Number.NaN : berTimeUs(b, till);
  if (!Number.isNaN(fromUs)) message.fromUs = fromUs;
  if (!Number.isNaN(tillUs)) message.tillUs = tillUs;
  message.offered = readOffered(b, findInside(b, at, end, 0xa8, 0x30));
}

function hasProof(b: Uint8Array, padata: BerElement): boolean {
  let o = padata.at;
  for (let i = 0; i < preauthenticationLimit && o < padata.end; i++) {
    const one = element(b, o, padata.end);
    if (one === null) return false;
    const type = findInside(b, one.at, one.end, 0xa1, 0x02);
    if (type !== null && proofs.has(berInteger(b, type))) return true;
    o = one.next;
  }
  return false;
}

function readOffered(b: Uint8Array, list: BerElement | null): number[] {
  const offered: number[] = [];
  let o = list?.at ?? 0;
  while (list !== null && o < list.end && offered.length < offeredLimit) {
    const one = element(b, o, list.end);
    if (one === null || one.tag !== 0x02) break;
    const number = berInteger(b, one);
    if (!Number.isNaN(number)) offered.push(number);
    o = one.next;
  }
  return offered;
}

function readReply(b: Uint8Array, body: BerElement, message: KerberosMessage): void {
  setText(b, body, 0xa3, (name) => {
    message.realm = name;
  });
  setName(b, body, 0xa4, (name) => {
    message.client = name;
  });
  const ticket = findInside(b, body.at, body.end, 0xa5, 0x61);
  if (ticket !== null) {
    message.ticket = readTicket(b, ticket);
    message.service = message.ticket.service.join('/');
  }
  const sealed = findInside(b, body.at, body.end, 0xa6, 0x30);
  if (sealed !== null) message.cipher = readCipher(b, sealed);
}

function readApRequest(b: Uint8Array, body: BerElement, message: KerberosMessage): void {
  const ticket = findInside(b, body.at, body.end, 0xa3, 0x61);
  if (ticket === null) return;
  message.ticket = readTicket(b, ticket);
  message.realm = message.ticket.realm;
  message.service = message.ticket.service.join('/');
}

function readError(b: Uint8Array, body: BerElement, message: KerberosMessage): void {
  const code = findInside(b, body.at, body.end, 0xa6, 0x02);
  if (code !== null) message.error = berInteger(b, code);
  setText(b, body, 0xa7, (name) => {
    message.realm = name;
  });
  setName(b, body, 0xa8, (name) => {
    message.client = name;
  });
  setName(b, body, 0xaa, (name) => {
    message.service = name;
  });
  setText(b, body, 0xab, (words) => {
    message.errorText = words;
  });
}

/** @param ticket the element [application 1] */
function readTicket(b: Uint8Array, ticket: BerElement): Ticket {
  const body = findElement(b, ticket.at, ticket.end, 0x30);
  if (body === null) return { realm: '', service: [], cipher: Number.NaN };
  let realm = '';
  setText(b, body, 0xa1, (name) => {
    realm = name;
  });
  const name = findInside(b, body.at, body.end, 0xa2, 0x30);
  const sealed = findInside(b, body.at, body.end, 0xa3, 0x30);
  return {
    realm,
    service: name === null ? [] : nameParts(b, name),
    cipher: sealed === null ? Number.NaN : readCipher(b, sealed),
  };
}

function readCipher(b: Uint8Array, sealed: BerElement): number {
  const type = findInside(b, sealed.at, sealed.end, 0xa0, 0x02);
  return type === null ? Number.NaN : berInteger(b, type);
}

function setText(b: Uint8Array, body: BerElement, tag: number, set: (value: string) => void): void {
  const outer = findElement(b, body.at, body.end, tag);
  const inside = outer === null ? null : element(b, outer.at, outer.end);
  if (inside !== null && isWhole(inside)) set(berText(b, inside));
}

function setName(b: Uint8Array, body: BerElement, tag: number, set: (value: string) => void): void {
  const name = findInside(b, body.at, body.end, tag, 0x30);
  if (name !== null) set(nameParts(b, name).join('/'));
}

/** PrincipalName: type [0], parts [1]. */
function nameParts(b: Uint8Array, name: BerElement): string[] {
  const list = findInside(b, name.at, name.end, 0xa1, 0x30);
  const parts: string[] = [];
  let o = list?.at ?? 0;
  while (list !== null && o < list.end && parts.length < partLimit) {
    const one = element(b, o, list.end);
    if (one === null) break;
    parts.push(berText(b, one, 256));
    o = one.next;
  }
  return parts;
}
