// Proves what is told of DHCPv6: identifiers, addresses, prefixes and names, also through relays.

import { expect, it } from 'vitest';
import { bytesOf, converse, type Setting } from '../golden/converse.ts';
import { dhcpv6 } from './dhcpv6.ts';

const port: Setting = { proto: 17, oPort: 546, rPort: 547 };
const duid = '0001 000e 0001 0001 11223344 0200 00aabbcc';
const address = '20010db8000000000000000000000009';
const solicit = bytesOf('01 abcdef', duid, '0006 0004 0017 0018', '0027 000c 01 04', "'desk", '04', "'test", '00');
const reply = bytesOf(
  '07 abcdef',
  duid,
  '0002 000a 0003 0001 0200 00ddeeff',
  `0003 0028 00000001 00000000 00000000 0005 0018 ${address} 00000e10 00001c20`,
  '0019 0029 00000002 00000000 00000000 001a 0019 00000e10 00001c20 38 20010db8010000000000000000000000',
  `0017 0010 ${address}`,
  '0018 0006 04',
  "'test",
  '00',
);

it('tells who asks and what is given', () => {
  const heard = converse(
    [dhcpv6],
    [
      { side: 0, bytes: solicit },
      { side: 1, bytes: reply },
    ],
    port,
  );
  expect(heard.how).toBe('handshake');
  expect(heard.events()).toEqual([
    {
      type: 'solicit',
      id: 0xabcdef,
      clientDuid: '0001000111223344020000aabbcc',
      mac: '02:00:00:aa:bb:cc',
      wanted: [23, 24],
      hostname: 'desk.test',
    },
    {
      type: 'reply',
      id: 0xabcdef,
      clientDuid: '0001000111223344020000aabbcc',
      mac: '02:00:00:aa:bb:cc',
      serverDuid: '00030001020000ddeeff',
      addresses: ['2001:db8::9'],
      prefixes: ['2001:db8:100::/56'],
      lifetimeSec: 7200,
      dnsServers: ['2001:db8::9'],
      domains: ['test'],
      latencyUs: 1000,
    },
  ]);
});

it('looks into what relays pass on, not deeper than some', () => {
  let relayed = solicit;
  for (let i = 0; i < 20; i++) {
    const size = relayed.length.toString(16).padStart(4, '0');
    relayed = bytesOf('0c 00', address, address, '0009', size, relayed);
    const [event] = converse([dhcpv6], [{ side: 0, bytes: relayed }], port).events();
    expect(event.type).toBe(i < 8 ? 'solicit' : 'relay-forward');
    expect(event.relays).toHaveLength(Math.min(i + 1, 8));
  }
});

it('survives every truncation', () => {
  for (let end = 0; end < reply.length; end++) {
    expect(converse([dhcpv6], [{ side: 1, bytes: reply.slice(0, end) }], { ...port, open: true }).threw).toEqual([]);
  }
});
