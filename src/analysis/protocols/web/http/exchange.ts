// A request and its response as they are read, and the requests that wait for one.

import type { Conversation, Side } from '../../protocol.ts';
import { Upgrade } from '../hand-over.ts';
import { Body, codingOf } from './body.ts';
import { httpEvent } from './event.ts';
import { type Head, header, lengthOf } from './head.ts';
import type { RequestLook } from './request-look.ts';

/** One direction. */
export interface Message {
  head: Head;
  body: Body | null;
  /** When its first and its last byte came, microseconds since the epoch. */
  startUs: number;
  endUs: number;
  isDone: boolean;
  /** Bytes of start line and headers. */
  headBytes: number;
  /** Bytes of the body on the wire, framing of chunks counted in. */
  wireBytes: number;
  /** Of a request: what detectors look at, and whether it was shown to them. */
  look: RequestLook | null;
  isShown: boolean;
}

/** Slots for the headers that are kept. */
const headSlots = 25;

export function newMessage(startUs: number): Message {
  return {
    head: new Array<string | undefined>(headSlots),
    body: null,
    startUs,
    endUs: startUs,
    isDone: false,
    headBytes: 0,
    wireBytes: 0,
    look: null,
    isShown: false,
  };
}

export interface Exchange {
  /** Number in the flow, from 1. */
  readonly depth: number;
  /** Empty when the request was not seen. */
  method: string;
  target: string;
  /** The target with its secrets; for detectors alone. */
  rawTarget: string;
  /** `HTTP/1.1` */
  protocol: string;
  /** Of the response, `1.1`. */
  version: string;
  /** 0 while there is none, -1 when it is not a number. */
  status: number;
  statusText: string;
  reason: string;
  infoStatus: number;
  infoReason: string;
  request: Message | null;
  response: Message | null;
  isTold: boolean;
}

export function newExchange(depth: number): Exchange {
  return {
    depth,
    method: '',
    target: '',
    rawTarget: '',
    protocol: '',
    version: '',
    status: 0,
    statusText: '',
    reason: '',
    infoStatus: 0,
    infoReason: '',
    request: null,
    response: null,
    isTold: false,
  };
}

/** Requests that wait for their response, and bytes of their heads. */
const pendingLimit = 64;
const pendingBytes = 131_072;

/** The exchanges of a flow, in order. */
export class Exchanges {
  readonly #conversation: Conversation;
  #pending: Exchange[] = [];
  #depth = 0;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  /** There was none yet. */
  get isNew(): boolean {
    return this.#depth === 0;
  }

  get waiting(): number {
    return this.#pending.length;
  }

  /** The oldest request without response. */
  get first(): Exchange | undefined {
    return this.#pending[0];
  }

  get last(): Exchange | undefined {
    return this.#pending[this.#pending.length - 1];
  }

  /** A new one, whose request begins. */
  ask(): Exchange {
    const exchange = newExchange(++this.#depth);
    exchange.request = newMessage(this.#conversation.firstUs);
    // Mostly there is one, and the first push makes room for seventeen.
    if (this.#pending.length === 0) this.#pending = [exchange];
    else this.#pending.push(exchange);
    if (this.#pending.length > pendingLimit || this.#headBytes > pendingBytes) this.#tellFirst();
    return exchange;
  }

  /** Of those that wait. */
  get #headBytes(): number {
    let bytes = 0;
    for (const { request } of this.#pending) bytes += request?.headBytes ?? 0;
    return bytes;
  }

  /** The one whose response begins: the oldest that waits, one without request when none does. */
  answer(): Exchange {
    let exchange = this.#pending.shift();
    if (exchange === undefined) {
      if (this.#depth > 0) this.#conversation.weird('unmatched_HTTP_reply');
      exchange = newExchange(++this.#depth);
    }
    exchange.response = newMessage(this.#conversation.firstUs);
    return exchange;
  }

  /** 100 Continue and its like: the response itself is still to come. */
  inform(exchange: Exchange): void {
    exchange.infoStatus = exchange.status;
    exchange.infoReason = exchange.reason;
    exchange.status = 0;
    exchange.statusText = '';
    exchange.reason = '';
    exchange.response = null;
    this.#pending.unshift(exchange);
  }

  tell(exchange: Exchange): void {
    if (exchange.isTold) return;
    exchange.isTold = true;
    const timeUs = exchange.request?.startUs ?? exchange.response?.startUs ?? this.#conversation.timeUs;
    this.#conversation.emit(httpEvent(exchange), { timeUs });
  }

  /** Tells those that wait, all but the last `keep`. */
  tellWaiting(keep: number): void {
    while (this.#pending.length > keep) this.#tellFirst();
  }

  /** Lets the protocol go on that was asked for: what follows CONNECT, or the one of Upgrade. */
  change(exchange: Exchange): void {
    const conversation = this.#conversation;
    const asked = exchange.request?.head;
    const answered = exchange.response?.head;
    const upgrade = (answered?.[header.upgrade] ?? asked?.[header.upgrade] ?? '').toLowerCase();
    const isSocket = upgrade === 'websocket';
    if (exchange.method === 'CONNECT' || (!isSocket && upgrade !== 'h2c')) {
      conversation.become(null);
      return;
    }
    const request = new Upgrade({
      timeUs: exchange.request?.startUs ?? conversation.timeUs,
      method: exchange.method,
      target: exchange.target,
      host: asked?.[header.host],
      userAgent: asked?.[header.userAgent],
      askedProtocols: asked?.[header.webSocketProtocol],
      askedExtensions: asked?.[header.webSocketExtensions],
      protocol: answered?.[header.webSocketProtocol],
      extensions: answered?.[header.webSocketExtensions],
    });
    conversation.become(isSocket ? 'websocket' : 'http2', request);
  }

  #tellFirst(): void {
    const exchange = this.#pending.shift();
    if (exchange !== undefined) this.tell(exchange);
  }
}

/** CONNECT was granted: what follows belongs to another. */
export const isTunnel = ({ method, status }: Exchange): boolean =>
  method === 'CONNECT' && status >= 200 && status < 300;

/** How a message says where its body ends (RFC 9112 section 6.3). */
export interface Framing {
  readonly isChunked: boolean;
  /** -1 when it is not said, or chunks say it. */
  readonly length: number;
  readonly hasBody: boolean;
}

export function framingOf(exchange: Exchange, side: Side, { head }: Message): Framing {
  const { method, status } = exchange;
  const isChunked = head[header.transferEncoding]?.toLowerCase().includes('chunked') ?? false;
  const told = head[header.contentLength];
  const length = told === undefined || isChunked ? -1 : lengthOf(told);
  if (side === 0) return { isChunked, length, hasBody: isChunked || length > 0 };
  const isBare = method === 'HEAD' || status === 101 || status === 204 || status === 304 || isTunnel(exchange);
  return { isChunked, length, hasBody: !isBare && length !== 0 };
}

/** @param expected its length, -1 when that is not said */
export function newBody(head: Head, expected: number): Body {
  const isMultipart = head[header.contentType]?.toLowerCase().startsWith('multipart/') ?? false;
  const isMiddle = /^bytes\s+0*[1-9]/i.test(head[header.contentRange] ?? '');
  return new Body(codingOf(head[header.contentEncoding]), expected, isMultipart, isMiddle);
}

/** Whether the request asks for another protocol. */
export const asksChange = ({ method, request }: Exchange): boolean =>
  method === 'CONNECT' || request?.head[header.upgrade] !== undefined;
