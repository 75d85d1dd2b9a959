// Proves that MongoDB's messages, new and old, are paired with their answers and shown without secrets, within bounds.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import type { Side } from '../protocol.ts';
import { documentText } from './bson.ts';
import { mongodb } from './mongodb.ts';

const le = (value: number, bytes = 4): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 2 ** (8 * i)) & 255);
const join = (...parts: (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? bytesOf(part) : part)));

type Value = string | number | boolean | null | Uint8Array | Value[] | { [key: string]: Value };

function element(key: string, value: Value): Uint8Array {
  const name = `'${key}\0`;
  if (typeof value === 'string') return join('02', name, le(value.length + 1), `'${value}\0`);
  if (typeof value === 'number') return join('10', name, le(value));
  if (typeof value === 'boolean') return join('08', name, value ? '01' : '00');
  if (value === null) return join('0a', name);
  if (value instanceof Uint8Array) return join('05', name, le(value.length), '00', value);
  if (Array.isArray(value)) return join('04', name, document(Object.fromEntries(value.entries())));
  return join('03', name, document(value));
}

function document(values: { [key: string]: Value }): Uint8Array {
  const body = join(...Object.entries(values).map(([key, value]) => element(key, value)), '00');
  return join(le(body.length + 4), body);
}

const message = (id: number, answers: number, operation: number, ...body: (string | Uint8Array)[]): Uint8Array => {
  const all = join(...body);
  return join(le(all.length + 16), le(id), le(answers), le(operation), all);
};
const msg = (id: number, answers: number, values: { [key: string]: Value }, flags = 0): Uint8Array =>
  message(id, answers, 2013, le(flags), '00', document(values));
const to = (side: Side, ...messages: Uint8Array[]): Step => ({ side, bytes: join(...messages) });

const section = (): Uint8Array => {
  const documents = join(document({ a: 1 }), document({ a: 2 }));
  return join('01', le(documents.length + 4 + 10), "'documents\0", documents);
};

const whole: Step[] = [
  to(0, msg(1, 0, { hello: 1, client: { driver: { name: 'pymongo' } }, $db: 'admin' })),
  to(1, msg(90, 1, { ok: 1 })),
  to(0, msg(2, 0, { saslStart: 1, mechanism: 'SCRAM-SHA-256', payload: bytesOf("'n,,n=bob,r=nonce"), $db: 'admin' })),
  to(1, msg(91, 2, { ok: 0, errmsg: 'Authentication failed.', code: 18, codeName: 'AuthenticationFailed' })),
  to(0, msg(3, 0, { find: 'c', filter: { a: { $gt: 5 }, pwd: 'hunter2' }, lsid: { id: 1 }, $db: 'shop' })),
  to(0, message(4, 0, 2013, le(0), '00', document({ insert: 'c', ordered: true, $db: 'shop' }), section())),
  to(1, msg(92, 4, { n: 2, ok: 1 }), msg(93, 3, { cursor: { firstBatch: [{ a: 6 }, { a: 7 }], id: 0 }, ok: 1 })),
  to(0, message(5, 0, 2004, le(0), "'shop.c\0", le(0), le(1), document({ x: true }))),
  to(1, message(94, 5, 1, le(8), le(0, 8), le(0), le(1), document({ x: true }))),
  to(0, message(6, 0, 2002, le(0), "'shop.c\0", document({ y: null })), msg(7, 0, { ping: 1, $db: 'x' }, 2)),
];

describe('mongodb', () => {
  it('pairs commands and answers', () => {
    const heard = converse([mongodb], whole);
    expect(heard.how).toBe('handshake');
    expect(heard.events()).toMatchObject([
      { command: 'hello', database: 'admin', application: 'pymongo', success: true, latencyUs: 1000 },
      {
        command: 'saslStart',
        mechanism: 'SCRAM-SHA-256',
        user: 'bob',
        success: false,
        errorCode: 18,
        errorName: 'AuthenticationFailed',
      },
      { command: 'insert', collection: 'c', affected: 2, success: true },
      { command: 'find', statement: '{find: "c", filter: {a: {$gt: 5}, pwd: ***}}', returned: 2, success: true },
      { command: 'query', database: 'shop', collection: 'c', statement: '{x: true}', returned: 1, success: true },
      { command: 'insert', collection: 'c', statement: '{y: null}' },
      { command: 'ping', statement: '{ping: 1}' },
    ]);
    expect(JSON.stringify(heard.told)).not.toMatch(/hunter2|nonce/);
  });

  it('tells the same in pieces', () => {
    expect(converse([mongodb], whole, { pieces: 3 }).events()).toEqual(converse([mongodb], whole).events());
  });

  it('reads what is packed with zlib, and pairs what is packed otherwise', () => {
    const body = join(le(0), '00', document({ drop: 'c', $db: 'shop' }));
    // zlib around one stored block, its Adler-32 at the end.
    let [low, high] = [1, 0];
    for (const byte of body) {
      low = (low + byte) % 65_521;
      high = (high + low) % 65_521;
    }
    const sum = Uint8Array.of(high >> 8, high & 255, low >> 8, low & 255);
    const stored = join('78 01 01', le(body.length, 2), le(65_535 - body.length, 2), body, sum);
    const packed = message(1, 0, 2012, le(2013), le(body.length), '02', stored);
    const snappy = message(2, 0, 2012, le(2013), le(9), '01', 'ffff');
    const answers = to(1, msg(9, 1, { ok: 1 }), message(10, 2, 2012, le(2013), le(9), '01', 'ffff'));
    expect(converse([mongodb], [to(0, packed, snappy), answers]).events()).toMatchObject([
      { command: 'drop', collection: 'c', database: 'shop', success: true },
      { command: 'compressed', latencyUs: 1000 },
    ]);
  });

  it('turns the sides when an answer is seen first', () => {
    const turned = [
      { ...whole[1], side: 0 as Side },
      { ...whole[4], side: 1 as Side },
      { ...whole[6], side: 0 as Side },
    ];
    expect(converse([mongodb], turned).events()).toMatchObject([{ command: 'find', success: true }]);
  });

  it('bounds what is shown and what waits, and skips large messages', () => {
    let deep: Value = 1;
    for (let i = 0; i < 500; i++) deep = { a: deep };
    const bytes = document({ deep, long: 'x'.repeat(5000) });
    expect(documentText(bytes, 0, bytes.length).length).toBeLessThan(1100);
    const large = msg(1, 0, { insert: 'c', data: 'x'.repeat(200_000), $db: 'shop' });
    expect(converse([mongodb], [to(0, large), to(1, msg(9, 1, { ok: 1 }))], { pieces: 1460 }).events()).toMatchObject([
      { command: 'insert', collection: 'c', success: true },
    ]);
    const many = Array.from({ length: 200 }, (_, i) => msg(i, 0, { ping: 1 }));
    expect(converse([mongodb], [to(0, ...many)]).events()).toHaveLength(200);
  });

  it('survives cuts and changed bytes', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(140), fc.nat(255), fc.boolean(), (which, where, value, isCut) => {
        const steps = whole.map((step, i) => {
          if (i !== which) return step;
          const bytes = (step.bytes ?? new Uint8Array(0)).slice(0, isCut ? where : undefined);
          if (where < bytes.length) bytes[where] = value;
          return { ...step, bytes };
        });
        expect(converse([mongodb], steps, { open: true }).threw).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});
