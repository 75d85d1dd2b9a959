// Proves that SMB 2 sessions are told: dialect, login, shares, files, calls through pipes; in any pieces and after gaps.
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../../golden/converse.ts';
import { dcerpc } from '../dcerpc/dcerpc.ts';
import { kerberos } from '../kerberos/kerberos.ts';
import { big, faultsOfDamage, joined, little, ntlmMessage, utf16 } from '../mutations.ts';
import { ntlm } from '../ntlm.ts';
import { smbFile, smbMapping } from './fields.ts';
import { smb } from './smb.ts';

const protocols = [smb, smbFile, smbMapping, ntlm, kerberos, dcerpc];
const port = { rPort: 445 };
const sessionId = 0x40_0001;

interface Options {
  readonly status?: number;
  readonly isResponse?: boolean;
  readonly tree?: number;
  readonly next?: number;
}
const message = (command: number, id: number, body: Uint8Array, options: Options = {}) =>
  joined(
    bytesOf("fe 'SMB".slice(0, 2), "'SMB", '40 00 01 00'),
    little(options.status ?? 0, 4),
    little(command, 2),
    little(1, 2),
    little(options.isResponse === true ? 1 : 0, 4),
    little(options.next ?? 0, 4),
    little(id, 8),
    little(0, 4),
    little(options.tree ?? 5, 4),
    little(sessionId, 8),
    new Uint8Array(16),
    body,
  );
const framed = (...messages: Uint8Array[]) => {
  const all = joined(...messages);
  return joined(Uint8Array.of(0), big(all.length, 3), all);
};
const ask = (command: number, id: number, body: Uint8Array, options: Options = {}): Step => ({
  side: 0,
  bytes: framed(message(command, id, body, options)),
});
const answer = (command: number, id: number, body: Uint8Array, options: Options = {}): Step => ({
  side: 1,
  bytes: framed(message(command, id, body, { ...options, isResponse: true })),
});

const guid = (byte: number) => new Uint8Array(16).fill(byte);
const negotiate = joined(
  little(36, 2),
  little(2, 2),
  little(0, 8),
  guid(0x11),
  little(0, 8),
  little(0x0210, 2),
  little(0x0300, 2),
);
const negotiated = joined(
  little(65, 2),
  little(1, 2),
  little(0x0300, 2),
  little(0, 2),
  guid(0x22),
  little(0, 4),
  little(65_536, 4),
  little(1_048_576, 4),
  little(524_288, 4),
  little(0, 16),
  little(128, 2),
  little(0, 2),
  little(0, 4),
);
const setup = (token: Uint8Array) =>
  joined(little(25, 2), little(0, 10), little(88, 2), little(token.length, 2), little(0, 8), token);
const setupDone = (token: Uint8Array) =>
  joined(little(9, 2), little(0, 2), little(72, 2), little(token.length, 2), token);
const connect = (path: string) =>
  joined(little(9, 2), little(0, 2), little(72, 2), little(2 * path.length, 2), utf16(path));
const connected = (type: number) => joined(little(16, 2), Uint8Array.of(type, 0), little(0, 12));
const create = (name: string, options = 0x40) =>
  joined(
    little(57, 2),
    little(0, 34),
    little(1, 4),
    little(options, 4),
    little(120, 2),
    little(2 * name.length, 2),
    little(0, 8),
    utf16(name),
  );
// 2020-01-01T00:00:00Z.
const newYear = bytesOf('00 00 05 69 36 c0 d5 01');
const created = (fid: number, size: number) =>
  joined(
    little(89, 2),
    little(0, 6),
    newYear,
    newYear,
    newYear,
    newYear,
    little(0, 8),
    little(size, 8),
    little(0, 8),
    guid(fid),
    little(0, 8),
  );
const close = (fid: number) => joined(little(24, 2), little(0, 6), guid(fid));
const closed = joined(little(60, 2), new Uint8Array(58));
const read = (fid: number, length: number) =>
  joined(little(49, 2), little(0, 2), little(length, 4), little(0, 8), guid(fid), little(0, 16));
const readDone = (contents: Uint8Array) =>
  joined(little(17, 2), Uint8Array.of(80, 0), little(contents.length, 4), little(0, 8), contents);
const write = (fid: number, contents: Uint8Array) =>
  joined(little(49, 2), little(112, 2), little(contents.length, 4), little(0, 8), guid(fid), little(0, 16), contents);
const written = (length: number) => joined(little(17, 2), little(0, 2), little(length, 4), little(0, 8));
const setInfo = (kind: number, fid: number, info: Uint8Array) =>
  joined(little(33, 2), Uint8Array.of(1, kind), little(info.length, 4), little(96, 2), little(0, 6), guid(fid), info);
const fuid = (fid: number) =>
  '88888888-4444-4444-4444-cccccccccccc'.replace(/[84c]{2}/g, fid.toString(16).padStart(2, '0'));

const login: readonly Step[] = [
  ask(0, 0, negotiate),
  answer(0, 0, negotiated),
  ask(1, 1, setup(new Uint8Array(8))),
  answer(1, 1, setupDone(ntlmMessage(2)), { status: 0xc000_0016 }),
  ask(1, 2, setup(ntlmMessage(3))),
  answer(1, 2, setupDone(new Uint8Array(0))),
];
const disk: readonly Step[] = [ask(3, 3, connect('\\\\files\\plans')), answer(3, 3, connected(1))];
const work: readonly Step[] = [
  ask(5, 4, create('plan.txt')),
  answer(5, 4, created(0xaa, 300)),
  ask(8, 5, read(0xaa, 300)),
  answer(8, 5, readDone(new Uint8Array(300))),
  ask(9, 6, write(0xaa, new Uint8Array(40))),
  answer(9, 6, written(40)),
  ask(17, 7, setInfo(10, 0xaa, joined(little(0, 16), little(14, 4), utf16('old.txt')))),
  answer(17, 7, little(2, 2)),
  ask(6, 8, close(0xaa)),
  answer(6, 8, closed),
];
const session = [...login, ...disk, ...work];

describe('a session', () => {
  it.each([undefined, 1, 50])('is told in pieces of %s bytes', (pieces) => {
    const heard = converse(protocols, session, { ...port, ...(pieces !== undefined && { pieces }) });
    expect(heard).toMatchObject({ names: ['smb'], how: 'handshake', kept: 0, threw: [], weird: [] });
    expect(heard.events('smb')).toMatchObject([
      {
        id: 1,
        command: 'SMB2_COMMAND_NEGOTIATE_PROTOCOL',
        dialect: '3.00',
        status: 'STATUS_SUCCESS',
        statusCode: '0x0',
        clientDialects: ['2.10', '3.00'],
        clientGuid: fuid(0x11),
        serverGuid: fuid(0x22),
        maxReadSize: 1_048_576,
        maxWriteSize: 524_288,
      },
      { id: 2, command: 'SMB2_COMMAND_SESSION_SETUP', status: 'STATUS_MORE_PROCESSING_REQUIRED', sessionId },
      {
        id: 3,
        status: 'STATUS_SUCCESS',
        isLogin: true,
        ntlmssp: { user: 'anna', domain: 'EXAMPLE', host: 'DESK1', version: '10.0 build 10586 rev 15' },
      },
      { id: 4, command: 'SMB2_COMMAND_TREE_CONNECT', share: '\\\\files\\plans', shareType: 'FILE', treeId: 5 },
      {
        id: 5,
        command: 'SMB2_COMMAND_CREATE',
        filename: 'plan.txt',
        disposition: 'FILE_OPEN',
        access: 'normal',
        created: 1_577_836_800,
        size: 300,
        fuid: fuid(0xaa),
      },
      {
        id: 8,
        command: 'SMB2_COMMAND_SET_INFO',
        rename: { from: 'plan.txt', to: 'old.txt' },
        setInfo: { class: 'FILE_INFO', info_level: 'SMB2_FILE_RENAME_INFO' },
      },
      {
        id: 6,
        command: 'SMB2_COMMAND_READ',
        filename: 'plan.txt',
        share: '\\\\files\\plans',
        readBytes: 300,
        status: 'STATUS_SUCCESS',
      },
      { id: 7, command: 'SMB2_COMMAND_WRITE', writtenBytes: 40 },
      { id: 9, command: 'SMB2_COMMAND_CLOSE', latencyUs: 1000 },
    ]);
    expect(heard.events('ntlm')).toMatchObject([{ user: 'anna', serverNetbiosName: 'FILES', isSuccess: true }]);
    expect(heard.events('smb_mapping')).toEqual([{ path: '\\\\files\\plans', shareType: 'DISK' }]);
    expect(heard.events('smb_files')).toMatchObject([
      {
        action: 'SMB::FILE_OPEN',
        name: 'plan.txt',
        sizeBytes: 300,
        path: '\\\\files\\plans',
        modifiedUs: 1_577_836_800_000_000,
      },
      { action: 'SMB::FILE_RENAME', name: 'old.txt', previousName: 'plan.txt' },
    ]);
    expect(heard.events('file')).toMatchObject([
      { appProto: 'smb', shownName: 'plan.txt', size: 300, state: 'CLOSED', smb: { command: 'SMB2_COMMAND_READ' } },
      { shownName: 'plan.txt', size: 40, state: 'CLOSED' },
    ]);
  });

  it('tells a login that failed', () => {
    const heard = converse(protocols, [login[4], answer(1, 2, new Uint8Array(8), { status: 0xc000_006d })], port);
    expect(heard.events('smb')).toMatchObject([
      { status: 'STATUS_LOGON_FAILURE', statusCode: '0xc000006d', isLogin: false, dialect: 'unknown' },
    ]);
    expect(heard.events('ntlm')).toMatchObject([{ user: 'anna', isSuccess: false }]);
  });

  it('finds the server when its answer is seen first', () => {
    const heard = converse(protocols, [{ side: 0, bytes: login[1].bytes ?? new Uint8Array(0) }], { rPort: 40_003 });
    expect(heard).toMatchObject({ names: ['smb'], how: 'handshake' });
  });

  it('goes on after a gap', () => {
    const torn = joined(new Uint8Array(33).fill(0x41), disk[0].bytes ?? new Uint8Array(0));
    const heard = converse(protocols, [...login, { side: 0, gap: 100 }, { side: 0, bytes: torn }, disk[1]], port);
    expect(heard.events('smb_mapping')).toHaveLength(1);
  });

  it('tells what is open when the flow ends', () => {
    const heard = converse(protocols, [...disk, ...work.slice(0, 4), ask(14, 30, new Uint8Array(32))], port);
    expect(heard.events('smb').slice(-2)).toMatchObject([
      { command: 'SMB2_COMMAND_FIND' },
      { command: 'SMB2_COMMAND_READ', readBytes: 300 },
    ]);
  });

  it('tells an answer that takes its time once', () => {
    const steps = [
      ask(15, 9, new Uint8Array(32)),
      answer(15, 9, new Uint8Array(8), { status: 0x103 }),
      answer(15, 9, new Uint8Array(8)),
    ];
    expect(converse(protocols, steps, port).events('smb')).toMatchObject([
      { command: 'SMB2_COMMAND_CHANGE_NOTIFY', status: 'STATUS_SUCCESS' },
    ]);
  });
});

it('reads several messages in one frame', () => {
  const first = create('plan.txt');
  const requests = framed(
    message(5, 4, joined(first, new Uint8Array((8 - (first.length & 7)) & 7)), {
      next: 64 + Math.ceil(first.length / 8) * 8,
    }),
    message(17, 5, setInfo(13, 0xff, Uint8Array.of(1))),
  );
  const answers = framed(
    message(5, 4, created(0xab, 0), { isResponse: true, next: 64 + 88 }),
    message(17, 5, little(2, 2), { isResponse: true }),
  );
  const heard = converse(
    protocols,
    [
      { side: 0, bytes: requests },
      { side: 1, bytes: answers },
    ],
    port,
  );
  expect(heard.events('smb')).toMatchObject([
    { command: 'SMB2_COMMAND_CREATE', filename: 'plan.txt' },
    { command: 'SMB2_COMMAND_SET_INFO', filename: 'plan.txt', access: 'delete on close' },
  ]);
});

it('does not wait for the contents of files', () => {
  const large = ask(9, 6, write(0xaa, new Uint8Array(200_000)));
  const heard = converse(protocols, [...disk, ...work.slice(0, 2), large, ...work.slice(8)], { ...port, pieces: 1400 });
  expect(heard.events('smb').find((one) => one.command === 'SMB2_COMMAND_WRITE')).toMatchObject({
    writtenBytes: 200_000,
  });
  expect(heard).toMatchObject({ kept: 0, bounded: [] });
});

it('skips what is encrypted', () => {
  const sealed = joined(Uint8Array.of(0), big(500, 3), bytesOf('fd', "'SMB"), new Uint8Array(496).fill(0x99));
  const heard = converse(protocols, [...login, { side: 0, bytes: sealed }, ...disk], port);
  expect(heard.events('smb_mapping')).toHaveLength(1);
});

describe('calls through a pipe', () => {
  const atsvc = bytesOf('82 06 f7 1f 51 0a e8 30 07 6d 74 0b e8 ce e9 8b');
  const ndr = bytesOf('04 5d 88 8a eb 1c c9 11 9f e8 08 00 2b 10 48 60 02 00 00 00');
  const pdu = (type: number, callId: number, body: Uint8Array) =>
    joined(
      Uint8Array.of(5, 0, type, 3, 0x10, 0, 0, 0),
      little(16 + body.length, 2),
      little(0, 2),
      little(callId, 4),
      body,
    );
  const bind = pdu(11, 1, joined(little(0, 8), little(1, 4), little(0, 2), little(1, 2), atsvc, little(1, 4), ndr));
  const bindAck = pdu(12, 1, joined(little(0, 8), little(0, 4), little(1, 4), little(0, 4), ndr));
  const request = pdu(0, 2, joined(little(8, 4), little(0, 4), new Uint8Array(8)));
  const response = pdu(2, 2, joined(little(8, 4), little(0, 4), new Uint8Array(8)));
  const ioctl = (fid: number, input: Uint8Array) =>
    joined(
      little(57, 2),
      little(0, 2),
      little(0x0011_c017, 4),
      guid(fid),
      little(120, 4),
      little(input.length, 4),
      new Uint8Array(24),
      input,
    );
  const ioctlDone = (fid: number, output: Uint8Array) =>
    joined(
      little(49, 2),
      little(0, 2),
      little(0x0011_c017, 4),
      guid(fid),
      little(112, 4),
      little(0, 4),
      little(112, 4),
      little(output.length, 4),
      new Uint8Array(8),
      output,
    );
  const calls: readonly Step[] = [
    ask(5, 4, create('atsvc')),
    answer(5, 4, created(0xcc, 0)),
    ask(9, 5, write(0xcc, bind)),
    answer(9, 5, written(bind.length)),
    ask(8, 6, read(0xcc, 1024)),
    answer(8, 6, readDone(bindAck)),
    ask(11, 7, ioctl(0xcc, request)),
    answer(11, 7, ioctlDone(0xcc, response)),
  ];
  const share: readonly Step[] = [ask(3, 3, connect('\\\\files\\IPC$')), answer(3, 3, connected(2))];

  it.each([
    ['with its share', share],
    ['without', []],
  ])('are told %s', (_, before) => {
    const heard = converse(protocols, [...before, ...calls], port);
    expect(heard.events('smb').slice(-2)).toMatchObject([
      {
        command: 'SMB2_COMMAND_WRITE',
        dcerpc: { request: 'BIND', response: 'BINDACK', interfaces: [{ service: 'atsvc', ack_result: 0 }] },
      },
      {
        command: 'SMB2_COMMAND_IOCTL',
        status: 'STATUS_SUCCESS',
        dcerpc: {
          request: 'REQUEST',
          response: 'RESPONSE',
          opnum: 0,
          interfaces: [{ procedure: 'NetrJobAdd' }],
          call_id: 2,
        },
      },
    ]);
    expect(heard.events('dcerpc')).toEqual([
      { endpoint: 'atsvc', operation: 'NetrJobAdd', pipe: 'atsvc', rttUs: 1000 },
    ]);
  });

  it('do not throw on damage', () => {
    expect(faultsOfDamage(protocols, [...share, ...calls], port, 60)).toEqual([]);
  });
});

it('remembers a bounded number of requests and files', () => {
  const many = Array.from({ length: 3000 }, (_, i): Step[] => [
    ask(5, i, create(`${i}`)),
    answer(5, i, created(i & 255, 0)),
  ]).flat();
  const open = Array.from({ length: 1000 }, (_, i): Step => ask(15, 5000 + i, new Uint8Array(32)));
  const heard = converse(protocols, [...disk, ...many, ...open], port);
  expect(heard).toMatchObject({ kept: 0, threw: [] });
});

it('does not throw on damage', () => {
  expect(faultsOfDamage(protocols, session, port, 80)).toEqual([]);
});
