// Proves that both versions of the PROXY protocol tell the client, and that what follows the header is identified anew.

import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import { defineProtocol, type Protocol, probed } from '../protocol.ts';
import { proxyProtocol } from './proxy-protocol.ts';

const next = defineProtocol({
  name: 'next',
  title: 'What follows',
  family: 'other',
  ports: { tcp: [] },
  fields: {},
  probe: (b, at) => (b[at] === 0x16 ? probed.yes : probed.no),
});
// The cast is for the different fields of the protocols.
const protocols = [proxyProtocol, next] as unknown as Protocol[];
const rest = '16 03 01';
const second = '0d0a0d0a000d0a515549540a';

const cases: [name: string, header: Uint8Array, told: object][] = [
  [
    'a line',
    bytesOf("'PROXY TCP4 192.0.2.1 192.0.2.2 40000 443\r\n", rest),
    { version: 1, source: '192.0.2.1', destination: '192.0.2.2', sourcePort: 40_000, destinationPort: 443 },
  ],
  ['a line that knows nothing', bytesOf("'PROXY UNKNOWN\r\n", rest), { version: 1 }],
  [
    'version 2 with IPv4',
    bytesOf(second, '21 11 000c c0000201 c0000202 9c40 01bb', rest),
    { version: 2, source: '192.0.2.1', destination: '192.0.2.2', sourcePort: 40_000, destinationPort: 443 },
  ],
  [
    'version 2 with IPv6 and a TLV',
    bytesOf(
      second,
      '21 21 0028',
      `20010db8${'00'.repeat(11)}01`,
      `20010db8${'00'.repeat(11)}02`,
      '0001 0002 04000100',
      rest,
    ),
    { version: 2, source: '2001:db8::1', destination: '2001:db8::2', sourcePort: 1, destinationPort: 2 },
  ],
  ['version 2 of the proxy itself', bytesOf(second, '20 00 0000', rest), { version: 2 }],
];

describe.each(cases)('%s', (_name, bytes, told) => {
  it('tells the client and hands on, whole and in pieces', () => {
    for (const pieces of [1, 5, 1000]) {
      const heard = converse(protocols, [{ side: 0, bytes }], { pieces });
      expect(heard.events()).toEqual([told]);
      expect(heard.names).toEqual(['proxy-protocol', 'next']);
    }
  });

  it('survives every cut and every changed byte', () => {
    for (let at = 0; at < bytes.length; at++) {
      const bent = bytes.slice();
      bent[at] ^= 0xff;
      for (const one of [bytes.slice(0, at), bent]) {
        const steps: Step[] = [{ side: 0, bytes: one }];
        expect(converse(protocols, steps, {}).threw).toEqual([]);
        expect(converse(protocols, steps, { open: true }).threw).toEqual([]);
      }
    }
  });
});

it('a line without an end is something else', () => {
  const heard = converse(protocols, [{ side: 0, bytes: bytesOf(`'PROXY TCP4 ${'1'.repeat(200)}`) }], {});
  expect(heard.events()).toEqual([]);
});
