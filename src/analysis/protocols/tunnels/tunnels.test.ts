// Proves what WireGuard, OpenVPN, STUN and SOCKS tell, whole and in pieces, and that cut or damaged messages do no harm.

import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Setting, type Step } from '../golden/converse.ts';
import { defineProtocol, type Protocol, probed } from '../protocol.ts';
import { openvpn } from './openvpn.ts';
import { socks } from './socks.ts';
import { stun } from './stun.ts';
import { wireguard } from './wireguard.ts';

const zeros = (count: number): string => '00'.repeat(count);
const some = (count: number): string => 'c7'.repeat(count);

/** Cuts and bends every message of a conversation in many ways: nothing throws. */
function damage(protocol: Protocol, steps: readonly Step[], setting: Setting): void {
  for (const [which, step] of steps.entries()) {
    const bytes = step.bytes as Uint8Array;
    for (let cut = 0; cut <= bytes.length; cut++) {
      const short = steps.map((one, i) => (i === which ? { ...one, bytes: bytes.slice(0, cut) } : one));
      expect(converse([protocol], short, setting).threw).toEqual([]);
      expect(converse([protocol], short, { ...setting, open: true }).threw).toEqual([]);
      if (cut === bytes.length) continue;
      for (const value of [0, 1, 0x7f, 0xff]) {
        const bent = bytes.slice();
        bent[cut] = value;
        const heard = converse(
          [protocol],
          steps.map((one, i) => (i === which ? { ...one, bytes: bent } : one)),
          setting,
        );
        expect(heard.threw).toEqual([]);
        expect(heard.kept).toBe(0);
      }
    }
  }
}

describe('WireGuard', () => {
  const steps: Step[] = [
    { side: 0, bytes: bytesOf('01000000 11000000', some(140)) },
    { side: 1, bytes: bytesOf('02000000 22000000 11000000', some(80)) },
    { side: 0, bytes: bytesOf('04000000 22000000 0000000000000000', some(16)) },
  ];

  it('tells the handshake once and then looks no more', () => {
    const heard = converse([wireguard], steps, { proto: 17, rPort: 51_820 });
    expect(heard.events()).toEqual([{ initiator: 0x11, responder: 0x22, handshakeUs: 1000 }]);
    expect(heard.names).toEqual(['wireguard']);
    expect(heard.how).toBe('handshake');
    expect(heard.isOver).toBe(true);
  });

  it('knows data of a tunnel that was there before', () => {
    const heard = converse([wireguard], [steps[2]], { proto: 17, rPort: 5060 });
    expect(heard.names).toEqual(['wireguard']);
  });

  it('calls it WARP where the reserved bytes are used on its ports', () => {
    const warp = [{ side: 0 as const, bytes: bytesOf('01a1b2c3 11000000', some(140)) }];
    expect(converse([wireguard], warp, { proto: 17, rPort: 2408 }).names).toEqual(['cloudflare-warp']);
    expect(converse([wireguard], warp, { proto: 17, rPort: 9999 }).names).toEqual([]);
  });

  it('does not take an answer to someone else for its own', () => {
    const other = [steps[0], { side: 1 as const, bytes: bytesOf('02000000 22000000 12000000', some(80)) }];
    const heard = converse([wireguard], other, { proto: 17, rPort: 51_820 });
    expect(heard.events()).toEqual([]);
    expect(heard.how).toBe('pattern');
  });

  it('survives damage', () => damage(wireguard, steps, { proto: 17, rPort: 51_820 }));
});

describe('OpenVPN', () => {
  const plain: Step[] = [
    { side: 0, bytes: bytesOf('38 0102030405060708 00 00000000') },
    { side: 1, bytes: bytesOf('40 1112131415161718 01 00000000 0102030405060708 00000000') },
  ];
  const framed = (...messages: Step[]): Step[] =>
    messages.map(({ side, bytes }) => ({
      side,
      bytes: bytesOf(`00${(bytes as Uint8Array).length.toString(16).padStart(2, '0')}`, bytes as Uint8Array),
    }));
  const signed: Step[] = [
    { side: 0, bytes: bytesOf('38 0102030405060708', some(20), '00000001 60000000 00 00000000') },
    {
      side: 1,
      bytes: bytesOf('40 1112131415161718', some(20), '00000001 60000000 01 00000000 0102030405060708 00000000'),
    },
  ];

  it('tells both sessions, and that nothing protects the control channel', () => {
    const heard = converse([openvpn], plain, { proto: 17, rPort: 1194 });
    expect(heard.events()).toEqual([
      { protection: 'none', clientSession: '0102030405060708', serverSession: '1112131415161718' },
    ]);
    expect(heard.how).toBe('handshake');
  });

  it('finds the size of the HMAC', () => {
    expect(converse([openvpn], signed, { proto: 17, rPort: 443 }).events()).toMatchObject([
      { protection: 'tls-auth', hmacBytes: 20 },
    ]);
  });

  it('reads streams, in pieces of any size', () => {
    for (const pieces of [1, 3, 7, 1000]) {
      const heard = converse([openvpn], framed(...signed), { rPort: 443, pieces });
      expect(heard.events()).toMatchObject([{ protection: 'tls-auth', serverSession: '1112131415161718' }]);
      expect(heard.kept).toBe(0);
    }
  });

  it('reads TLS of the control channel, each message once and in order, until data comes', () => {
    const said: string[] = [];
    const tls = defineProtocol({
      name: 'tls',
      title: 'TLS',
      family: 'web',
      fields: {},
      open: () => ({
        data: (side, b, at, end) => {
          said.push(`${side} ${String.fromCharCode(...b.subarray(at, end))}`);
          return end - at;
        },
      }),
    });
    const message = (side: 0 | 1, packet: string, contents: string): Step => ({
      side,
      bytes: bytesOf('20 0102030405060708', some(20), '00000005 60000000 00', packet, `'${contents}`),
    });
    const steps: Step[] = [
      ...signed,
      message(0, '00000002', 'lo'),
      message(0, '00000001', 'hel'),
      message(0, '00000001', 'hel'),
      message(1, '00000001', 'answer'),
      { side: 0, bytes: bytesOf('30', some(40)) },
      message(1, '00000002', 'unheard'),
    ];
    // The cast is for the different fields of the protocols.
    const both = [openvpn, tls] as unknown as Protocol[];
    const heard = converse(both, steps, { proto: 17, rPort: 1194 });
    expect(said).toEqual(['0 hel', '0 lo', '1 answer']);
    expect(heard.names).toEqual(['openvpn', 'tls']);
    expect(heard.isOver).toBe(true);
  });

  it('knows tls-crypt and its second version', () => {
    const crypt = (opcode: string, packet: string): Step[] => [
      { side: 0, bytes: bytesOf(opcode, '0102030405060708', packet, '60000000', some(32), some(5)) },
      { side: 1, bytes: bytesOf('40 1112131415161718 00000001 60000000', some(32), some(17)) },
    ];
    const first = converse([openvpn], crypt('38', '00000001'), { proto: 17, rPort: 443 });
    expect(first.events()).toMatchObject([{ protection: 'tls-crypt' }]);
    const second = converse([openvpn], crypt('50', '0f000001'), { proto: 17, rPort: 443 });
    expect(second.events()).toMatchObject([{ protection: 'tls-crypt-v2' }]);
  });

  it('turns the sides round when the server was taken for the client', () => {
    const turned = plain.map(({ side, bytes }) => ({
      side: side === 0 ? (1 as const) : (0 as const),
      bytes: bytes as Uint8Array,
    }));
    const heard = converse([openvpn], turned, { proto: 17, oPort: 1194, rPort: 40_000 });
    expect(heard.events()).toMatchObject([{ serverSession: '1112131415161718' }]);
  });

  it('survives damage', () => {
    damage(openvpn, signed, { proto: 17, rPort: 1194 });
    damage(openvpn, framed(...plain), { rPort: 1194 });
  });
});

describe('STUN', () => {
  const transaction = '0102030405060708090a0b0c';
  const request = bytesOf('0001 0008 2112a442', transaction, '8022 0004', "'test");
  // 192.0.2.1:40000 XORed with the cookie.
  const answer = bytesOf('0101 000c 2112a442', transaction, '0020 0008 0001 bd52 e112a643');
  const steps: Step[] = [
    { side: 0, bytes: request },
    { side: 1, bytes: answer },
  ];

  it('tells how the client is seen', () => {
    const heard = converse([stun], steps, { proto: 17, rPort: 3478 });
    expect(heard.events()).toEqual([
      {
        method: 'binding',
        transaction,
        software: 'test',
        outcome: 'success',
        mappedAddress: '192.0.2.1',
        mappedPort: 40_000,
        latencyUs: 1000,
      },
    ]);
    expect(heard.names).toEqual(['stun']);
    expect(heard.how).toBe('handshake');
  });

  it('tells the same answer once', () => {
    const heard = converse([stun], [...steps, ...steps, ...steps], { proto: 17, rPort: 3478 });
    expect(heard.events()).toHaveLength(1);
  });

  it('reads streams, bare or framed, in pieces', () => {
    const framed = steps.map(({ side, bytes }) => ({
      side,
      bytes: bytesOf(`00${(bytes as Uint8Array).length.toString(16)}`, bytes as Uint8Array),
    }));
    for (const pieces of [1, 5, 1000]) {
      expect(converse([stun], steps, { rPort: 3478, pieces }).events()).toMatchObject([{ mappedPort: 40_000 }]);
      expect(converse([stun], framed, { rPort: 40_001, pieces }).events()).toMatchObject([{ mappedPort: 40_000 }]);
    }
  });

  it('calls it TURN where a relay is asked for, and tells the relay', () => {
    const asks = bytesOf('0003 0008 2112a442', transaction, '0019 0004 11000000');
    const refused = bytesOf(
      '0113 0018 2112a442',
      transaction,
      '0009 0008 00000401',
      "'none",
      '0014 0005',
      "'a.org",
      zeros(3),
    );
    const granted = bytesOf('0103 000c 2112a442', transaction, '0016 0008 0001 bd52 e112a643');
    const heard = converse(
      [stun],
      [
        { side: 0, bytes: asks },
        { side: 1, bytes: refused },
        { side: 0, bytes: asks },
        { side: 1, bytes: granted },
      ],
      { proto: 17, rPort: 3478 },
    );
    expect(heard.names).toEqual(['turn']);
    expect(heard.events()).toMatchObject([
      { method: 'allocate', outcome: 'error', errorCode: 401, errorReason: 'none', realm: 'a.org' },
      { method: 'allocate', outcome: 'success', relayedAddress: '192.0.2.1', relayedPort: 40_000 },
    ]);
  });

  it('gives DTLS and media on the same flow to their own protocols, also inside channels of a relay', () => {
    const seen: string[] = [];
    const listener = (name: string) =>
      defineProtocol({
        name,
        title: name,
        family: 'media',
        ports: { udp: [] },
        fields: {},
        probe: () => probed.no,
        open: () => ({
          data: (_side, _bytes, at, end) => {
            seen.push(`${name} ${end - at}`);
            return end - at;
          },
        }),
      });
    const record = bytesOf('16 fefd', some(30));
    const media = bytesOf('80', some(30));
    const channel = bytesOf('4000 001f', media);
    const heard = converse(
      [stun, listener('dtls'), listener('rtp')],
      [...steps, { side: 0, bytes: record }, { side: 1, bytes: media }, ...steps, { side: 1, bytes: channel }],
      { proto: 17, rPort: 3478 },
    );
    expect(seen).toEqual(['dtls 33', 'rtp 31', 'rtp 31']);
    expect(heard.names).toEqual(['stun', 'dtls', 'rtp']);
  });

  it('knows messages of before the cookie by their attributes', () => {
    const old = bytesOf('0001 0008', some(16), '0003 0004 00000006');
    expect(converse([stun], [{ side: 0, bytes: old }], { proto: 17, rPort: 40_000 }).names).toEqual(['stun']);
    const bent = bytesOf('0001 0008', some(16), '0003 0005 00000006');
    expect(converse([stun], [{ side: 0, bytes: bent }], { proto: 17, rPort: 40_000 }).names).toEqual([]);
  });

  it('survives damage', () => {
    damage(stun, steps, { proto: 17, rPort: 3478 });
    damage(stun, steps, { rPort: 3478 });
  });
});

describe('SOCKS', () => {
  const within = defineProtocol({
    name: 'inside',
    title: 'What is carried',
    family: 'other',
    ports: { tcp: [] },
    fields: {},
    probe: (b, o) => (b[o] === 0x47 ? probed.yes : probed.no),
  });
  const login: Step[] = [
    { side: 0, bytes: bytesOf('05 02 00 02') },
    { side: 1, bytes: bytesOf('05 02') },
    { side: 0, bytes: bytesOf('01 03', "'bob", '06', "'secret") },
    { side: 1, bytes: bytesOf('01 00') },
    { side: 0, bytes: bytesOf('05 01 00 03 0b', "'example.org", '01bb') },
    { side: 1, bytes: bytesOf('05 00 00 01 c0000201 9c40') },
    { side: 0, bytes: bytesOf("'GET / HTTP/1.1\r\n") },
  ];
  const told = {
    version: 5,
    command: 'connect',
    user: 'bob',
    password: '***',
    status: 'succeeded',
    hostName: 'example.org',
    port: 443,
    boundHost: '192.0.2.1',
    boundPort: 40_000,
  };

  it('tells where to, masks the password, and lets the rest be found out', () => {
    for (const pieces of [1, 4, 1000]) {
      const heard = converse([socks, within], login, { rPort: 1080, pieces });
      expect(heard.events()).toMatchObject([told]);
      expect(JSON.stringify(heard.told)).not.toContain('secret');
      expect(heard.names).toEqual(['socks', 'inside']);
    }
  });

  it('reads version 4, with an address or a name', () => {
    const with4 = (...request: string[]) =>
      converse(
        [socks],
        [
          { side: 0, bytes: bytesOf(...request) },
          { side: 1, bytes: bytesOf('00 5a 0050 c0000201') },
        ],
        { rPort: 1080 },
      ).events();
    expect(with4('04 01 0050 c0000202', "'me", '00')).toMatchObject([
      { version: 4, host: '192.0.2.2', port: 80, user: 'me' },
    ]);
    expect(with4('04 01 0050 00000001 00', "'example.org", '00')).toMatchObject([
      { version: 4, hostName: 'example.org' },
    ]);
  });

  it('tells detectors of a login that is refused', () => {
    const refused = [...login.slice(0, 3), { side: 1 as const, bytes: bytesOf('01 01') }];
    const { told } = converse([socks], refused, { rPort: 1080 });
    expect(told.map(({ event, options }) => [event.user, event.password, event.status, options.only])).toEqual([
      ['bob', '***', 'login refused', 'step'],
    ]);
  });

  it('tells a refusal and looks no more', () => {
    const refused = [...login.slice(0, 5), { side: 1 as const, bytes: bytesOf('05 05 00 01 00000000 0000') }];
    const heard = converse([socks, within], [...refused, login[6]], { rPort: 1080 });
    expect(heard.events()).toMatchObject([{ status: 'Connection refused' }]);
    expect(heard.names).toEqual(['socks']);
    expect(heard.isOver).toBe(true);
  });

  it('survives damage', () => damage(socks, login, { rPort: 1080 }));
});
