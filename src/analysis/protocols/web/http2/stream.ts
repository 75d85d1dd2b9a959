// One stream of HTTP/2: a request and its response, and the http event and files that are told of them.

import { type AnyEvent, isSecretHeader, masked, maskUrl } from '../../../../core/index.ts';
import type { Conversation, Side } from '../../protocol.ts';
import { Body, codingOf } from '../http/body.ts';
import { tellBody } from '../http/event.ts';
import { lengthOf } from '../http/head.ts';
import { contentRange, credentials, dispositionName, hostPort, mediaType, pathOf } from '../http/values.ts';
import { subprotocolsOf } from '../subprotocols.ts';
import type { HeaderField } from './hpack.ts';

/** Fields of a message, its trailers included, that are told. */
const fieldLimit = 128;

export interface StreamSide {
  fields: HeaderField[] | null;
  body: Body | null;
  startUs: number;
  endUs: number;
  isDone: boolean;
  errorCode: string | undefined;
  priority: number | undefined;
}

export interface Stream {
  readonly id: number;
  /** Number of the stream in the flow, from 1. */
  readonly depth: number;
  readonly sides: readonly [StreamSide, StreamSide];
}

const newSide = (): StreamSide => ({
  fields: null,
  body: null,
  startUs: 0,
  endUs: 0,
  isDone: false,
  errorCode: undefined,
  priority: undefined,
});

export const newStream = (id: number, depth: number): Stream => ({ id, depth, sides: [newSide(), newSide()] });

/** Value of a field, undefined when it did not come. */
export function fieldOf(side: StreamSide, name: string): string | undefined {
  const { fields } = side;
  if (fields === null) return undefined;
  for (let i = 0; i < fields.length; i++) if (fields[i].name === name) return fields[i].value;
  return undefined;
}

/** Fields that came: of the head, or of trailers. Provisional responses are replaced by the one that follows. */
export function takeFields(side: StreamSide, fields: HeaderField[], timeUs: number): void {
  const isInformational = fieldOf(side, ':status')?.startsWith('1') ?? false;
  if (side.fields === null || isInformational) {
    if (side.startUs === 0) side.startUs = timeUs;
    side.fields = fields.length > fieldLimit ? fields.slice(0, fieldLimit) : fields;
  } else {
    for (const field of fields) if (side.fields.length < fieldLimit) side.fields.push(field);
  }
  side.endUs = timeUs;
}

/** The body of a side whose data begins. */
export function bodyOf(side: StreamSide): Body {
  if (side.body === null) {
    const told = fieldOf(side, 'content-length');
    const isMultipart = fieldOf(side, 'content-type')?.startsWith('multipart/') ?? false;
    side.body = new Body(
      codingOf(fieldOf(side, 'content-encoding')),
      told === undefined ? -1 : lengthOf(told),
      isMultipart,
    );
  }
  return side.body;
}

const shown = ({ name, value }: HeaderField): HeaderField => ({ name, value: shownValue(name, value) });

function shownValue(name: string, value: string): string {
  if (isSecretHeader(name)) return masked;
  if (name === ':authority' || name === 'host') return value.slice(value.lastIndexOf('@') + 1);
  return name === 'sec-websocket-protocol' ? subprotocolsOf(value).join(', ') : maskUrl(value);
}

/** Ends a side's body and tells the file that it was. */
export function endBody(conversation: Conversation, stream: Stream, side: Side, isWhole: boolean): void {
  const half = stream.sides[side];
  half.isDone = true;
  const { body } = half;
  if (body === null) return;
  body.finish(isWhole, conversation.crypto);
  const event = streamEvent(stream);
  const http: AnyEvent = { version: '2', http2: { stream_id: stream.id } };
  for (const [key, name] of eveNames) if (event[key] !== undefined) http[name] = event[key];
  const given = body.partName ?? dispositionName(fieldOf(half, 'content-disposition'));
  const path = fieldOf(stream.sides[0], ':path') ?? '';
  tellBody(conversation, side, body, { http, path: pathOf(path), given, depth: stream.depth });
}

/** Fields of the http event that stand in a file's `http` object as well. */
const eveNames: readonly (readonly [string, string])[] = [
  ['hostname', 'hostname'],
  ['port', 'http_port'],
  ['url', 'url'],
  ['userAgent', 'http_user_agent'],
  ['contentType', 'http_content_type'],
  ['contentRange', 'content_range'],
  ['referer', 'http_refer'],
  ['method', 'http_method'],
  ['status', 'status'],
  ['redirect', 'redirect'],
  ['length', 'length'],
];

/** Values of the event; see the fields in http2.ts. */
export function streamEvent(stream: Stream): AnyEvent {
  const [request, response] = stream.sides;
  const event: AnyEvent = { transaction: stream.depth - 1, majorVersion: '2', streamId: stream.id };
  if (request.fields !== null) requestValues(event, request);
  if (response.fields !== null) responseValues(event, response);
  event.length = response.body?.seenBytes ?? 0;
  event.requestBytes = request.body?.size ?? 0;
  event.responseBytes = response.body?.size ?? 0;
  for (const [half, key] of [
    [request, 'requestFrames'],
    [response, 'responseFrames'],
  ] as const) {
    const frames: AnyEvent = {};
    if (half.errorCode !== undefined) frames.error_code = half.errorCode;
    if (half.priority !== undefined && key === 'requestFrames') frames.priority = half.priority;
    if (Object.keys(frames).length > 0) event[key] = frames;
  }
  if (request.fields !== null && response.fields !== null) {
    event.ttfbUs = Math.max(0, response.startUs - request.endUs);
    event.durationUs = Math.max(0, response.endUs - request.startUs);
  }
  return event;
}

function requestValues(event: AnyEvent, request: StreamSide): void {
  event.requestHeaders = (request.fields ?? []).map(shown);
  const authority = fieldOf(request, ':authority') ?? fieldOf(request, 'host');
  if (authority !== undefined && authority !== '') {
    const { host, port } = hostPort(authority);
    event.hostname = host;
    if (port >= 0) event.port = port;
  }
  const simple: readonly (readonly [string, string])[] = [
    ['method', ':method'],
    ['userAgent', 'user-agent'],
    ['xff', 'x-forwarded-for'],
    ['origin', 'origin'],
  ];
  for (const [key, name] of simple) {
    const value = fieldOf(request, name);
    if (value !== undefined) event[key] = maskUrl(value);
  }
  const path = fieldOf(request, ':path');
  if (path !== undefined) event.url = maskUrl(path);
  const referer = fieldOf(request, 'referer');
  if (referer !== undefined) event.referer = maskUrl(referer);
  const secret = fieldOf(request, 'authorization') ?? fieldOf(request, 'proxy-authorization');
  if (secret === undefined) return;
  const { scheme, user } = credentials(secret);
  event.authorization = scheme;
  if (user !== undefined) event.username = user;
}

function responseValues(event: AnyEvent, response: StreamSide): void {
  event.responseHeaders = (response.fields ?? []).map(shown);
  const status = lengthOf(fieldOf(response, ':status') ?? '');
  if (status > 0) event.status = status;
  const type = fieldOf(response, 'content-type');
  if (type !== undefined) event.contentType = mediaType(type);
  const location = fieldOf(response, 'location');
  if (location !== undefined) event.redirect = maskUrl(location);
  const range = fieldOf(response, 'content-range');
  if (range !== undefined) event.contentRange = contentRange(range);
  const server = fieldOf(response, 'server');
  if (server !== undefined) event.server = server;
  const grpc = fieldOf(response, 'grpc-status');
  if (grpc !== undefined && lengthOf(grpc) >= 0) event.grpcStatus = lengthOf(grpc);
}
