// Proves that a Telnet login is told with its user and outcome, never with its password, however the bytes are cut.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import { telnet } from './telnet.ts';

const say = (side: 0 | 1, text: string): Step => ({ side, bytes: bytesOf(`'${text}`) });
const steps: Step[] = [
  { side: 1, bytes: bytesOf('fffd18 fffd1f fffb03') },
  { side: 0, bytes: bytesOf('fffb18 fffb1f', 'fffa1f00500018fff0') },
  { side: 1, bytes: bytesOf('fffa1801fff0') },
  { side: 0, bytes: bytesOf('fffa1800', "'vt100", 'fff0') },
  say(1, '\r\nWelcome\r\nhost login: '),
  say(0, 'alicf'),
  { side: 0, bytes: bytesOf('7f', "'e\r", '00') },
  say(1, 'alice\r\nPassword: '),
  say(0, 'wrong horse\r\n'),
];
const refused = [...steps, say(1, '\r\nLogin incorrect\r\nhost login: ')];

test('a refused login', () => {
  const heard = converse([telnet], refused);
  expect(heard.events()).toEqual([
    {
      loginAttempts: 1,
      user: 'alice',
      isLoggedIn: false,
      terminal: 'vt100',
      windowWidth: 80,
      windowHeight: 24,
      clientOptions: ['terminal type', 'window size'],
      serverOptions: ['suppress go ahead'],
    },
  ]);
  expect(heard.how).toBe('handshake');
  expect(converse([telnet], refused, { pieces: 1 }).events()).toEqual(heard.events());
});

test('after it a login that is let in; then nothing more is wanted', () => {
  const heard = converse(
    [telnet],
    [
      ...refused,
      say(0, 'bob\r\n'),
      say(1, 'Password:'),
      say(0, 'hunter2\r\n'),
      say(1, '\r\nLast login: Mon May  6 from 192.0.2.7\r\n$ '),
      say(0, 'ls -l\r\n'),
    ],
  );
  expect(heard.events()).toMatchObject([
    { user: 'alice', isLoggedIn: false },
    { user: 'bob', isLoggedIn: true, loginAttempts: 2 },
  ]);
  expect(heard.isOver).toBe(true);
  expect(JSON.stringify(heard.told)).not.toMatch(/hunter2|horse|ls -l/);
});

test('an option talk without end is passed over', () => {
  const heard = converse(
    [telnet],
    [
      { side: 1, bytes: bytesOf('fffd18 fffd1f') },
      { side: 0, bytes: bytesOf('fffa2a', new Uint8Array(9000).fill(0x42)) },
      { side: 0, bytes: bytesOf('fff0') },
    ],
  );
  expect(heard.weird).toEqual(['nvt_option_size_exceeded']);
  expect(heard).toMatchObject({ kept: 0, bounded: [] });
});

test('it is known by its options anywhere, by a prompt at its port only', () => {
  expect(converse([telnet], steps.slice(0, 1)).names).toEqual(['telnet']);
  expect(converse([telnet], [{ side: 0, bytes: bytesOf('ffd8ffe000104a46') }]).names).toEqual([]);
  expect(converse([telnet], [say(1, 'User Access\r\nUsername: ')]).names).toEqual([]);
  expect(converse([telnet], [say(1, 'User Access\r\nUsername: ')], { rPort: 23 }).how).toBe('pattern');
});

test('nothing breaks it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1), fc.uint8Array({ maxLength: 60 })), { maxLength: 10 }), (noise) => {
      const after = noise.map(([side, bytes]) => ({ side, bytes }) as Step);
      expect(converse([telnet], [...steps.slice(0, 2), ...after], { pieces: 3 }).threw).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
