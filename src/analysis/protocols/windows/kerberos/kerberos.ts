// Kerberos 5 (RFC 4120): tickets asked for and given, on UDP bare, on TCP behind four bytes of length.

import { type EventOf, flag, number, text, texts, u32 } from '../../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  notMine,
  type Probe,
  probed,
  type Side,
  startingWith,
  type Talk,
} from '../../protocol.ts';
import { type KerberosMessage, readKerberos } from './message.ts';
import { cipherName, errorName, isWeakCipher, messageNames } from './names.ts';

const fields = {
  message: text('Message', { eve: 'krb5.msg_type', filter: 'kerberos.msg_type' }),
  failedRequest: text('Request that failed', { eve: 'krb5.failed_request' }),
  error: text('Error', { eve: 'krb5.error_code', filter: 'kerberos.error_code' }),
  cname: text('Client', { eve: 'krb5.cname', filter: 'kerberos.CNameString' }),
  realm: text('Realm', { eve: 'krb5.realm', filter: 'kerberos.realm' }),
  sname: text('Service', { eve: 'krb5.sname', filter: 'kerberos.SNameString' }),
  encryption: text('Encryption', { eve: 'krb5.encryption', filter: 'kerberos.etype' }),
  isWeak: flag('Weak encryption', { eve: 'krb5.weak_encryption' }),
  ticketEncryption: text('Encryption of the ticket', { eve: 'krb5.ticket_encryption' }),
  isTicketWeak: flag('Ticket weakly encrypted', { eve: 'krb5.ticket_weak_encryption' }),
  offeredCiphers: texts('Encryption types offered'),
  hasPreauthentication: flag('Proof of the key sent'),
  latencyUs: number('Time until the reply', { eve: false, unit: 'us' }),
  requestType: text('Kind of request', { eve: false, zeek: 'request_type' }),
  client: text('Client and realm', { eve: false, zeek: 'client' }),
  service: text('Service asked for', { eve: false, zeek: 'service' }),
  isSuccess: flag('Ticket given', { eve: false, zeek: 'success' }),
  errorText: text('Error in words', { eve: false, zeek: 'error_msg' }),
  fromUs: number('Valid from', { eve: false, zeek: 'from', unit: 'time' }),
  tillUs: number('Valid till', { eve: false, zeek: 'till', unit: 'time' }),
  cipher: text('Cipher of the ticket', { eve: false, zeek: 'cipher' }),
  isForwardable: flag('Forwardable asked for', { eve: false, zeek: 'forwardable' }),
  isRenewable: flag('Renewable asked for', { eve: false, zeek: 'renewable' }),
};
type Event = EventOf<typeof fields>;

/** Requests without a reply that are remembered. */
const pendingLimit = 16;
/** Longer messages are skipped: no key centre takes or gives them. */
const messageLimit = 60_000;
/** Said by key centres that only ask for the proof; Zeek's log leaves it out. */
const noErrors = new Set(['NEEDED_PREAUTH', 'Need to use PA-ENC-TIMESTAMP/PA-PK-AS-REQ']);

interface Asked {
  readonly message: KerberosMessage;
  readonly timeUs: number;
}

class KerberosTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  #asked: Asked[] = [];
  #isConfirmed = false;

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    if (this.#conversation.proto === 17) {
      this.#read(side, b, at, end, this.#conversation.firstUs);
      return end - at;
    }
    let o = at;
    while (end - o >= 4) {
      const length = u32(b, o) & 0x7fff_ffff;
      if (length > messageLimit) {
        if (!this.#isConfirmed) return notMine;
        o += 4 + length;
        break;
      }
      if (end - o < 4 + length) break;
      this.#read(side, b, o + 4, o + 4 + length, o === at ? this.#conversation.firstUs : this.#conversation.timeUs);
      o += 4 + length;
    }
    return o - at;
  }

  gap(): void {
    // Where the next message begins is not known any more.
    this.#conversation.done();
  }

  end(): void {
    for (const { message, timeUs } of this.#asked) {
      this.#conversation.emit(transaction(message), { timeUs, side: 0, only: 'log' });
    }
    this.#asked = [];
  }

  #read(side: Side, b: Uint8Array, at: number, end: number, timeUs: number): void {
    const message = readKerberos(b, at, end);
    if (message === null) return;
    if (!this.#isConfirmed) {
      this.#isConfirmed = true;
      this.#conversation.confirm();
      const isReply = message.type === 11 || message.type === 13 || message.type === 30;
      if (isReply === (side === 0)) this.#conversation.swap();
    }
    if (message.type === 10 || message.type === 12) this.#request(message, timeUs);
    else if (message.type === 11 || message.type === 13 || message.type === 30) this.#reply(message);
  }

  #request(message: KerberosMessage, timeUs: number): void {
    if (this.#asked.length >= pendingLimit) this.#asked.shift();
    // A request sent again, because no answer came, is the same one.
    const last = this.#asked.at(-1);
    const isRepeated = last !== undefined && last.message.type === message.type && isSame(last.message, message);
    if (!isRepeated) this.#asked.push({ message, timeUs });
    const event = names(message);
    event.encryption = '<none>';
    event.isWeak = false;
    if (message.offered !== undefined) event.offeredCiphers = message.offered.map(cipherName);
    if (message.hasPreauthentication === true) event.hasPreauthentication = true;
    this.#conversation.emit(event, { timeUs, side: 0, only: 'eve' });
  }

  #reply(reply: KerberosMessage): void {
    const { timeUs } = this.#conversation;
    const wanted = reply.type === 30 ? 0 : reply.type - 1;
    const index = this.#asked.findIndex(({ message }) => wanted === 0 || message.type === wanted);
    const asked = index < 0 ? undefined : this.#asked.splice(index, 1)[0];
    this.#conversation.emit(replyLine(reply, asked?.message), { side: 1, only: 'eve' });
    if (reply.errorText !== undefined && noErrors.has(reply.errorText)) return;
    const event = transaction(asked?.message, reply);
    if (asked !== undefined) event.latencyUs = Math.max(0, timeUs - asked.timeUs);
    this.#conversation.emit(event, { timeUs: asked?.timeUs ?? timeUs, side: 0, only: 'log' });
  }
}

const isSame = (a: KerberosMessage, b: KerberosMessage): boolean =>
  a.client === b.client &&
  a.service === b.service &&
  a.tillUs === b.tillUs &&
  a.hasPreauthentication === b.hasPreauthentication;

function names(message: KerberosMessage): Event {
  return {
    message: messageNames[message.type],
    cname: message.client ?? '<empty>',
    realm: message.realm ?? '<empty>',
    sname: message.service ?? '<empty>',
  };
}

function replyLine(reply: KerberosMessage, asked: KerberosMessage | undefined): Event {
  const event = names(reply);
  if (reply.type === 30) {
    event.failedRequest = asked === undefined ? 'UNKNOWN' : messageNames[asked.type];
    event.error = errorName(reply.error ?? Number.NaN);
  }
  const { cipher, ticket } = reply;
  const isCipherKnown = cipher !== undefined && !Number.isNaN(cipher);
  event.encryption = isCipherKnown ? cipherName(cipher) : '<none>';
  event.isWeak = isCipherKnown && isWeakCipher(cipher);
  if (ticket !== undefined && !Number.isNaN(ticket.cipher)) {
    event.ticketEncryption = cipherName(ticket.cipher);
    event.isTicketWeak = isWeakCipher(ticket.cipher);
  }
  return event;
}

/** Request and reply as one, in Zeek's words. */
function transaction(asked?: KerberosMessage, reply?: KerberosMessage): Event {
  const event: Event = {};
  if (asked !== undefined) {
    event.requestType = asked.type === 10 ? 'AS' : 'TGS';
    if (asked.type === 10) event.client = `${asked.client ?? ''}/${asked.realm ?? ''}`;
    if (asked.service !== undefined) event.service = asked.service;
    if (asked.fromUs !== undefined) event.fromUs = asked.fromUs;
    if (asked.tillUs !== undefined) event.tillUs = asked.tillUs;
    if (asked.isForwardable !== undefined) event.isForwardable = asked.isForwardable;
    if (asked.isRenewable !== undefined) event.isRenewable = asked.isRenewable;
    if (asked.realm !== undefined) event.realm = asked.realm;
    if (asked.hasPreauthentication === true) event.hasPreauthentication = true;
    if (asked.offered !== undefined) event.offeredCiphers = asked.offered.map(cipherName);
  }
  if (reply === undefined) return event;
  if (event.client === undefined && (reply.client ?? reply.realm) !== undefined) {
    event.client = `${reply.client ?? ''}/${reply.realm ?? ''}`;
  }
  if (reply.type === 30) {
    event.isSuccess = false;
    event.error = errorName(reply.error ?? Number.NaN);
    event.errorText = reply.errorText ?? event.error;
    if (reply.service !== undefined) event.service = reply.service;
    return event;
  }
  event.isSuccess = true;
  if (reply.ticket !== undefined && !Number.isNaN(reply.ticket.cipher)) {
    event.service = reply.ticket.service.join('/');
    event.cipher = cipherName(reply.ticket.cipher);
    event.isTicketWeak = isWeakCipher(reply.ticket.cipher);
  }
  return event;
}

/** A ticket shown to a service (AP-REQ), as the protocol that carries it tells it; `at`..`end` is the message. */
export function shownTicket(b: Uint8Array, at: number, end: number): KerberosMessage | null {
  const message = readKerberos(b, at, end);
  return message !== null && message.type === 14 && message.ticket !== undefined ? message : null;
}

/** @param isSuccess undefined when the answer was not seen */
export function ticketLogin(message: KerberosMessage, isSuccess: boolean | undefined): Event {
  const event: Event = { requestType: 'AP', client: `/${message.realm ?? ''}`, service: message.service ?? '' };
  if (isSuccess !== undefined) event.isSuccess = isSuccess;
  const cipher = message.ticket?.cipher;
  if (cipher !== undefined && !Number.isNaN(cipher)) {
    event.cipher = cipherName(cipher);
    event.isTicketWeak = isWeakCipher(cipher);
  }
  return event;
}

/** Message types by tag: [application 10] to 13 and 30. */
const isTag = (tag: number): boolean => (tag >= 0x6a && tag <= 0x6d) || tag === 0x7e;

const probe: Probe = (b, at, end, hint) => {
  let o = at;
  if (hint.proto === 6) {
    if (b[at] !== 0) return probed.no;
    if (end - at < 5) return probed.maybe;
    o += 4;
  }
  if (!isTag(b[o])) return probed.no;
  if (end - o < 14) return hint.proto === 6 ? probed.maybe : probed.no;
  // Length, SEQUENCE and its length, then version 5 as [0] or, in requests, [1].
  o += 2 + lengthBytes(b[o + 1]);
  if (b[o] !== 0x30) return probed.no;
  if (end - o < 10) return hint.proto === 6 ? probed.maybe : probed.no;
  o += 2 + lengthBytes(b[o + 1]);
  const isVersion =
    (b[o] === 0xa0 || b[o] === 0xa1) && b[o + 1] === 3 && b[o + 2] === 2 && b[o + 3] === 1 && b[o + 4] === 5;
  return isVersion ? probed.yes : probed.no;
};

const lengthBytes = (first: number): number => (first > 0x80 && first < 0x85 ? first & 0x7f : 0);

export const kerberos = defineProtocol({
  name: 'kerberos',
  title: 'Kerberos',
  eveType: 'krb5',
  eveApp: 'krb5',
  zeekLog: 'kerberos',
  zeekService: 'krb_tcp',
  family: 'login',
  ports: { tcp: [88], udp: [88] },
  perMessage: ['message', 'failedRequest', 'cname', 'sname', 'encryption', 'isWeak', 'ticketEncryption'],
  fields,
  probe: startingWith((first) => first === 0 || isTag(first), probe),
  open: (conversation) => new KerberosTalk(conversation),
});
