// LDAP (RFC 4511) on TCP and CLDAP on UDP: each request with its responses; what was searched, who logged in.

import { type EventOf, number, object, objects, text, u32 } from '../../../../core/index.ts';
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
} from '../../protocol.ts';
import { element } from '../ber.ts';
import { kerberos, shownTicket, ticketLogin } from '../kerberos/kerberos.ts';
import { type NtlmChallenge, ntlm, ntlmLogin } from '../ntlm.ts';
import { nameLogins } from '../spnego.ts';
import { type LdapMessage, readLdap } from './message.ts';
import {
  derefNames,
  extensionName,
  isRequest,
  operationNames,
  resultName,
  scopeNames,
  startTls,
  transactionNames,
} from './names.ts';
import { layerBytes, unwrapped } from './sasl-layer.ts';

const fields = {
  request: object('Request', { eve: 'ldap.request' }),
  responses: objects('Responses', { eve: 'ldap.responses' }),
  latencyUs: number('Time until the last response', { eve: false, unit: 'us' }),
  messageId: number('Message', { eve: false, zeek: 'message_id', filter: 'ldap.messageID' }),
  version: number('Version', { eve: false, zeek: 'version' }),
  operation: text('Operation', { eve: false, zeek: 'opcode' }),
  result: text('Result', { eve: false, zeek: 'result' }),
  diagnostic: text('Diagnostic message', { eve: false, zeek: 'diagnostic_message' }),
  object: text('Object', { eve: false, zeek: 'object' }),
  argument: text('Argument', { eve: false, zeek: 'argument' }),
  filter: text('Search filter', {}),
};

/** A search, as Zeek has a log of its own for it. */
export const ldapSearch = defineProtocol({
  name: 'ldap_search',
  title: 'LDAP search',
  family: 'login',
  zeekLog: 'ldap_search',
  fields: {
    messageId: number('Message', { zeek: 'message_id' }),
    scope: text('Scope', { zeek: 'scope' }),
    deref: text('Aliases followed', { zeek: 'deref_aliases' }),
    base: text('Base', { zeek: 'base_object' }),
    results: number('Entries found', { zeek: 'result_count' }),
    result: text('Result', { zeek: 'result' }),
    diagnostic: text('Diagnostic message', { zeek: 'diagnostic_message' }),
    filter: text('Filter', { zeek: 'filter' }),
    latencyUs: number('Time until the last response', { unit: 'us' }),
  },
});

/** Requests without their last response that are remembered. */
const pendingLimit = 64;
/** Responses of one request that are told. */
const responseLimit = 32;
/** Longer messages are read as far as they are there, the rest is skipped. */
const messageLimit = 60_000;
/** Stands for a password that Zeek would not log, either. */
const redacted = 'REDACTED';

interface Transaction {
  readonly request: LdapMessage | null;
  readonly timeUs: number;
  readonly responses: Record<string, unknown>[];
  entries: number;
}

class LdapTalk implements Talk {
  readonly #conversation: Conversation<typeof fields>;
  readonly #pending = new Map<number, Transaction>();
  #challenge: NtlmChallenge | null = null;
  #isConfirmed = false;
  #isTlsNext = false;
  /** Bytes of a security layer that are still to come, by side. */
  readonly #layer: [number, number] = [0, 0];

  constructor(conversation: Conversation<typeof fields>) {
    this.#conversation = conversation;
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    let o = at;
    while (o < end && !this.#isTlsNext) {
      const next = this.#layer[side] > 0 ? this.#inLayer(side, b, o, end) : this.#outside(side, b, o, end);
      if (next === notMine) return notMine;
      if (next === 0) break;
      o = next;
    }
    return o - at;
  }

  end(): void {
    for (const [id, transaction] of this.#pending) this.#tell(id, transaction, null);
    this.#pending.clear();
  }

  #outside(side: Side, b: Uint8Array, o: number, end: number): number {
    return b[o] === 0x30 ? this.#message(side, b, o, end) : this.#openLayer(side, b, o, end);
  }

  /** Where the message at `o` ends; 0 when more is needed. */
  #message(side: Side, b: Uint8Array, o: number, end: number): number {
    const whole = element(b, o, end);
    if (whole === null) {
      if (end - o < 6) return 0;
      return this.#giveUp();
    }
    const isLong = whole.next - o > messageLimit;
    if (whole.next > end && !isLong) return 0;
    const message = readLdap(b, whole);
    if (message === null) return this.#giveUp();
    this.#heard(side, message, b);
    return whole.next;
  }

  /** A SASL security layer: four bytes of length, then what the mechanism makes of the messages inside. */
  #openLayer(side: Side, b: Uint8Array, o: number, end: number): number {
    if (!this.#isConfirmed || b[o] !== 0) return this.#giveUp();
    if (end - o < 4) return 0;
    const next = o + 4 + u32(b, o);
    if (end < Math.min(next, o + 4 + layerBytes)) return 0;
    const from = unwrapped(b, o + 4, Math.min(next, end));
    if (from < 0) return next;
    this.#layer[side] = next - from;
    return from;
  }

  /** Messages inside of the layer, up to its end, where there may be a checksum. */
  #inLayer(side: Side, b: Uint8Array, o: number, end: number): number {
    const stop = o + this.#layer[side];
    const whole = b[o] === 0x30 ? element(b, o, end) : null;
    if (whole === null && b[o] === 0x30 && end < Math.min(stop, o + 6)) return 0;
    const fits = whole !== null && whole.next <= stop;
    if (fits && whole.next > end && whole.next - o <= messageLimit) return 0;
    const message = fits ? readLdap(b, whole) : null;
    if (message === null || whole === null) {
      this.#layer[side] = 0;
      return stop;
    }
    this.#heard(side, message, b);
    this.#layer[side] = stop - whole.next;
    return whole.next;
  }

  #giveUp(): number {
    if (!this.#isConfirmed) return notMine;
    this.#conversation.done();
    return 0;
  }

  #heard(side: Side, message: LdapMessage, b: Uint8Array): void {
    if (!this.#isConfirmed) {
      this.#isConfirmed = true;
      this.#conversation.confirm();
      if (isRequest(message.operation) !== (side === 0)) this.#conversation.swap();
    }
    if (isRequest(message.operation)) this.#request(message, b);
    else this.#response(message);
  }

  #request(message: LdapMessage, b: Uint8Array): void {
    const transaction = { request: message, timeUs: this.#conversation.timeUs, responses: [], entries: 0 };
    if (message.token !== null) nameLogins(this.#conversation, message.token);
    if (message.bind !== null) this.#login(message, b);
    if (message.operation === 2 || message.operation === 16) {
      this.#tell(message.id, transaction, null);
      return;
    }
    if (this.#pending.size >= pendingLimit) {
      const [oldest] = this.#pending.keys();
      this.#finish(oldest, null);
    }
    this.#pending.set(message.id, transaction);
  }

  #response(message: LdapMessage): void {
    const { id, operation } = message;
    let transaction = this.#pending.get(id);
    if (transaction === undefined) {
      transaction = { request: null, timeUs: this.#conversation.timeUs, responses: [], entries: 0 };
      if (this.#pending.size < pendingLimit) this.#pending.set(id, transaction);
    }
    if (operation === 4) transaction.entries++;
    const isLast = operation !== 4 && operation !== 19 && operation !== 25;
    if (transaction.responses.length < responseLimit || isLast) {
      const operationName = operationNames[operation];
      transaction.responses.push({
        operation: operationName,
        ...(transaction.request === null && { message_id: id }),
        ...(operation !== 19 && { [operationName]: message.parts }),
      });
    }
    if (!isLast) return;
    const { request } = transaction;
    if (message.token !== null) nameLogins(this.#conversation, message.token);
    if (message.token?.ntlm?.challenge !== undefined) this.#challenge = message.token.ntlm.challenge;
    this.#pending.delete(id);
    this.#tell(id, transaction, message);
    if (request !== null && request.object === startTls && request.operation === 23 && message.result === 0) {
      this.#isTlsNext = true;
      this.#conversation.become('tls');
    }
    if (request?.bind === 'SASL' || request?.bind === 'other') this.#loggedIn(request, message, transaction.timeUs);
  }

  #finish(id: number, last: LdapMessage | null): void {
    const transaction = this.#pending.get(id);
    if (transaction === undefined) return;
    this.#pending.delete(id);
    this.#tell(id, transaction, last);
  }

  #ticket: ReturnType<typeof shownTicket> = null;

  /** Reads the ticket while the bytes are there. */
  #login(message: LdapMessage, b: Uint8Array): void {
    const { token } = message;
    if (token !== null && token.apReqAt >= 0) this.#ticket = shownTicket(b, token.apReqAt, token.apReqEnd);
  }

  #loggedIn(request: LdapMessage, response: LdapMessage, timeUs: number): void {
    const isSuccess = response.result === 0;
    const answer = request.token?.ntlm?.answer;
    if (answer !== undefined) {
      // Zeek tells success only of logins to SMB; here the bind's own line does.
      this.#conversation.emitAs(ntlm, ntlmLogin(this.#challenge, answer, undefined), { timeUs, side: 0, only: 'log' });
    }
    if (this.#ticket === null) return;
    this.#conversation.emitAs(kerberos, ticketLogin(this.#ticket, isSuccess), { timeUs, side: 0, only: 'log' });
    this.#ticket = null;
  }

  #tell(id: number, transaction: Transaction, last: LdapMessage | null): void {
    const { request, responses, timeUs } = transaction;
    const event: EventOf<typeof fields> = {};
    if (request !== null) event.request = requestPart(request);
    if (responses.length > 0) event.responses = responses;
    if (request?.filter) event.filter = request.filter;
    this.#conversation.emit(event, { side: 0, only: 'eve' });
    const latencyUs = last === null || request === null ? undefined : Math.max(0, this.#conversation.timeUs - timeUs);
    const isSearch = request?.operation === 3 || last?.operation === 5 || (request === null && last === null);
    if (isSearch) {
      this.#conversation.emitAs(ldapSearch, searchLine(id, transaction, last, latencyUs), {
        timeUs,
        side: 0,
        only: 'log',
      });
    } else {
      Object.assign(event, transactionLine(id, request, last));
      if (latencyUs !== undefined) event.latencyUs = latencyUs;
      this.#conversation.emit(event, { timeUs, side: 0, only: 'log' });
    }
  }
}

function requestPart(request: LdapMessage): Record<string, unknown> {
  const operation = operationNames[request.operation];
  return {
    message_id: request.id,
    operation,
    ...(request.operation !== 2 && { [operation]: request.parts }),
  };
}

/** Servers end it with a null byte and break lines in it: shown as Zeek shows them. */
const plainDiagnostic = (text: string): string => text.replace(/\\x[0-9a-f]{2}|[\x00-\x1f\x7f]/g, '?');

/** Request and response in the words of Zeek's ldap.log. */
function transactionLine(id: number, request: LdapMessage | null, last: LdapMessage | null): EventOf<typeof fields> {
  const event: EventOf<typeof fields> = { messageId: id };
  const operation = request?.operation ?? (last === null ? -1 : last.operation - 1);
  const name = transactionNames[operation];
  if (name !== undefined) event.operation = request?.bind ? `${name} ${request.bind}` : name;
  if (request !== null) {
    if (request.operation === 0 && !Number.isNaN(request.version)) event.version = request.version;
    if (request.operation === 23) event.object = `${request.object} (${extensionName(request.object)})`;
    else if (request.object !== '') event.object = request.object;
    if (request.bind === 'simple') event.argument = redacted;
    else if (request.mechanism !== '') event.argument = request.mechanism;
  }
  if (last !== null) {
    if (!Number.isNaN(last.result)) event.result = resultName(last.result);
    if (last.diagnostic !== '') event.diagnostic = plainDiagnostic(last.diagnostic);
  }
  return event;
}

function searchLine(
  id: number,
  transaction: Transaction,
  last: LdapMessage | null,
  latencyUs: number | undefined,
): EventOf<typeof ldapSearch.fields> {
  const { request, entries } = transaction;
  const event: EventOf<typeof ldapSearch.fields> = { messageId: id, results: entries };
  if (request !== null) {
    const scope = scopeNames[request.scope];
    const deref = derefNames[request.deref];
    if (scope !== undefined) event.scope = scope;
    if (deref !== undefined) event.deref = deref;
    if (request.object !== '') event.base = request.object;
    if (request.filter !== '') event.filter = request.filter;
  }
  if (last !== null) {
    if (!Number.isNaN(last.result)) event.result = resultName(last.result);
    if (last.diagnostic !== '') event.diagnostic = plainDiagnostic(last.diagnostic);
  }
  if (latencyUs !== undefined) event.latencyUs = latencyUs;
  return event;
}

const probe: Probe = (b, at, end, hint) => {
  if (b[at] !== 0x30) return probed.no;
  if (end - at < 7) return hint.proto === 6 ? probed.maybe : probed.no;
  const whole = element(b, at, end);
  if (whole === null || whole.next - at > 0x100_0000) return probed.no;
  const id = element(b, whole.at, whole.end);
  if (id === null || id.tag !== 0x02 || id.next - id.at > 4 || id.next === id.at) return probed.no;
  const operation = element(b, id.next, whole.end);
  if (operation === null || operation.next > whole.next) return probed.no;
  const name = operationNames[operation.tag & 0x1f];
  if ((operation.tag & 0xc0) !== 0x40 || name === undefined) return probed.no;
  // Only what is encoded as one value is written as such.
  const number = operation.tag & 0x1f;
  const isPrimitive = number === 2 || number === 10 || number === 16;
  if (((operation.tag & 0x20) === 0) !== isPrimitive) return probed.no;
  if (number === 2 && operation.next !== operation.at) return probed.no;
  if (number === 0 && end - operation.at >= 3 && (b[operation.at] !== 2 || b[operation.at + 2] > 3)) return probed.no;
  return probed.yes;
};

export const ldap = defineProtocol({
  name: 'ldap',
  title: 'LDAP',
  family: 'login',
  zeekLog: 'ldap',
  zeekService: 'ldap_tcp',
  ports: { tcp: [389, 3268], udp: [389] },
  fields,
  probe: startingWith(oneOf(0x30), probe),
  open: (conversation) => new LdapTalk(conversation),
});
