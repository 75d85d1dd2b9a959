// Proves that streams of HTTP/2 are told whole: header blocks, data with padding, upgrades, gRPC; cut, damaged, in pieces.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Setting, type Step } from '../../golden/converse.ts';
import { http } from '../http/http.ts';
import { http2 } from './http2.ts';
import { preface } from './talk.ts';

const frame = (type: number, flags: number, stream: number, ...payload: (string | Uint8Array)[]): Uint8Array => {
  const body = bytesOf(...payload);
  const head = [0, body.length >> 8, body.length & 255, type, flags, 0, 0, 0, stream];
  return Uint8Array.from([...head, ...body]);
};
const literal = (name: string, value: string): Uint8Array =>
  bytesOf('10', `'${String.fromCharCode(name.length)}${name}${String.fromCharCode(value.length)}${value}`);
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

const settings = frame(4, 0, 0, '0003 00000064');
const ask = (stream: number, flags = 5, ...more: Uint8Array[]): Uint8Array =>
  frame(1, flags, stream, '82 86 84 41 8c f1e3c2e5f23a6ba0ab90f4ff', ...more);
const answer = (stream: number, ...more: Uint8Array[]): Uint8Array => frame(1, 4, stream, '88', ...more);

const client = (...frames: Uint8Array[]): Step => ({
  side: 0,
  bytes: join(bytesOf(`'${preface}`), settings, ...frames),
});
const server = (...frames: Uint8Array[]): Step => ({ side: 1, bytes: join(settings, ...frames) });

const talk = (steps: readonly Step[], setting: Setting = {}) => converse([http2, http], steps, setting);
/** Events of streams, without those of the connection. */
const streams = (heard: ReturnType<typeof talk>) => heard.events('http2').filter((one) => one.streamId !== 0);

const visit: readonly Step[] = [
  client(ask(1, 5, literal('authorization', 'Basic YWxpY2U6c2VjcmV0'), literal('cookie', 'secret'))),
  server(
    answer(1, literal('content-type', 'text/plain; x'), literal('server', 's')),
    frame(0, 9, 1, '03', "'hello, world", '000000'),
  ),
];

describe('a stream', () => {
  it.each([undefined, 1, 7])('tells what it says (pieces of %s)', (pieces) => {
    const heard = talk(visit, pieces === undefined ? {} : { pieces, open: true });
    expect(streams(heard)).toMatchObject([
      {
        streamId: 1,
        majorVersion: '2',
        method: 'GET',
        hostname: 'www.example.com',
        url: '/',
        status: 200,
        contentType: 'text/plain',
        length: 12,
        username: 'alice',
        authorization: 'Basic',
        server: 's',
      },
    ]);
    expect(heard.events('file')).toMatchObject([{ size: 12, state: 'CLOSED', mimeType: 'text/plain', shownName: '/' }]);
    expect(JSON.stringify(heard.told)).not.toContain('secret');
    expect(JSON.stringify(heard.told)).not.toContain('YWxp');
    expect(heard.server).toBe('www.example.com');
    expect(heard.how).toBe('handshake');
    expect(heard.kept).toBe(0);
  });

  it('puts header blocks together', () => {
    const block = bytesOf('82 86 84 41 8c f1e3c2e5f23a6ba0ab90f4ff');
    const heard = talk([
      client(
        frame(1, 1, 1, block.subarray(0, 5)),
        frame(9, 0, 1, block.subarray(5, 9)),
        frame(9, 4, 1, block.subarray(9)),
      ),
      server(frame(1, 5, 1, '89')),
    ]);
    expect(streams(heard)).toMatchObject([{ hostname: 'www.example.com', status: 204 }]);
  });

  it('tells gRPC by its name, and how the call went', () => {
    const heard = talk([
      client(
        frame(1, 4, 1, '83 86 84 41 8c f1e3c2e5f23a6ba0ab90f4ff', literal('content-type', 'application/grpc')),
        frame(0, 1, 1, '0000000000'),
      ),
      server(answer(1), frame(0, 0, 1, '0000000001 08'), frame(1, 5, 1, literal('grpc-status', '5'))),
    ]);
    expect(heard.names).toEqual(['grpc']);
    expect(streams(heard)).toMatchObject([{ method: 'POST', grpcStatus: 5, status: 200 }]);
  });

  it('tells of resets, and of what was open at the end', () => {
    const heard = talk([client(ask(1), ask(3)), server(frame(3, 0, 1, '00000008'))]);
    expect(streams(heard)).toMatchObject([
      { streamId: 1, responseFrames: { error_code: 'CANCEL' } },
      { streamId: 3, url: '/' },
    ]);
  });

  it('goes on from HTTP/1 by an upgrade', () => {
    const heard = converse(
      [http, http2],
      [
        { side: 0, bytes: bytesOf("'GET /up HTTP/1.1\r\nHost: h.example\r\nUpgrade: h2c\r\n\r\n") },
        { side: 1, bytes: bytesOf("'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n") },
        client(),
        server(answer(1), frame(0, 1, 1, "'abc")),
      ],
    );
    expect(heard.names).toEqual(['http', 'http2']);
    expect(streams(heard)).toMatchObject([
      { streamId: 1, url: '/up', hostname: 'h.example', status: 200, responseBytes: 3 },
    ]);
  });
});

describe('bounds', () => {
  it('passes over what is missing inside data, and stops where it is not', () => {
    const data = frame(0, 1, 1, `'${'x'.repeat(200)}`);
    const heard = talk([client(ask(1)), server(answer(1), data.subarray(0, 100)), { side: 1, gap: 109 }]);
    expect(streams(heard)).toMatchObject([{ status: 200, length: 91 }]);
    expect(heard.events('file')).toMatchObject([{ hasGaps: true, state: 'TRUNCATED' }]);
    expect(talk([client(ask(1)), { side: 0, gap: 10 }]).isOver).toBe(true);
  });

  it('holds with streams that never end', () => {
    const many = Array.from({ length: 400 }, (_, i) => ask((i % 127) * 2 + 1, 4));
    const heard = talk([client(...many), server()]);
    expect(heard.threw).toEqual([]);
    expect(heard.kept).toBe(0);
  });

  it('never throws, whatever is cut or changed', () => {
    const whole = visit.map((step) => step.bytes ?? new Uint8Array(0));
    for (let cut = 0; cut < whole[1].length; cut++) {
      expect(talk([visit[0], { side: 1, bytes: whole[1].subarray(0, cut) }]).threw).toEqual([]);
    }
    const change = fc.record({ step: fc.nat(1), at: fc.nat(200), byte: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.nat(40), (changes, size) => {
        const bytes = whole.map((one) => one.slice());
        for (const { step, at, byte } of changes) bytes[step][at % bytes[step].length] = byte;
        const heard = talk(
          bytes.map((one, side) => ({ side: side as 0 | 1, bytes: one })),
          { open: true, pieces: size + 1 },
        );
        expect(heard.threw).toEqual([]);
        expect(heard.kept).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
