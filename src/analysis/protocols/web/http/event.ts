// What is told of an exchange: the http event, and one of each file that a body is.

import { type AnyEvent, maskUrl } from '../../../../core/index.ts';
import type { Conversation, Side } from '../../protocol.ts';
import { files, fuidOf, isLocalSide } from '../files.ts';
import type { Body } from './body.ts';
import type { Exchange, Message } from './exchange.ts';
import { header, proxyHeaders } from './head.ts';
import {
  askedHost,
  contentRange,
  credentials,
  dispositionName,
  mediaType,
  pathOf,
  sessionHash,
  unescaped,
} from './values.ts';

const noTags: string[] = [];

/** Values of the http event; see the fields in http.ts. */
export function httpEvent(exchange: Exchange): AnyEvent {
  const event: AnyEvent = { transaction: exchange.depth - 1, depth: exchange.depth, tags: noTags };
  const { request, response } = exchange;
  if (request !== null) requestValues(event, exchange, request);
  if (exchange.infoStatus > 0) {
    event.infoStatus = exchange.infoStatus;
    event.infoReason = exchange.infoReason;
  }
  const responseBody = response?.body ?? null;
  event.length = response?.wireBytes ?? 0;
  // What was sent, captured or not.
  event.requestBytes = sentBytes(request?.body ?? null);
  event.responseBytes = sentBytes(responseBody);
  if (response === null) return event;
  responseValues(event, exchange, response);
  if (responseBody !== null) {
    if (responseBody.coding !== null) event.responsePackedBytes = responseBody.seenBytes;
    if (responseBody.seenBytes > 0) {
      event.responseFuids = [responseBody.fuid];
      if (responseBody.mimeType !== undefined) event.responseMimeTypes = [responseBody.mimeType];
      const name = dispositionName(response.head[header.contentDisposition]);
      if (name !== undefined) event.responseFilenames = [name];
    }
  }
  if (request !== null && exchange.protocol === '' && response.headBytes > 0) bareValues(event, response);
  if (request !== null) {
    event.ttfbUs = Math.max(0, response.startUs - request.endUs);
    event.durationUs = Math.max(0, response.endUs - request.startUs);
  }
  return event;
}

const sentBytes = (body: Body | null): number => (body === null ? 0 : body.size + body.missingBytes);

/** Who asks without a version takes all that comes for contents (RFC 1945 section 6, Simple-Response): so tells Zeek. */
function bareValues(event: AnyEvent, { body, headBytes }: Message): void {
  event.version = '0.9';
  event.statusCode = 0;
  event.reason = '<empty>';
  event.responseBytes = headBytes + sentBytes(body);
  event.responseMimeTypes = ['text/plain'];
}

function requestValues(event: AnyEvent, exchange: Exchange, request: Message): void {
  const { head, body } = request;
  const asked = askedHost(exchange);
  if (asked !== null) {
    event.hostname = asked.host;
    if (asked.port >= 0) event.port = asked.port;
  }
  event.url = exchange.target;
  event.uri = unescaped(exchange.target);
  event.method = exchange.method;
  if (exchange.protocol !== '') event.protocol = exchange.protocol;
  const host = head[header.host];
  if (host !== undefined) event.host = host.slice(host.lastIndexOf('@') + 1);
  if (head[header.userAgent] !== undefined) event.userAgent = head[header.userAgent];
  const referer = head[header.referer];
  if (referer !== undefined) event.referer = maskUrl(referer);
  if (head[header.origin] !== undefined) event.origin = maskUrl(head[header.origin] ?? '');
  if (head[header.xForwardedFor] !== undefined) event.xff = head[header.xForwardedFor];
  const secret = head[header.authorization] ?? head[header.proxyAuthorization];
  if (secret !== undefined) {
    const { scheme, user } = credentials(secret);
    event.authorization = scheme;
    if (user !== undefined) event.username = user;
  }
  const session = sessionHash(head[header.cookie]);
  if (session !== 0) event.sessionHash = session;
  for (const [which, name] of proxyHeaders) {
    if (head[which] === undefined) continue;
    const list = (event.proxied as string[] | undefined) ?? [];
    list.push(`${name} -> ${maskUrl(head[which] ?? '')}`);
    event.proxied = list;
  }
  if (body === null) return;
  if (body.coding !== null) event.requestPackedBytes = body.seenBytes;
  if (body.seenBytes === 0) return;
  event.requestFuids = [body.fuid];
  if (body.mimeType !== undefined) event.requestMimeTypes = [body.mimeType];
  const name = body.partName ?? dispositionName(head[header.contentDisposition]);
  if (name !== undefined) event.requestFilenames = [name];
}

function responseValues(event: AnyEvent, exchange: Exchange, response: Message): void {
  const { head } = response;
  if (exchange.version !== '') event.version = exchange.version;
  if (exchange.status > 0) event.status = exchange.status;
  else if (exchange.statusText !== '') event.statusText = exchange.statusText;
  if (exchange.status >= 0) event.statusCode = exchange.status;
  event.reason = exchange.reason;
  const type = head[header.contentType];
  if (type !== undefined) event.contentType = mediaType(type);
  const location = head[header.location];
  if (location !== undefined) event.redirect = maskUrl(location);
  const range = head[header.contentRange];
  if (range !== undefined) event.contentRange = contentRange(range);
  if (head[header.server] !== undefined) event.server = head[header.server];
}

/** EVE's `http` object inside a `fileinfo`: what is known when the file ends. */
function httpObject(exchange: Exchange): AnyEvent {
  const { request, response } = exchange;
  const out: AnyEvent = {};
  if (request !== null) {
    const asked = askedHost(exchange);
    if (asked !== null) {
      out.hostname = asked.host;
      if (asked.port >= 0) out.http_port = asked.port;
    }
    out.url = exchange.target;
    const { head } = request;
    if (head[header.userAgent] !== undefined) out.http_user_agent = head[header.userAgent];
    if (head[header.referer] !== undefined) out.http_refer = maskUrl(head[header.referer] ?? '');
    out.http_method = exchange.method;
    if (exchange.protocol !== '') out.protocol = exchange.protocol;
  }
  if (response !== null) {
    const { head } = response;
    if (head[header.contentType] !== undefined) out.http_content_type = mediaType(head[header.contentType] ?? '');
    if (head[header.contentRange] !== undefined) out.content_range = contentRange(head[header.contentRange] ?? '');
    if (exchange.status > 0) out.status = exchange.status;
    if (head[header.location] !== undefined) out.redirect = maskUrl(head[header.location] ?? '');
  }
  out.length = response?.wireBytes ?? 0;
  return out;
}

/** What is known of the message that carried a file. */
export interface Carrier {
  /** EVE's `http` object. */
  readonly http: AnyEvent;
  /** Path of the target. */
  readonly path: string;
  /** Name that its sender gives the file. */
  readonly given: string | undefined;
  /** Number of the exchange in the flow, from 1. */
  readonly depth: number;
}

/** Tells the file that a body was; nothing when no byte of it was seen. */
export function tellBody(conversation: Conversation, side: Side, body: Body, carrier: Carrier): void {
  if (body.seenBytes === 0) return;
  const { http, path, given, depth } = carrier;
  const { size, missingBytes } = body;
  body.fuid = fuidOf(conversation, side, body.startUs, depth);
  const event: AnyEvent = {
    appProto: 'http',
    http,
    shownName: given ?? path,
    hasGaps: missingBytes > 0,
    state: body.isWhole ? 'CLOSED' : 'TRUNCATED',
    isStored: false,
    size: size + missingBytes,
    transaction: depth - 1,
    fuid: body.fuid,
    source: 'HTTP',
    depth: 0,
    analyzers: noTags,
    durationUs: body.endUs - body.startUs,
    isLocal: isLocalSide(conversation, side),
    isOrig: side === 0,
    seenBytes: size,
    missingBytes,
    overflowBytes: 0,
    isTimedOut: !body.isWhole,
  };
  if (body.mimeType !== undefined) event.mimeType = body.mimeType;
  if (given !== undefined) event.filename = given;
  if (body.expected >= 0 && body.coding === null) event.totalBytes = body.expected;
  conversation.emitAs(files, event, { timeUs: body.startUs, side });
}

/** Tells the file that a message's body was. */
export function tellFile(conversation: Conversation, exchange: Exchange, side: Side, message: Message): void {
  const { body, head } = message;
  if (body === null || body.seenBytes === 0) return;
  tellBody(conversation, side, body, {
    http: httpObject(exchange),
    path: exchange.target === '' ? '' : pathOf(exchange.target),
    given: body.partName ?? dispositionName(head[header.contentDisposition]),
    depth: exchange.depth,
  });
}
