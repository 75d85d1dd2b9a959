// Proves that a TLS handshake is told as EVE and ssl.log want it, however its bytes are cut, and that no bytes break it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Heard, type Setting, type Step } from '../golden/converse.ts';
import { defineProtocol, probed } from '../protocol.ts';
import {
  alpn,
  bytes,
  certificates,
  changeCipherSpec,
  clientHello,
  curveOffer,
  ecCertificate,
  finished,
  groups,
  keyShare,
  message,
  pointFormats,
  record,
  rsaCertificate,
  sealed,
  serverHello,
  signatures,
  sni,
  ticket,
  versions,
} from './golden/messages.ts';
import { tls } from './tls.ts';
import { x509 } from './x509/x509.ts';

const offer = (...more: Parameters<typeof clientHello>): number[] => record(22, message(1, clientHello(...more)));

const hello12 = offer({
  suites: [0x0a0a, 0xc02f, 0x009c],
  extensions: [
    sni('www.example.test'),
    groups(0x1a1a, 29, 23),
    pointFormats(0),
    signatures(0x0403, 0x0804),
    alpn('h2', 'http/1.1'),
  ],
});

const flight12 = record(
  22,
  message(2, serverHello({ extensions: [alpn('h2')] })),
  message(11, certificates(ecCertificate, rsaCertificate)),
  message(12, curveOffer(23)),
  message(14, []),
);

const handshake12: readonly Step[] = [
  { side: 0, bytes: bytes(hello12) },
  { side: 1, bytes: bytes(flight12) },
  { side: 0, bytes: bytes(record(22, message(16, [1, 2, 3])), changeCipherSpec(), finished()) },
  { side: 1, bytes: bytes(record(22, message(4, [9, 9])), changeCipherSpec(), finished()) },
];

const hear = (steps: readonly Step[], setting: Setting = {}): Heard => converse([tls, x509], steps, setting);
const one = (steps: readonly Step[], setting: Setting = {}): Record<string, unknown> => {
  const events = hear(steps, setting).events();
  expect(events).toHaveLength(1);
  return events[0] as Record<string, unknown>;
};

describe('TLS 1.2', () => {
  it('tells hellos, certificates and the way to encryption', () => {
    const heard = hear([...handshake12, { side: 0, bytes: bytes(record(23, [1, 2, 3])) }]);
    expect(heard.names).toEqual(['tls']);
    expect(heard.how).toBe('handshake');
    expect(heard.server).toBe('www.example.test');
    expect(heard.isOver).toBe(true);
    expect(heard.events()[0]).toMatchObject({
      sni: 'www.example.test',
      version: 'TLS 1.2',
      zeekVersion: 'TLSv12',
      cipher: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      curve: 'secp256r1',
      resumed: false,
      established: true,
      history: 'CsxknGIti',
      nextProtocol: 'h2',
      clientAlpns: ['h2', 'http/1.1'],
      serverAlpns: ['h2'],
      ja3Text: '771,49199-156,0-10-11-13-16,29-23,0',
      ja3sText: '771,49199,16',
      subject: 'C=DE, O=Taplight, Ltd., CN=*.example.test, Email=a@example.test',
      serial: '00:97:E6',
      fingerprint: 'c0:a6:9f:8e:ff:36:be:1d:e6:9f:8b:62:4b:1f:b1:1d:4f:26:77:64',
      notBefore: '2026-11-22T11:36:37',
      validity: 'not yet valid',
      isSelfSigned: true,
      keyType: 'ecdsa',
      keyBits: 256,
      sniMatches: true,
      clientCertificates: [],
      clientHandshake: { version: 'TLS 1.2', ciphers: [0xc02f, 0x009c], sig_algs: [0x0403, 0x0804] },
    });
    expect(heard.events('x509').map((event) => [event.subject, event.isHost, event.keyType, event.keyBits])).toEqual([
      ['emailAddress=a@example.test,CN=*.example.test,O=Taplight\\, Ltd.,C=DE', true, 'ecdsa', 256],
      ['CN=rsa.example.test', false, 'rsa', 512],
    ]);
  });

  it('is the same in pieces, in small records, and in one byte a record', () => {
    const whole = hear(handshake12).told.map(({ event }) => event);
    for (const pieces of [1, 7, 100]) {
      expect(hear(handshake12, { pieces }).told.map(({ event }) => event)).toEqual(whole);
    }
    const split = (flight: number[], size: number): number[] => {
      const body = flight.slice(5);
      const out: number[] = [];
      for (let i = 0; i < body.length; i += size) out.push(...record(22, body.slice(i, i + size)));
      return out;
    };
    for (const size of [1, 3, 50]) {
      const steps = handshake12.map((step, i) => (i === 1 ? { ...step, bytes: bytes(split(flight12, size)) } : step));
      expect(hear(steps).told.map(({ event }) => event)).toEqual(whole);
    }
  });

  it('tells a resumed session from a new one', () => {
    const id = [1, 2, 3, 4];
    const byId = one([
      { side: 0, bytes: bytes(offer({ sessionId: id })) },
      { side: 1, bytes: bytes(record(22, message(2, serverHello({ sessionId: id }))), changeCipherSpec(), finished()) },
      { side: 0, bytes: bytes(changeCipherSpec(), finished()) },
    ]);
    expect(byId).toMatchObject({ resumed: true, sessionResumed: true, established: true, history: 'CsiI' });
    const byTicket = one([
      { side: 0, bytes: bytes(offer({ extensions: [ticket(100)] })) },
      { side: 1, bytes: bytes(record(22, message(2, serverHello())), changeCipherSpec(), finished()) },
      { side: 0, bytes: bytes(changeCipherSpec(), finished()) },
    ]);
    expect(byTicket).toMatchObject({ resumed: true, sessionResumed: true });
    expect(one(handshake12).sessionResumed).toBeUndefined();
  });

  it('tells the alert that ends a handshake', () => {
    const event = one([
      { side: 0, bytes: bytes(hello12) },
      { side: 1, bytes: bytes(record(21, [2, 40])) },
    ]);
    expect(event).toMatchObject({ history: 'Cl', lastAlert: 'handshake_failure', established: false });
    expect(event.zeekVersion).toBeUndefined();
  });
});

describe('TLS 1.3', () => {
  const hello13 = (name: string): number[] =>
    offer({
      sessionId: new Array<number>(32).fill(9),
      suites: [0x1301],
      extensions: [sni(name), versions(0x0a0a, 0x0304, 0x0303), keyShare(29), alpn('h2')],
    });
  const answer = (random = 0x5e): number[] =>
    record(
      22,
      message(
        2,
        serverHello({
          random,
          sessionId: new Array<number>(32).fill(9),
          suites: [0x1301],
          extensions: [
            [43, [3, 4]],
            [51, [0, 29, 0, 2, 1, 1]],
          ],
        }),
      ),
    );

  it('is over when both sides sent encrypted records', () => {
    const heard = hear([
      { side: 0, bytes: bytes(hello13('a.example.test')) },
      { side: 1, bytes: bytes(answer(), changeCipherSpec(), sealed(900)) },
      { side: 0, bytes: bytes(changeCipherSpec(), sealed()) },
    ]);
    expect(heard.isOver).toBe(true);
    expect(heard.events()[0]).toMatchObject({
      version: 'TLS 1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      curve: 'x25519',
      established: true,
      resumed: false,
      history: 'CsiI',
    });
    expect(heard.events()[0].ja4).toMatch(/^t13d0104h2_/);
  });

  it('reads both hellos of a retry', () => {
    const retry = answer();
    const random = bytesOf('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c');
    retry.splice(11, 32, ...random);
    const event = one([
      { side: 0, bytes: bytes(hello13('a.example.test')) },
      { side: 1, bytes: bytes(retry, changeCipherSpec()) },
      { side: 0, bytes: bytes(changeCipherSpec(), hello13('a.example.test')) },
      { side: 1, bytes: bytes(answer(), sealed()) },
      { side: 0, bytes: bytes(sealed()) },
    ]);
    expect(event).toMatchObject({ history: 'CjiICs', established: true });
  });

  it('names DNS inside it by port and by server', () => {
    const steps = (name: string): Step[] => [
      { side: 0, bytes: bytes(hello13(name)) },
      { side: 1, bytes: bytes(answer(), sealed()) },
    ];
    expect(hear(steps('dns.google')).names).toEqual(['doh']);
    expect(hear(steps('resolver.example.test'), { rPort: 853 }).names).toEqual(['dot']);
    expect(hear(steps('www.google.com')).names).toEqual(['tls']);
  });

  it('leaves a side that never answers', () => {
    const steps: Step[] = [{ side: 0, bytes: bytes(hello13('a.example.test')) }];
    for (let i = 0; i < 250; i++) steps.push({ side: 0, bytes: bytes(sealed()) });
    const heard = hear(steps);
    expect(heard.isOver).toBe(true);
    expect(heard.events()).toHaveLength(1);
  });
});

describe('what else begins a connection', () => {
  it('finds the client when the sides are the wrong way round', () => {
    const event = one(handshake12.map((step) => ({ ...step, side: step.side === 0 ? 1 : 0 })));
    expect(event.history).toBe('^CsxknGIti');
  });

  it('reads the hello of SSL 2.0 that offers more', () => {
    const v2 = bytesOf('802b 01 0301 0012 0000 0010', '010080 00002f 000035 00000a 000004 000005', '11'.repeat(16));
    v2[1] = v2.length - 2;
    for (const pieces of [1000, 1]) {
      const event = one([{ side: 0, bytes: v2 }, ...handshake12.slice(1)], { pieces });
      expect(event).toMatchObject({ history: 'CsxknGIti', established: true, version: 'TLS 1.2' });
      expect(event.ja3).toBeUndefined();
    }
  });

  it('reads SSL 2.0 to its end', () => {
    const hello = bytesOf('801c 01 0002 0003 0000 0010', '010080', '11'.repeat(16));
    const server = [0x80, 0, 4, 0, 1, 0, 2, ...[ecCertificate.length >> 8, ecCertificate.length & 255], 0, 3, 0, 16];
    const answer = [...server, ...ecCertificate, 1, 0, 0x80, ...new Array<number>(16).fill(7)];
    answer[0] = 0x80 | ((answer.length - 2) >> 8);
    answer[1] = (answer.length - 2) & 255;
    const event = one([
      { side: 0, bytes: hello },
      { side: 1, bytes: bytes(answer) },
      { side: 0, bytes: bytesOf('8003 02 0100') },
    ]);
    expect(event).toMatchObject({
      version: 'SSLv2',
      cipher: 'SSLv20_CK_RC4_128_WITH_MD5',
      established: true,
      serial: '00:97:E6',
    });
  });

  it('knows encrypted records in the middle of a connection, and leaves them', () => {
    const heard = hear([{ side: 1, bytes: bytes(sealed(), sealed()) }]);
    expect(heard.names).toEqual(['tls']);
    expect(heard.isOver).toBe(true);
    expect(heard.told).toEqual([]);
  });

  it('is not taken for other things', () => {
    for (const other of [
      '16',
      '160301',
      '1603010100 03',
      '160301ffff 01',
      '17030300',
      "'\x16\x03garbage garbage garbage",
    ]) {
      expect(hear([{ side: 0, bytes: bytesOf(other) }]).told, other).toEqual([]);
    }
    const broken = hear([
      { side: 0, bytes: bytes(hello12) },
      { side: 1, bytes: bytesOf("'HTTP/1.0 400 Bad Request\r\n\r\n") },
    ]);
    expect(broken.weird).toEqual(['tls_invalid_record']);
    expect(broken.events()[0]).toMatchObject({ sni: 'www.example.test', established: false });
  });
});

describe('holes', () => {
  it('goes on after a hole inside a record, and after one that ends where a record begins', () => {
    const event = one([
      { side: 0, bytes: bytes(hello12) },
      { side: 1, bytes: bytes(flight12.slice(0, 300)) },
      { side: 1, gap: 200, bytes: bytes(flight12.slice(500), changeCipherSpec(), finished()) },
      { side: 0, bytes: bytes(changeCipherSpec(), finished()) },
    ]);
    expect(event).toMatchObject({ established: true, history: 'CiI' });
    const lost = one([
      { side: 0, bytes: bytes(hello12) },
      { side: 1, gap: 4000, bytes: bytes(changeCipherSpec(), finished()) },
      { side: 0, bytes: bytes(changeCipherSpec(), finished()) },
    ]);
    expect(lost).toMatchObject({ established: true, history: 'CiI' });
  });
});

describe('any bytes', () => {
  it('cut and changed handshakes never throw, and keep little', () => {
    const server = bytes(flight12);
    fc.assert(
      fc.property(
        fc.nat(server.length - 1),
        fc.nat(255),
        fc.nat(server.length),
        fc.constantFrom(1, 13, 5000),
        (at, value, cut, pieces) => {
          const changed = server.slice(0, Math.max(1, cut));
          changed[at % changed.length] = value;
          const heard = hear(
            [{ side: 0, bytes: bytes(hello12) }, { side: 1, bytes: changed }, ...handshake12.slice(2)],
            {
              pieces,
            },
          );
          expect(heard.threw).toEqual([]);
          expect(heard.kept).toBeLessThanOrEqual(65_536);
        },
      ),
      { numRuns: 150 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (a, b) => {
        expect(
          hear(
            [
              { side: 0, bytes: a },
              { side: 1, bytes: b },
            ],
            { open: true },
          ).threw,
        ).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

it('names the protocol that was left for it in the clear, in the words of EVE', () => {
  const starter = (name: string) =>
    defineProtocol({
      name,
      title: name,
      family: 'data',
      ports: { tcp: [] },
      fields: {},
      probe: (b, at) => (b[at] === 0x21 ? probed.yes : probed.no),
      open: (conversation) => ({
        data: () => {
          conversation.become('tls');
          return 1;
        },
      }),
    });
  for (const [name, word] of [
    ['ldap', 'ldap'],
    ['postgresql', 'pgsql'],
  ]) {
    const heard = converse([starter(name), tls, x509], [{ side: 0, bytes: bytesOf("'!") }, ...handshake12]);
    expect(heard.events('tls')).toMatchObject([{ fromProto: word }]);
  }
  expect(converse([tls, x509], handshake12).events('tls')[0].fromProto).toBeUndefined();
});
