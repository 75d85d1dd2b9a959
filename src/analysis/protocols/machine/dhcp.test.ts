// Proves what is told of DHCP: each message, and the transaction that spans several flows.

import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Heard, type Setting, type Step } from '../golden/converse.ts';
import { dhcp } from './dhcp.ts';

const client: Setting = { proto: 17, oPort: 68, rPort: 67 };

/** A message: kind of BOOTP, number, address given, options as digits. */
function message(op: number, id: string, yiaddr: string, ...options: string[]): Uint8Array {
  const head = new Uint8Array(236);
  head.set([op, 1, 6, 0]);
  head.set(bytesOf(id), 4);
  head.set(bytesOf(yiaddr), 16);
  head.set(bytesOf('02 00 00 aa bb cc'), 28);
  return bytesOf(head, '63 82 53 63', ...options, 'ff');
}

const discover = message(
  1,
  '00001234',
  '00000000',
  '350101',
  '0c04',
  "'host",
  '3d07 01 02 00 00 aa bb cc',
  '3705 01 03 06 0f 2b',
);
const offer = message(
  2,
  '00001234',
  'c0000214',
  '350102',
  '0104 ffffff00',
  '0304 c0000201',
  '0608 c0000201 c0000202',
  '3304 00000e10',
);
const request = message(1, '00001234', '00000000', '350103', '3204 c0000214', '3604 c0000201');
const ack = message(
  2,
  '00001234',
  'c0000214',
  '350105',
  '3304 00000e10',
  '0f04',
  "'test",
  '3a04 00000708',
  '3b04 00000c4e',
);

const eve = (heard: Heard) => heard.told.filter((one) => one.options.only === 'eve').map((one) => one.event);
const rows = (heard: Heard) => heard.told.filter((one) => one.options.only === 'log');

describe('a message', () => {
  it('is told with its options, as Suricata does', () => {
    const [asked, given] = eve(
      converse(
        [dhcp],
        [
          { side: 0, bytes: discover },
          { side: 1, bytes: offer },
        ],
        client,
      ),
    );
    expect(asked).toEqual({
      type: 'request',
      id: 0x1234,
      clientMac: '02:00:00:aa:bb:cc',
      assignedIp: '0.0.0.0',
      clientIp: '0.0.0.0',
      dhcpType: 'discover',
      hostname: 'host',
      clientId: '02:00:00:aa:bb:cc',
      params: ['subnet_mask', 'router', 'dns_server', 'domain'],
      fingerprint: '1,3,6,15,43',
    });
    expect(given).toMatchObject({
      type: 'reply',
      assignedIp: '192.0.2.20',
      relayIp: '0.0.0.0',
      nextServerIp: '0.0.0.0',
      dhcpType: 'offer',
      subnetMask: '255.255.255.0',
      routers: ['192.0.2.1'],
      dnsServers: ['192.0.2.1', '192.0.2.2'],
      leaseSec: 3600,
    });
  });

  it('may have options where names of server and file would stand', () => {
    const lent = message(2, '00000001', '00000000', '350105', '340103');
    lent.set(bytesOf('0304 c0000209 ff'), 108);
    lent.set(bytesOf('0604 c000020a ff'), 44);
    const [event] = eve(converse([dhcp], [{ side: 1, bytes: lent }], client));
    expect(event).toMatchObject({ routers: ['192.0.2.9'], dnsServers: ['192.0.2.10'] });
  });

  it('without the cookie is BOOTP, at its port only', () => {
    const old = message(1, '00000001', '00000000').subarray(0, 236);
    expect(converse([dhcp], [{ side: 0, bytes: old }], client).names).toEqual(['dhcp']);
    expect(converse([dhcp], [{ side: 0, bytes: old }], { proto: 17 }).names).toEqual([]);
    expect(converse([dhcp], [{ side: 0, bytes: discover }], { proto: 17 }).names).toEqual(['dhcp']);
  });
});

describe('a transaction', () => {
  const steps: Step[] = [
    { side: 0, bytes: discover, timeUs: 1_000_000 },
    { side: 1, bytes: offer, timeUs: 1_100_000 },
    { side: 0, bytes: request, timeUs: 1_200_000 },
    { side: 1, bytes: ack, timeUs: 1_300_000 },
  ];

  it('is one row with what both sides said', () => {
    const told = rows(converse([dhcp], steps, client));
    expect(told.map((one) => one.timeUs)).toEqual([1_000_000]);
    expect(told[0].event).toEqual({
      flowIds: [1],
      messageTypes: ['DISCOVER', 'OFFER', 'REQUEST', 'ACK'],
      durationUs: 300_000,
      clientAddress: '127.0.0.1',
      serverAddress: '127.0.0.2',
      mac: '02:00:00:aa:bb:cc',
      hostName: 'host',
      requestedAddress: '192.0.2.20',
      assignedAddress: '192.0.2.20',
      leaseUs: 3_600_000_000,
      domain: 'test',
    });
  });

  it('is over after a silence', () => {
    const again = steps.map((step) => ({ ...step, timeUs: (step.timeUs ?? 0) + 60_000_000 }));
    const told = rows(converse([dhcp], [...steps, ...again], client));
    expect(told.map((one) => one.timeUs)).toEqual([1_000_000, 61_000_000]);
  });

  it('leaves nothing behind for the next capture', () => {
    converse([dhcp], steps.slice(0, 1), client);
    const told = rows(converse([dhcp], steps.slice(1, 2), client));
    expect(told.map((one) => one.event.messageTypes)).toEqual([['OFFER']]);
  });

  it('does not grow without end', () => {
    const many = Array.from({ length: 120 }, (): Step => ({ side: 0, bytes: discover }));
    const lengths = rows(converse([dhcp], many, client)).map((one) => (one.event.messageTypes as string[]).length);
    expect(lengths).toEqual([50, 50, 20]);
  });
});

it('swaps the sides when a server answers one client in a flow of its own', () => {
  const heard = converse([dhcp], [{ side: 0, bytes: ack }], { proto: 17, oPort: 67, rPort: 68 });
  expect(heard.told[0].options.side).toBe(1);
});

it('survives every truncation', () => {
  for (let end = 0; end < ack.length; end++) {
    expect(converse([dhcp], [{ side: 0, bytes: ack.slice(0, end) }], { ...client, open: true }).threw).toEqual([]);
  }
});
