// Proves that commands of Redis are matched with their answers, that passwords are masked, and that values are bounded.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import type { Side } from '../protocol.ts';
import { redis } from './redis.ts';

const array = (...items: string[]): string =>
  `*${items.length}\r\n${items.map((item) => `$${item.length}\r\n${item}\r\n`).join('')}`;
const to = (side: Side, ...texts: string[]): Step => ({ side, bytes: bytesOf(`'${texts.join('')}`) });

const whole: Step[] = [
  to(0, array('AUTH', 'bob', 'hunter2')),
  to(1, '+OK\r\n'),
  to(0, array('set', 'k', 'v', 'EX', '5'), 'GET k\r\n', array('GET', 'none')),
  to(1, '+OK\r\n$1\r\nv\r\n$-1\r\n'),
  to(0, array('LRANGE', 'l', '0', '-1')),
  to(1, '*3\r\n:1\r\n|1\r\n+ttl\r\n:9\r\n*2\r\n$1\r\na\r\n,1.5\r\n_\r\n'),
  to(0, array('CLIENT', 'REPLY', 'SKIP'), array('PING'), array('LPUSH', 'k', 'x')),
  to(1, '-WRONGTYPE no list\r\n'),
  to(0, array('QUIT')),
];

describe('redis', () => {
  it('matches commands and answers', () => {
    const heard = converse([redis], whole);
    expect(heard.how).toBe('handshake');
    expect(heard.events()).toMatchObject([
      { command: 'AUTH', arguments: 'bob ***', success: true, reply: 'OK', user: 'bob', latencyUs: 1000 },
      { command: 'SET', key: 'k', value: 'v', arguments: 'k v EX 5', success: true },
      { command: 'GET', key: 'k', success: true, reply: 'v', replyCount: 1 },
      { command: 'GET', key: 'none', success: true, reply: '' },
      { command: 'LRANGE', reply: '[1, [a, 1.5], ]', replyCount: 3 },
      { command: 'CLIENT', arguments: 'REPLY SKIP' },
      { command: 'PING' },
      { command: 'LPUSH', success: false, error: 'WRONGTYPE no list', arguments: 'k x' },
      { command: 'QUIT' },
    ]);
    expect(heard.events()[6]).not.toHaveProperty('success');
    expect(heard.kept).toBe(0);
  });

  it('tells the same of single bytes', () => {
    expect(converse([redis], whole, { pieces: 1 }).events()).toEqual(converse([redis], whole).events());
  });

  it('masks passwords wherever they are set', () => {
    const commands = [
      array('AUTH', 'hunter2'),
      array('HELLO', '3', 'AUTH', 'bob', 'hunter2'),
      array('CONFIG', 'SET', 'requirepass', 'hunter2'),
      array('ACL', 'SETUSER', 'bob', 'on', '>hunter2'),
      array('MIGRATE', 'h', '1', 'k', '0', '9', 'AUTH', 'hunter2'),
    ];
    const heard = converse([redis], [to(0, ...commands)]);
    expect(heard.events()).toHaveLength(5);
    expect(JSON.stringify(heard.told)).not.toContain('hunter2');
  });

  it('skips large values, and counts items that are not kept', () => {
    const large = `$300000\r\n${'x'.repeat(300_000)}\r\n`;
    const many = `*5000\r\n${':1\r\n'.repeat(5000)}`;
    const steps = [to(0, array('GET', 'a'), array('LRANGE', 'b')), to(1, large), to(1, many)];
    const [first, second] = converse([redis], steps, { pieces: 1460 }).events();
    expect(first).toMatchObject({ replyCount: 300_000 });
    expect(String(first.reply)).toHaveLength(1024);
    expect(second).toMatchObject({ replyCount: 5000 });
    expect(String(second.reply).length).toBeLessThanOrEqual(4096);
  });

  it('bounds depth and commands that wait', () => {
    const deep = `${'*1\r\n'.repeat(10_000)}:1\r\n`;
    expect(converse([redis], [to(0, array('EVAL', 'x')), to(1, deep)]).events()).toHaveLength(1);
    const waiting = array('PING').repeat(1500);
    expect(converse([redis], [to(0, waiting)]).events()).toHaveLength(1500);
  });

  it('turns the sides when an answer is seen first, and knows inline commands on the port only', () => {
    const turned = [to(0, '+OK\r\n'), to(1, array('GET', 'k')), to(0, '$1\r\nv\r\n')];
    expect(converse([redis], turned, { oPort: 6379, rPort: 40_000 }).events()).toMatchObject([
      { key: 'k', reply: 'v' },
    ]);
    expect(converse([redis], [to(0, 'PING\r\n')]).names).toEqual([]);
    expect(converse([redis], [to(0, 'PING\r\n')], { rPort: 6379 }).how).toBe('pattern');
  });

  it('survives any bytes', () => {
    const part = fc.constantFrom('*', '$', ':', '+', '|', '%', '>', '\r\n', '-1', '2', '99999999', 'a', ' ', '\0');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.array(part, { maxLength: 20 }))), (turns) => {
        const steps = turns.map(([isServer, parts]) => to(isServer ? 1 : 0, parts.join('')));
        expect(converse([redis], steps, { open: true }).threw).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
