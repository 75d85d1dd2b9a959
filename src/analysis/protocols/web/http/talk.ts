// Reads HTTP/1 (RFC 9112) both ways: messages out of the stream, responses to their requests in order, bodies by count.
//
// a side:  start line ─▶ headers ─▶ body (by length │ chunks ─▶ trailers │ until the end) ─▶ start line
//              ▲                      └ gap beyond its end ─▶ lost: a start line at the head of a segment finds it again
//              └ request with CONNECT or Upgrade ─▶ waiting for what the server answers

import { findByte } from '../../../../core/index.ts';
import { type Conversation, notMine, type Side, type Talk } from '../../protocol.ts';
import { Body } from './body.ts';
import { tellFile } from './event.ts';
import { asksChange, type Exchange, Exchanges, framingOf, isTunnel, newBody } from './exchange.ts';
import { type Half, loseContents, newHalf, passContents, place, takeContents, takeHeader } from './half.ts';
import {
  afterLead,
  chunkSizeOf,
  header,
  isLead,
  isOther,
  isPlausible,
  isRequest,
  isStatus,
  mayBeStatus,
  methodLength,
  partialRequest,
  type RequestLine,
  requestLine,
  speakerOf,
  statusLine,
} from './head.ts';
import { showRequest } from './request-look.ts';
import { askedHost } from './values.ts';

/** Longest line; what is beyond is passed over. */
const lineLimit = 32_768;

export class HttpTalk implements Talk {
  readonly #conversation: Conversation;
  readonly #exchanges: Exchanges;
  readonly #request = newHalf(0);
  readonly #response = newHalf(1);
  #isOriented = false;
  #hasResponses = false;
  #hasName = false;
  /** Another protocol goes on. */
  #isOver = false;
  /** It never was HTTP. */
  #isForeign = false;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
    this.#exchanges = new Exchanges(conversation);
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    if (!this.#isOriented) {
      const speaker = speakerOf(side, b, at, end);
      if (speaker === null) return 0;
      this.#isOriented = true;
      if (speaker !== side) this.#conversation.swap();
      side = speaker;
    }
    const half = side === 0 ? this.#request : this.#response;
    let pos = at;
    while (pos < end && !this.#isOver) {
      const next = this.#step(half, b, pos, end);
      if (next < 0) break;
      pos = next;
    }
    return this.#isForeign ? notMine : pos - at;
  }

  gap(side: Side, missing: number): void {
    const half = side === 0 ? this.#request : this.#response;
    if (loseContents(half, missing)) {
      if (passContents(half, missing)) this.#finish(half, true);
      return;
    }
    // Where the next message begins is unknown.
    this.#takePartial(half);
    this.#finish(half, false);
    half.place = place.lost;
  }

  end(): void {
    this.#takePartial(this.#request);
    this.#finish(this.#request, this.#request.place === place.rest);
    this.#finish(this.#response, this.#response.place === place.rest);
    this.#exchanges.tellWaiting(0);
  }

  /** Takes one thing; gives the position after it, -1 when it is not all there. */
  #step(half: Half, b: Uint8Array, at: number, end: number): number {
    switch (half.place) {
      case place.length:
      case place.chunk:
      case place.rest: {
        const to = takeContents(half, b, at, end, this.#conversation);
        if (passContents(half, to - at)) this.#finish(half, true);
        return to;
      }
      case place.waiting:
        return this.#wait(b, at, end);
      case place.lost:
        return this.#find(half, b, at, end);
      default:
        return this.#line(half, b, at, end);
    }
  }

  // --- lines -----------------------------------------------------------------------------------------------------

  #line(half: Half, b: Uint8Array, at: number, end: number): number {
    let to = at;
    let colon = -1;
    let cr = -1;
    for (; to < end; to++) {
      const c = b[to];
      // Letters are none of the three, and most of what comes.
      if (c > 0x3a) continue;
      if (c === 0x0a) break;
      if (c === 0x3a && colon < 0) colon = to;
      else if (c === 0x0d && cr < 0) cr = to;
    }
    const was = half.place;
    if (was === place.start && !this.#mayStart(half, b, at, end, to)) return half.place === place.lost ? end : at;
    if (was === place.chunkSize && chunkSizeOf(b, at, to) === -1) {
      this.#notChunks(half);
      return at;
    }
    if (to < end) {
      if (half.isSkippingLine) half.isSkippingLine = false;
      else if (cr >= 0 && cr < to - 1 && half.side === 1 && was <= place.headers) this.#splitLine(half, b, at, to);
      else this.#lineOf(half, b, at, to, to + 1, colon);
      return to + 1;
    }
    if (half.isSkippingLine) return end;
    if (was === place.start && half.side === 0) half.partial = partialRequest(b, at, end);
    if (end - at < lineLimit) return -1;
    // What is there of an overlong line is taken for all of it.
    this.#lineOf(half, b, at, end, end, colon);
    half.isSkippingLine = true;
    return end;
  }

  /** Clients take a carriage return alone for the end of a line, too. */
  #splitLine(half: Half, b: Uint8Array, at: number, to: number): void {
    let from = at;
    let isEmpty = true;
    for (let i = at; i <= to; i++) {
      if (i < to && b[i] !== 0x0d) continue;
      if (i > from) {
        this.#lineOf(half, b, from, i, i, findByte(b, from, i, 0x3a));
        isEmpty = false;
      }
      from = i + 1;
    }
    if (isEmpty) this.#lineOf(half, b, at, at, to + 1, -1);
  }

  /** @param to its line feed @param after where the next begins */
  #lineOf(half: Half, b: Uint8Array, at: number, to: number, after: number, colon: number): void {
    switch (half.place) {
      case place.start: {
        const from = afterLead(b, at, to);
        if (from === to) break;
        if (half.side === 0) this.#startRequest(b, from, to);
        else this.#startResponse(b, from, to);
        if (half.message !== null) half.message.headBytes += after - at;
        break;
      }
      case place.chunkSize:
        this.#chunkSize(half, b, at, after);
        break;
      default:
        if (half.message !== null && half.place === place.headers) half.message.headBytes += after - at;
        this.#headerLine(half, b, at, to, colon);
    }
  }

  /**
   * Whether a start line may stand at `at`, as far as it is there. When not, the side is lost, or it answers a request
   * without version, which has no head: then the body begins at once (HTTP/0.9).
   */
  #mayStart(half: Half, b: Uint8Array, at: number, end: number, to: number): boolean {
    if (isLead(b[at])) return true;
    if (half.side === 0) {
      if (to < end || (methodLength(b, at, end) > 0 && end - at < lineLimit)) return true;
    } else {
      // A line of rubbish before the response is passed over.
      if (mayBeStatus(b, at, end) || (to < end && isStatus(b, to + 1, end))) return true;
      const asked = this.#exchanges.first;
      if (asked !== undefined && asked.protocol === '') {
        this.#bareResponse();
        return false;
      }
      if (asked !== undefined) this.#conversation.weird('bad_HTTP_reply');
    }
    half.place = place.lost;
    return false;
  }

  #bareResponse(): void {
    const exchange = this.#exchanges.answer();
    const half = this.#response;
    half.exchange = exchange;
    half.message = exchange.response;
    if (half.message !== null) half.message.body = new Body(null, -1, false);
    exchange.version = '0.9';
    // What Zeek writes where there are no words.
    exchange.reason = '<empty>';
    half.place = place.rest;
    if (exchange.request !== null) exchange.request.isDone = true;
  }

  #startRequest(b: Uint8Array, at: number, to: number): void {
    const half = this.#request;
    if (this.#exchanges.isNew && isOther(b, at, to)) {
      this.#isForeign = true;
      this.#isOver = true;
      return;
    }
    const line = requestLine(b, at, to);
    if (line === null || !isPlausible(line)) {
      this.#conversation.weird('bad_HTTP_request');
      half.place = place.lost;
      return;
    }
    this.#ask(line);
  }

  /** The end of a request line will not come. */
  #takePartial(half: Half): void {
    const { partial } = half;
    half.partial = null;
    if (partial !== null && half.place === place.start) this.#ask(partial);
  }

  #ask(line: RequestLine): void {
    const half = this.#request;
    half.partial = null;
    const exchange = this.#exchanges.ask();
    exchange.method = line.method;
    exchange.target = line.target;
    exchange.rawTarget = line.rawTarget;
    exchange.protocol = line.version;
    half.exchange = exchange;
    half.message = exchange.request;
    half.lastHeader = header.none;
    half.place = place.headers;
  }

  #startResponse(b: Uint8Array, at: number, to: number): void {
    const half = this.#response;
    const line = statusLine(b, at, to);
    if (line === null) {
      this.#conversation.weird('bad_HTTP_reply');
      return;
    }
    const exchange = this.#exchanges.answer();
    if (!this.#hasResponses) {
      this.#hasResponses = true;
      this.#conversation.confirm();
    }
    exchange.version = line.version;
    exchange.status = line.status;
    exchange.statusText = line.statusText;
    exchange.reason = line.reason;
    half.exchange = exchange;
    half.message = exchange.response;
    half.lastHeader = header.none;
    half.place = place.headers;
  }

  #headerLine(half: Half, b: Uint8Array, at: number, to: number, colon: number): void {
    const c = b[at];
    if (at === to || (c === 0x0d && at + 1 === to) || (half.side === 1 && afterLead(b, at, to) === to)) {
      if (half.place === place.trailers) this.#finish(half, true);
      else this.#headEnd(half);
      return;
    }
    takeHeader(half, b, at, to, colon);
  }

  // --- what follows a head ---------------------------------------------------------------------------------------

  #headEnd(half: Half): void {
    const { exchange, message } = half;
    if (message === null || exchange === null) return;
    message.endUs = this.#conversation.timeUs;
    if (half.side === 0) {
      if (!this.#hasName) this.#name(exchange);
    } else if (exchange.status >= 100 && exchange.status < 200 && exchange.status !== 101) {
      this.#exchanges.inform(exchange);
      half.exchange = null;
      half.message = null;
      half.place = place.start;
      return;
    }
    const told = message.head[header.contentLength];
    const { isChunked, length, hasBody } = framingOf(exchange, half.side, message);
    if (told !== undefined && length < 0 && !isChunked) this.#conversation.weird('bad_HTTP_content_length');
    if (!hasBody) {
      this.#finish(half, true);
      return;
    }
    message.body = newBody(message.head, length);
    half.place = isChunked ? place.chunkSize : length > 0 ? place.length : place.rest;
    half.left = length;
  }

  #name(exchange: Exchange): void {
    const asked = askedHost(exchange);
    if (asked === null || asked.host === '') return;
    this.#hasName = true;
    this.#conversation.serverName(asked.host);
  }

  #chunkSize(half: Half, b: Uint8Array, at: number, after: number): void {
    if (half.message !== null) half.message.wireBytes += after - at;
    const size = chunkSizeOf(b, at, after);
    // The line end after a chunk.
    if (size === -2) return;
    half.left = size;
    half.place = size === 0 ? place.trailers : place.chunk;
  }

  /** The rest is taken for the body as it is. */
  #notChunks(half: Half): void {
    this.#conversation.weird('bad_HTTP_chunk_size');
    half.place = place.rest;
  }

  // --- ends ------------------------------------------------------------------------------------------------------

  /** The message at hand is over. @param isWhole its end was seen */
  #finish(half: Half, isWhole: boolean): void {
    const { exchange, message } = half;
    if (exchange === null || message === null) return;
    half.exchange = null;
    half.message = null;
    half.place = place.start;
    message.isDone = true;
    if (message.body !== null) {
      message.body.finish(isWhole, this.#conversation.crypto);
      tellFile(this.#conversation, exchange, half.side, message);
    }
    if (half.side === 0) {
      message.endUs = this.#conversation.timeUs;
      showRequest(this.#conversation, exchange);
      if (isWhole && asksChange(exchange) && exchange.response === null) half.place = place.waiting;
    } else if (isWhole && this.#change(exchange)) return;
    if (exchange.response?.isDone === true && exchange.request?.isDone !== false) this.#exchanges.tell(exchange);
  }

  // --- other protocols -------------------------------------------------------------------------------------------

  /** After a request that asks for another protocol nothing is read until the answer is there. */
  #wait(b: Uint8Array, at: number, end: number): number {
    const from = afterLead(b, at, end);
    const asked = this.#exchanges.last;
    // A client that goes on although no answer was ever seen: only its side was captured.
    const goesOn = from < end && (b[from] === 0x16 || b[from] >= 0x81) && asked !== undefined;
    if (goesOn && !this.#hasResponses && this.#response.place === place.start) {
      this.#isOver = true;
      this.#exchanges.change(asked);
    }
    return from > at ? from : -1;
  }

  /** A response that lets another protocol go on, or ends the waiting for it. */
  #change(exchange: Exchange): boolean {
    if (exchange.status === 101 || isTunnel(exchange)) {
      this.#exchanges.tell(exchange);
      this.#isOver = true;
      this.#exchanges.change(exchange);
      return true;
    }
    if (this.#request.place === place.waiting && this.#exchanges.waiting === 0) this.#request.place = place.start;
    return false;
  }

  // --- lost and found --------------------------------------------------------------------------------------------

  /** Looks for a start line at the head of what came; the rest of it is passed over when there is none. */
  #find(half: Half, b: Uint8Array, at: number, end: number): number {
    const isFound = half.side === 1 ? isStatus(b, at, end) : isRequest(b, at, end);
    if (!isFound) return end;
    half.place = place.start;
    // How many answers were lost is unknown: the one found is taken for that to the last request.
    if (half.side === 1) this.#exchanges.tellWaiting(1);
    return at;
  }
}
