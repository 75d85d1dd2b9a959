// Proves that every variant of classic pcap gives the same frames, and that lengths which lie are told as damage.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { join, type PcapShape, pack, pcap, someFrames } from '../../../../test/contracts/capture-bytes.ts';
import { readAll } from '../../../../test/contracts/source-contract.ts';
import { openFiles } from './files.ts';

const folder = mkdtempSync(joinPath(tmpdir(), 'taplight-pcap-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function open(bytes: Uint8Array) {
  const path = joinPath(folder, 'capture');
  writeFileSync(path, bytes);
  return openFiles([path], { follow: false });
}

const frames = someFrames(5).map((frame, i) => ({ ...frame, ns: i * 200 }));
const kinds: [string, PcapShape, boolean][] = [
  ['microseconds', {}, false],
  ['nanoseconds', { magic: 0xa1b23c4d }, true],
  ['Kuznetzov', { magic: 0xa1b2cd34, moreRecordHeader: 8 }, false],
  ['Navtel', { magic: 0xa12b3c4d }, true],
  ['IXIA hardware', { magic: 0x1c0001ac, moreFileHeader: 4 }, true],
  ['IXIA software', { magic: 0x1c0001ab, moreFileHeader: 4 }, true],
  ['AIX', { minor: 2, network: 6, swapped: true }, true],
  ['version 2.3, lengths swapped', { minor: 3, swapped: true }, false],
  ['DG/UX', { major: 543, minor: 0, swapped: true }, false],
];

describe.each(kinds)('%s', (_name, shape, isNano) => {
  it.each([false, true])('big-endian %s', async (big) => {
    const source = await open(pcap(frames, { ...shape, big }));
    const seen = await readAll(source);
    const want = frames.map((frame) => ({
      us: frame.us,
      ns: isNano ? frame.ns : 0,
      wire: frame.wire ?? 0,
      iface: 0,
      data: Buffer.from(frame.data).toString('hex'),
    }));
    expect(seen).toEqual(want);
    expect(source.damage).toBeNull();
    expect(source.interfaces[0]).toMatchObject({ linkType: 1, ticksPerSec: isNano ? 1e9 : 1e6, snapLen: 65_535 });
  });
});

it('takes link type and length of the frame check sequence apart', async () => {
  const source = await open(pcap([], { network: 0x24000001 }));
  expect(source.interfaces[0]).toMatchObject({ linkType: 1, fcsLen: 4 });
  expect((await open(pcap([], { network: 0x20000071 }))).interfaces[0]).not.toHaveProperty('fcsLen');
});

it('a header without packets is a capture of no packets', async () => {
  const source = await open(pcap([], { snapLen: 0 }));
  expect(await readAll(source)).toEqual([]);
  expect(source.damage).toBeNull();
});

it('keeps a frame that claims to be shorter on the wire than what is there', async () => {
  const [seen] = await readAll(await open(pcap([{ us: 1, data: new Uint8Array(60), wire: 20 }])));
  expect([seen.data.length / 2, seen.wire]).toEqual([60, 20]);
});

it('keeps lengths on the wire that fit no signed number', async () => {
  const [seen] = await readAll(await open(pcap([{ us: 1, data: new Uint8Array(4), wire: 0xffffffff }])));
  expect(seen.wire).toBe(0x7fffffff);
});

it.each([262_145, 0x7fffffff, 0x80000000, 0xffffffff])('a frame of %i bytes is damage', async (length) => {
  for (const big of [false, true]) {
    const good = pcap(frames, { big });
    const source = await open(join(good, pack(big, 'wwww', 1, 1, length, length), new Uint8Array(100)));
    expect((await readAll(source)).length).toBe(5);
    expect(source.damage).toMatchObject({ name: 'pcap.length', at: good.length });
    expect(source.damage?.because).toContain(String(length));
  }
});

it('reads frames larger than the window when the file declares them', async () => {
  const large = { us: 5, data: new Uint8Array(3_000_000).fill(7) };
  const seen = await readAll(await open(pcap([frames[0], large, frames[1]], { snapLen: 4_000_000 })));
  expect(seen.map((frame) => frame.data.length / 2)).toEqual([frames[0].data.length, 3_000_000, frames[1].data.length]);
});

it('reads a file many windows long, record by record across their borders', async () => {
  const many = someFrames(20_000);
  const source = await open(pcap(many));
  const seen = await readAll(source);
  expect(seen.length).toBe(20_000);
  expect(seen.every((frame, i) => frame.data === Buffer.from(many[i].data).toString('hex'))).toBe(true);
  expect(source.progress().doneBytes).toBe(source.progress().totalBytes);
  expect(source.stats().received).toBe(20_000);
});

it('carries a fraction of more than a second', async () => {
  const head = pcap([]);
  const [seen] = await readAll(await open(join(head, pack(false, 'wwww', 10, 3_500_000, 0, 0))));
  expect(seen.us).toBe(13_500_000);
});

it('refuses versions that nobody wrote', async () => {
  await expect(open(pcap([], { major: 3 }))).rejects.toMatchObject({ code: 'UNKNOWN_FILE_FORMAT' });
});
