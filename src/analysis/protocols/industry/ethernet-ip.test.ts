// Proves that commands of EtherNet/IP are paired with their answers and that CIP inside them is told in EVE's words.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import type { Side } from '../protocol.ts';
import { ethernetIp } from './ethernet-ip.ts';

const le = (value: number, bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => (value >> (8 * i)) & 255);
const message = (command: number, context: string, ...body: string[]): Uint8Array => {
  const data = bytesOf(...body);
  return bytesOf(le(command, 2), le(data.length, 2), le(command < 0x65 ? 0 : 7, 4), le(0, 4), context, le(0, 4), data);
};
const items = (...body: string[]): string[] => {
  const data = bytesOf(...body);
  return [
    '00000000 0000 0200 0000 0000 b200',
    Buffer.from(le(data.length, 2)).toString('hex'),
    Buffer.from(data).toString('hex'),
  ];
};
const to = (side: Side, ...messages: Uint8Array[]): Step => ({ side, bytes: bytesOf(...messages) });
const a = '0000000000000001';
const b = '0000000000000002';

const whole: Step[] = [
  to(0, message(0x65, a, '0100 0000')),
  to(1, message(0x65, a, '0100 0000')),
  to(0, message(0x63, a), message(0x6f, b, ...items('0e 03 20 01 24 01 30 07'))),
  to(1, message(0x6f, b, ...items('8e 00 05 00'))),
  to(
    1,
    message(
      0x63,
      a,
      '0100 0c00 2700 0100',
      '0002 af12 7f000001 0000000000000000',
      '0100 0e00 3700 0403 3000 01020304',
      "'\x04ABCD",
      '03',
    ),
  ),
  to(0, message(0x6f, a, ...items('0a 02 20 02 24 01 0200 0600 0c00 4c 02 20 6b 24 01 4d 02 20 6b 24 02'))),
  to(1, message(0x6f, a, ...items('8a 00 00 00 0200 0600 0a00 cc 00 00 00 cd 00 ff 01 0721'))),
  to(0, message(0x66, a)),
];

describe('EtherNet/IP', () => {
  it('pairs commands and tells what is inside', () => {
    const heard = converse([ethernetIp], whole);
    expect(heard.names).toEqual(['enip']);
    expect(heard.events()).toMatchObject([
      {
        request: { command: 'register_session', register_session: { protocol_version: 1, options: 0 } },
        latencyUs: 1000,
      },
      {
        request: {
          cip: {
            service: 'get_attr_single',
            class_name: 'Identity',
            path: [
              { segment_type: 'class', value: 1 },
              { segment_type: 'instance', value: 1 },
              { segment_type: 'attribute', value: 7 },
            ],
          },
        },
        response: { cip: { service: 'get_attr_single', status: 'path_destination_unknown' } },
      },
      {
        request: { command: 'list_identity' },
        response: {
          identity: {
            vendor_id: 'Rockwell Automation/Allen-Bradley',
            device_type: 'Programmable Logic Controller',
            product_code: 55,
            revision: '4.3',
            product_name: 'ABCD',
            state: 3,
          },
        },
        product: 'ABCD',
      },
      {
        request: {
          cip: { service: 'multiple_service', multiple: [{ service: 'read_tag' }, { service: 'write_tag' }] },
        },
        response: { cip: { multiple: [{ status: 'success' }, { status: 'unknown-255', status_extended: '8455' }] } },
      },
      { request: { command: 'unregister_session' } },
    ]);
  });

  it('tells the same in pieces', () => {
    const cut = converse([ethernetIp], whole, { pieces: 3 });
    expect(cut.events()).toEqual(converse([ethernetIp], whole).events());
  });

  it('names I/O data on UDP', () => {
    const io = to(0, bytesOf('0200 0280 0800 01020304 05000000 b100 0400 01020304'));
    expect(converse([ethernetIp], [io], { proto: 17 }).names).toEqual(['cip-io']);
  });

  it('survives cuts and changed bytes', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(90), fc.nat(255), fc.boolean(), (which, where, value, isCut) => {
        const steps = whole.map((step, i) => {
          if (i !== which) return step;
          const bytes = (step.bytes ?? new Uint8Array(0)).slice(0, isCut ? where : undefined);
          if (where < bytes.length) bytes[where] = value;
          return { ...step, bytes };
        });
        expect(converse([ethernetIp], steps, { open: true }).threw).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
