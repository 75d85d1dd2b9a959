// Proves that frames of DNP3 are checked and put together, and that objects come out in EVE's words.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import type { Side } from '../protocol.ts';
import { dnp3 } from './dnp3.ts';
import { crcOf } from './dnp3-frames.ts';

const withCrc = (b: Uint8Array): number[] => {
  const crc = crcOf(b, 0, b.length);
  return [...b, crc & 255, crc >> 8];
};

/** A frame of master 3 to outstation 2, or back, around a transport segment. */
function frame(side: Side, segment: Uint8Array): Uint8Array {
  const [dst, src] = side === 0 ? [2, 3] : [3, 2];
  const out = withCrc(Uint8Array.of(5, 0x64, segment.length + 5, side === 0 ? 0xc4 : 0x44, dst, 0, src, 0));
  for (let at = 0; at < segment.length; at += 16) out.push(...withCrc(segment.subarray(at, at + 16)));
  return Uint8Array.from(out);
}

const to = (side: Side, ...hex: string[]): Step => ({ side, bytes: frame(side, bytesOf('c0', ...hex)) });

const whole: Step[] = [
  to(0, 'c1 01 3c 02 06 3c 03 06'),
  to(1, 'e1 81 90 00', '01 02 00 00 01 81 02', '1e 05 28 01 00 07 00 01 00 00 80 3f', '32 01 07 01 01 00 00 00 00 00'),
  to(0, 'c1 00'),
  to(1, 'f0 82 80 00'),
  to(0, 'c2 04 0c 01 28 01 00 02 00 43 01 64 00 00 00 c8 00 00 00 00', '50 01 00 07 07 00'),
  to(1, 'c2 81 00 00'),
];

describe('dnp3', () => {
  it('has the objects of each message', () => {
    const heard = converse([dnp3], whole);
    expect(heard.how).toBe('handshake');
    const lines = heard.told.filter((one) => one.options.only === 'eve').map((one) => one.event);
    expect(lines).toHaveLength(5);
    expect(lines).toMatchObject([
      {
        type: 'request',
        control: { dir: true, pri: true, fcb: false, fcv: false, function_code: 4 },
        source: 3,
        destination: 2,
        application: {
          complete: true,
          function_code: 1,
          control: { fir: true, fin: true, con: false, uns: false, sequence: 1 },
          objects: [
            { group: 60, variation: 2, qualifier: 6, prefix_code: 0, range_code: 6, start: 0, stop: 0, count: 0 },
            { group: 60, variation: 3 },
          ],
        },
      },
      {
        type: 'response',
        iin: { indicators: ['device_restart', 'need_time'] },
        application: {
          complete: true,
          objects: [
            {
              count: 2,
              start: 0,
              stop: 1,
              points: [
                { index: 0, online: 1, state: 1 },
                { index: 1, restart: 1, state: 0 },
              ],
            },
            { count: 1, qualifier: 40, points: [{ prefix: 7, index: 7, online: 1, value: 1 }] },
            { group: 50, count: 1, points: [{ timestamp: 1 }] },
          ],
        },
      },
      { type: 'unsolicited_response', iin: { indicators: ['device_restart'] } },
      {
        application: {
          function_code: 4,
          objects: [
            {
              points: [
                { index: 2, op_type: 3, qu: 0, cr: 0, tcc: 1, count: 1, ontime: 100, offtime: 200, status_code: 0 },
              ],
            },
            { group: 80, start: 7, points: [{ index: 7, state: 0 }] },
          ],
        },
      },
      { application: { function_code: 129 } },
    ]);
  });

  it('pairs requests and replies for logs', () => {
    const rows = converse([dnp3], whole).told.filter((one) => one.options.only === 'log');
    expect(rows.map((one) => one.event)).toMatchObject([
      { request: 'READ', reply: 'RESPONSE', indications: 0x9000, latencyUs: 1000, isControl: false },
      { request: 'CONFIRM', reply: 'UNSOLICITED_RESPONSE', indications: 0x8000 },
      { request: 'OPERATE', reply: 'RESPONSE', indications: 0, latencyUs: 1000, isControl: true },
    ]);
  });

  it('tells the same of single bytes, and over UDP', () => {
    const expected = converse([dnp3], whole).told.map((one) => one.event);
    expect(converse([dnp3], whole, { pieces: 1 }).told.map((one) => one.event)).toEqual(expected);
    expect(converse([dnp3], whole, { proto: 17 }).told.map((one) => one.event)).toEqual(expected);
  });

  it('puts segments together in order only', () => {
    const parts = ['41 c1 81 00 00 3c', '82 01 06'].map((hex) => frame(1, bytesOf(hex)));
    const heard = converse([dnp3], [{ side: 1, bytes: Buffer.concat(parts) }], { open: true });
    expect(heard.told[0].event).toMatchObject({ application: { objects: [{ group: 60, variation: 1 }] } });
    const wrong = converse([dnp3], [{ side: 1, bytes: Buffer.concat([parts[0], frame(1, bytesOf('83 01 06'))]) }], {
      open: true,
    });
    expect(wrong.told).toEqual([]);
  });

  it('passes over damaged frames and goes on', () => {
    const broken = (whole[1].bytes ?? new Uint8Array(0)).slice();
    broken[12] ^= 1;
    const heard = converse(
      [dnp3],
      [whole[0], { side: 1, bytes: broken }, { side: 1, bytes: bytesOf('aa bb') }, ...whole.slice(4)],
    );
    expect(heard.weird).toEqual(['dnp3_corrupt_data_checksum', 'dnp3_corrupt_header_checksum']);
    expect(heard.told.filter((one) => one.options.only === 'log')).toHaveLength(1);
  });

  it('bounds points and survives any objects', () => {
    const many = `c1 81 00 00 01 01 01 00 00 ff 1f ${'ff'.repeat(200)}`;
    const big = converse([dnp3], [to(1, many)], { open: true });
    expect(big.threw).toEqual([]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (objects, isRequest) => {
        const side: Side = isRequest ? 0 : 1;
        const head = isRequest ? bytesOf('c0 c1 02') : bytesOf('c0 c1 81 00 00');
        const heard = converse([dnp3], [{ side, bytes: frame(side, Buffer.concat([head, objects])) }], { open: true });
        expect(heard.threw).toEqual([]);
        expect(heard.told.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
