// Proves sections, interfaces, resolutions, options and damage of pcapng.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  block,
  iface,
  join,
  option,
  pack,
  packet,
  pcapng,
  section,
  someFrames,
} from '../../../../../test/contracts/capture-bytes.ts';
import { readAll } from '../../../../../test/contracts/source-contract.ts';
import { FrameBatch } from '../../../../core/index.ts';
import { openFiles } from '../files.ts';
import { clockOf, tellTime } from './pcapng-time.ts';

async function open(...parts: Uint8Array[]) {
  const bytes = join(...parts);
  return openFiles(['-'], {
    follow: false,
    stdin: (async function* () {
      yield bytes;
    })(),
  });
}

const four = Uint8Array.of(1, 2, 3, 4);
const orders = [false, true];

it('numbers interfaces through sections of different byte order', async () => {
  const parts = orders.flatMap((big) => [section(big), iface(big, 1), iface(big, 113), packet(big, 1, 5n, four)]);
  const source = await open(...parts);
  expect((await readAll(source)).map((frame) => frame.iface)).toEqual([1, 3]);
  expect(source.interfaces.map((each) => [each.linkType, each.section])).toEqual([
    [1, 0],
    [113, 0],
    [1, 1],
    [113, 1],
  ]);
});

it('tells time exactly at every resolution', () => {
  const batch = new FrameBatch();
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.nat(30),
      fc.boolean(),
      fc.integer({ min: -4000, max: 4000 }),
      (ticks, exponent, isBinary, offsetSec) => {
        const perSec = (isBinary ? 2n : 10n) ** BigInt(exponent);
        const ns = (ticks * 1_000_000_000n) / perSec;
        fc.pre(ns / 1000n < 9n * 10n ** 15n);
        tellTime(clockOf(exponent, isBinary, offsetSec), Number(ticks >> 32n), Number(ticks & 0xffffffffn), batch, 0);
        expect([batch.timeUs[0], batch.timeNs[0]]).toEqual([Number(ns / 1000n) + offsetSec * 1e6, Number(ns % 1000n)]);
      },
    ),
    { numRuns: 2000 },
  );
});

it.each(orders)('reads resolution and offset from options, big-endian %s', async (big) => {
  const options = join(option(big, 9, Uint8Array.of(9)), option(big, 14, pack(big, 'd', -3600n)));
  const source = await open(section(big), iface(big, 1, 96, options), packet(big, 0, 1_695_728_003_823_355_668n, four));
  const [seen] = await readAll(source);
  expect([seen.us, seen.ns]).toEqual([1_695_724_403_823_355, 668]);
  expect(source.interfaces[0]).toMatchObject({ ticksPerSec: 1e9, offsetSec: -3600, snapLen: 96 });
});

it.each(orders)('reads simple and obsolete packet blocks, big-endian %s', async (big) => {
  const simple = block(big, 3, join(pack(big, 'w', 10), four, four));
  const obsolete = block(big, 2, join(pack(big, 'hhwwww', 0, 7, 0, 99, 4, 60), four));
  const source = await open(section(big), iface(big, 1, 8), simple, obsolete, simple);
  const seen = await readAll(source);
  // Simple blocks have no time: the first one's is that of the first frame with one, the last one's that of the one before.
  expect(seen.map((frame) => [frame.us, frame.wire, frame.data])).toEqual([
    [99, 10, '0102030401020304'],
    [99, 60, '01020304'],
    [99, 10, '0102030401020304'],
  ]);
  expect(source.annotations[0].packets.get(2)?.droppedBefore).toBe(7);
});

it.each(orders)('keeps what blocks and options say, big-endian %s', async (big) => {
  const names = join(
    pack(big, 'hh', 1, 4 + 10),
    Uint8Array.of(127, 0, 0, 1),
    new TextEncoder().encode('localhost\0'),
    new Uint8Array(2),
    pack(big, 'hh', 0, 0),
  );
  const described = join(
    option(big, 2, 'eth7'),
    option(big, 3, 'the seventh'),
    option(big, 8, pack(big, 'd', 10_000_000_000n)),
    option(big, 11, '\0tcp port 80'),
    option(big, 12, 'Plan 9'),
    option(big, 13, Uint8Array.of(4)),
  );
  const counters = join(
    option(big, 4, pack(big, 'd', 100n)),
    option(big, 5, pack(big, 'd', 3n)),
    option(big, 7, pack(big, 'd', 2n)),
  );
  const source = await open(
    section(
      big,
      join(option(big, 1, 'hello'), option(big, 2, 'abacus'), option(big, 3, 'Plan 9'), option(big, 4, 'us')),
    ),
    iface(big, 1, 0, described),
    block(big, 4, names),
    block(big, 10, join(pack(big, 'ww', 0x544c534b, 4), four)),
    block(big, 0xbad, join(pack(big, 'w', 1), four)),
    block(big, 0x12345678, new Uint8Array(0)),
    packet(big, 0, 5n, four, join(option(big, 1, 'look'), option(big, 1, 'here'), option(big, 2, pack(big, 'w', 1)))),
    packet(big, 0, 6n, four, option(big, 4, pack(big, 'd', 9n))),
    block(big, 5, join(pack(big, 'www', 0, 0, 0), counters)),
  );
  expect(source.interfaces.length).toBe(1);
  expect((await readAll(source)).length).toBe(2);
  const said = source.annotations[0];
  expect(source.damage).toBeNull();
  expect(said.sections).toEqual([{ comments: ['hello'], hardware: 'abacus', os: 'Plan 9', application: 'us' }]);
  expect(said.interfaces[0]).toMatchObject({ filter: 'tcp port 80', os: 'Plan 9' });
  expect(source.interfaces[0]).toMatchObject({ name: 'eth7', description: 'the seventh', speedBps: 1e10, fcsLen: 4 });
  expect(said.names).toEqual([{ address: Uint8Array.of(127, 0, 0, 1), names: ['localhost'] }]);
  expect(said.secrets).toEqual([{ kind: 0x544c534b, data: four }]);
  expect(said.packets.get(1)).toEqual({ comments: ['look', 'here'], flags: 1, droppedBefore: null });
  expect(said.packets.get(2)?.droppedBefore).toBe(9);
  expect(source.stats()).toEqual({ received: 2, droppedKernel: 2, droppedInterface: 3 });
});

it('passes over a block larger than any window', async () => {
  const large = block(false, 0xbad, new Uint8Array(20_000_000));
  const source = await open(section(false), large, iface(false, 1), packet(false, 0, 1n, four));
  expect((await readAll(source)).length).toBe(1);
  expect(source.damage).toBeNull();
});

const good = pcapng(someFrames(3));
const damages: [string, Uint8Array, string][] = [
  ['a length that is not whole words', pack(false, 'wwww', 6, 33, 0, 0), 'pcapng.length'],
  ['a length shorter than the block', pack(false, 'www', 6, 12, 12), 'pcapng.length'],
  ['a length of 0', pack(false, 'www', 99, 0, 0), 'pcapng.length'],
  ['a length beyond all bounds', pack(false, 'www', 6, 0xfffffffc, 0), 'pcapng.length'],
  ['another length behind', pack(false, 'wwww', 99, 16, 0, 20), 'pcapng.trailer'],
  [
    'another length behind a packet',
    join(packet(false, 0, 5n, four).subarray(0, -4), pack(false, 'w', 40)),
    'pcapng.trailer',
  ],
  ['a packet of an unknown interface', packet(false, 1, 5n, four), 'pcapng.interface'],
  ['a frame longer than its block', block(false, 6, pack(false, 'wwwwww', 0, 0, 0, 5, 5, 0)), 'pcapng.packet-length'],
  ['a frame longer than any', packet(false, 0, 5n, new Uint8Array(262_148)), 'pcapng.packet-length'],
  ['a section without byte order', block(false, 0x0a0d0d0a, new Uint8Array(16)), 'pcapng.byte-order'],
  ['a section of version 2', section(false, undefined, 2), 'pcapng.version'],
  ['a packet before any interface of its section', join(section(true), packet(true, 0, 1n, four)), 'pcapng.interface'],
];

it.each(damages)('%s is damage', async (_name, bytes, damage) => {
  const source = await open(good, bytes, packet(false, 0, 5n, four));
  expect((await readAll(source)).length).toBe(3);
  expect(source.damage?.name).toBe(damage);
  expect(source.damage?.at).toBeGreaterThanOrEqual(good.length);
});

it('bounds what it keeps of remarks', async () => {
  const remark = option(false, 1, 'x');
  const packets = Array.from({ length: 10_050 }, () => packet(false, 0, 5n, four, remark));
  const source = await open(section(false), iface(false, 1), ...packets);
  expect((await readAll(source)).length).toBe(10_050);
  expect([source.annotations[0].packets.size, source.annotations[0].left]).toEqual([10_000, 50]);
});
