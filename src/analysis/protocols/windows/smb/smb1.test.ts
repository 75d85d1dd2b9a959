// Proves that SMB 1 sessions are told: dialect, login, shares, files, calls through pipes, and errors of three kinds.
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Step } from '../../golden/converse.ts';
import { dcerpc } from '../dcerpc/dcerpc.ts';
import { kerberos } from '../kerberos/kerberos.ts';
import { big, faultsOfDamage, joined, little, ntlmMessage, utf16 } from '../mutations.ts';
import { ntlm } from '../ntlm.ts';
import { smbFile, smbMapping } from './fields.ts';
import { smb } from './smb.ts';
import { oldStatusText, statusText } from './status.ts';

const protocols = [smb, smbFile, smbMapping, ntlm, kerberos, dcerpc];
const port = { rPort: 139 };
const andxNone = bytesOf('ff 00 00 00');

interface Options {
  readonly status?: number;
  readonly isResponse?: boolean;
  readonly flags2?: number;
  readonly tree?: number;
}
const framed = (
  command: number,
  id: number,
  words: Uint8Array,
  bytes: Uint8Array,
  options: Options = {},
): Uint8Array => {
  const message = joined(
    bytesOf('ff', "'SMB"),
    Uint8Array.of(command),
    little(options.status ?? 0, 4),
    Uint8Array.of(options.isResponse === true ? 0x98 : 0x18),
    little(options.flags2 ?? 0xc801, 2),
    new Uint8Array(12),
    little(options.tree ?? 7, 2),
    little(99, 2),
    little(2048, 2),
    little(id, 2),
    Uint8Array.of(words.length >> 1),
    words,
    little(bytes.length, 2),
    bytes,
  );
  return joined(Uint8Array.of(0), big(message.length, 3), message);
};
const ask = (command: number, id: number, words: Uint8Array, bytes: Uint8Array, options: Options = {}): Step => ({
  side: 0,
  bytes: framed(command, id, words, bytes, options),
});
const answer = (command: number, id: number, words: Uint8Array, bytes: Uint8Array, options: Options = {}): Step => ({
  side: 1,
  bytes: framed(command, id, words, bytes, { ...options, isResponse: true }),
});
const nothing = new Uint8Array(0);
const text = (value: string) => utf16(`${value}\0`);

const negotiate: readonly Step[] = [
  ask(0x72, 1, nothing, bytesOf('02', "'PC NETWORK PROGRAM 1.0\0", '02', "'NT LM 0.12\0")),
  answer(0x72, 1, joined(little(1, 2), new Uint8Array(32)), new Uint8Array(16).fill(0x33)),
];
const setup = (token: Uint8Array) => joined(andxNone, little(0, 10), little(token.length, 2), little(0, 8));
const padTo = (token: Uint8Array) => ((32 + 1 + 24 + 2 + token.length) & 1 ? Uint8Array.of(0) : nothing);
const login: readonly Step[] = [
  ask(
    0x73,
    2,
    setup(ntlmMessage(3)),
    joined(ntlmMessage(3), padTo(ntlmMessage(3)), text('Windows 5.1'), text('LAN Manager'), text('')),
  ),
  answer(0x73, 2, joined(andxNone, little(0, 2), little(0, 2)), joined(Uint8Array.of(0), text('Unix'), text('Samba'))),
];
const connect: readonly Step[] = [
  ask(
    0x75,
    3,
    joined(andxNone, little(0, 2), little(1, 2)),
    joined(Uint8Array.of(0), text('\\\\FILES\\PLANS'), bytesOf("'?????\0")),
  ),
  answer(0x75, 3, joined(andxNone, little(0, 2)), joined(bytesOf("'A:\0"), text('NTFS'))),
];
// 2020-01-01T00:00:00Z.
const newYear = bytesOf('00 00 05 69 36 c0 d5 01');
const create = (id: number, name: string): Step =>
  ask(
    0xa2,
    id,
    joined(
      andxNone,
      Uint8Array.of(0),
      little(2 * name.length, 2),
      new Uint8Array(28),
      little(1, 4),
      little(0x40, 4),
      little(0, 5),
    ),
    joined(Uint8Array.of(0), text(name)),
  );
const created = (id: number, fid: number): Step =>
  answer(
    0xa2,
    id,
    joined(
      andxNone,
      Uint8Array.of(0),
      little(fid, 2),
      little(1, 4),
      newYear,
      newYear,
      newYear,
      newYear,
      little(0, 12),
      little(300, 8),
      new Uint8Array(5),
    ),
    nothing,
  );
const files: readonly Step[] = [
  create(4, '\\plan.txt'),
  created(4, 0x1234),
  ask(0x2e, 5, joined(andxNone, little(0x1234, 2), little(0, 4), new Uint8Array(14)), nothing),
  answer(0x2e, 5, joined(andxNone, little(0, 6), little(80, 2), little(60, 2), new Uint8Array(10)), new Uint8Array(81)),
  ask(0x07, 6, little(0, 2), joined(Uint8Array.of(4), text('\\plan.txt'), Uint8Array.of(4, 0), text('\\old.txt'))),
  answer(0x07, 6, nothing, nothing),
  ask(0x04, 7, joined(little(0x1234, 2), little(0, 4)), nothing),
  answer(0x04, 7, nothing, nothing),
];
const session = [...negotiate, ...login, ...connect, ...files];

describe('a session', () => {
  it.each([undefined, 1, 40])('is told in pieces of %s bytes', (pieces) => {
    const heard = converse(protocols, session, { ...port, ...(pieces !== undefined && { pieces }) });
    expect(heard).toMatchObject({ names: ['smb'], how: 'handshake', kept: 0, threw: [] });
    expect(heard.events('smb')).toMatchObject([
      {
        id: 1,
        command: 'SMB1_COMMAND_NEGOTIATE_PROTOCOL',
        dialect: 'NT LM 0.12',
        clientDialects: ['PC NETWORK PROGRAM 1.0', 'NT LM 0.12'],
        serverGuid: '33333333-3333-3333-3333-333333333333',
      },
      {
        id: 2,
        command: 'SMB1_COMMAND_SESSION_SETUP_ANDX',
        isLogin: true,
        ntlmssp: { user: 'anna' },
        request: { native_os: 'Windows 5.1', native_lm: 'LAN Manager' },
        response: { native_os: 'Unix', native_lm: 'Samba' },
      },
      {
        id: 3,
        command: 'SMB1_COMMAND_TREE_CONNECT_ANDX',
        share: '\\\\FILES\\PLANS',
        service: { request: '?????', response: 'A:' },
        treeId: 7,
      },
      {
        id: 4,
        command: 'SMB1_COMMAND_NT_CREATE_ANDX',
        filename: '\\plan.txt',
        disposition: 'FILE_OPEN',
        created: 1_577_836_800,
        size: 300,
        fuid: '1234',
      },
      { id: 6, command: 'SMB1_COMMAND_RENAME', rename: { from: '\\plan.txt', to: '\\old.txt' } },
      { id: 5, command: 'SMB1_COMMAND_READ_ANDX', filename: '\\plan.txt', readBytes: 80 },
      { id: 7, command: 'SMB1_COMMAND_CLOSE', status: 'STATUS_SUCCESS' },
    ]);
    expect(heard.events('smb_mapping')).toEqual([
      { path: '\\\\FILES\\PLANS', shareType: 'DISK', service: 'A:', fileSystem: 'NTFS' },
    ]);
    expect(heard.events('smb_files')).toMatchObject([
      { action: 'SMB::FILE_OPEN' },
      { action: 'SMB::FILE_RENAME', name: '\\old.txt', previousName: '\\plan.txt' },
    ]);
  });

  it('follows a chain of commands', () => {
    const words = joined(
      Uint8Array.of(0x75, 0),
      little(32 + 27 + 2 + 4, 2),
      little(0, 10),
      little(0, 4),
      little(0, 8),
      new Uint8Array(2),
    );
    const second = joined(
      Uint8Array.of(4),
      andxNone,
      little(0, 4),
      little(2, 2),
      bytesOf("00 '\\\\F\\P\0".slice(0, 2), "'\\\\F\\P\0A:\0"),
    );
    const bytes = joined(bytesOf("'\0\0\0\0"), second);
    const heard = converse(protocols, [ask(0x73, 2, words, bytes, { flags2: 0x4801 })], port);
    expect(heard.events('smb').map((one) => one.command)).toEqual([
      'SMB1_COMMAND_SESSION_SETUP_ANDX',
      'SMB1_COMMAND_TREE_CONNECT_ANDX',
    ]);
  });

  it('knows a session of NetBIOS that goes before', () => {
    const named = joined(
      bytesOf('81 00 00 44 20'),
      new Uint8Array(32).fill(0x43),
      bytesOf('00 20'),
      new Uint8Array(32).fill(0x43),
      bytesOf('00'),
    );
    const heard = converse(
      protocols,
      [{ side: 0, bytes: named }, { side: 1, bytes: bytesOf('82 00 00 00') }, ...negotiate],
      port,
    );
    expect(heard.names).toEqual(['smb']);
    expect(heard.events('smb')).toHaveLength(1);
  });
});

describe('errors', () => {
  it('of the server are told by their class', () => {
    const steps = [
      ask(0x74, 9, andxNone, nothing),
      answer(0x74, 9, nothing, nothing, { status: 0x005b_0002, flags2: 0x8801 }),
    ];
    expect(converse(protocols, steps, port).events('smb')).toMatchObject([
      { status: 'SRV_BADUID', statusCode: '0x005b' },
    ]);
  });

  it('have names', () => {
    expect(statusText(0xc000_0022)).toBe('STATUS_ACCESS_DENIED');
    expect(statusText(0xc0de_0001)).toBe('3235774465');
    expect(oldStatusText(1, 5)).toBe('DOS_ACCESS_DENIED');
    expect(oldStatusText(3, 31)).toBe('UNKNOWN_03_001f');
  });
});

it('tells calls through a pipe', () => {
  const atsvc = bytesOf('82 06 f7 1f 51 0a e8 30 07 6d 74 0b e8 ce e9 8b');
  const pdu = (type: number, body: Uint8Array) =>
    joined(Uint8Array.of(5, 0, type, 3, 0x10, 0, 0, 0), little(16 + body.length, 2), little(0, 2), little(1, 4), body);
  const bind = pdu(
    11,
    joined(little(0, 8), little(1, 4), little(0, 2), little(1, 2), atsvc, little(1, 4), new Uint8Array(20)),
  );
  const bindAck = pdu(12, joined(little(0, 8), little(0, 4), little(1, 4), new Uint8Array(24)));
  const name = joined(Uint8Array.of(0), text('\\PIPE\\'), Uint8Array.of(0));
  const dataAt = 32 + 1 + 32 + 2 + name.length;
  const words = joined(
    little(0, 22),
    little(bind.length, 2),
    little(dataAt, 2),
    Uint8Array.of(2, 0),
    little(0x26, 2),
    little(0x4000, 2),
  );
  const back = joined(little(0, 12), little(bindAck.length, 2), little(32 + 1 + 20 + 2, 2), little(0, 4));
  const heard = converse(protocols, [ask(0x25, 5, words, joined(name, bind)), answer(0x25, 5, back, bindAck)], port);
  expect(heard.events('smb')).toMatchObject([
    {
      command: 'SMB1_COMMAND_TRANS',
      dcerpc: { request: 'BIND', response: 'BINDACK', interfaces: [{ service: 'atsvc' }] },
    },
  ]);
});

it('does not throw on damage', () => {
  expect(faultsOfDamage(protocols, session, port, 80)).toEqual([]);
});

describe('transactions that exploits misuse', () => {
  const weirds = (steps: readonly Step[]) =>
    converse(protocols, [...negotiate, ...login, ...connect, ...steps], port).weird;
  const trans2 = (id: number, subcommand: number) =>
    ask(0x32, id, joined(new Uint8Array(26), Uint8Array.of(1, 0), little(subcommand, 2)), nothing);
  const ntTrans = (id: number, kind: number) => ask(0xa0, id, joined(new Uint8Array(36), little(kind, 2)), nothing);

  it('notes the reserved subcommand, and the answer with another id', () => {
    expect(weirds([trans2(65, 0x0e), answer(0x32, 65, nothing, nothing)])).toEqual(['smb_trans2_session_setup']);
    expect(weirds([trans2(65, 0x0e), answer(0x32, 81, nothing, nothing)])).toEqual([
      'smb_trans2_session_setup',
      'smb_multiplex_id_changed',
    ]);
    expect(weirds([trans2(65, 5), answer(0x32, 81, nothing, nothing)])).toEqual([]);
  });

  it('notes the secondary of another kind, not one of its own', () => {
    const secondary = (command: number) => ask(command, 70, new Uint8Array(18), nothing);
    expect(weirds([ntTrans(70, 0), secondary(0x33)])).toEqual(['smb_mixed_transaction']);
    expect(weirds([ntTrans(70, 0), secondary(0xa1)])).toEqual([]);
    expect(weirds([trans2(70, 5), secondary(0x33)])).toEqual([]);
  });

  it('notes a rename with its rest in the same packet', () => {
    const rename = ntTrans(70, 5).bytes ?? nothing;
    const rest = ask(0xa1, 70, new Uint8Array(36), nothing).bytes ?? nothing;
    expect(weirds([{ side: 0, bytes: joined(rename, rest) }])).toEqual(['smb_nt_rename', 'smb_nt_rename_raced']);
    expect(
      weirds([
        { side: 0, bytes: rename },
        { side: 0, bytes: rest },
      ]),
    ).toEqual(['smb_nt_rename']);
  });
});
