// Proves that a DTLS handshake is told whole, with fragments in any order and more than once, and that no bytes break it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { converse, type Heard, type Step } from '../golden/converse.ts';
import { dtls } from './dtls.ts';
import {
  bytes,
  certificates,
  clientHello,
  curveOffer,
  dtlsFragment,
  dtlsRecord,
  ecCertificate,
  groups,
  serverHello,
  sni,
} from './golden/messages.ts';

const hello = clientHello({ version: 0xfefd, cookie: [], extensions: [sni('meet.example.test'), groups(23)] });
const again = clientHello({ version: 0xfefd, cookie: [1, 2], extensions: [sni('meet.example.test'), groups(23)] });
const server = serverHello({ version: 0xfefd });
const chain = certificates(ecCertificate);

const hear = (steps: readonly Step[]): Heard => converse([dtls], steps, { proto: 17 });
const flight = (type: number, sequence: number, body: number[], from?: number, to?: number): Uint8Array =>
  bytes(dtlsRecord(22, 0, dtlsFragment(type, sequence, body, from, to)));

const steps: readonly Step[] = [
  { side: 0, bytes: flight(1, 0, hello) },
  { side: 1, bytes: flight(3, 0, [0xfe, 0xfd, 2, 1, 2]) },
  { side: 0, bytes: flight(1, 1, again) },
  { side: 1, bytes: flight(2, 1, server) },
  { side: 1, bytes: flight(11, 2, chain, 300) },
  { side: 1, bytes: flight(11, 2, chain, 0, 200) },
  { side: 1, bytes: flight(11, 2, chain, 150, 320) },
  { side: 1, bytes: flight(2, 1, server) },
  { side: 1, bytes: bytes(dtlsRecord(22, 0, dtlsFragment(12, 3, curveOffer(23)))) },
  { side: 1, bytes: flight(14, 4, []) },
  {
    side: 0,
    bytes: bytes(dtlsRecord(22, 0, dtlsFragment(16, 2, [1])), dtlsRecord(20, 0, [1]), dtlsRecord(22, 1, [9, 9])),
  },
  { side: 1, bytes: bytes(dtlsRecord(20, 0, [1]), dtlsRecord(22, 1, [9, 9])) },
];

describe('DTLS 1.2', () => {
  it('tells hellos, cookie, certificate and the way to encryption', () => {
    const heard = hear(steps);
    expect(heard.names).toEqual(['dtls']);
    expect(heard.how).toBe('handshake');
    expect(heard.isOver).toBe(true);
    expect(heard.events()).toHaveLength(1);
    expect(heard.events()[0]).toMatchObject({
      sni: 'meet.example.test',
      version: 'DTLS 1.2',
      zeekVersion: 'DTLSv12',
      curve: 'secp256r1',
      established: true,
      history: 'CvCsxknGIi',
      serial: '00:97:E6',
    });
    expect(heard.events()[0].ja4).toMatch(/^dd2d0202/);
  });

  it('finds the client when the sides are the wrong way round', () => {
    const heard = hear(steps.map((step) => ({ ...step, side: step.side === 0 ? 1 : 0 })));
    expect(heard.events()[0].history).toBe('^CvCsxknGIi');
  });

  it('is not taken for other things', () => {
    for (const other of [[22], [22, 0xfe, 0xfd], [0x16, 3, 3, 0, 1, 1], dtlsRecord(22, 0, [99, 0]).slice(0, 14)]) {
      expect(hear([{ side: 0, bytes: bytes(other) }]).names, String(other)).toEqual([]);
    }
  });

  it('never throws on changed and cut datagrams', () => {
    fc.assert(
      fc.property(fc.nat(steps.length - 1), fc.nat(400), fc.nat(255), fc.nat(400), (which, at, value, cut) => {
        const changed = steps.map((step, i) => {
          if (i !== which || step.bytes === undefined) return step;
          const copy = step.bytes.slice(0, Math.max(1, cut));
          copy[at % copy.length] = value;
          return { ...step, bytes: copy };
        });
        expect(hear(changed).threw).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
