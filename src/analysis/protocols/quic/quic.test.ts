// Proves that QUIC flows tell who asks for what: hellos in pieces, several packets in a datagram, Retry, versions, both ways
// round; that what is inside is read with keys and told when they are missing; and that damage does no harm.
import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodeKeyLog } from '../../../app/machine/key-log.ts';
import { nodeCrypto } from '../../../app/machine/node-crypto.ts';
import type { AnyEvent, KeyLog } from '../../../core/index.ts';
import { bytesOf, converse, type Heard, type Step } from '../golden/converse.ts';
import { dns } from '../names/dns.ts';
import { type ProbeHint, type Protocol, probed } from '../protocol.ts';
import { bytesOfHex, nonceOf } from '../tls-keys/key-schedule.ts';
import { suiteOf } from '../tls-keys/suites.ts';
import { http3 } from './inside/http3.ts';
import { initialKeys, nextSecret, type PacketKeys, packetKeys } from './packets/packet-keys.ts';
import { packetKind, type Version, versionOf } from './packets/versions.ts';
import { quic } from './quic.ts';

// The cast is for the different fields of the protocols.
const protocols = [quic, http3, dns] as unknown as Protocol[];
const hear = (steps: readonly Step[], keys?: KeyLog): Heard =>
  converse(protocols, steps, { proto: 17, rPort: 443, ...(keys === undefined ? {} : { keys }) });
const version = (number: number): Version => {
  const found = versionOf(number);
  if (found === null) throw new Error('unknown version');
  return found;
};
const v1 = version(1);
const dcid = bytesOf('83 94 c8 f0 3e 51 57 08');
const scid = bytesOf('c1 c2 c3');
const serverId = bytesOf('f0 67 a5 50 2a');

// --- what is said ------------------------------------------------------------------------------------------------------

const u16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 255);
const sized16 = (...parts: Uint8Array[]): Uint8Array => {
  const body = bytesOf(...parts);
  return bytesOf(u16(body.length), body);
};
const extension = (type: number, body: Uint8Array): Uint8Array => bytesOf(u16(type), sized16(body));
const message = (type: number, body: Uint8Array): Uint8Array => bytesOf(Uint8Array.of(type, 0), sized16(body));
const clientRandom = '11'.repeat(32);

function clientHello(host = 'host.test', alpn = 'h3'): Uint8Array {
  const name = Uint8Array.from(Buffer.from(host));
  const extensions = sized16(
    extension(0, sized16(Uint8Array.of(0), sized16(name))),
    extension(16, sized16(Uint8Array.of(alpn.length), Buffer.from(alpn))),
    extension(43, bytesOf('02 0304')),
    extension(57, new Uint8Array(300)),
  );
  return message(1, bytesOf('0303', clientRandom, '00', '0002 1301', '01 00', extensions));
}
const serverHello = message(
  2,
  bytesOf('0303', '22'.repeat(32), '00', '1301', '00', sized16(extension(43, u16(0x0304)))),
);

const varint = (value: number): Uint8Array =>
  value < 64
    ? Uint8Array.of(value)
    : Uint8Array.of(0x80 | (value >> 24), (value >> 16) & 255, (value >> 8) & 255, value & 255);
const cryptoFrame = (offset: number, data: Uint8Array): Uint8Array =>
  bytesOf('06', varint(offset), varint(data.length), data);
const streamFrame = (id: number, data: Uint8Array): Uint8Array => bytesOf('0b', varint(id), varint(data.length), data);

// --- packets -----------------------------------------------------------------------------------------------------------

/** @param header up to the packet number, whose length in `header[0]` is two bytes */
function sealed(keys: PacketKeys, header: Uint8Array, number: number, frames: Uint8Array): Uint8Array {
  const clear = bytesOf(header, u16(number));
  const cipher = createCipheriv(
    keys.key.length === 32 ? 'aes-256-gcm' : 'aes-128-gcm',
    keys.key,
    nonceOf(keys.iv, number),
  );
  cipher.setAAD(clear);
  const packet = bytesOf(clear, Buffer.concat([cipher.update(frames), cipher.final(), cipher.getAuthTag()]));
  const at = header.length;
  const mask = nodeCrypto.aesBlock(keys.headerKey, packet.slice(at + 4, at + 20));
  packet[0] ^= mask[0] & (packet[0] & 0x80 ? 0x0f : 0x1f);
  packet[at] ^= mask[1];
  packet[at + 1] ^= mask[2];
  return packet;
}

interface Ends {
  readonly version?: Version;
  readonly to: Uint8Array;
  readonly from: Uint8Array;
}

function long(kind: number, keys: PacketKeys, ends: Ends, number: number, frames: Uint8Array): Uint8Array {
  const it = ends.version ?? v1;
  const first = 0xc1 | (it.kinds.indexOf(kind) << 4);
  const ids = bytesOf(Uint8Array.of(ends.to.length), ends.to, Uint8Array.of(ends.from.length), ends.from);
  const token = kind === packetKind.initial ? Uint8Array.of(0) : new Uint8Array(0);
  const length = varint(64 + frames.length + 18 - 64);
  const name = Uint8Array.of(it.number >>> 24, (it.number >> 16) & 255, (it.number >> 8) & 255, it.number & 255);
  return sealed(keys, bytesOf(Uint8Array.of(first), name, ids, token, length), number, frames);
}

const keysFor = (id: Uint8Array, of = v1) => {
  const keys = initialKeys(nodeCrypto, of, id);
  if (keys === null) throw new Error('no keys');
  return keys;
};
const padding = new Uint8Array(40);
const toServer: Ends = { to: dcid, from: scid };
const toClient: Ends = { to: scid, from: serverId };
const initial = (number: number, frames: Uint8Array, ends = toServer, keyId = dcid): Uint8Array =>
  long(packetKind.initial, keysFor(keyId, ends.version).client, ends, number, frames);
const answer = (frames: Uint8Array, keyId = dcid, ends = toClient): Uint8Array =>
  long(packetKind.initial, keysFor(keyId, ends.version).server, ends, 0, frames);
const hello = clientHello();
const firstFlight = initial(0, bytesOf(cryptoFrame(0, hello), padding));
const secondFlight = answer(bytesOf('02 00 00 00 00', cryptoFrame(0, serverHello)));

const eveOf = (heard: Heard): AnyEvent[] =>
  heard.told.filter(({ kind, options }) => kind === 'quic' && options.only === 'eve').map(({ event }) => event);
const rowsOf = (heard: Heard, kind = 'quic'): AnyEvent[] =>
  heard.told.filter((one) => one.kind === kind && one.options.only === 'log').map(({ event }) => event);

describe('a handshake', () => {
  it('tells both hellos, the row and the name', () => {
    const heard = hear([
      { side: 0, bytes: firstFlight },
      { side: 1, bytes: secondFlight },
      { side: 1, bytes: bytesOf('40', scid, new Uint8Array(30)) },
    ]);
    expect(heard.threw).toEqual([]);
    expect([heard.names, heard.how, heard.server]).toEqual([['quic'], 'handshake', 'host.test']);
    const [client, server] = eveOf(heard);
    expect(client).toMatchObject({
      version: '1',
      sni: 'host.test',
      alpn: ['h3'],
      ja4: expect.stringMatching(/^q13d0104h3_/),
    });
    expect(client.extensions).toEqual([
      { name: 'server_name', type: 0, values: ['host.test'] },
      { name: 'alpn', type: 16, values: ['h3'] },
      { name: 'supported_versions', type: 43 },
      { name: 'quic_transport_parameters', type: 57 },
    ]);
    expect(server).toMatchObject({ ja3s: { string: '771,4865,43' }, cipherSuite: 0x1301 });
    expect(rowsOf(heard)).toMatchObject([
      {
        versionName: '1',
        clientInitialDcid: '8394c8f03e515708',
        clientScid: 'c1c2c3',
        serverScid: 'f067a5502a',
        clientProtocol: 'h3',
        history: 'ISiso',
      },
    ]);
    expect(rowsOf(heard, 'tls')).toMatchObject([{ zeekVersion: 'TLSv13', history: 'Cs', established: false }]);
  });

  it('in pieces out of order, over packets, overlapping and repeated, is the same', () => {
    const whole = eveOf(hear([{ side: 0, bytes: firstFlight }]));
    const cut = (from: number, to: number): Uint8Array => cryptoFrame(from, hello.slice(from, to));
    const steps: Step[] = [
      { side: 0, bytes: initial(3, bytesOf(cut(300, hello.length), '01', cut(90, 200))) },
      { side: 0, bytes: initial(1, bytesOf(cut(0, 100), padding)) },
      { side: 0, bytes: initial(1, bytesOf(cut(0, 100), padding)) },
      { side: 0, bytes: initial(2, bytesOf(cut(150, 320), padding)) },
    ];
    const heard = hear(steps);
    expect(eveOf(heard)).toEqual(whole);
    expect(rowsOf(heard)[0].history).toBe('IIIIS');
    expect(heard.told.find(({ kind }) => kind === 'quic')?.timeUs).toBe(1_004_000);
  });

  it('with several packets in a datagram is read through', () => {
    const handshake = long(packetKind.handshake, keysFor(dcid).server, toClient, 0, padding);
    const heard = hear([
      {
        side: 0,
        bytes: bytesOf(initial(0, cryptoFrame(0, hello.slice(0, 200))), initial(1, cryptoFrame(200, hello.slice(200)))),
      },
      { side: 1, bytes: bytesOf(secondFlight, handshake, '40', new Uint8Array(30)) },
    ]);
    expect(eveOf(heard).length).toBe(2);
    expect(rowsOf(heard)[0].history).toBe('IISisho');
  });

  it('whose first packet was taken for the server’s is turned round', () => {
    const heard = hear([
      { side: 1, bytes: secondFlight },
      { side: 1, bytes: firstFlight },
      { side: 0, bytes: secondFlight },
    ]);
    expect(eveOf(heard).length).toBe(2);
    expect(rowsOf(heard)).toMatchObject([{ clientScid: 'c1c2c3', serverScid: 'f067a5502a', history: 'IISis' }]);
  });

  it('that the server asks to begin anew is told twice', () => {
    const retryId = bytesOf('aa bb cc dd ee ff 00 11 22');
    const retry = bytesOf('f0 00000001', '03', scid, '09', retryId, "'token", new Uint8Array(16));
    const again = initial(1, bytesOf(cryptoFrame(0, hello), padding), { to: retryId, from: scid }, retryId);
    const heard = hear([
      { side: 0, bytes: firstFlight },
      { side: 1, bytes: retry },
      { side: 0, bytes: again },
      { side: 1, bytes: answer(cryptoFrame(0, serverHello), retryId) },
    ]);
    expect(eveOf(heard).length).toBe(3);
    expect(rowsOf(heard)).toMatchObject([
      { history: 'ISr', clientInitialDcid: '8394c8f03e515708' },
      { history: 'ISis', clientInitialDcid: 'aabbccddeeff001122' },
    ]);
  });

  it('of each version is read', () => {
    for (const number of [0x6b3343cf, 0xff00001d, 0xff00001b, 0xff000016, 0xfaceb002, 0xff000022]) {
      const of = version(number);
      const heard = hear([
        { side: 0, bytes: initial(0, bytesOf(cryptoFrame(0, hello), padding), { ...toServer, version: of }) },
        { side: 1, bytes: answer(cryptoFrame(0, serverHello), dcid, { ...toClient, version: of }) },
      ]);
      expect(eveOf(heard).map((event) => event.version)).toEqual([of.text, of.text]);
      expect(rowsOf(heard)).toMatchObject([{ versionName: of.name, history: 'ISis' }]);
    }
  });

  it('by ALPN and server name is DNS', () => {
    const flight = (host: string, alpn: string): Step[] => [
      { side: 0, bytes: initial(0, bytesOf(cryptoFrame(0, clientHello(host, alpn)), padding)) },
    ];
    expect(hear(flight('host.test', 'doq')).names).toEqual(['doq']);
    expect(hear(flight('dns.google', 'h3')).names).toEqual(['doh']);
    expect(hear(flight('dns.google.test', 'h3')).names).toEqual(['quic']);
  });

  it('of a version nobody knows is named, and forced negotiation leads to the real one', () => {
    const reserved = bytesOf('c0 1a2a3a4a 08', dcid, '03', scid, new Uint8Array(1200));
    const list = bytesOf('80 00000000 03', scid, '08', dcid, '00000001 ff00001d');
    const heard = hear([
      { side: 0, bytes: reserved },
      { side: 1, bytes: list },
      { side: 0, bytes: firstFlight },
    ]);
    expect(heard.names).toEqual(['quic']);
    expect(rowsOf(heard)).toMatchObject([{ versionName: 'unknown-1a2a3a4a', history: 'U' }, { history: 'IS' }]);
  });

  it('is left alone after so many datagrams', () => {
    const bulk = Array.from({ length: 400 }, (): Step => ({ side: 1, bytes: bytesOf('40', new Uint8Array(100)) }));
    const heard = hear([{ side: 0, bytes: firstFlight }, ...bulk]);
    expect(heard.isOver).toBe(true);
    expect(rowsOf(heard)).toMatchObject([{ history: 'ISoooooooo' }]);
  });
});

describe('probing', () => {
  const hint: ProbeHint = { proto: 17, side: 0, oPort: 5, rPort: 443, isPort: true, length: 1200 };
  const of = (b: Uint8Array): number => quic.probe?.(b, 0, b.length, hint) ?? -1;

  it('knows the first packet of either side, and nothing else', () => {
    expect(of(firstFlight)).toBe(probed.yes);
    expect(of(secondFlight)).toBe(probed.yes);
    for (const other of ['80 00 00 01 02 03 04 05 06 07', '16 fe fd 00 00', '40 11 22 33', 'c0 00 00 00 02 08', '']) {
      expect(of(bytesOf(other))).toBe(probed.no);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (b) => {
        expect(of(b)).toBe(probed.no);
      }),
    );
  });
});

// --- the inside --------------------------------------------------------------------------------------------------------

const aes = suiteOf(0x1301);
const secrets = { handshake: ['a1', 'b1'], application: ['a2', 'b2'] } as const;
const names = [
  ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', secrets.handshake[0]],
  ['SERVER_HANDSHAKE_TRAFFIC_SECRET', secrets.handshake[1]],
  ['CLIENT_TRAFFIC_SECRET_0', secrets.application[0]],
  ['SERVER_TRAFFIC_SECRET_0', secrets.application[1]],
];
const logged = (change = (digits: string) => digits): NodeKeyLog => {
  const log = new NodeKeyLog();
  for (const [label, digits] of names) log.add(`${label} ${clientRandom} ${change(digits).repeat(32)}\n`);
  return log;
};
function trafficKeys(digits: string, updates = 0): PacketKeys {
  if (aes === null) throw new Error('no suite');
  let secret = bytesOfHex(digits.repeat(32));
  const before = packetKeys(nodeCrypto, v1, aes, secret);
  for (let i = 0; i < updates; i++) secret = nextSecret(nodeCrypto, v1, aes, secret);
  return packetKeys(nodeCrypto, v1, aes, secret, before.headerKey);
}
/** @param phase bit 0x04 of the first byte: which keys after an update */
const short = (to: Uint8Array, keys: PacketKeys, number: number, frames: Uint8Array, phase = 0): Uint8Array =>
  sealed(keys, bytesOf(Uint8Array.of(0x41 | phase), to), number, bytesOf(frames, new Uint8Array(8)));
const [client, server] = secrets.application;
const request = (path: string): Uint8Array =>
  bytesOf('01', Uint8Array.of(path.length + 6), '0000 d1 d7 51', Uint8Array.of(path.length), Buffer.from(path));
const response = bytesOf('01 03 0000 d9', '00 05', "'hello");
const inside: Step[] = [
  { side: 0, bytes: firstFlight },
  { side: 1, bytes: secondFlight },
  { side: 0, bytes: short(serverId, trafficKeys(client), 0, streamFrame(0, request('/one'))) },
  { side: 1, bytes: short(scid, trafficKeys(server), 0, streamFrame(0, response)) },
  // Both sides go on with the next secret, the client's packet being sent twice.
  { side: 0, bytes: short(serverId, trafficKeys(client, 1), 1, streamFrame(4, request('/two')), 4) },
  { side: 1, bytes: short(scid, trafficKeys(server, 1), 1, streamFrame(4, response), 4) },
  { side: 0, bytes: short(serverId, trafficKeys(client, 1), 2, streamFrame(4, request('/two')), 4) },
];

describe('a connection with keys', () => {
  it('gives its requests, over a key update', () => {
    const heard = hear(inside, logged());
    expect(heard.weird).toEqual([]);
    expect(heard.events('http3')).toMatchObject([
      { method: 'GET', url: '/one', status: 200, responseBytes: 5, majorVersion: '3' },
      { method: 'GET', url: '/two', status: 200, streamId: 4 },
    ]);
    expect(heard.events('http3').length).toBe(2);
  });

  it('gives queries of DNS', () => {
    const query = bytesOf('0000 0100 0001 0000 0000 0000 04', "'host", '00 0001 0001');
    const heard = hear(
      [
        { side: 0, bytes: initial(0, bytesOf(cryptoFrame(0, clientHello('host.test', 'doq')), padding)) },
        { side: 1, bytes: secondFlight },
        { side: 0, bytes: short(serverId, trafficKeys(client), 0, streamFrame(0, sized16(query))) },
      ],
      logged(),
    );
    expect(JSON.stringify(heard.events('dns'))).toContain('host');
  });

  it('that fit nothing, or that are not there, is told once', () => {
    const many = Array.from({ length: 40 }, (_, i): Step => inside[2 + (i % 2)]);
    expect(
      hear(
        [...inside.slice(0, 2), ...many],
        logged(() => 'ee'),
      ).weird,
    ).toEqual(['tls_keys_do_not_fit']);
    const other = new NodeKeyLog();
    other.add(`CLIENT_RANDOM ${'77'.repeat(32)} ${'88'.repeat(48)}`);
    expect(hear(inside, other).weird).toEqual(['tls_no_key']);
  });
});

describe('damage', () => {
  it('does no harm', () => {
    const log = logged();
    fc.assert(
      fc.property(fc.nat(inside.length - 1), fc.nat(), fc.nat(255), fc.nat(2), (which, where, value, how) => {
        const steps = inside.map((step, i): Step => {
          const bytes = step.bytes?.slice() ?? new Uint8Array(0);
          if (i !== which) return step;
          if (how === 0) return { ...step, bytes: bytes.slice(0, where % bytes.length) };
          bytes[where % bytes.length] = value;
          return { ...step, bytes: how === 1 ? bytes : bytesOf(bytes, bytes) };
        });
        expect(hear(steps, log).threw).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('inside sealed packets does no harm either', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 200 }), fc.boolean(), (frames, isHello) => {
        const bytes = bytesOf(isHello ? cryptoFrame(0, bytesOf('01 000080', frames)) : frames, padding);
        const steps: Step[] = [
          { side: 0, bytes: initial(0, bytes) },
          { side: 1, bytes: answer(bytes) },
        ];
        const stream = short(serverId, trafficKeys(client), 0, bytesOf(streamFrame(0, frames), streamFrame(2, frames)));
        expect(hear([...steps, ...inside, { side: 0, bytes: stream }], logged()).threw).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
