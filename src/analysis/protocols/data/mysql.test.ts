// Proves that logins, commands and results of MySQL are told as Zeek does, in any pieces, and that nothing breaks the talk.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import type { Side } from '../protocol.ts';
import { mysql } from './mysql.ts';

const le = (value: number, bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => (value >> (8 * i)) & 255);
const packet = (seq: number, ...parts: (string | Uint8Array)[]): Uint8Array => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? bytesOf(part) : part)));
  return Buffer.concat([le(body.length, 3), le(seq, 1), body]);
};
const to = (side: Side, ...packets: Uint8Array[]): Step => ({ side, bytes: Buffer.concat(packets) });

const serverFlags = 0xff_f7;
const greeting = packet(
  0,
  "'\n8.0.32\0",
  '01 00 00 00 61 61 61 61 61 61 61 61 00',
  le(serverFlags, 2),
  '21 02 00 0f 80 15 00 00 00 00 00 00 00 00 00 00 61 61 61 61 61 61 61 61 61 61 61 61 00',
  "'mysql_native_password\0",
);
const flags = 0x0f_a2_0d;
const login = (capabilities = flags): Uint8Array =>
  packet(1, le(capabilities, 4), '00 00 00 01 21', '00'.repeat(23), "'bob\0", '04 61 62 63 64', "'shop\0", "'plug\0");
const ok = (seq: number, affected = 0, status = 2): Uint8Array =>
  packet(seq, le(0, 1), le(affected, 1), '00', le(status, 2), '00 00');
const eof = (seq: number): Uint8Array => packet(seq, 'fe 00 00 02 00');
const definition = (seq: number): Uint8Array => packet(seq, "'\x03def and the rest");
const query = (text: string): Uint8Array => packet(0, '03', `'${text}`);

const whole: Step[] = [
  to(1, bytesOf(greeting)),
  to(0, login()),
  to(1, ok(2)),
  to(0, query("create user a identified by 'pw'")),
  to(1, ok(1, 7)),
  to(0, query('select * from t')),
  to(1, packet(1, '02'), definition(2), definition(3), eof(4), packet(5, '01 61 01 62'), packet(6, '01 61 fb'), eof(7)),
  to(0, query('nonsense')),
  to(1, packet(1, "'\xff\x28\x04#42000Syntax")),
  to(0, packet(0, '16', "'select ?")),
  to(1, packet(1, '00 05 00 00 00 01 00 01 00 00 00 00'), definition(2), eof(3), definition(4), eof(5)),
  to(0, packet(0, '17 05 00 00 00 00 01 00 00 00')),
  to(1, packet(1, '01'), definition(2), eof(3), eof(4)),
  to(0, packet(0, '01')),
];

describe('mysql', () => {
  it('tells logins, commands and results', () => {
    const heard = converse([mysql], whole);
    expect(heard.names).toEqual(['mysql']);
    expect(heard.how).toBe('handshake');
    const events = heard.events();
    expect(events.map((e) => [e.command, e.argument, e.success, e.affectedRows])).toEqual([
      ['login', 'bob', true, 0],
      ['query', "create user a identified by '***'", true, 7],
      ['query', 'select * from t', true, 0],
      ['query', 'nonsense', false, undefined],
      ['stmt_prepare', 'select ?', true, 0],
      ['stmt_execute', 'select ?', true, 0],
      ['quit', '', undefined, undefined],
    ]);
    expect(events[0]).toMatchObject({ user: 'bob', database: 'shop', serverVersion: '8.0.32', authPlugin: 'plug' });
    expect(events[1]).toMatchObject({ latencyUs: 1000 });
    expect(events[2]).toMatchObject({ resultRows: 2, resultColumns: 2 });
    expect(events[3]).toMatchObject({ errorCode: 1064, sqlState: '42000', error: 'Syntax' });
    expect(heard.kept).toBe(0);
  });

  it('tells the same of single bytes', () => {
    const cut = converse([mysql], whole, { pieces: 1 });
    expect(cut.events()).toEqual(converse([mysql], whole).events());
  });

  it('turns the sides when the server is seen first', () => {
    const turned = whole.map((step) => ({ ...step, side: (1 - step.side) as Side }));
    expect(converse([mysql], turned).events()).toEqual(converse([mysql], whole).events());
  });

  it('passes over attributes of a query', () => {
    const withAttributes = flags | 0x08000000;
    const asked = packet(0, '03 01 01 00 01 fe 00', "'\x01a", "'\x02bc", "'select 1");
    const bare = greeting.slice();
    // The upper capabilities of the greeting: query attributes.
    bare[4 + 8 + 12 + 1 + 2 + 3 + 1] |= 0x08;
    const heard = converse(
      [mysql],
      [to(1, bare), to(0, login(withAttributes)), to(1, ok(2)), to(0, asked), to(1, ok(1))],
    );
    expect(heard.events()[1]).toMatchObject({ argument: 'select 1' });
  });

  it('hands over to TLS', () => {
    const tls = { ...mysql, name: 'tls', probe: () => 0, open: () => ({ data: () => 0 }) };
    const asked = packet(1, le(flags | 0x800, 4), '00 00 00 01 21', '00'.repeat(23));
    const heard = converse([mysql, tls], [to(1, greeting), to(0, asked, bytesOf('16 03 01'))]);
    expect(heard.names).toEqual(['mysql', 'tls']);
    expect(heard.events()).toMatchObject([{ command: 'ssl_request' }]);
  });

  it('skips what is large', () => {
    const long = query('x'.repeat(100_000));
    const row = packet(4, new Uint8Array(200_000).fill(65));
    const heard = converse([mysql], [to(0, long), to(1, packet(1, '01'), definition(2), eof(3), row, eof(5))], {
      open: true,
      pieces: 1460,
    });
    expect(heard.events()).toMatchObject([{ command: 'query', resultRows: 1 }]);
    expect(String(heard.events()[0].argument)).toHaveLength(4096);
  });

  it('survives cuts and changed bytes', () => {
    const all = whole.map((step) => step.bytes ?? new Uint8Array(0));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(60), fc.nat(255), fc.boolean(), (which, where, value, isCut) => {
        const steps = whole.map((step, i) => {
          if (i !== which) return step;
          const bytes = all[i].slice(0, isCut ? where : undefined);
          if (where < bytes.length) bytes[where] = value;
          return { ...step, bytes };
        });
        expect(converse([mysql], steps, { open: true }).threw).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
