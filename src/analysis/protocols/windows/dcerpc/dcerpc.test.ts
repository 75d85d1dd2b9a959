// Proves that DCE/RPC calls are joined from their fragments, named by interface and operation, and found again after a gap.
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../../golden/converse.ts';
import { big, faultsOfDamage, joined, little, ntlmMessage } from '../mutations.ts';
import { ntlm } from '../ntlm.ts';
import { dcerpc } from './dcerpc.ts';
import { interfaceName, operationName } from './interfaces.ts';

const svcctl = bytesOf('81 bb 7a 36 44 98 f1 35 ad 32 98 f0 38 00 10 03');
const ndr = bytesOf('04 5d 88 8a eb 1c c9 11 9f e8 08 00 2b 10 48 60 02 00 00 00');

function pdu(
  type: number,
  callId: number,
  body: Uint8Array,
  flags = 3,
  proof: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const trailer = proof.length === 0 ? proof : joined(Uint8Array.of(10, 2, 0, 0), little(1, 4), proof);
  const length = 16 + body.length + trailer.length;
  return joined(
    Uint8Array.of(5, 0, type, flags, 0x10, 0, 0, 0),
    little(length, 2),
    little(proof.length, 2),
    little(callId, 4),
    body,
    trailer,
  );
}
const sizes = joined(little(4280, 2), little(4280, 2), little(0, 4));
const context = (id: number, uuid: Uint8Array) => joined(little(id, 2), Uint8Array.of(1, 0), uuid, little(2, 4), ndr);
const bind = (callId: number) => pdu(11, callId, joined(sizes, little(1, 4), context(0, svcctl)));
const address = joined(little(13, 2), bytesOf("'\\PIPE\\ntsvcs"), new Uint8Array(2));
const bindAck = (callId: number) =>
  pdu(12, callId, joined(sizes, address.slice(0, 15), bytesOf('00'), little(1, 4), little(0, 4), ndr));
const request = (callId: number, opnum: number, stub: number, flags = 3) =>
  pdu(0, callId, joined(little(stub, 4), little(0, 2), little(opnum, 2), new Uint8Array(stub)), flags);
const response = (callId: number, stub: number, flags = 3) =>
  pdu(2, callId, joined(little(stub, 4), little(0, 2), little(0, 2), new Uint8Array(stub)), flags);

const session: readonly Step[] = [
  { side: 0, bytes: bind(1) },
  { side: 1, bytes: bindAck(1) },
  { side: 0, bytes: joined(request(2, 15, 40, 1), request(2, 15, 8, 2)) },
  { side: 1, bytes: joined(response(2, 24, 1), response(2, 24, 2)) },
];
const port = { rPort: 49_152 };
const eves = (steps: readonly Step[], setting = {}) =>
  converse([dcerpc, ntlm], steps, { ...port, ...setting })
    .told.filter((one) => one.options.only === 'eve')
    .map((one) => one.event);

describe('over TCP', () => {
  it.each([undefined, 1, 11])('tells binds and calls in pieces of %s bytes', (pieces) => {
    const heard = converse([dcerpc], session, { ...port, ...(pieces !== undefined && { pieces }) });
    expect(heard).toMatchObject({ names: ['dcerpc'], how: 'handshake', kept: 0, threw: [] });
    const told = heard.told.filter((one) => one.options.only === 'eve').map((one) => one.event);
    expect(told).toEqual([
      {
        request: 'BIND',
        response: 'BINDACK',
        callId: 1,
        rpcVersion: '5.0',
        interfaces: [
          { uuid: '367abb81-9844-35f1-ad32-98f038001003', version: '2.0', ack_result: 0, service: 'svcctl' },
        ],
      },
      {
        request: 'REQUEST',
        response: 'RESPONSE',
        callId: 2,
        rpcVersion: '5.0',
        req: { opnum: 15, frag_cnt: 2, stub_data_size: 48 },
        res: { frag_cnt: 2, stub_data_size: 64 },
        interfaces: [
          {
            uuid: '367abb81-9844-35f1-ad32-98f038001003',
            version: '2.0',
            ack_result: 0,
            service: 'svcctl',
            procedure: 'OpenSCManagerW',
          },
        ],
      },
    ]);
    expect(heard.told.filter((one) => one.options.only === 'log').map((one) => one.event)).toEqual([
      { endpoint: 'svcctl', operation: 'OpenSCManagerW', pipe: '\\PIPE\\ntsvcs', rttUs: 1000 },
    ]);
  });

  it('does not wait for stub data', () => {
    const heard = converse(
      [dcerpc],
      [...session.slice(0, 2), { side: 0, bytes: request(2, 0, 60_000).slice(0, 30) }],
      port,
    );
    expect(heard.kept).toBe(0);
    expect(heard.events().at(-1)).toMatchObject({ operation: 'CloseServiceHandle' });
  });

  it('notes a login to a domain controller that begins with zeros', () => {
    const netlogon = bytesOf('78 56 34 12 34 12 cd ab ef 00 01 23 45 67 cf fb');
    const bound = pdu(11, 1, joined(sizes, little(1, 4), context(0, netlogon)));
    const challenge = (last: number) => {
      const bytes = request(2, 4, 40);
      bytes[bytes.length - 1] = last;
      return converse([dcerpc], [{ side: 0, bytes: bound }, session[1], { side: 0, bytes }], { ...port, pieces: 60 })
        .weird;
    };
    expect(challenge(0)).toEqual(['netlogon_zero_challenge']);
    expect(challenge(1)).toEqual([]);
  });

  it('goes on after a gap', () => {
    const steps: Step[] = [...session.slice(0, 2), { side: 0, gap: 500 }, { side: 1, bytes: response(7, 4) }];
    expect(eves(steps).at(-1)).toMatchObject({ request: 'REQUEST_LOST', response: 'RESPONSE', callId: 7 });
  });

  it('tells calls without a response', () => {
    expect(eves(session.slice(0, 3)).at(-1)).toMatchObject({ request: 'REQUEST', response: 'UNREPLIED', callId: 2 });
  });

  it('tells the login that a bind carries', () => {
    const ack = pdu(12, 1, joined(sizes, little(0, 2), new Uint8Array(2), little(0, 4)), 3, ntlmMessage(2));
    const third = pdu(16, 1, new Uint8Array(4), 3, ntlmMessage(3));
    const heard = converse([dcerpc, ntlm], [session[0], { side: 1, bytes: ack }, { side: 0, bytes: third }], port);
    expect(heard.events('ntlm')).toMatchObject([{ user: 'anna', host: 'DESK1', serverDnsName: 'files.example.org' }]);
  });

  it('remembers a bounded number of calls', () => {
    const steps = Array.from({ length: 500 }, (_, i): Step => ({ side: 0, bytes: request(i, 0, 0) }));
    expect(eves(steps).length).toBeLessThanOrEqual(64);
  });
});

describe('over UDP', () => {
  const datagram = (type: number, sequence: number, opnum: number, stub: number) =>
    joined(
      Uint8Array.of(4, type, 0, 0, 0x10, 0, 0, 0),
      new Uint8Array(16),
      svcctl,
      bytesOf('01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10'),
      new Uint8Array(8),
      little(sequence, 4),
      little(opnum, 2),
      bytesOf('ff ff ff ff'),
      little(stub, 2),
      new Uint8Array(4 + stub),
    );
  const steps: readonly Step[] = [
    { side: 0, bytes: datagram(0, 3, 6, 12) },
    { side: 1, bytes: datagram(2, 3, 6, 20) },
  ];

  it('tells calls by activity and sequence', () => {
    const heard = converse([dcerpc], steps, { proto: 17, rPort: 9000 });
    expect(heard.events()).toEqual([
      {
        request: 'REQUEST',
        response: 'RESPONSE',
        req: { opnum: 6, frag_cnt: 1, stub_data_size: 12 },
        res: { frag_cnt: 1, stub_data_size: 20 },
        activity: '04030201-0605-0807-090a-0b0c0d0e0f10',
        sequence: 3,
        rpcVersion: '4.0',
      },
      { endpoint: 'svcctl', operation: 'QueryServiceStatus', rttUs: 1000 },
    ]);
  });

  it('does not throw on damage', () => {
    expect(faultsOfDamage([dcerpc], steps, { proto: 17, rPort: 9000 })).toEqual([]);
  });
});

it('takes nothing else for itself', () => {
  for (const bytes of [
    bytesOf('05 01 00'),
    joined(bytesOf('05 00 00 03 77 00 00 00'), big(0, 20)),
    new Uint8Array(100).fill(5),
  ]) {
    expect(converse([dcerpc], [{ side: 0, bytes }], port).names).toEqual([]);
  }
});

it('names operations by number', () => {
  expect(operationName('000001a0-0000-0000-c000-000000000046', 4)).toBe('RemoteCreateInstance');
  expect(operationName('000001a0-0000-0000-c000-000000000046', 0)).toBeUndefined();
  expect(interfaceName('12345778-1234-abcd-ef00-0123456789ac')).toBe('samr');
  expect(operationName('12345778-1234-abcd-ef00-0123456789ac', 64)).toBe('SamrConnect5');
  expect(operationName('12345678-1234-abcd-ef00-01234567cffb', 45)).toBe('NetrLogonSamLogonWithFlags');
  expect(operationName('e3514235-4b06-11d1-ab04-00c04fc2dcd2', 12)).toBe('DRSCrackNames');
});

it('does not throw on damage', () => {
  expect(faultsOfDamage([dcerpc], session, port)).toEqual([]);
});
