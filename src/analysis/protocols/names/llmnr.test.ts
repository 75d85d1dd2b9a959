// Proves what is told of LLMNR: question to the group, answer to who asked, over UDP and TCP.

import { expect, it } from 'vitest';
import { bytesOf, converse, type Heard } from '../golden/converse.ts';
import { llmnr } from './llmnr.ts';

const name = bytesOf('05', "'wpad7", '00 0001 0001');
const asked = bytesOf('abcd 0000 0001 0000 0000 0000', name);
const answered = bytesOf('abcd 8400 0001 0001 0000 0000', name, 'c00c 0001 0001 0000001e 0004 c0000209');
const eve = (heard: Heard) => heard.told.filter((one) => one.options.only === 'eve');

const request = { type: 'request', txId: 0, id: 0xabcd, opcode: 0, queries: [{ rrname: 'wpad7', rrtype: 'a' }] };
const response = {
  type: 'response',
  id: 0xabcd,
  flags: ['c'],
  opcode: 0,
  queries: [{ rrname: 'wpad7', rrtype: 'a' }],
  answers: [{ rrname: 'wpad7', rrtype: 'a', ttl: 30, a: '192.0.2.9' }],
  grouped: { A: ['192.0.2.9'] },
};

it('tells a question to the group', () => {
  const heard = converse([llmnr], [{ side: 0, bytes: asked }], { proto: 17, rPort: 5355 });
  expect(heard.names).toEqual(['llmnr']);
  expect(eve(heard).map((one) => one.event)).toEqual([request]);
});

it('knows who answers though the flow begins with the answer', () => {
  const heard = converse([llmnr], [{ side: 0, bytes: answered }], { proto: 17, oPort: 5355, rPort: 50_000 });
  expect(eve(heard)[0].options.side).toBe(1);
  expect(eve(heard)[0].event).toEqual({ ...response, txId: 0 });
});

it('reads a stream, however it is cut', () => {
  const steps = [
    { side: 0, bytes: bytesOf(asked.length.toString(16).padStart(4, '0'), asked) },
    { side: 1, bytes: bytesOf(answered.length.toString(16).padStart(4, '0'), answered) },
  ] as const;
  for (const pieces of [1, 5, 100]) {
    const heard = converse([llmnr], steps, { rPort: 5355, pieces, open: true });
    expect(eve(heard).map((one) => one.event)).toEqual([request, { ...response, txId: 1, latencyUs: 1000 }]);
    expect(heard.how).toBe('handshake');
  }
});

it('survives every truncation', () => {
  for (let end = 0; end < answered.length; end++) {
    expect(converse([llmnr], [{ side: 0, bytes: answered.slice(0, end) }], { proto: 17, open: true }).threw).toEqual(
      [],
    );
  }
});
