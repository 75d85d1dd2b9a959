// Proves that Cassandra's frames are paired by stream, statements bounded and masked, and passwords kept out.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import type { Side } from '../protocol.ts';
import { cassandra } from './cassandra.ts';

const be = (value: number, bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => (value >> (8 * (bytes - 1 - i))) & 255);
const join = (...parts: (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? bytesOf(part) : part)));
const frame = (version: number, stream: number, opcode: number, ...body: (string | Uint8Array)[]): Uint8Array => {
  const all = join(...body);
  return join(be(version, 1), '00', be(stream, 2), be(opcode, 1), be(all.length, 4), all);
};
const long = (text: string): Uint8Array => join(be(text.length, 4), `'${text}`);
const short = (text: string): Uint8Array => join(be(text.length, 2), `'${text}`);
const to = (side: Side, ...frames: Uint8Array[]): Step => ({ side, bytes: join(...frames) });

const whole: Step[] = [
  to(0, frame(4, 0, 1, '0001', short('CQL_VERSION'), short('3.0.0'))),
  to(1, frame(0x84, 0, 3, short('PasswordAuthenticator'))),
  to(0, frame(4, 0, 15, long('\0bob\0hunter2'))),
  to(1, frame(0x84, 0, 16, 'ffffffff')),
  to(
    0,
    frame(4, 1, 7, long("CREATE ROLE a WITH PASSWORD = 'hunter2'"), '0004'),
    frame(4, 2, 7, long('USE ks'), '0001'),
  ),
  to(1, frame(0x84, 2, 8, '00000003', short('ks')), frame(0x84, 1, 0, '00002000', short('Syntax'))),
  to(0, frame(4, 3, 9, long('SELECT ?'))),
  to(1, frame(0x84, 3, 8, '00000004', short('id1'))),
  to(0, frame(4, 4, 10, short('id1'), '0001')),
  to(1, frame(0x84, 4, 8, '00000002')),
];

describe('cassandra', () => {
  it('pairs requests and answers', () => {
    const heard = converse([cassandra], whole);
    expect(heard.how).toBe('handshake');
    expect(heard.events()).toMatchObject([
      { command: 'startup', version: 4, success: true, latencyUs: 1000 },
      { command: 'auth_response', user: 'bob', success: true },
      { command: 'query', statement: 'USE ks', result: 'set_keyspace', keyspace: 'ks', consistency: 'one' },
      {
        statement: "CREATE ROLE a WITH PASSWORD = '***'",
        success: false,
        errorCode: 0x2000,
        error: 'Syntax',
        consistency: 'quorum',
      },
      { command: 'prepare', statement: 'SELECT ?', result: 'prepared' },
      { command: 'execute', statement: 'SELECT ?', result: 'rows' },
    ]);
    expect(JSON.stringify(heard.told)).not.toContain('hunter2');
  });

  it('tells the same in pieces', () => {
    expect(converse([cassandra], whole, { pieces: 2 }).events()).toEqual(converse([cassandra], whole).events());
  });

  it('is over when version 5 puts frames around frames', () => {
    const heard = converse(
      [cassandra],
      [to(0, frame(5, 0, 1, '0001', short('CQL_VERSION'), short('3'))), to(1, frame(0x85, 0, 2))],
    );
    expect(heard.isOver).toBe(true);
    expect(heard.events()).toHaveLength(1);
  });

  it('skips large results and bounds what waits', () => {
    const many = Array.from({ length: 500 }, (_, i) => frame(4, i, 7, long('SELECT 1'), '0001'));
    expect(converse([cassandra], [to(0, ...many)], { open: true }).events()).toHaveLength(500);
    const steps = [whole[6], to(1, frame(0x84, 3, 8, '00000002', new Uint8Array(300_000))), whole[8], whole[9]];
    expect(converse([cassandra], steps, { open: true, pieces: 1460 }).events()).toHaveLength(2);
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
        expect(converse([cassandra], steps, { open: true }).threw).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
