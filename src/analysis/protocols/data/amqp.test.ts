// Proves that methods of AMQP are paired by channel, messages told with their size, and that no password is kept.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import type { Side } from '../protocol.ts';
import { amqp } from './amqp.ts';

const be = (value: number, bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => (value >> (8 * (bytes - 1 - i))) & 255);
const join = (...parts: (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? bytesOf(part) : part)));
const frame = (type: number, channel: number, ...body: (string | Uint8Array)[]): Uint8Array => {
  const all = join(...body);
  return join(be(type, 1), be(channel, 2), be(all.length, 4), all, 'ce');
};
const method = (channel: number, cls: number, id: number, ...body: (string | Uint8Array)[]): Uint8Array =>
  frame(1, channel, be(cls, 2), be(id, 2), ...body);
const s = (text: string): Uint8Array => join(be(text.length, 1), `'${text}`);
const to = (side: Side, ...frames: Uint8Array[]): Step => ({ side, bytes: join(...frames) });

const whole: Step[] = [
  to(0, bytesOf("'AMQP\0\0\t\x01")),
  to(1, method(0, 10, 10, '0009', '00000000')),
  to(0, method(0, 10, 11, '00000000', s('PLAIN'), be(12, 4), "'\0bob\0hunter2")),
  to(1, method(0, 10, 30, '0000 00020000 003c')),
  to(0, method(0, 10, 31, '0000 00020000 003c'), method(0, 10, 40, s('/prod'), '00 00')),
  to(1, method(0, 10, 41, '00')),
  to(0, method(1, 20, 10, '00')),
  to(1, method(1, 20, 11, '00000000')),
  to(0, method(1, 50, 10, '0000', s('jobs'), '00', '00000000')),
  to(1, method(1, 50, 11, s('jobs'), '00000003 00000000')),
  to(
    0,
    method(1, 60, 40, '0000', s('ex'), s('key'), '00'),
    frame(2, 1, '003c 0000', '0000000000000005', '0000'),
    frame(3, 1, "'hello"),
  ),
  to(
    1,
    method(1, 60, 60, s('tag'), '0000000000000001', '00', s('ex'), s('key')),
    frame(2, 1, '003c 0000', '0000000000000007', '0000'),
  ),
  to(0, method(1, 40, 10, '0000', s('bad'), s('direct'), '00', '00000000')),
  to(1, method(1, 20, 40, '0194', s('NOT_FOUND'), '0028 000a')),
  to(0, method(1, 20, 41)),
];

describe('amqp', () => {
  it('pairs methods and tells messages', () => {
    const heard = converse([amqp], whole);
    expect(heard.how).toBe('handshake');
    expect(heard.events()).toMatchObject([
      { method: 'connection.start-ok', mechanism: 'PLAIN', user: 'bob', success: true, latencyUs: 1000 },
      { method: 'connection.open', virtualHost: '/prod', success: true },
      { method: 'channel.open', channel: 1, success: true },
      { method: 'queue.declare', queue: 'jobs', messageCount: 3, success: true },
      { method: 'basic.publish', exchange: 'ex', routingKey: 'key', messageBytes: 5 },
      { method: 'basic.deliver', exchange: 'ex', routingKey: 'key', messageBytes: 7 },
      { method: 'exchange.declare', exchange: 'bad', success: false, replyCode: 404, replyText: 'NOT_FOUND' },
      { method: 'channel.close', replyCode: 404, success: true },
    ]);
    expect(JSON.stringify(heard.told)).not.toContain('hunter2');
  });

  it('tells the same of single bytes', () => {
    expect(converse([amqp], whole, { pieces: 1 }).events()).toEqual(converse([amqp], whole).events());
  });

  it('names AMQP 1.0', () => {
    expect(converse([amqp], [to(0, bytesOf("'AMQP\x03\x01\0\0"))]).names).toEqual(['amqp-1.0']);
  });

  it('skips large bodies', () => {
    const steps = [
      ...whole.slice(0, 10),
      to(0, frame(3, 1, new Uint8Array(300_000)), method(1, 60, 40, '0000', s('e'), s('k'), '00')),
    ];
    expect(converse([amqp], steps, { pieces: 1460 }).events().at(-1)).toMatchObject({
      method: 'basic.publish',
      exchange: 'e',
    });
  });

  it('survives cuts and changed bytes', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(60), fc.nat(255), fc.boolean(), (which, where, value, isCut) => {
        const steps = whole.map((step, i) => {
          if (i !== which) return step;
          const bytes = (step.bytes ?? new Uint8Array(0)).slice(0, isCut ? where : undefined);
          if (where < bytes.length) bytes[where] = value;
          return { ...step, bytes };
        });
        expect(converse([amqp], steps, { open: true }).threw).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
