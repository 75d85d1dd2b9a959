// What detectors see of a request besides what is told of it: the target as it was sent, odd headers, the beginning of its
// body. It goes to no output: all of it may hold secrets.

import { type AnyEvent, wireText } from '../../../../core/index.ts';
import type { Conversation } from '../../protocol.ts';
import type { Exchange } from './exchange.ts';
import { type Head, header } from './head.ts';

/** Characters of headers, and bytes of a body. */
const oddLimit = 4096;
const bodyLimit = 4096;

/** Collected as a request passes; most have none of it. */
export interface RequestLook {
  odd: string;
  /** The header that comes twice and says two things about where the request ends or to whom it goes. */
  twice: string;
  body: Uint8Array | null;
  bodyBytes: number;
}

/** Where it is collected: a message. */
export interface Looked {
  readonly head: Head;
  look: RequestLook | null;
}

const newLook = (): RequestLook => ({ odd: '', twice: '', body: null, bodyBytes: 0 });

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

/** Headers that may come once (RFC 9112 §3.2, §6.3): two servers may each take another one. */
const onceOnly: ReadonlyMap<number, string> = new Map([
  [header.host, 'Host'],
  [header.contentLength, 'Content-Length'],
  [header.transferEncoding, 'Transfer-Encoding'],
]);

/** Notes a header that came before with another value. */
export function lookAtFraming(message: Looked, which: number, b: Uint8Array, at: number, to: number): void {
  const had = message.head[which];
  if (had === undefined) return;
  const name = onceOnly.get(which);
  if (
    name === undefined ||
    wireText(b, at, Math.min(to, at + 256))
      .replace(/\\x0d$/, '')
      .trim() === had
  )
    return;
  message.look ??= newLook();
  message.look.twice = name;
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
  // Who looks at one of both and who looks at the other disagree on where the request ends (RFC 9112 §6.1).
  if (head[header.contentLength] !== undefined && head[header.transferEncoding] !== undefined) {
    event.twice = 'Content-Length and Transfer-Encoding';
  }
  if (look !== null) {
    event.odd = look.odd;
    if (look.twice !== '') event.twice = look.twice;
    // Packed bodies say nothing as they are.
    if (look.body !== null && head[header.contentEncoding] === undefined) {
      event.body = wireText(look.body, 0, look.bodyBytes);
    }
  }
  conversation.show('http_request', event);
}
