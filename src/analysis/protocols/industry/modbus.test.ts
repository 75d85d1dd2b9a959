// Proves that requests and answers of Modbus are paired as in EVE, told one by one as in Zeek, and found on any port.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import type { Side } from '../protocol.ts';
import { modbus, modbusMessage } from './modbus.ts';

const to = (side: Side, ...hex: string[]): Step => ({ side, bytes: bytesOf(...hex) });

const whole: Step[] = [
  to(0, '0001 0000 0006 0a 03 0005 0002'),
  to(1, '0001 0000 0007 0a 03 04 0102 0304'),
  to(0, '0002 0000 0006 0a 05 0007 ff00', '0003 0000 0009 0a 10 0001 0001 02 00ff'),
  to(1, '0003 0000 0006 0a 10 0001 0001', '0002 0000 0003 0a 85 02'),
  to(0, '0004 0000 0005 0a 2b 0e 01 00'),
];

describe('modbus', () => {
  it('pairs requests and answers', () => {
    const heard = converse([modbus, modbusMessage], whole);
    expect(heard.how).toBe('handshake');
    expect(heard.events()).toMatchObject([
      {
        transaction: 1,
        request: {
          transaction_id: 1,
          unit_id: 10,
          function_raw: 3,
          function_code: 'RdHoldRegs',
          access_type: 'READ | HOLDING',
          category: 'PUBLIC_ASSIGNED',
          read: { address: 5, quantity: 2 },
        },
        response: { read: { data: '\\x01\\x02\\x03\\x04' } },
        values: [0x102, 0x304],
        latencyUs: 1000,
      },
      {
        request: { write: { address: 1 } },
        response: { write: { address: 1, data: 1 } },
        values: [255],
        isWrite: true,
      },
      {
        request: { write: { address: 7, data: 0xff00 } },
        response: { function_raw: 0x85, exception: { raw: 2, code: 'IllegalDataAddr' } },
        exception: 'ILLEGAL_DATA_ADDRESS',
      },
      { request: { mei: { raw: 14, code: 'RdDevId', data: '\\x01\\x00' } } },
    ]);
    expect(
      heard.events('modbus_message').map((row) => [row.transaction, row.function, row.direction, row.exception]),
    ).toEqual([
      [1, 'READ_HOLDING_REGISTERS', 'REQ', undefined],
      [1, 'READ_HOLDING_REGISTERS', 'RESP', undefined],
      [2, 'WRITE_SINGLE_COIL', 'REQ', undefined],
      [3, 'WRITE_MULTIPLE_REGISTERS', 'REQ', undefined],
      [3, 'WRITE_MULTIPLE_REGISTERS', 'RESP', undefined],
      [2, 'WRITE_SINGLE_COIL_EXCEPTION', 'RESP', 'ILLEGAL_DATA_ADDRESS'],
      [4, 'ENCAP_INTERFACE_TRANSPORT', 'REQ', undefined],
    ]);
  });

  it('tells the same of single bytes', () => {
    const cut = converse([modbus, modbusMessage], whole, { pieces: 1, rPort: 502 });
    expect(cut.told.map((one) => one.event)).toEqual(
      converse([modbus, modbusMessage], whole).told.map((one) => one.event),
    );
  });

  it('is not taken for what only looks alike', () => {
    expect(converse([modbus], [to(0, '0000 0000 0100 0001 0000')]).names).toEqual([]);
    expect(converse([modbus], [to(0, '0001 0000 0006 0a 03 0005 0000')]).names).toEqual([]);
  });

  it('turns the sides when the server is seen first', () => {
    const turned = whole.slice(1, 2).map((step) => ({ ...step, side: 0 as Side }));
    const heard = converse([modbus, modbusMessage], turned, { oPort: 502, rPort: 40_000 });
    expect(heard.events()).toMatchObject([{ response: { function_raw: 3 } }]);
  });

  it('goes on after bytes that are no message, and after a hole', () => {
    const steps: Step[] = [whole[0], to(1, 'ffff ffff ffff ffff ffff'), { side: 1, gap: 50 }, whole[1]];
    const heard = converse([modbus, modbusMessage], steps);
    expect(heard.weird).toEqual(['modbus_wrong_header']);
    expect(heard.events()).toMatchObject([{ latencyUs: 3000 }]);
  });

  it('keeps a bounded number of requests, and survives changed bytes', () => {
    const many = Array.from({ length: 200 }, () => whole[0]);
    expect(converse([modbus, modbusMessage], many).events()).toHaveLength(200);
    fc.assert(
      fc.property(fc.nat(4), fc.nat(30), fc.nat(255), fc.boolean(), (which, where, value, isCut) => {
        const steps = whole.map((step, i) => {
          if (i !== which) return step;
          const bytes = (step.bytes ?? new Uint8Array(0)).slice(0, isCut ? where : undefined);
          if (where < bytes.length) bytes[where] = value;
          return { ...step, bytes };
        });
        expect(converse([modbus, modbusMessage], steps, { open: true }).threw).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
