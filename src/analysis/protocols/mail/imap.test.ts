// Proves that IMAP's commands are told with user, mailbox and outcome, that literals and passwords are passed over.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import { imap } from './imap.ts';

const c = (text: string): Step => ({ side: 0, bytes: bytesOf(`'${text}`) });
const s = (text: string): Step => ({ side: 1, bytes: bytesOf(`'${text}`) });
const steps: Step[] = [
  s('* OK IMAP4rev1 ready\r\n'),
  c('a1 LOGIN "ja\\"ne" "open sesame"\r\n'),
  s('a1 NO [AUTHENTICATIONFAILED] no\r\n'),
  c('a2 login jane {6}\r\n'),
  s('+ go\r\n'),
  c('hunter\r\n'),
  s('a2 OK in\r\n'),
  c('a3 SELECT "Sent Mail"\r\n'),
  s('* 3 EXISTS\r\na3 OK [READ-WRITE] done\r\n'),
  c('a4 UID FETCH 1 BODY[]\r\n'),
  s('* 1 FETCH (UID 1 BODY[] {30}\r\na4 NO this is part of a message)\r\n'),
  s('a4 OK fetched\r\n'),
  c('a5 IDLE\r\n'),
  s('+ idling\r\n'),
  c('DONE\r\n'),
  s('a5 OK idled\r\n'),
];

test('a whole conversation', () => {
  const heard = converse([imap], steps);
  expect(heard.events()).toMatchObject([
    { tag: 'a1', command: 'LOGIN', user: 'ja"ne', status: 'NO', reply: '[AUTHENTICATIONFAILED] no', latencyUs: 1000 },
    { tag: 'a2', command: 'LOGIN', user: 'jane', status: 'OK' },
    { tag: 'a3', command: 'SELECT', mailbox: 'Sent Mail', status: 'OK' },
    { tag: 'a4', command: 'UID FETCH', status: 'OK', reply: 'fetched' },
    { tag: 'a5', command: 'IDLE', status: 'OK' },
  ]);
  expect(JSON.stringify(heard.told)).not.toMatch(/sesame|hunter/);
  const names = (pieces: number) =>
    converse([imap], steps, { pieces, rPort: 143 })
      .events()
      .map((event) => event.status);
  expect(names(1)).toEqual(['NO', 'OK', 'OK', 'OK', 'OK']);
});

test('AUTHENTICATE keeps the user', () => {
  const heard = converse(
    [imap],
    [steps[0], c('x AUTHENTICATE PLAIN\r\n'), s('+ \r\n'), c('AGphbmUAczNjcjN0\r\n'), s('x OK in\r\n')],
  );
  expect(heard.events()).toMatchObject([{ command: 'AUTHENTICATE', user: 'jane', status: 'OK' }]);
});

test('after STARTTLS nothing more is read', () => {
  const heard = converse([imap], [steps[0], c('x STARTTLS\r\n'), s('x OK go\r\n'), c('\x16\x03\x01')]);
  expect(heard.events()).toMatchObject([{ command: 'STARTTLS', status: 'OK' }]);
});

test('it is known by its greeting anywhere, by a command at its port', () => {
  expect(converse([imap], [s('* OK hello\r\n')]).names).toEqual(['imap']);
  expect(converse([imap], [c('1 NOOP\r\n')]).names).toEqual([]);
  expect(converse([imap], [c('1 NOOP\r\n')], { rPort: 143 }).how).toBe('pattern');
  expect(converse([imap], [c('GET / HTTP/1.1\r\n')], { rPort: 143 }).how).toBe('port');
});

test('nothing breaks it', () => {
  fc.assert(
    fc.property(fc.nat(15), fc.nat(1), fc.uint8Array({ maxLength: 60 }), (after, side, noise) => {
      const hurt = [...steps.slice(0, after), { side, bytes: noise } as Step, ...steps.slice(after)];
      expect(converse([imap], hurt, { rPort: 143 }).threw).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
