// Proves that RDP tells who asks for a session and with what, which security is chosen, and then hands over or is silent.
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../../golden/converse.ts';
import { nameOnly, probed } from '../../protocol.ts';
import { big, faultsOfDamage, joined, little, utf16 } from '../mutations.ts';
import { rdp, rdpUdp } from './rdp.ts';

const tpkt = (...parts: Uint8Array[]) => {
  const body = joined(...parts);
  return joined(Uint8Array.of(3, 0), big(4 + body.length, 2), body);
};
const connection = (type: number, rest: Uint8Array) => tpkt(Uint8Array.of(6 + rest.length, type, 0, 0, 0, 0, 0), rest);
const negotiation = (type: number, value: number) => joined(Uint8Array.of(type, 0, 8, 0), little(value, 4));
const cookie = bytesOf("'Cookie: mstshash=anna\r\n");
const data = (...parts: Uint8Array[]) => tpkt(bytesOf('02 f0 80'), ...parts);
const padded = (text: string, bytes: number) => joined(utf16(text), new Uint8Array(bytes - 2 * text.length));

const core = joined(
  little(0x0008_0004, 4),
  little(1920, 2),
  little(1080, 2),
  little(0xca01, 2),
  little(0xaa03, 2),
  little(0x407, 4),
  little(7601, 4),
  padded('DESK1', 32),
  little(4, 4),
  little(0, 4),
  little(12, 4),
  new Uint8Array(64),
  little(0xca01, 2),
  little(1, 2),
  little(0, 4),
  little(24, 2),
  little(7, 2),
  little(0x0003, 2),
  padded('55274-OEM', 64),
);
const channels = joined(little(2, 4), bytesOf("'rdpdr\0\0\0", '00 00 00 80', "'cliprdr\0", '00 00 00 80'));
const block = (type: number, body: Uint8Array) => joined(little(type, 2), little(4 + body.length, 2), body);
const settings = joined(block(0xc001, core), block(0xc003, channels));
const connectRequest = data(
  bytesOf('7f 65 82 01 90'),
  new Uint8Array(80),
  bytesOf("'Duca"),
  big(0x8000 + settings.length, 2),
  settings,
);
const security = joined(
  little(2, 4),
  little(3, 4),
  little(32, 4),
  little(8, 4),
  new Uint8Array(32),
  little(1, 4),
  new Uint8Array(4),
);
const serverSettings = block(0x0c02, security);
const connectResponse = data(
  bytesOf('7f 66 5a 0a 01 00'),
  new Uint8Array(40),
  bytesOf("'McDn"),
  big(serverSettings.length, 1),
  serverSettings,
);

const port = { rPort: 3389 };
const old: readonly Step[] = [
  { side: 0, bytes: connection(0xe0, cookie) },
  { side: 1, bytes: connection(0xd0, new Uint8Array(0)) },
  { side: 0, bytes: connectRequest },
  { side: 1, bytes: connectResponse },
];

describe('a session without TLS', () => {
  it.each([undefined, 1, 13])('is told in pieces of %s bytes', (pieces) => {
    const heard = converse([rdp], old, { ...port, ...(pieces !== undefined && { pieces }) });
    const steps = heard.told.filter((one) => one.options.only === 'eve');
    expect(steps.map(({ event, options }) => [event.stepId, event.step, options.side])).toEqual([
      [0, 'initial_request', 0],
      [1, 'initial_response', 1],
      [2, 'connect_request', 0],
      [3, 'connect_response', 1],
    ]);
    expect(steps[2].event).toMatchObject({
      channels: ['rdpdr', 'cliprdr'],
      client: {
        version: 'v5',
        desktop_width: 1920,
        desktop_height: 1080,
        color_depth: 24,
        keyboard_layout: 'de-DE',
        build: 'Windows 7 (SP1)',
        client_name: 'DESK1',
        keyboard_type: 'enhanced',
        function_keys: 12,
        product_id: 1,
        capabilities: ['support_errinfo_pdf', 'want_32bpp_session'],
        id: '55274-OEM',
      },
    });
    expect(heard.told.filter((one) => one.options.only === 'log').map((one) => one.event)).toMatchObject([
      {
        cookie: 'anna',
        result: 'Success',
        securityProtocol: 'RDP',
        keyboardLayout: 'German - Germany',
        clientBuild: 'RDP 7.1',
        clientName: 'DESK1',
        clientProductId: '55274-OEM',
        colorDepth: '32bit',
        certificateType: 'RSA',
        certificates: 1,
        isPermanent: true,
        encryptionLevel: 'High',
        encryptionMethod: '128bit',
      },
    ]);
    expect(heard).toMatchObject({ names: ['rdp'], how: 'handshake', isOver: true, kept: 0 });
  });
});

describe('a session with TLS', () => {
  const asked = connection(0xe0, joined(cookie, negotiation(1, 3)));
  const tls = nameOnly('tls', 'TLS', 'web', { tcp: [443] }, () => probed.no);

  it('hands over', () => {
    const steps: Step[] = [
      { side: 0, bytes: asked },
      { side: 1, bytes: connection(0xd0, negotiation(2, 2)) },
    ];
    const heard = converse([rdp, tls], steps, { rPort: 40_002 });
    expect(heard.names).toEqual(['rdp', 'tls']);
    expect(heard.events('rdp').at(-1)).toMatchObject({
      cookie: 'anna',
      result: 'encrypted',
      securityProtocol: 'HYBRID',
      requestedProtocols: ['SSL', 'HYBRID'],
    });
  });

  it('tells why it was refused', () => {
    const steps: Step[] = [
      { side: 0, bytes: asked },
      { side: 1, bytes: connection(0xd0, negotiation(3, 5)) },
    ];
    expect(converse([rdp], steps, port).events().at(-1)).toMatchObject({ result: 'HYBRID_REQUIRED_BY_SERVER' });
  });

  it('finds the server when it is seen first', () => {
    const heard = converse([rdp], [{ side: 0, bytes: connection(0xd0, negotiation(3, 1)) }], { rPort: 40_002 });
    expect(heard).toMatchObject({ names: ['rdp'], how: 'handshake' });
  });
});

it('leaves other protocols in TPKT alone', () => {
  const s7 = connection(0xe0, bytesOf('c1 02 01 00 c2 02 01 02 c0 01 0a'));
  expect(converse([rdp], [{ side: 0, bytes: s7 }], { rPort: 102 }).names).toEqual([]);
});

it('names RDP over UDP', () => {
  const bytes = joined(bytesOf('ff ff ff ff 04 00 00 01 00 00 00 01 05 dc 05 dc'), new Uint8Array(1216));
  expect(converse([rdpUdp], [{ side: 0, bytes }], { proto: 17, rPort: 3389 }).names).toEqual(['rdp_udp']);
});

it('does not throw on damage', () => {
  expect(faultsOfDamage([rdp], old, port)).toEqual([]);
});
