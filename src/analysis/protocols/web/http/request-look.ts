// What detectors see of a request besides what is told of it: the target as it was sent, odd headers, the beginning of its
// body. It goes to no output: all of it may hold secrets.

import { type AnyEvent, wireText } from '../../../../core/index.ts';
import type { Conversation } from '../../protocol.ts';
import type { Exchange } from './exchange.ts';
import { header } from './head.ts';

/** Characters of headers, and bytes of a body. */
const oddLimit = 4096;
const bodyLimit = 4096;

/** Collected as a request passes; most have none of it. */
export interface RequestLook {
  odd: string;
  body: Uint8Array | null;
  bodyBytes: number;
}

/** Where it is collected: a message. */
export interface Looked {
  look: RequestLook | null;
}

const newLook = (): RequestLook => ({ odd: '', body: null, bodyBytes: 0 });

/** `${` and `()`: expressions that a logger or a shell would run; no header needs them. */
function isOddHeader(b: Uint8Array, at: number, to: number): boolean {
  for (let i = at; i + 1 < to; i++) {
    const c = b[i];
    if (c === 0x24 ? b[i + 1] === 0x7b : c === 0x28 && b[i + 1] === 0x29) return true;
  }
  return false;
}

/** Keeps a header line of a request when it is odd. */
export function lookAtHeader(message: Looked, b: Uint8Array, at: number, to: number): void {
  if (!isOddHeader(b, at, to)) return;
  const end = b[to - 1] === 0x0d ? to - 1 : to;
  message.look ??= newLook();
  const room = oddLimit - message.look.odd.length;
  if (room > 0) message.look.odd += `${wireText(b, at, Math.min(end, at + room))}\n`;
}

/** Keeps the first bytes of a request's body. */
export function lookAtBody(message: Looked, b: Uint8Array, at: number, to: number): void {
  message.look ??= newLook();
  const { look } = message;
  const room = bodyLimit - look.bodyBytes;
  if (room <= 0) return;
  const count = Math.min(room, to - at);
  if (look.body === null || look.body.length < look.bodyBytes + count) {
    const grown = new Uint8Array(Math.min(bodyLimit, Math.max(256, 2 * (look.bodyBytes + count))));
    if (look.body !== null) grown.set(look.body.subarray(0, look.bodyBytes));
    look.body = grown;
  }
  look.body.set(b.subarray(at, at + count), look.bodyBytes);
  look.bodyBytes += count;
}

/** Shows a request that is over. */
export function showRequest(conversation: Conversation, exchange: Exchange): void {
  const { request } = exchange;
  if (request === null || request.isShown) return;
  request.isShown = true;
  const { head, look } = request;
  const event: AnyEvent = { method: exchange.method, target: exchange.rawTarget, shownTarget: exchange.target };
  if (head[header.host] !== undefined) event.host = head[header.host];
  if (head[header.userAgent] !== undefined) event.userAgent = head[header.userAgent];
  if (head[header.referer] !== undefined) event.referer = head[header.referer];
  if (head[header.xForwardedFor] !== undefined) event.xff = head[header.xForwardedFor];
  if (head[header.contentType] !== undefined) event.contentType = head[header.contentType];
  if (look !== null) {
    event.odd = look.odd;
    // Packed bodies say nothing as they are.
    if (look.body !== null && head[header.contentEncoding] === undefined) {
      event.body = wireText(look.body, 0, look.bodyBytes);
    }
  }
  conversation.show('http_request', event);
}
