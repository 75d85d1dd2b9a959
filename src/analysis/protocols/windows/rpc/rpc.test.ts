// Proves that ONC RPC calls are matched with their replies, NFS names and handles told, other programs named.
import { describe, expect, it } from 'vitest';
import { converse, type Step } from '../../golden/converse.ts';
import { big, faultsOfDamage, joined } from '../mutations.ts';
import { crc32 } from './crc32.ts';
import { nfs, rpc } from './rpc.ts';

const word = (value: number) => big(value, 4);
const opaque = (bytes: Uint8Array) => joined(word(bytes.length), bytes, new Uint8Array((4 - (bytes.length & 3)) & 3));
const text = (value: string) => opaque(new TextEncoder().encode(value));
const unix = opaque(joined(word(1), text('desk1'), word(1000), word(100), word(0)));
const call = (xid: number, program: number, version: number, procedure: number, args: Uint8Array) =>
  joined(
    word(xid),
    word(0),
    word(2),
    word(program),
    word(version),
    word(procedure),
    word(1),
    unix,
    word(0),
    word(0),
    args,
  );
const reply = (xid: number, results: Uint8Array) =>
  joined(word(xid), word(1), word(0), word(0), word(0), word(0), results);
const directory = new Uint8Array(32).fill(7);
const file = new Uint8Array(32).fill(9);
const hash = (handle: Uint8Array) => crc32(handle, 0, handle.length).toString(16);
const read = (xid: number) => call(xid, 100003, 3, 6, joined(opaque(file), word(0), word(0), word(4096)));
const readReply = (xid: number, bytes: number, isEnd: boolean) =>
  reply(xid, joined(word(0), word(0), word(bytes), word(isEnd ? 1 : 0), opaque(new Uint8Array(bytes))));

const session: readonly Step[] = [
  { side: 0, bytes: call(1, 100003, 3, 3, joined(opaque(directory), text('plan.txt'))) },
  { side: 1, bytes: reply(1, joined(word(0), opaque(file), word(0), word(0))) },
  { side: 0, bytes: call(2, 100003, 3, 1, opaque(file)) },
  { side: 1, bytes: reply(2, joined(word(0), new Uint8Array(84))) },
  { side: 0, bytes: read(3) },
  { side: 1, bytes: readReply(3, 100, false) },
  { side: 0, bytes: read(4) },
  { side: 1, bytes: readReply(4, 50, true) },
  {
    side: 0,
    bytes: call(5, 100003, 3, 14, joined(opaque(directory), text('plan.txt'), opaque(directory), text('old.txt'))),
  },
  { side: 1, bytes: reply(5, word(13)) },
];
const udp = { proto: 17, rPort: 2049 } as const;
const framed = (steps: readonly Step[]) =>
  steps.map(
    ({ side, bytes = new Uint8Array(0) }): Step => ({
      side,
      bytes: joined(word((0x8000_0000 + bytes.length) >>> 0), bytes),
    }),
  );

const wanted = [
  {
    procedure: 'LOOKUP',
    filename: 'plan.txt',
    handle: hash(file),
    id: 1,
    status: 'OK',
    xid: 1,
    creds: { machine_name: 'desk1', uid: 1000, gid: 100 },
  },
  {
    procedure: 'READ',
    filename: 'plan.txt',
    handle: hash(file),
    id: 3,
    isFile: true,
    read: { first: true, last: true, last_xid: 4, chunks: 2 },
    readBytes: 150,
  },
  {
    procedure: 'RENAME',
    filename: 'plan.txt',
    handle: hash(directory),
    id: 4,
    status: 'ERR_ACCES',
    rename: { from: 'plan.txt', to: 'old.txt' },
  },
];

describe('NFS', () => {
  it('is told over UDP', () => {
    const heard = converse([nfs], session, udp);
    expect(heard.events()).toMatchObject(wanted);
    expect(heard).toMatchObject({ names: ['nfs'], how: 'handshake' });
  });

  it.each([undefined, 1, 17])('is told over TCP in pieces of %s bytes', (pieces) => {
    const heard = converse([nfs], framed(session), { rPort: 2049, ...(pieces !== undefined && { pieces }) });
    expect(heard.events()).toMatchObject(wanted);
    expect(heard.kept).toBe(0);
  });

  it('does not wait for the contents of files', () => {
    const written = call(
      9,
      100003,
      3,
      7,
      joined(opaque(file), word(0), word(0), word(60_000), word(0), word(60_000), new Uint8Array(2000)),
    );
    const bytes = joined(word(0x8000_0000 + 61_000), written);
    expect(converse([nfs], [{ side: 0, bytes }], { rPort: 2049 }).kept).toBe(0);
  });

  it('reads what a compound is about', () => {
    const compound = joined(
      text(''),
      word(0),
      word(3),
      word(22),
      opaque(directory),
      word(15),
      text('plan.txt'),
      word(10),
    );
    const heard = converse(
      [nfs],
      [
        { side: 0, bytes: call(1, 100003, 4, 1, compound) },
        { side: 1, bytes: reply(1, word(0)) },
      ],
      udp,
    );
    expect(heard.events()).toMatchObject([{ version: 4, procedure: 'LOOKUP', filename: 'plan.txt' }]);
  });
});

describe('other programs', () => {
  it('are named', () => {
    const steps: Step[] = [
      { side: 0, bytes: call(1, 100000, 2, 3, joined(word(100003), word(3), word(17), word(0))) },
      { side: 1, bytes: reply(1, word(2049)) },
      { side: 0, bytes: call(2, 100005, 3, 1, text('/home')) },
      { side: 1, bytes: reply(2, word(0)) },
    ];
    expect(converse([rpc, nfs], steps, { proto: 17, rPort: 111 }).events('rpc')).toMatchObject([
      { program: 'portmap', procedureName: 'GETPORT', portGiven: 2049, rpcStatus: 'ACCEPTED', authType: 'UNIX' },
      { program: 'mount', procedureName: 'MNT', path: '/home' },
    ]);
  });

  it('are not everything that is short', () => {
    expect(converse([rpc, nfs], [{ side: 0, bytes: new Uint8Array(60) }], { proto: 17, rPort: 111 }).names).toEqual([
      'rpc',
    ]);
    expect(converse([rpc, nfs], [{ side: 0, bytes: new Uint8Array(60) }], { proto: 17, rPort: 112 }).names).toEqual([]);
  });
});

it('counts the check sum of zip', () => {
  expect(crc32(new TextEncoder().encode('123456789'), 0, 9)).toBe(0xcbf4_3926);
});

it('does not throw on damage', () => {
  expect(faultsOfDamage([nfs, rpc], session, udp)).toEqual([]);
  expect(faultsOfDamage([nfs, rpc], framed(session), { rPort: 2049 }, 100)).toEqual([]);
});
