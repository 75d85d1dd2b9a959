// HTTP/2 (RFC 9113) in clear text: with prior knowledge, after an h2c upgrade, or decrypted. gRPC is told by its name.

import { hasAscii, number, object, objects, text, u16, u24, u32 } from '../../../../core/index.ts';
import { defineProtocol, oneOf, type ProbeHint, probed, startingWith } from '../../protocol.ts';
import { frameHead, frameType, Http2Talk, preface } from './talk.ts';

export const http2 = defineProtocol({
  name: 'http2',
  title: 'HTTP/2',
  family: 'web',
  ports: { tcp: [50_051] },
  variants: ['grpc'],
  eveType: 'http',
  fields: {
    transaction: number('Number of the stream in the flow, from 0', { eve: 'tx_id' }),
    majorVersion: text('2', { eve: 'http.version' }),
    requestHeaders: objects('Header fields of the request, secrets masked', { eve: 'http.request_headers' }),
    responseHeaders: objects('Header fields of the response, secrets masked', { eve: 'http.response_headers' }),
    hostname: text('Server that was asked for', { eve: 'http.hostname', filter: 'http2.headers.authority' }),
    port: number('Port that was asked for', { eve: 'http.http_port' }),
    url: text('Path that was asked for', { eve: 'http.url', filter: 'http2.headers.path' }),
    userAgent: text('Program that asks', { eve: 'http.http_user_agent', filter: 'http2.headers.user_agent' }),
    xff: text('Clients behind proxies', { eve: 'http.xff' }),
    contentType: text('Media type of the response as it says', { eve: 'http.http_content_type' }),
    contentRange: object('Part that was sent', { eve: 'http.content_range' }),
    referer: text('Page that led here', { eve: 'http.http_refer', filter: 'http2.headers.referer' }),
    method: text('Method', { eve: 'http.http_method', filter: 'http2.headers.method' }),
    status: number('Status code', { eve: 'http.status', filter: 'http2.headers.status' }),
    redirect: text('Where the response leads', { eve: 'http.redirect' }),
    length: number('Body of the response on the wire', { eve: 'http.length', unit: 'bytes' }),
    streamId: number('Number of the stream, 0 the connection', {
      eve: 'http.http2.stream_id',
      filter: 'http2.streamid',
    }),
    requestFrames: object('Settings, errors and priority of the client', { eve: 'http.http2.request' }),
    responseFrames: object('Settings and errors of the server', { eve: 'http.http2.response' }),
    origin: text('Site that asks'),
    authorization: text('Scheme of the credentials that were sent'),
    username: text('User that signs in'),
    requestBytes: number('Contents of the request', { unit: 'bytes' }),
    responseBytes: number('Contents of the response', { unit: 'bytes' }),
    server: text('Program that answers'),
    grpcStatus: number('Status of the gRPC call, 0 when it went well', { filter: 'grpc.status_code' }),
    ttfbUs: number('From the last byte of the request to the first of the response', { unit: 'us' }),
    durationUs: number('From the first byte of the request to the last of the response', { unit: 'us' }),
  },
  probe: startingWith(oneOf(0, 0x50), probeHttp2),
  open: (conversation) => new Http2Talk(conversation),
});

function probeHttp2(b: Uint8Array, at: number, end: number, hint: ProbeHint): number {
  const length = end - at;
  if (length === 0) return probed.maybe;
  if (b[at] === 0x50) {
    if (!hasAscii(b, at, end, preface.slice(0, Math.min(length, preface.length)))) return probed.no;
    return length >= 16 ? probed.yes : probed.maybe;
  }
  // A server begins with its settings.
  if (b[at] !== 0 || (hint.side === 0 && !hint.isPort)) return probed.no;
  if (length < frameHead + 6) return length < frameHead || b[at + 3] === frameType.settings ? probed.maybe : probed.no;
  const size = u24(b, at);
  if (size === 0 || size > 96 || size % 6 !== 0 || b[at + 3] !== frameType.settings) return probed.no;
  if (b[at + 4] !== 0 || u32(b, at + 5) !== 0) return probed.no;
  const setting = u16(b, at + frameHead);
  return setting >= 1 && setting <= 9 ? probed.yes : probed.no;
}
