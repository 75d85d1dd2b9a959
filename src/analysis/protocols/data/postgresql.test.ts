// Proves that PostgreSQL's start-up, queries, copies and errors are told as Suricata and Zeek do, in any pieces.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Heard, type Step } from '../golden/converse.ts';
import type { Side } from '../protocol.ts';
import { postgresql } from './postgresql.ts';

const be32 = (value: number): Uint8Array => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
const message = (type: string, ...parts: (string | Uint8Array)[]): Uint8Array => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? bytesOf(part) : part)));
  return Buffer.concat([bytesOf(`'${type}`), be32(body.length + 4), body]);
};
const to = (side: Side, ...messages: Uint8Array[]): Step => ({ side, bytes: Buffer.concat(messages) });

const startup = message('', be32(196_608), "'user\0bob\0database\0shop\0application_name\0psql\0\0");
const ready = message('Z', "'I");
const error = (severity: string): Uint8Array => message('E', `'S${severity}\0V${severity}\0C42P01\0MNo such table\0\0`);

const whole: Step[] = [
  to(0, message('', be32(80_877_103))),
  to(1, bytesOf("'N")),
  to(0, startup),
  to(1, message('R', be32(5), '01 02 03 04')),
  to(0, message('p', "'md5secret\0")),
  to(1, message('R', be32(0)), message('S', "'DateStyle\0ISO\0"), message('K', be32(7), be32(9)), ready),
  to(0, message('Q', "'alter role bob password 'pw'\0")),
  to(1, message('C', "'ALTER ROLE\0"), ready),
  to(0, message('Q', "'select 1\0")),
  to(
    1,
    message('T', '00 02'),
    message('D', '00 02', be32(2), "'ab", be32(1), "'c"),
    message('D', '00 02', be32(4), "'abcd", be32(0xffffffff)),
    message('C', "'SELECT 2\0"),
    ready,
  ),
  to(0, message('Q', "'drop table x\0")),
  to(1, error('ERROR'), ready),
  to(
    0,
    message('P', "'s\0select $1\0", '00 00'),
    message('B', "'\0s\0", '00 00'),
    message('E', "'\0", be32(0)),
    message('S'),
  ),
  to(1, message('1'), message('2'), message('D', "'a"), message('C', "'SELECT 1\0"), ready),
  to(0, message('Q', "'copy t from stdin\0")),
  to(1, message('G', '00 00 03')),
  to(0, message('d', "'rows"), message('d', "'more"), message('c')),
  to(1, message('C', "'COPY 2\0"), ready),
  to(0, message('X')),
];

const logs = (heard: Heard): unknown[] => heard.told.filter((t) => t.options.only === 'log').map((t) => t.event);
const lines = (heard: Heard): unknown[] => heard.told.filter((t) => t.options.only === 'eve').map((t) => t.event);

describe('postgresql', () => {
  it('tells each request once to logs', () => {
    const heard = converse([postgresql], whole);
    expect(heard.how).toBe('handshake');
    const who = { user: 'bob', database: 'shop', application: 'psql' };
    expect(logs(heard)).toMatchObject([
      { frontend: 'ssl_request', backend: 'ssl_reply', backendArgument: 'N', success: false, latencyUs: 1000 },
      {
        ...who,
        frontend: 'startup',
        backend: 'auth_ok',
        backendArgument: 'MD5Password',
        success: true,
        latencyUs: 3000,
      },
      { ...who, frontend: 'simple_query', statement: "alter role bob password '***'", success: true, rows: 0 },
      { frontend: 'simple_query', statement: 'select 1', success: true, rows: 2, affectedRows: 2 },
      { statement: 'drop table x', success: false, backend: 'error', errorCode: '42P01', error: 'No such table' },
      { frontend: 'execute', statement: 'select $1', success: true, rows: 1 },
      { statement: 'copy t from stdin', success: true, affectedRows: 2 },
      { frontend: 'terminate' },
    ]);
    expect(heard.kept).toBe(0);
  });

  it("has EVE's lines, one for each turn of a request", () => {
    expect(lines(converse([postgresql], whole))).toMatchObject([
      { transaction: 1, request: { message: 'SSL Request' }, response: { ssl_accepted: false } },
      {
        request: {
          protocol_version: '3.0',
          startup_parameters: {
            user: 'bob',
            optional_parameters: [{ database: 'shop' }, { application_name: 'psql' }],
          },
        },
        response: { authentication_md5_password: '\\x01\\x02\\x03\\x04' },
      },
      {
        request: { password_redacted: true },
        response: {
          message: 'authentication_ok',
          parameter_status: [{ date_style: 'ISO' }],
          process_id: 7,
        },
      },
      { response: { command_completed: 'ALTER ROLE' } },
      { response: { field_count: 2, data_rows: 2, data_size: 7, command_completed: 'SELECT 2' } },
      { response: { code: '42P01', severity_localizable: 'ERROR', message: 'No such table' } },
      { response: { command_completed: 'SELECT 1' } },
      { request: { simple_query: 'copy t from stdin' }, response: { copy_in_response: { columns: 3 } } },
      {
        transaction: 9,
        request: { copy_data_in: { msg_count: 2, data_size: 8 }, message: 'copy_done' },
        response: { command_completed: 'COPY 2' },
      },
      { request: { message: 'termination_message' } },
    ]);
  });

  it('tells no password', () => {
    expect(JSON.stringify(converse([postgresql], whole).told)).not.toMatch(/secret['"\\]|md5s|'pw'/);
  });

  it('tells the same of single bytes', () => {
    const cut = converse([postgresql], whole, { pieces: 1 });
    expect(logs(cut)).toEqual(logs(converse([postgresql], whole)));
    expect(lines(cut)).toEqual(lines(converse([postgresql], whole)));
  });

  it('hands over to TLS', () => {
    const tls = { ...postgresql, name: 'tls', probe: () => 0, open: () => ({ data: () => 0 }) };
    const heard = converse([postgresql, tls], [whole[0], to(1, bytesOf("'S")), to(0, bytesOf('16 03 01'))]);
    expect(heard.names).toEqual(['postgresql', 'tls']);
  });

  it('finds queries amid a conversation on the port only, and nothing else there', () => {
    const asked = [to(0, message('Q', "'select 1\0")), to(1, message('C', "'SELECT 1\0"), ready)];
    expect(logs(converse([postgresql], asked, { rPort: 5432 }))).toHaveLength(1);
    expect(converse([postgresql], asked).names).toEqual([]);
    const http = converse([postgresql], [to(0, bytesOf("'GET / HTTP/1.1\r\n"))], { rPort: 5432 });
    expect(http.how).toBe('port');
  });

  it('skips what is large', () => {
    const row = message('D', new Uint8Array(300_000));
    const heard = converse(
      [postgresql],
      [to(0, message('Q', "'select 1\0")), to(1, row, message('C', "'SELECT 1\0"), ready)],
      { open: true, pieces: 1460 },
    );
    expect(logs(heard)).toMatchObject([{ rows: 1 }]);
  });

  it('survives cuts and changed bytes', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(80), fc.nat(255), fc.boolean(), (which, where, value, isCut) => {
        const steps = whole.map((step, i) => {
          if (i !== which) return step;
          const bytes = (step.bytes ?? new Uint8Array(0)).slice(0, isCut ? where : undefined);
          if (where < bytes.length) bytes[where] = value;
          return { ...step, bytes };
        });
        expect(converse([postgresql], steps, { open: true }).threw).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
