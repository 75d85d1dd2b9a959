// Proves what is told of syslog, in datagrams and in both framings of streams.

import { expect, it } from 'vitest';
import { bytesOf, converse } from '../golden/converse.ts';
import { syslog } from './syslog.ts';

const line = "'<34>Oct 11 22:14:15 host su: failed";
const told = { facility: 'AUTH', severity: 'CRIT', message: 'Oct 11 22:14:15 host su: failed', priority: 34 };

it('tells a datagram', () => {
  const heard = converse([syslog], [{ side: 0, bytes: bytesOf(line) }], { proto: 17, rPort: 514 });
  expect(heard.events()).toEqual([told]);
});

it('believes a message without priority at its port only', () => {
  const bytes = bytesOf("'no priority at all");
  const heard = converse([syslog], [{ side: 0, bytes }], { proto: 17, rPort: 514 });
  expect(heard.events()).toEqual([{ facility: 'UNSPECIFIED', severity: 'UNSPECIFIED', message: 'no priority at all' }]);
  expect(converse([syslog], [{ side: 0, bytes }], { proto: 17 }).names).toEqual([]);
  expect(converse([syslog], [{ side: 0, bytes: bytesOf(line) }], { proto: 17 }).names).toEqual(['syslog']);
});

it('reads lines and counted messages of a stream, however it is cut', () => {
  const stream = bytesOf(line, '0d0a', line, '0a', `'35 ${line.slice(1)}`, line, '0a');
  for (const pieces of [1, 3, 1000]) {
    const heard = converse([syslog], [{ side: 0, bytes: stream }], { rPort: 514, pieces });
    expect(heard.events()).toEqual([told, told, told, told]);
    expect(heard.kept).toBe(0);
  }
});

it('is not remote shell, which has the same port', () => {
  const heard = converse([syslog], [{ side: 0, bytes: bytesOf("'1023", '00', "'user", '00') }], { rPort: 514 });
  expect(heard.how).not.toBe('pattern');
  expect(heard.events()).toEqual([]);
});

it('tells no more of a message than its limit', () => {
  const long = bytesOf(line, new Uint8Array(8000).fill(0x61));
  const [event] = converse([syslog], [{ side: 0, bytes: long }], { proto: 17, rPort: 514 }).events();
  expect((event.message as string).length).toBe(2048);
});
