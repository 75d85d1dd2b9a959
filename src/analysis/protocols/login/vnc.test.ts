// Proves that VNC's handshake of each version is told whole, cut in pieces, and without its end.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import { vnc } from './vnc.ts';

const screen = bytesOf('0500 0320', '20 18 00 01', '00ff 00ff 00ff', '10 08 00', '000000', '00000004', "'desk");
const challenge = '000102030405060708090a0b0c0d0e0f';

const steps38: Step[] = [
  { side: 1, bytes: bytesOf("'RFB 003.008\n") },
  { side: 0, bytes: bytesOf("'RFB 003.008\n") },
  { side: 1, bytes: bytesOf('02 01 02') },
  { side: 0, bytes: bytesOf('02') },
  { side: 1, bytes: bytesOf(challenge) },
  { side: 0, bytes: bytesOf(challenge) },
  { side: 1, bytes: bytesOf('00000000') },
  { side: 0, bytes: bytesOf('01') },
  { side: 1, bytes: screen },
];

test('version 3.8 with VNC authentication, up to the screen', () => {
  const heard = converse([vnc], steps38, { rPort: 5900 });
  expect(heard).toMatchObject({ isOver: true, how: 'handshake', kept: 0 });
  expect(heard.events()).toEqual([
    {
      serverMajor: '003',
      serverMinor: '008',
      clientMajor: '003',
      clientMinor: '008',
      securityType: 2,
      method: 'VNC',
      challenge,
      response: '***',
      result: 'OK',
      isLoggedIn: true,
      isShared: true,
      name: 'desk',
      width: 1280,
      height: 800,
      bitsPerPixel: 32,
      depth: 24,
      isBigEndian: false,
      isTrueColour: true,
      redMax: 255,
      greenMax: 255,
      blueMax: 255,
      redShift: 16,
      greenShift: 8,
      blueShift: 0,
    },
  ]);
  expect(converse([vnc], steps38, { pieces: 1, rPort: 5900 }).events()).toEqual(heard.events());
});

test('in 3.3 the server chooses; without a question there is no result', () => {
  const heard = converse(
    [vnc],
    [
      { side: 1, bytes: bytesOf("'RFB 003.008\n") },
      { side: 0, bytes: bytesOf("'RFB 003.003\n") },
      { side: 1, bytes: bytesOf('00000001') },
      { side: 0, bytes: bytesOf('00') },
      { side: 1, bytes: screen },
    ],
  );
  expect(heard.events()).toMatchObject([{ method: 'None', isLoggedIn: true, isShared: false, name: 'desk' }]);
});

test('a refusal tells why', () => {
  const reason = bytesOf('00000008', "'too many");
  const refused = converse([vnc], [...steps38.slice(0, 2), { side: 1, bytes: bytesOf('00', reason) }]);
  expect(refused.events()).toMatchObject([{ failure: 'too many' }]);
  const failed = [...steps38.slice(0, 6), { side: 1, bytes: bytesOf('00000001', reason) } as Step];
  expect(converse([vnc], failed).events()).toMatchObject([{ result: 'FAIL', isLoggedIn: false, failure: 'too many' }]);
});

test('a security type that is not read ends the talk with what is known', () => {
  const heard = converse([vnc], [...steps38.slice(0, 3), { side: 0, bytes: bytesOf('1e') }]);
  expect(heard.events()).toMatchObject([{ securityType: 30, method: 'Apple Remote Desktop' }]);
  expect(heard.weird).toEqual(['unimplemented_security_type']);
});

test('who speaks first is the server', () => {
  const turned = steps38.map((step) => ({ ...step, side: step.side === 0 ? 1 : 0 }) as Step);
  expect(converse([vnc], turned).events()).toMatchObject([{ name: 'desk' }]);
});

test('nothing breaks it', () => {
  expect(converse([vnc], [{ side: 1, bytes: bytesOf("'RFB 03.0008\n") }]).names).toEqual([]);
  for (let i = 0; i < steps38.length; i++) {
    const { side, bytes = new Uint8Array(0) } = steps38[i];
    for (let length = 0; length < bytes.length; length++) {
      const heard = converse([vnc], [...steps38.slice(0, i), { side, bytes: bytes.subarray(0, length) }]);
      expect(heard.threw).toEqual([]);
    }
  }
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1), fc.uint8Array({ maxLength: 40 })), { maxLength: 8 }), (noise) => {
      const after = noise.map(([side, bytes]) => ({ side, bytes }) as Step);
      expect(converse([vnc], [...steps38.slice(0, 2), ...after]).threw).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
