// Proves that IRC tells nicks, users, channels and offered files, never words, keys or passwords, however the bytes are cut.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import { irc } from './irc.ts';

const c = (text: string): Step => ({ side: 0, bytes: bytesOf(`'${text}`) });
const s = (text: string): Step => ({ side: 1, bytes: bytesOf(`'${text}`) });
const steps: Step[] = [
  c('PASS sesame\r\nNICK jane\r\nUSER jroe 0 * :Jane Roe\r\n'),
  s(':irc.example 001 jane :Welcome\r\n'),
  c('JOIN #a,#b key\r\n'),
  c('PRIVMSG #a :psst\r\n'),
  s(':max!m@x.example PRIVMSG jane :\x01DCC SEND "my file.zip" 3221225985 5000 1234\x01\r\n'),
  c('NICK janet\nOPER jane hunter2\n'),
];

test('a whole conversation', () => {
  const heard = converse([irc], steps);
  expect(heard.events()).toEqual([
    { command: 'NICK', value: 'jane' },
    { command: 'USER', value: 'jroe', detail: '0 * Jane Roe', nick: 'jane' },
    { command: 'JOIN', value: '#a', detail: " with channel key: '***'", nick: 'jane', user: 'jroe' },
    { command: 'JOIN', value: '#b', nick: 'jane', user: 'jroe' },
    { command: 'DCC', value: 'SEND', fileName: 'my file.zip', fileBytes: 1234, nick: 'jane', user: 'jroe' },
    { command: 'NICK', value: 'janet', nick: 'jane', user: 'jroe' },
    { command: 'OPER', value: 'jane', detail: '***', nick: 'janet', user: 'jroe' },
  ]);
  expect(heard.told[4].options.side).toBe(1);
  expect(heard.how).toBe('handshake');
  expect(JSON.stringify(heard.told)).not.toMatch(/sesame|psst|hunter2|key'?,/);
  expect(converse([irc], steps, { pieces: 1, open: true }).events()).toEqual(heard.events());
});

test('it is known from either side, and not from half a word', () => {
  expect(converse([irc], [s(':irc.example NOTICE * :hi\r\n')]).names).toEqual(['irc']);
  expect(converse([irc], [c('CAP LS 302\r\n')]).names).toEqual(['irc']);
  expect(converse([irc], [c('NICK x\r\n')]).names).toEqual([]);
  expect(converse([irc], [c('NICK x\r\n')], { rPort: 6667 }).how).toBe('pattern');
  expect(converse([irc], [c('USER x\r\n')], { rPort: 6667 }).how).toBe('port');
});

test('lines without end are passed over, rubbish ends it', () => {
  const long = converse([irc], [...steps.slice(0, 2), s(`:x ${'y'.repeat(20_000)}`), s('\r\n')]);
  expect(long.weird[0]).toBe('irc_line_size_exceeded');
  expect(long).toMatchObject({ kept: 0, bounded: [] });
  const rubbish = c('\u0001\u0002\n'.repeat(30));
  expect(converse([irc], [c('NICK anna\r\nUSER a b c :d\r\n'), rubbish]).isOver).toBe(true);
});

test('rubbish after the login hides nothing that follows', () => {
  const rubbish = c('\u0001\u0002\n'.repeat(30));
  const heard = converse([irc], [...steps.slice(0, 2), s(':srv 001 anna :Welcome\r\n'), rubbish, c('JOIN #next\r\n')]);
  expect(heard.events().at(-1)).toMatchObject({ command: 'JOIN', value: '#next' });
});

test('nothing breaks it', () => {
  fc.assert(
    fc.property(fc.nat(5), fc.nat(1), fc.uint8Array({ maxLength: 80 }), (after, side, noise) => {
      const hurt = [...steps.slice(0, after), { side, bytes: noise } as Step, ...steps.slice(after)];
      expect(converse([irc], hurt, { rPort: 6667 }).threw).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
