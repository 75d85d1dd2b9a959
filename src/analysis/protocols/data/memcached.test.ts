// Proves that memcached's commands are paired with their answers, as text and binary, over TCP and UDP.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import type { Side } from '../protocol.ts';
import { memcached } from './memcached.ts';

const to = (side: Side, text: string): Step => ({ side, bytes: bytesOf(`'${text}`) });
const hex = (side: Side, ...parts: string[]): Step => ({ side, bytes: bytesOf(...parts) });

const whole: Step[] = [
  to(0, 'set k 0 0 5\r\nhello\r\n'),
  to(1, 'STORED\r\n'),
  to(0, 'get k none\r\nincr n 1\r\ndelete k noreply\r\n'),
  to(1, 'VALUE k 0 5\r\nEND\r\n\r\nEND\r\n7\r\n'),
  to(0, 'stats\r\nbogus\r\nadd k 0 0 1\r\nx\r\n'),
  to(1, 'STAT a 1\r\nSTAT b 2\r\nEND\r\nNOT_STORED\r\n'),
  to(0, 'quit\r\n'),
];

describe('memcached', () => {
  it('pairs text commands and answers', () => {
    const heard = converse([memcached], whole);
    expect(heard.how).toBe('handshake');
    expect(heard.events()).toMatchObject([
      { command: 'set', keys: ['k'], valueBytes: 5, status: 'STORED', success: true, latencyUs: 1000 },
      { command: 'delete', keys: ['k'], keyCount: 1 },
      { command: 'get', keys: ['k', 'none'], keyCount: 2, hits: 1, valueBytes: 5, status: 'END' },
      { command: 'incr', keys: ['n'], status: 'OK', success: true },
      { command: 'stats', status: 'END', success: true },
      { command: 'add', status: 'NOT_STORED', success: false },
      { command: 'quit' },
    ]);
  });

  it('tells the same of single bytes', () => {
    expect(converse([memcached], whole, { pieces: 1, open: true }).events()).toEqual(
      converse([memcached], whole).events(),
    );
  });

  it('pairs binary commands by their number', () => {
    const steps = [
      hex(0, '80 01 0001 08 00 0000 0000000b 00000009 0000000000000000 0000000000000000', "'k", "'vv"),
      hex(0, '80 00 0001 00 00 0000 00000001 00000008 0000000000000000', "'k"),
      hex(1, '81 00 0000 04 00 0000 00000006 00000008 0000000000000000 00000000', "'vv"),
      hex(1, '81 01 0000 00 00 0002 00000000 00000009 0000000000000000'),
    ];
    expect(converse([memcached], steps).events()).toMatchObject([
      { command: 'get', isBinary: true, keys: ['k'], hits: 1, valueBytes: 2, success: true },
      { command: 'set', keys: ['k'], valueBytes: 2, status: 'EXISTS', success: false },
    ]);
  });

  it('pairs datagrams by their request, and knows the reflection of statistics anywhere', () => {
    const steps = [
      hex(0, '0005 0000 0001 0000', "'get a\r\n"),
      hex(1, '0005 0000 0002 0000', "'VALUE a 0 2000\r\nxxxx"),
      hex(1, '0005 0001 0002 0000', "'xxxx\r\nEND\r\n"),
    ];
    expect(converse([memcached], steps, { proto: 17 }).events()).toMatchObject([
      { command: 'get', hits: 1, valueBytes: 2000 },
    ]);
    expect(converse([memcached], [hex(0, '0001 0000 0001 0000', "'stats\r\n")], { proto: 17 }).names).toEqual([
      'memcached',
    ]);
    expect(converse([memcached], [hex(0, '0001 0000 0001 0000', "'hello\r\n")], { proto: 17 }).names).toEqual([]);
  });

  it('skips values, and is not taken for other lines', () => {
    const large = [to(0, `set k 0 0 200000\r\n${'x'.repeat(200_000)}\r\nget k\r\n`)];
    expect(converse([memcached], large, { pieces: 1460 }).events()).toMatchObject([
      { command: 'set' },
      { command: 'get' },
    ]);
    for (const line of ['GET / HTTP/1.1\r\n', 'get me\r\n', 'set x\r\n', 'USER a\r\n']) {
      expect(converse([memcached], [to(0, line)]).names).toEqual([]);
    }
  });

  it('survives any bytes', () => {
    const part = fc.constantFrom(
      'get ',
      'set k 0 0 3',
      '\r\n',
      'VALUE k 0 3',
      'END',
      ' ',
      '9',
      '\x80\x00\x00\x01',
      '\0\0\0\0',
      'x',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.array(part, { maxLength: 20 }))), fc.boolean(), (turns, isUdp) => {
        const steps = turns.map(([isServer, parts]) => to(isServer ? 1 : 0, parts.join('')));
        expect(converse([memcached], steps, { open: true, proto: isUdp ? 17 : 6 }).threw).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
