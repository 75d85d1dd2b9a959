// Proves that heartbeats that ask for more than they have are noted, in clear and encrypted, and that honest ones are not.

import { describe, expect, it } from 'vitest';
import { converse, type Heard, type Step } from '../golden/converse.ts';
import {
  bytes,
  certificates,
  changeCipherSpec,
  clientHello,
  ecCertificate,
  finished,
  message,
  record,
  serverHello,
  sni,
} from './golden/messages.ts';
import { tls } from './tls.ts';
import { x509 } from './x509/x509.ts';

const offer = (...more: Parameters<typeof clientHello>): number[] => record(22, message(1, clientHello(...more)));
const flight = record(22, message(2, serverHello()), message(11, certificates(ecCertificate)), message(14, []));
const handshake12: readonly Step[] = [
  { side: 0, bytes: bytes(offer({ suites: [0xc02f], extensions: [sni('www.example.test')] })) },
  { side: 1, bytes: bytes(flight) },
  { side: 0, bytes: bytes(record(22, message(16, [1, 2, 3])), changeCipherSpec(), finished()) },
  { side: 1, bytes: bytes(changeCipherSpec(), finished()) },
];
const hear = (steps: readonly Step[]): Heard => converse([tls, x509], steps);

describe('heartbeats', () => {
  const beat = (type: number, told: number, sent: number): Uint8Array =>
    bytes(record(24, [type, told >> 8, told & 255, ...new Array(sent).fill(7)]));
  const handshake = handshake12.slice(0, 2);

  it('notes one that says it is longer than it is, and what is answered to it', () => {
    const attack: Step[] = [
      ...handshake,
      { side: 0, bytes: beat(1, 16_000, 1) },
      { side: 1, bytes: beat(2, 9000, 9000) },
    ];
    expect(hear(attack).weird).toEqual(['tls_heartbeat_overread', 'tls_heartbeat_leak']);
    const harmless: Step[] = [...handshake, { side: 0, bytes: beat(1, 16, 32) }, { side: 1, bytes: beat(2, 16, 32) }];
    expect(hear(harmless).weird).toEqual([]);
  });

  it('compares lengths of encrypted ones', () => {
    const sealedBeat = (length: number): Uint8Array => bytes(record(24, new Array(length).fill(9)));
    const attack: Step[] = [...handshake12, { side: 0, bytes: sealedBeat(27) }, { side: 1, bytes: sealedBeat(4000) }];
    expect(hear(attack).weird[0]).toBe('tls_heartbeat_short');
    expect(hear([...handshake12, { side: 0, bytes: sealedBeat(86) }]).weird).toEqual(['tls_heartbeat_early']);
    const data: Step = { side: 0, bytes: bytes(record(23, [1, 2, 3])) };
    expect(hear([...handshake12, data, { side: 0, bytes: sealedBeat(86) }]).weird).toEqual([]);
  });

  it('goes on listening where they were agreed on', () => {
    const hello = offer({ suites: [0xc02f], extensions: [sni('www.example.test'), [15, [1]]] });
    const agreed: Step[] = [{ side: 0, bytes: bytes(hello) }, ...handshake12.slice(1)];
    const data: Step = { side: 0, bytes: bytes(record(23, [1, 2, 3])) };
    const sealedBeat = (length: number): Uint8Array => bytes(record(24, new Array(length).fill(9)));
    const heard = hear([
      ...agreed,
      data,
      data,
      { side: 0, bytes: sealedBeat(60) },
      { side: 1, bytes: sealedBeat(4000) },
    ]);
    expect(heard.weird).toEqual(['tls_heartbeat_leak']);
    expect(heard.events()).toHaveLength(1);
  });
});
