// Reads SIP messages: datagrams hold one each, streams several with the length of their bodies told (RFC 3261 §18.3).

import { hasAscii, wireText } from '../../../../core/index.ts';
import { type Conversation, notMine, otherSide, probed, type Side, type Talk } from '../../protocol.ts';
import { announceSession } from '../announce.ts';
import {
  credentialsOf,
  type Head,
  headEnd,
  headerOf,
  headLimit,
  leadingNumber,
  readHead,
  withoutPasswords,
} from '../head.ts';
import { readSdp, type Sdp, sdpLimit } from '../sdp.ts';
import type { SipEvent, sipFields } from './fields.ts';
import { isKeepAlive, mayBeSip } from './first-bytes.ts';
import { SipCalls } from './sip-calls.ts';
import { SipRow } from './sip-rows.ts';

/** Requests whose responses are awaited. */
const pendingLimit = 256;
/** Methods that are registered; Zeek knows the first eight. */
const knownMethods = new Set(
  'REGISTER INVITE ACK CANCEL BYE OPTIONS NOTIFY SUBSCRIBE INFO MESSAGE PRACK PUBLISH REFER UPDATE'.split(' '),
);

const isLineEnd = (c: number): boolean => c === 0x0d || c === 0x0a;

export class SipTalk implements Talk {
  readonly #conversation: Conversation<typeof sipFields>;
  readonly #rows: readonly [SipRow, SipRow];
  readonly #calls: SipCalls;
  /** When requests were seen, by branch and method. */
  readonly #pending = new Map<string, number>();
  /** What the client sent before its first request that is none. */
  #junk = '';
  #messages = 0;
  #isProven = false;

  constructor(conversation: Conversation<typeof sipFields>) {
    this.#conversation = conversation;
    this.#rows = [new SipRow(conversation), new SipRow(conversation)];
    this.#calls = new SipCalls(conversation);
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    return this.#conversation.proto === 17 ? this.#datagram(side, b, at, end) : this.#stream(side, b, at, end);
  }

  #datagram(side: Side, b: Uint8Array, at: number, end: number): number {
    let from = at;
    while (from < end && isLineEnd(b[from])) from++;
    if (from === end) return end - at;
    if (isKeepAlive(b, at, end)) {
      if (side === 0 && this.#junk === '') this.#junk = wireText(b, at, end);
      return end - at;
    }
    if (mayBeSip(b, from, end, true) !== probed.yes) {
      if (this.#messages === 0) return notMine;
      this.#conversation.weird('sip_junk');
      return end - at;
    }
    const body = headEnd(b, from, end);
    this.#message(side, readHead(b, from, body < 0 ? end : body), b, body < 0 ? end : body, end);
    return end - at;
  }

  #stream(side: Side, b: Uint8Array, at: number, end: number): number {
    let o = at;
    for (;;) {
      while (o < end && isLineEnd(b[o])) o++;
      if (o === end) return o - at;
      const verdict = mayBeSip(b, o, end, false);
      if (verdict === probed.no) return this.#lost(end - at);
      const body = verdict === probed.yes ? headEnd(b, o, end) : -1;
      if (body < 0) return end - o > headLimit ? this.#lost(end - at) : o - at;
      const head = readHead(b, o, body);
      const length = Math.max(0, leadingNumber(headerOf(head, 'content-length', 'l')));
      // What does not fit is passed over; a description is far smaller.
      const wanted = body + Math.min(length, sdpLimit);
      if (wanted > end) {
        this.#conversation.need(wanted - o);
        return o - at;
      }
      this.#message(side, head, b, body, wanted);
      o = body + length;
      if (o >= end) return o - at;
    }
  }

  /** Something else than SIP. */
  #lost(length: number): number {
    if (this.#messages === 0) return notMine;
    this.#conversation.weird('sip_junk');
    this.#conversation.done();
    return length;
  }

  #message(side: Side, head: Head, b: Uint8Array, body: number, end: number): void {
    const isResponse = hasSipVersion(head.line);
    let from = side;
    if (this.#messages++ === 0 && isResponse && side === 0) {
      // Nobody answers before being asked: the capture began late.
      this.#conversation.swap();
      from = 1;
    }
    const type = headerOf(head, 'content-type', 'c');
    const isSdp = type === undefined || type.toLowerCase().startsWith('application/sdp') || type.includes('multipart');
    const sdp = isSdp ? sdpIn(b, body, end) : null;
    if (isResponse) this.#response(from, head, type, sdp);
    else this.#request(from, head, type, sdp);
    if (sdp !== null) {
      announceSession(this.#conversation, from, sdp.media, headerOf(head, 'call-id', 'i') ?? '');
    }
  }

  #request(side: Side, head: Head, type: string | undefined, sdp: Sdp | null): void {
    const conversation = this.#conversation;
    if (this.#junk !== '' && this.#messages === 1) conversation.weird('sip_junk_before_request', this.#junk);
    const line = withoutPasswords(head.line);
    const [method, uri = ''] = line.split(' ');
    const version = line.slice(line.lastIndexOf(' ') + 1);
    const event: SipEvent = { method, uri, version, requestLine: line };
    commonValues(event, head);
    setText(event, 'requestFrom', headerOf(head, 'from', 'f'));
    setText(event, 'requestTo', headerOf(head, 'to', 't'));
    setText(event, 'subject', headerOf(head, 'subject', 's'));
    setText(event, 'userAgent', headerOf(head, 'user-agent'));
    const secret = headerOf(head, 'authorization') ?? headerOf(head, 'proxy-authorization');
    if (secret !== undefined) {
      const { scheme, user, realm } = credentialsOf(secret);
      event.authorization = scheme;
      if (user !== undefined && user !== '') event.user = user;
      if (realm !== undefined) event.realm = realm;
    }
    if (!knownMethods.has(method)) conversation.weird('unknown_SIP_method', method);
    const key = transactionOf(head, method);
    if (!this.#pending.has(key) && this.#pending.size < pendingLimit) this.#pending.set(key, conversation.timeUs);
    this.#rows[side].request(head, event);
    this.#calls.request(side, {
      callId: event.callId ?? '',
      method,
      from: event.requestFrom ?? '',
      to: event.requestTo ?? '',
      user: event.user,
      media: sdp?.media ?? [],
    });
    // Only the server knows of what type its answers are: Zeek's column is about those.
    setText(event, 'contentType', type);
    if (sdp !== null) event.sdp = sdp.eve;
    conversation.emit(event, { only: 'eve', side });
  }

  #response(side: Side, head: Head, type: string | undefined, sdp: Sdp | null): void {
    const conversation = this.#conversation;
    const { line } = head;
    const code = line.slice(8, 11);
    const event: SipEvent = { version: line.slice(0, 7), code, reason: line.slice(12), responseLine: line };
    commonValues(event, head);
    setText(event, 'responseFrom', headerOf(head, 'from', 'f'));
    setText(event, 'responseTo', headerOf(head, 'to', 't'));
    setText(event, 'server', headerOf(head, 'server') ?? headerOf(head, 'user-agent'));
    setText(event, 'contentType', type);
    const method = (event.cseq ?? '').split(' ').pop() ?? '';
    const key = transactionOf(head, method);
    const askedUs = this.#pending.get(key);
    if (askedUs !== undefined) {
      event.latencyUs = Math.max(0, Math.round(conversation.timeUs - askedUs));
      if (Number(code) >= 200) this.#pending.delete(key);
      if (!this.#isProven) conversation.confirm();
      this.#isProven = true;
    }
    const asker = otherSide(side);
    this.#rows[asker].response(head, Number(code), event);
    this.#calls.response(Number(code), {
      callId: event.callId ?? '',
      method,
      from: '',
      to: '',
      user: undefined,
      media: sdp?.media ?? [],
    });
    if (sdp !== null) event.sdp = sdp.eve;
    conversation.emit(event, { only: 'eve', side });
  }

  /** Responses and requests do not need each other: what is behind a hole is read again from the next message on. */
  gap(): void {
    if (this.#messages > 0) this.#conversation.weird('sip_gap');
  }

  end(): void {
    for (const row of this.#rows) row.end();
    this.#calls.end();
  }
}

const hasSipVersion = (line: string): boolean => line.startsWith('SIP/');

function commonValues(event: SipEvent, head: Head): void {
  setText(event, 'callId', headerOf(head, 'call-id', 'i'));
  setText(event, 'cseq', headerOf(head, 'cseq'));
  setText(event, 'contact', headerOf(head, 'contact', 'm'));
}

type TextName =
  | 'callId'
  | 'cseq'
  | 'contact'
  | 'requestFrom'
  | 'requestTo'
  | 'responseFrom'
  | 'responseTo'
  | 'subject'
  | 'userAgent'
  | 'server'
  | 'contentType';

function setText(event: SipEvent, name: TextName, value: string | undefined): void {
  if (value !== undefined) event[name] = withoutPasswords(value);
}

/** Branch of the topmost Via, which is new with each transaction (RFC 3261 §17.1.3); Call-ID and CSeq before it was. */
function transactionOf(head: Head, method: string): string {
  const via = headerOf(head, 'via', 'v') ?? '';
  const found = /;\s?branch=([^;,\s]{1,256})/i.exec(via);
  if (found !== null) return `${found[1]} ${method}`;
  return `${headerOf(head, 'call-id', 'i') ?? ''} ${leadingNumber(headerOf(head, 'cseq'))} ${method}`;
}

/** The description in a body; among other parts of it (RFC 2046 §5.1) it begins after an empty line. */
function sdpIn(b: Uint8Array, at: number, end: number): Sdp | null {
  if (hasAscii(b, at, end, 'v=')) return readSdp(b, at, end);
  if (!hasAscii(b, at, end, '--')) return null;
  for (let o = headEnd(b, at, end); o > 0 && o < end; o = headEnd(b, o, end)) {
    if (hasAscii(b, o, end, 'v=0')) return readSdp(b, o, end);
  }
  return null;
}
