// Proves that jobs of S7 communication are paired with their answers, passwords masked, and its relatives named.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import type { Side } from '../protocol.ts';
import { s7comm } from './s7comm.ts';

const tpkt = (...hex: string[]): Uint8Array => {
  const body = bytesOf(...hex);
  return bytesOf(Uint8Array.of(3, 0, (body.length + 4) >> 8, (body.length + 4) & 255), body);
};
const data = (...hex: string[]): Uint8Array => tpkt('02 f0 80', ...hex);
const to = (side: Side, ...units: Uint8Array[]): Step => ({ side, bytes: bytesOf(...units) });
const connect = tpkt('11 e0 0000 0001 00 c1 02 01 00 c2 02 01 22 c0 01 0a');

const whole: Step[] = [
  to(0, connect),
  to(1, tpkt('11 d0 0001 0002 00 c1 02 01 00 c2 02 01 22 c0 01 0a')),
  to(0, data('32 01 0000 0100 0008 0000 f0 00 0001 0001 01e0')),
  to(1, data('32 03 0000 0100 0008 0000 00 00 f0 00 0001 0001 00f0')),
  to(0, data('32 01 0000 0200 000e 0000 04 01 12 0a 10 02 0004 0001 84 000051')),
  to(1, data('32 03 0000 0200 0002 0000 81 04 04 01')),
  to(0, data('32 01 0000 0300 0010 0000 29 0000000000 09', "'P_PROGRAM")),
  to(0, data('32 07 0000 0400 0008 0008 00 01 12 04 11 45 01 00 ff 09 0008', "'secret!!")),
  to(1, data('32 07 0000 0400 000c 0004 00 01 12 08 12 85 01 01 00 00 d6 02 0a 00 00 00')),
];

describe('s7comm', () => {
  it('pairs jobs and answers', () => {
    const heard = converse([s7comm], whole);
    expect(heard.how).toBe('handshake');
    expect(heard.events()).toMatchObject([
      { function: 'setup_communication', success: true, latencyUs: 1000, rack: 1, slot: 2 },
      {
        function: 'read_var',
        items: ['DB1.DBX 10.1 BYTE 4'],
        itemCount: 1,
        success: false,
        errorClass: 0x81,
        errorCode: 4,
      },
      { function: 'security', subfunction: 'plc_password', items: ['password ***'], success: false, errorCode: 0xd602 },
      { function: 'plc_stop', block: 'P_PROGRAM', isControl: true },
    ]);
    expect(JSON.stringify(heard.told)).not.toContain('secret');
  });

  it('tells the same in pieces', () => {
    expect(converse([s7comm], whole, { pieces: 3 }).events()).toEqual(converse([s7comm], whole).events());
  });

  it('names S7comm-plus and MMS, and leaves other users of the transport alone', () => {
    expect(converse([s7comm], [to(0, connect), to(0, data('72 01 0000'))]).names).toEqual(['s7comm-plus']);
    expect(converse([s7comm], [to(0, connect), to(0, data('0d 10 28 ca 22 02 01'))], { rPort: 102 }).names).toEqual([
      'mms',
    ]);
    expect(converse([s7comm], [to(0, connect), to(0, data('0d 10 05 06'))]).names).toEqual(['iso-session']);
    expect(converse([s7comm], [to(0, tpkt('0e e0 0000 0000 00 01 00 08 00 03 00 00 00'))]).names).toEqual([]);
  });

  it('survives cuts and changed bytes', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(50), fc.nat(255), fc.boolean(), (which, where, value, isCut) => {
        const steps = whole.map((step, i) => {
          if (i !== which) return step;
          const bytes = (step.bytes ?? new Uint8Array(0)).slice(0, isCut ? where : undefined);
          if (where < bytes.length) bytes[where] = value;
          return { ...step, bytes };
        });
        expect(converse([s7comm], steps, { open: true }).threw).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
