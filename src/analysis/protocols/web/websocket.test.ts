// Proves that frames are counted and told, whole, in pieces and cut, and that the upgrade's words end up in the log's row.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOf, converse, type Setting, type Step } from '../golden/converse.ts';
import { http } from './http/http.ts';
import { websocket } from './websocket.ts';

const upgrade: readonly Step[] = [
  {
    side: 0,
    bytes: bytesOf(
      "'GET /chat HTTP/1.1\r\nHost: h.example\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: a, b\r\nUser-Agent: ua\r\n\r\n",
    ),
  },
  {
    side: 1,
    bytes: bytesOf("'HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nSec-WebSocket-Protocol: b\r\n\r\n"),
  },
];
const frames: readonly Step[] = [
  { side: 0, bytes: bytesOf('81 85 01020304', '6967 6f 68 6e') },
  { side: 1, bytes: bytesOf('02 7e 0100', new Uint8Array(256), '80 7f 0000000000000100', new Uint8Array(256)) },
  { side: 0, bytes: bytesOf('89 80 00000000') },
  { side: 0, bytes: bytesOf('88 82 01000000', '02 e8') },
];
const talk = (steps: readonly Step[], setting: Setting = {}) => converse([websocket, http], steps, setting);

it.each([undefined, 1, 3])('tells frames and the whole (pieces of %s)', (pieces) => {
  const heard = talk([...upgrade, ...frames], pieces === undefined ? {} : { pieces });
  expect(heard.names).toEqual(['http', 'websocket']);
  const told = heard.told.filter((one) => one.kind === 'websocket');
  expect(
    told.filter((one) => one.options.only === 'eve').map((one) => [one.options.side, one.event.opcode, one.event.fin]),
  ).toEqual([
    [0, 'text', true],
    [1, 'binary', false],
    [1, 'continuation', true],
    [0, 'ping', true],
    [0, 'connection_close', true],
  ]);
  expect(told[0].event.mask).toBe(0x01020304);
  expect(told.filter((one) => one.options.only === 'log')).toMatchObject([
    {
      event: {
        host: 'h.example',
        uri: '/chat',
        userAgent: 'ua',
        subprotocol: 'b',
        clientProtocols: ['a', 'b'],
        clientFrames: 3,
        serverFrames: 2,
        clientBytes: 7,
        serverBytes: 512,
        closeCode: 1000,
      },
    },
  ]);
});

it('tells no token that stands among the protocols', () => {
  const asked =
    'chat, authorization.bearer.s3cret, base64url.bearer.authorization.k8s.io.s3cret, eyJhbGciOiJI.s3cret-s3cret';
  const request = `GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: ${asked}\r\n\r\n`;
  const heard = talk([{ side: 0, bytes: bytesOf(`'${request}`) }, upgrade[1], ...frames]);
  expect(JSON.stringify(heard.told)).not.toContain('s3cret');
  expect(
    heard.told.find((one) => one.kind === 'websocket' && one.options.only === 'log')?.event.clientProtocols,
  ).toEqual(['chat', 'authorization.bearer.***', 'base64url.bearer.authorization.k8s.io.***', '***']);
});

it('gives the flow back when there are no frames', () => {
  expect(talk([{ side: 0, bytes: bytesOf('ffff') }], { open: true }).names).toEqual([]);
});

it('passes over what is missing inside a frame, and stops where it is not', () => {
  const long = bytesOf('82 7e 0400', new Uint8Array(24));
  const heard = talk(
    [
      { side: 1, bytes: long },
      { side: 1, gap: 1000 },
      { side: 1, bytes: bytesOf('8a 00') },
    ],
    { open: true },
  );
  expect(heard.events().at(-1)).toMatchObject({ serverFrames: 2, serverBytes: 1024 });
  const lost = talk(
    [
      { side: 1, bytes: long },
      { side: 1, gap: 2000 },
    ],
    { open: true },
  );
  expect(lost.isOver).toBe(true);
  expect(lost.events().at(-1)).toMatchObject({ serverFrames: 1 });
});

it('never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(9), (bytes, size) => {
      const heard = talk([{ side: 0, bytes }, ...frames], { open: true, pieces: size + 1 });
      expect(heard.threw).toEqual([]);
      expect(heard.kept).toBe(0);
    }),
    { numRuns: 300 },
  );
});

it('reads what binary messages carry, masked or not', () => {
  const asked = bytesOf("'GET /inside HTTP/1.1\r\nHost: i\r\n\r\n");
  const masked = asked.map((byte, i) => byte ^ (0x0a0b0c0d >>> (24 - 8 * (i & 3))));
  const answer = bytesOf("'HTTP/1.1 204 No Content\r\n\r\n");
  const steps: Step[] = [
    ...upgrade,
    { side: 0, bytes: bytesOf(new Uint8Array([0x82, 0x80 | asked.length]), '0a0b0c0d', masked) },
    { side: 1, bytes: bytesOf(new Uint8Array([0x82, answer.length]), answer) },
  ];
  for (const pieces of [undefined, 1, 7]) {
    const heard = talk(steps, pieces === undefined ? {} : { pieces });
    expect(heard.events('http').map((event) => event.url)).toEqual(['/chat', '/inside']);
  }
});
