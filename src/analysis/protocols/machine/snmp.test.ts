// Proves what is told of SNMP: kinds, variables, users, never a community; counts for Zeek's log; hostile lengths survived.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Heard, type Setting } from '../golden/converse.ts';
import { integerOf, oidText } from './ber.ts';
import { snmp } from './snmp.ts';

const port: Setting = { proto: 17, rPort: 161 };
const hex = (length: number): string => length.toString(16).padStart(2, '0');
const put = (tag: string, ...parts: (string | Uint8Array)[]): Uint8Array => {
  const inside = bytesOf(...parts);
  return bytesOf(tag, hex(inside.length), inside);
};
const number = (value: number): Uint8Array => bytesOf('02 01', hex(value));
const pdu = (tag: string, id: number, error: number, ...bindings: Uint8Array[]): Uint8Array =>
  put(tag, number(id), number(error), number(0), put('30', ...bindings));
const version2 = (inside: Uint8Array): Uint8Array => put('30', number(1), put('04', "'public"), inside);
const description = put('06', '2b 06 01 02 01 01 01 00');
const upTime = put('06', '2b 06 01 02 01 01 03 00');
const asked = version2(pdu('a0', 7, 0, put('30', description, '0500'), put('30', upTime, '0500')));
const answered = version2(
  pdu('a2', 7, 0, put('30', description, put('04', "'A box")), put('30', upTime, put('43', '0064'))),
);
const rows = (heard: Heard) => heard.told.filter((one) => one.options.only === 'log').map((one) => one.event);
const eve = (heard: Heard) => heard.told.filter((one) => one.options.only === 'eve').map((one) => one.event);

describe('version 2c', () => {
  const heard = converse(
    [snmp],
    [
      { side: 0, bytes: asked },
      { side: 1, bytes: answered },
    ],
    port,
  );

  it('is told message by message, its community hidden', () => {
    expect(heard.how).toBe('handshake');
    const vars = ['1.3.6.1.2.1.1.1.0', '1.3.6.1.2.1.1.3.0'];
    expect(eve(heard)).toEqual([
      { version: 2, community: '***', pduType: 'get_request', requestId: 7, vars },
      { version: 2, community: '***', pduType: 'response', requestId: 7, vars, latencyUs: 1000 },
    ]);
    expect(JSON.stringify(heard.told)).not.toContain('public');
  });

  it('is one row as Zeek has it', () => {
    expect(rows(heard)).toEqual([
      {
        versionName: '2c',
        durationUs: 1000,
        secretOrUser: '***',
        getRequests: 2,
        getBulkRequests: 0,
        getResponses: 2,
        setRequests: 0,
        displayString: 'A box',
        upSinceTime: 1_002_000 - 1_000_000,
      },
    ]);
  });

  it('tells errors', () => {
    const refused = version2(pdu('a2', 7, 2, put('30', description, '0500')));
    expect(eve(converse([snmp], [{ side: 1, bytes: refused }], port))[0].error).toBe('noSuchName');
  });
});

it('tells a trap of version 1', () => {
  const trap = put(
    'a4',
    put('06', '2b 06 01 04 01'),
    put('40', 'c0000203'),
    number(3),
    number(0),
    put('43', '05'),
    put('30'),
  );
  const bytes = put('30', number(0), put('04', "'public"), trap);
  expect(eve(converse([snmp], [{ side: 0, bytes }], { proto: 17, rPort: 162 }))).toEqual([
    {
      version: 1,
      community: '***',
      pduType: 'trap_v1',
      trapType: 'LinkUp',
      trapOid: '1.3.6.1.4.1',
      trapAddress: '192.0.2.3',
    },
  ]);
});

it('tells the user of version 3, and that what follows is encrypted', () => {
  const head = put('30', number(1), put('02', '7fff'), put('04', '07'), number(3));
  const user = put('04', put('30', put('04', '80'), number(1), number(1), put('04', "'anna"), put('04'), put('04')));
  const hidden = put('30', number(3), head, user, put('04', 'deadbeef'));
  const open = put(
    '30',
    number(3),
    head,
    user,
    put('30', put('04'), put('04'), pdu('a5', 9, 0, put('30', description, '0500'))),
  );
  const heard = converse(
    [snmp],
    [
      { side: 0, bytes: hidden },
      { side: 0, bytes: open },
    ],
    port,
  );
  expect(eve(heard)[0]).toEqual({ version: 3, usm: 'anna', pduType: 'encrypted' });
  expect(eve(heard)[1]).toMatchObject({ version: 3, usm: 'anna', pduType: 'get_bulk_request' });
  expect(rows(heard)[0]).toMatchObject({ versionName: '3', secretOrUser: 'anna', getBulkRequests: 1 });
});

it('survives every truncation and change of bytes', () => {
  for (let end = 0; end < answered.length; end++) {
    expect(converse([snmp], [{ side: 1, bytes: answered.slice(0, end) }], { ...port, open: true }).threw).toEqual([]);
  }
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(100), fc.nat(255)), { maxLength: 5 }), (changes) => {
      const bytes = answered.slice();
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      expect(converse([snmp], [{ side: 1, bytes }], { ...port, open: true }).threw).toEqual([]);
    }),
  );
});

it('reads numbers and identifiers of X.690', () => {
  expect(integerOf(bytesOf('ff 7f'), 0, 2)).toBe(-129);
  expect(integerOf(bytesOf('00 80'), 0, 2)).toBe(128);
  expect(oidText(bytesOf('88 37 03'), 0, 3)).toBe('2.999.3');
  expect(oidText(bytesOf('01'), 0, 1)).toBe('0.1');
});
