// Proves that POP3's commands are told with their answers, that messages and passwords are not, and that nothing breaks it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import { pop3 } from './pop3.ts';

const c = (text: string): Step => ({ side: 0, bytes: bytesOf(`'${text}`) });
const s = (text: string): Step => ({ side: 1, bytes: bytesOf(`'${text}`) });
const steps: Step[] = [
  s('+OK POP3 ready <1.2@mx.example>\r\n'),
  c('CAPA\r\n'),
  s('+OK list\r\nUSER\r\n..dot\r\n.\r\n'),
  c('USER jane\r\n'),
  s('+OK\r\n'),
  c('PASS open sesame\r\n'),
  s('-ERR [AUTH] no\r\n'),
  c('AUTH PLAIN\r\n'),
  s('+ \r\n'),
  c('AGphbmUAczNjcjN0\r\n'),
  s('+OK in\r\n'),
  c('RETR 1\r\nLIST 1\r\n'),
  s('+OK 20 octets\r\nSubject: private\r\n\r\nbody\r\n.\r\n+OK 1 20\r\n'),
  c('QUIT\r\n'),
];

test('a whole conversation', () => {
  const heard = converse([pop3], steps);
  const ok = (header: string) => ({ success: true, status: 'OK', header });
  expect(heard.events().map(({ request, response }) => [request, response])).toEqual([
    [undefined, ok('POP3 ready <1.2@mx.example>')],
    [{ command: 'CAPA' }, { ...ok('list'), data: ['USER', '.dot'] }],
    [{ command: 'USER', args: ['jane'] }, ok('')],
    [
      { command: 'PASS', args: ['***'] },
      { success: false, status: 'ERR', header: '[AUTH] no' },
    ],
    [{ command: 'AUTH', args: ['PLAIN'] }, ok('')],
    [{ command: '<SASL DATA>' }, ok('in')],
    [{ command: 'RETR', args: ['1'] }, ok('20 octets')],
    [{ command: 'LIST', args: ['1'] }, ok('1 20')],
    [{ command: 'QUIT' }, undefined],
  ]);
  expect(JSON.stringify(heard.told)).not.toMatch(/sesame|AGphbmU|private/);
  expect(converse([pop3], steps, { pieces: 1, rPort: 110 }).events()).toEqual(heard.events());
  expect(heard.events().at(-1)).toMatchObject({ user: 'jane' });
});

test('it is known by a greeting that names it, or at its port', () => {
  expect(converse([pop3], [s('+OK ready\r\n')]).names).toEqual([]);
  expect(converse([pop3], [s('+OK ready\r\n')], { rPort: 110 }).how).toBe('pattern');
  expect(converse([pop3], [s('+OK Dovecot POP3\r\n')]).names).toEqual(['pop3']);
  expect(converse([pop3], [c('USER x\r\n')], { rPort: 110 }).how).toBe('pattern');
});

test('too many words that are none end it; commands without answers are bounded', () => {
  const stray = converse([pop3], [steps[0], c('*2\r\n'.repeat(30))]);
  expect(stray.weird[0]).toBe('pop3_client_command_unknown');
  expect(stray.isOver).toBe(true);
  const silent = converse([pop3], [steps[0], c('NOOP\r\n'.repeat(100))]);
  expect(silent.weird[0]).toBe('pop3_client_too_many_pending_commands');
  expect(silent.events()).toHaveLength(101);
});

test('nothing breaks it', () => {
  fc.assert(
    fc.property(fc.nat(12), fc.nat(1), fc.uint8Array({ maxLength: 60 }), (after, side, noise) => {
      const hurt = [...steps.slice(0, after), { side, bytes: noise } as Step, ...steps.slice(after)];
      expect(converse([pop3], hurt, { rPort: 110 }).threw).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
