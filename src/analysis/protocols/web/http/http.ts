// HTTP/1.x and HTTP/0.9 (RFC 9110, RFC 9112): one event for each request and its response.

import { hasAscii, number, object, text, texts } from '../../../../core/index.ts';
import { defineProtocol, isAsciiLetter, type ProbeHint, probed, startingWith } from '../../protocol.ts';
import { afterLead, isBlank, isLead, isOther, isRequest, methodLength } from './head.ts';
import { HttpTalk } from './talk.ts';

export const http = defineProtocol({
  name: 'http',
  title: 'HTTP',
  family: 'web',
  ports: { tcp: [80, 8080, 8000, 3128, 8888, 81, 8008, 8081, 631, 5985, 7547] },
  zeekLog: 'http',
  zeekService: 'http',
  fields: {
    transaction: number('Number of the exchange in the flow, from 0', { eve: 'tx_id' }),
    hostname: text('Server that was asked for', { eve: 'http.hostname' }),
    port: number('Port that was asked for', { eve: 'http.http_port' }),
    url: text('Target as it was sent', { eve: 'http.url', filter: 'http.request.uri' }),
    userAgent: text('Program that asks', {
      eve: 'http.http_user_agent',
      zeek: 'user_agent',
      filter: 'http.user_agent',
    }),
    xff: text('Clients behind proxies (X-Forwarded-For)', { eve: 'http.xff', filter: 'http.x_forwarded_for' }),
    contentType: text('Media type of the response as it says', { eve: 'http.http_content_type' }),
    contentRange: object('Part that was sent', { eve: 'http.content_range' }),
    referer: text('Page that led here', { eve: 'http.http_refer', zeek: 'referrer', filter: 'http.referer' }),
    method: text('Method', { eve: 'http.http_method', zeek: 'method', filter: 'http.request.method' }),
    protocol: text('Protocol of the request', { eve: 'http.protocol', filter: 'http.request.version' }),
    status: number('Status code', { eve: 'http.status', filter: 'http.response.code' }),
    statusText: text('Status when it is not a number', { eve: 'http.status_string' }),
    redirect: text('Where the response leads', { eve: 'http.redirect', filter: 'http.location' }),
    length: number('Body of the response on the wire', { eve: 'http.length', unit: 'bytes' }),
    depth: number('Number of the exchange in the flow, from 1', { eve: false, zeek: 'trans_depth' }),
    host: text('Host header', { eve: false, zeek: 'host', filter: 'http.host' }),
    uri: text('Target with its percent signs undone', { eve: false, zeek: 'uri' }),
    version: text('Version of the response', { eve: false, zeek: 'version' }),
    origin: text('Site that asks', { zeek: 'origin' }),
    requestBytes: number('Contents of the request', { zeek: 'request_body_len', unit: 'bytes' }),
    responseBytes: number('Contents of the response', { zeek: 'response_body_len', unit: 'bytes' }),
    requestPackedBytes: number('Contents of the request as packed', { unit: 'bytes' }),
    responsePackedBytes: number('Contents of the response as packed', { unit: 'bytes' }),
    statusCode: number('Status code, 0 in HTTP/0.9', { eve: false, zeek: 'status_code' }),
    reason: text('Words of the status', { eve: false, zeek: 'status_msg', filter: 'http.response.phrase' }),
    infoStatus: number('Status code of the provisional response', { eve: false, zeek: 'info_code' }),
    infoReason: text('Words of the provisional response', { eve: false, zeek: 'info_msg' }),
    tags: texts('Marks of policies: none are set', { eve: false, zeek: 'tags' }),
    authorization: text('Scheme of the credentials that were sent'),
    username: text('User that signs in', { zeek: 'username' }),
    sessionHash: number('Hash of the session cookie that was sent', { eve: false }),
    proxied: texts('Headers that proxies left', { eve: false, zeek: 'proxied' }),
    requestFuids: texts('Files that were sent', { eve: false, zeek: 'orig_fuids' }),
    requestFilenames: texts('Names of files that were sent', { eve: false, zeek: 'orig_filenames' }),
    requestMimeTypes: texts('Types of files that were sent', { zeek: 'orig_mime_types' }),
    responseFuids: texts('Files that came back', { eve: false, zeek: 'resp_fuids' }),
    responseFilenames: texts('Names of files that came back', { eve: false, zeek: 'resp_filenames' }),
    responseMimeTypes: texts('Types of files that came back', { zeek: 'resp_mime_types' }),
    server: text('Program that answers', { filter: 'http.server' }),
    ttfbUs: number('From the last byte of the request to the first of the response', { unit: 'us' }),
    durationUs: number('From the first byte of the request to the last of the response', { unit: 'us' }),
  },
  probe: startingWith((first) => isAsciiLetter(first) || isLead(first), probeHttp),
  open: (conversation) => new HttpTalk(conversation),
});

/** Methods without which nobody would call it HTTP; others need a version at the end of their line. */
const usual: readonly string[] = ['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'CONNECT', 'TRACE'];

function probeHttp(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  const from = hint.isPort ? afterLead(b, at, end) : at;
  const length = end - from;
  if (length === 0) return probed.maybe;
  const c = b[from];
  // Methods are of capital letters in all but attempts, which have the rest of their line to show for it.
  if (!((c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a))) return probed.no;
  if (c === 0x48 && matches(b, from, end, 'HTTP/')) {
    if (length < 9) return probed.maybe;
    const isVersion = matches(b, from, end, 'HTTP/1.') || matches(b, from, end, 'HTTP/0.');
    return isVersion && isBlank(b[from + 8]) ? probed.yes : probed.no;
  }
  const method = methodLength(b, from, end);
  if (method === 0) return probed.no;
  if (from + method >= end) return probed.maybe;
  if (isRequest(b, from, end)) return probed.yes;
  return looksAsked(b, from, method, end, hint.isPort);
}

/** A request line without its end or without a version. */
function looksAsked(b: Uint8Array, at: number, method: number, end: number, isPort: boolean): number {
  let isUsual = false;
  for (let i = 0; i < usual.length && !isUsual; i++) {
    isUsual = usual[i].length === method && matches(b, at, end, usual[i]);
  }
  const target = at + method + 1;
  const isLike = isUsual && target < end && (b[target] === 0x2f || hasAscii(b, target, end, 'http://'));
  let to = at;
  while (to < end && b[to] !== 0x0a) to++;
  // Whether the line ends with the name of another protocol the talk will see.
  if (to === end) return isLike ? probed.yes : isUsual || to - at < 2048 ? probed.maybe : probed.no;
  // Without a version it is HTTP/0.9, or careless.
  return (isLike || (isUsual && isPort)) && !isOther(b, at, to) ? probed.yes : probed.no;
}

/** Whether the bytes are those of `text` as far as they are there. */
function matches(b: Uint8Array, at: number, end: number, text: string): boolean {
  const to = Math.min(text.length, end - at);
  for (let i = 0; i < to; i++) if (b[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
