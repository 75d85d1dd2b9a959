// Proves that frames of IEC 60870-5-104 come out with their information, that commands are paired, and damage is passed over.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import type { Side } from '../protocol.ts';
import { iec104 } from './iec104.ts';

const to = (side: Side, ...hex: string[]): Step => ({ side, bytes: bytesOf(...hex) });

const whole: Step[] = [
  to(0, '68 04 07 00 00 00'),
  to(1, '68 04 0b 00 00 00'),
  to(0, '68 0e 00 00 00 00 2d 01 06 00 0100 0a0000 01'),
  to(
    1,
    '68 0e 00 00 02 00 2d 01 47 00 0100 0a0000 01',
    '68 15 02 00 02 00 0d 82 03 00 0100 640000 0000803f 00 00000040 00'.replace('15', '17'),
  ),
  to(0, '68 04 01 00 04 00'),
];

describe('iec104', () => {
  it('tells frames and pairs commands with confirmations', () => {
    const heard = converse([iec104], whole, { rPort: 2404 });
    expect(heard.how).toBe('handshake');
    expect(heard.events()).toMatchObject([
      { frame: 'STARTDT_ACT' },
      { frame: 'STARTDT_CON', latencyUs: 1000 },
      {
        frame: 'I',
        type: 'C_SC_NA_1',
        cause: 'activation',
        objects: [10],
        values: [1],
        isControl: true,
        commonAddress: 1,
      },
      { type: 'C_SC_NA_1', cause: 'activation_confirmation', isNegative: true, latencyUs: 1000 },
      { type: 'M_ME_NC_1', cause: 'spontaneous', objectCount: 2, objects: [100, 101], values: [1, 2] },
    ]);
  });

  it('tells the same of single bytes, and finds itself on any port', () => {
    const expected = converse([iec104], whole, { rPort: 2404 }).events();
    expect(converse([iec104], whole, { rPort: 2404, pieces: 1 }).events()).toEqual(expected);
    expect(converse([iec104], whole).events()).toEqual(expected);
    expect(converse([iec104], [to(0, "'hello world, not this")]).names).toEqual([]);
  });

  it('goes on after bytes that are no frame', () => {
    const heard = converse([iec104], [whole[0], to(0, '0303 0368 0113'), whole[2]]);
    expect(heard.weird).toEqual(['iec104_wrong_start']);
    expect(heard.events()).toHaveLength(2);
  });

  it('survives any bytes in frames', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 80 }), (body) => {
        body[0] &= 0xfe;
        body[2] &= 0xfe;
        const bytes = Buffer.concat([Uint8Array.of(0x68, body.length), body]);
        const heard = converse([iec104], [{ side: 0, bytes }], { open: true });
        expect(heard.threw).toEqual([]);
        expect(heard.events()).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});
