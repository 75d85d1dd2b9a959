// Proves that FTP's commands are told with their replies, that data connections are announced and tied to them, and that no bytes break it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, converse, type Step } from '../golden/converse.ts';
import { ftp } from './ftp.ts';
import { readExtendedPassive, readExtendedPort, readPort } from './ftp-address.ts';
import { ftpData, newTransfer } from './ftp-data.ts';
import { pathIn, urlOf, walk } from './ftp-path.ts';

const c = (text: string): Step => ({ side: 0, bytes: bytesOf(`'${text}`) });
const s = (text: string): Step => ({ side: 1, bytes: bytesOf(`'${text}`) });
const steps: Step[] = [
  s('220-Hello\r\n  there\r\n220 FTP ready\r\n'),
  c('user jane\r\n'),
  s('331 password\r\n'),
  c('PASS open sesame\r\n'),
  s('230 in\r\n'),
  c('PWD\r\n'),
  s('257 "/pub" is current\r\n'),
  c('PASV\r\n'),
  s('227 Entering Passive Mode (127,0,0,2,200,1)\r\n'),
  c('RETR a file.txt\r\n'),
  s('150 Opening (77 bytes)\r\n'),
  s('226 done\r\n'),
  c('EPRT |1|127.0.0.1|4000|\r\n'),
  s('200 ok\r\n'),
  c('LIST\r\n'),
  s('150 go\r\n226 done\r\n'),
  c('QUIT\r\n'),
];

describe('a whole conversation', () => {
  const heard = converse([ftp, ftpData], steps);
  const eve = heard.told.filter((one) => one.options.only === 'eve').map((one) => one.event);
  const log = heard.told.filter((one) => one.options.only === 'log').map((one) => one.event);

  test('each command has its replies', () => {
    expect(eve[0]).toEqual({
      codes: ['220', '220'],
      replies: ['Hello', '  there', 'FTP ready'],
      hasReply: 'yes',
      isReplyCut: false,
    });
    expect(eve.slice(1)).toMatchObject([
      { command: 'USER', commandData: 'jane', isCommandCut: false, codes: ['331'] },
      { command: 'PASS', commandData: '***', codes: ['230'] },
      { command: 'PWD' },
      { command: 'PASV', dynamicPort: 51_201, mode: 'passive' },
      { command: 'RETR', commandData: 'a file.txt', codes: ['150', '226'], fileBytes: 77, user: 'jane' },
      { command: 'EPRT', dynamicPort: 4000, mode: 'active' },
      { command: 'LIST', replies: ['go', 'done'] },
      { command: 'QUIT', hasReply: 'no' },
    ]);
  });

  test('logs have what moves files, with URL and channel', () => {
    expect(log).toMatchObject([
      { command: 'PASV', isPassive: true, dataFrom: '127.0.0.1', dataTo: '127.0.0.2', dataPort: 51_201 },
      { command: 'RETR', arg: 'ftp://127.0.0.2/pub/a file.txt', replyCode: 226, replyMessage: 'done', fileBytes: 77 },
      { command: 'EPRT', isPassive: false, dataFrom: '127.0.0.2', dataTo: '127.0.0.1', dataPort: 4000 },
    ]);
    expect(log[0].password).toBe('<hidden>');
    expect(JSON.stringify(heard.told)).not.toContain('sesame');
  });

  test('data connections are announced, and told what goes over them', () => {
    expect(heard.expected).toMatchObject([
      { port: 51_201, protocol: 'ftp-data', given: { command: 'RETR', fileName: 'a file.txt', user: 'jane' } },
      { port: 4000, protocol: 'ftp-data', given: { command: 'LIST', fileName: null } },
    ]);
    const given = { ...newTransfer('jane'), command: 'RETR', fileName: 'a file.txt' };
    const data = converse(
      [ftpData],
      [
        { side: 1, bytes: new Uint8Array(70) },
        { side: 1, gap: 7 },
      ],
      { open: true, given },
    );
    expect(data.events()).toEqual([
      { command: 'RETR', fileName: 'a file.txt', user: 'jane', bytes: 77, missingBytes: 7 },
    ]);
    expect(converse([ftpData], [{ side: 1, bytes: new Uint8Array(3) }], { open: true }).events()).toEqual([]);
  });

  test('pieces of one byte tell the same', () => {
    const again = converse([ftp, ftpData], steps, { pieces: 1, rPort: 21 });
    expect(again.told.map((one) => one.event)).toEqual(heard.told.map((one) => one.event));
  });
});

test('a guest’s password is a mail address by custom and is told', () => {
  const heard = converse(
    [ftp],
    [steps[0], c('USER anonymous\r\n'), s('331 ?\r\n'), c('PASS me@x.example\r\n'), s('230 in\r\n')],
  );
  expect(heard.events().at(-1)).toMatchObject({ commandData: 'me@x.example' });
});

test('an address behind translation is announced with the real one', () => {
  const heard = converse([ftp], [steps[0], c('PASV\r\n'), s('227 (10,0,0,1,4,1)\r\n')]);
  expect(heard.expected.map(({ address }) => address?.words[0])).toEqual([0x0a000001, 0x7f000002]);
});

test('after AUTH TLS nothing more is read', () => {
  const heard = converse([ftp], [steps[0], c('AUTH TLS\r\n'), s('234 go\r\n'), c('\x16\x03\x01')]);
  expect(heard.events().at(-1)).toMatchObject({ command: 'AUTH', codes: ['234'] });
  expect(heard.how).toBe('handshake');
});

test('a command too long is cut and told, the rest passed over', () => {
  const heard = converse(
    [ftp],
    [steps[0], c(`RETR ${'x'.repeat(9000)}\r\n`), s('500 no\r\n'), c('RETR y\r\n'), s('500 no\r\n')],
  );
  const [, first, , second] = heard.told.filter((one) => one.options.only === 'eve').map((one) => one.event);
  expect(String(first.commandData)).toHaveLength(4091);
  expect(first.isCommandCut).toBe(true);
  expect(second ?? heard.events().at(-2)).toMatchObject({ commandData: 'y', isCommandCut: false });
});

test('commands without replies are bounded', () => {
  const heard = converse([ftp], [steps[0], c('NOOP\r\n'.repeat(200))]);
  expect(heard.weird[0]).toBe('FTP_too_many_pending_commands');
  expect(heard.events()).toHaveLength(201);
});

test('it is known by its name in the greeting, by its port, or by what only it has', () => {
  expect(converse([ftp], [s('220 mail ready\r\n')]).names).toEqual([]);
  expect(converse([ftp], [s('220 ready\r\n')], { rPort: 21 }).how).toBe('pattern');
  expect(converse([ftp], [s('220 (vsFTPd 3.0)\r\n')]).names).toEqual(['ftp']);
  expect(converse([ftp], [c('USER anonymous\r\n')]).names).toEqual(['ftp']);
  expect(converse([ftp], [c('USER a b c :d\r\n')]).names).toEqual([]);
});

test('addresses and paths', () => {
  expect(readPort('(1,2,3,4,1,2)')).toEqual({ ipVersion: 4, words: [0x01020304, 0, 0, 0], port: 258 });
  expect(readPort('1,2,3,4,256,2')).toBeNull();
  expect(readExtendedPort('|2|2001:db8::1|80|')?.words).toEqual([0x20010db8, 0, 0, 1]);
  for (const bad of ['', '|', '|3|x|1|', '|2|1::2::3|80|', '|1|1.2.3|80|', '|1|1.2.3.4|70000|']) {
    expect(readExtendedPort(bad)).toBeNull();
  }
  expect(readExtendedPassive('Mode (|||60931|)', 4)).toEqual({ ipVersion: 4, words: null, port: 60_931 });
  expect(readExtendedPassive('nothing', 4)).toBeNull();
  expect(walk('.', 'a.txt')).toBe('./a.txt');
  expect(walk('/a/b', '../c//./d')).toBe('/a/c/d');
  expect(walk('/', '../..')).toBe('/');
  expect(walk('.', '../x')).toBe('./../x');
  expect(pathIn('"/a b" x')).toBe('/a');
  expect(urlOf('2001:db8::1', '/', 'f')).toBe('ftp://[2001:db8::1]/f');
});

test('nothing breaks it', () => {
  fc.assert(
    fc.property(fc.nat(16), fc.nat(1), fc.uint8Array({ maxLength: 60 }), (after, side, noise) => {
      const hurt = [...steps.slice(0, after), { side, bytes: noise } as Step, ...steps.slice(after)];
      expect(converse([ftp, ftpData], hurt, { rPort: 21 }).threw).toEqual([]);
    }),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('|', '1', '2', ':', '.', '0', '/', 'a'), maxLength: 30 }), (text) => {
      readExtendedPort(text);
      readExtendedPassive(`(${text}`, 6);
      walk(text, text);
    }),
  );
});
