// Proves that services of BACnet/IP are paired with their answers, and that cut or foreign datagrams are passed over.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import type { Side } from '../protocol.ts';
import { bacnet } from './bacnet.ts';

const datagram = (code: string, ...hex: string[]): Uint8Array => {
  const body = bytesOf(...hex);
  return bytesOf('81', code, Uint8Array.of((body.length + 4) >> 8, (body.length + 4) & 255), body);
};
const to = (side: Side, bytes: Uint8Array): Step => ({ side, bytes });

const whole: Step[] = [
  to(0, datagram('0b', '01 20 ffff 00 ff', '10 08')),
  to(1, datagram('0b', '01 20 ffff 00 ff', '10 00 c4 02 00 04 d2 22 01e0 91 00 21 0f')),
  to(0, datagram('0a', '01 04', '00 05 07 0c 0c 00 00 00 01 19 55')),
  to(1, datagram('0a', '01 00', '30 07 0c 0c 00 00 00 01 19 55 3e 44 42280000 3f')),
  to(0, datagram('0a', '01 04', '00 05 08 0f 0c 00 80 00 02 19 55 3e 44 42280000 3f')),
  to(1, datagram('0a', '01 00', '50 08 0f 91 02 91 28')),
  to(0, datagram('0a', '01 04', '00 05 09 14 09 00')),
];

describe('bacnet', () => {
  it('tells services and their answers', () => {
    const heard = converse([bacnet], whole, { proto: 17 });
    expect(heard.how).toBe('handshake');
    expect(heard.events()).toMatchObject([
      { service: 'who_is', isConfirmed: false },
      { service: 'i_am', device: 1234, object: 'device 1234' },
      {
        service: 'read_property',
        object: 'analog-input 1',
        property: 85,
        success: true,
        latencyUs: 1000,
        isControl: false,
      },
      {
        service: 'write_property',
        object: 'analog-value 2',
        success: false,
        error: 'class 2 code 40',
        isControl: true,
      },
      { service: 'reinitialize_device', isControl: true },
    ]);
  });

  it('knows the length, and turns away what has another', () => {
    expect(converse([bacnet], [to(0, bytesOf('81 0a 0009 01 00'))], { proto: 17 }).names).toEqual([]);
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(12), fc.boolean(), (body, code, isServer) => {
        const bytes = Buffer.concat([Uint8Array.of(0x81, code, 0, body.length + 4), body]);
        expect(converse([bacnet], [to(isServer ? 1 : 0, bytes), ...whole], { proto: 17, open: true }).threw).toEqual(
          [],
        );
      }),
      { numRuns: 300 },
    );
  });
});
