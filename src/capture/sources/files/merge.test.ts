// Proves that several files come out in the order of time, each in its own order, whatever the lengths of their runs.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { pcap, pcapng, type TestFrame } from '../../../../test/contracts/capture-bytes.ts';
import { closesWell, readAll } from '../../../../test/contracts/source-contract.ts';
import { openFiles } from './files.ts';

const folder = mkdtempSync(joinPath(tmpdir(), 'taplight-merge-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, bytes: Uint8Array): string {
  const path = joinPath(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** Frames at these times; their bytes tell file and number. */
const framesAt = (file: number, times: readonly number[]): TestFrame[] =>
  times.map((us, i) => ({
    us,
    data: Uint8Array.of(file, i >> 16, (i >> 8) & 255, i & 255, ...new Array(i % 5).fill(1)),
  }));

/** The plain definition of merging: always the earliest of the next, the first file at ties. */
function mergedPlainly(files: readonly TestFrame[][]): string[] {
  const next = files.map(() => 0);
  const out: string[] = [];
  for (;;) {
    let best = -1;
    files.forEach((frames, f) => {
      if (next[f] < frames.length && (best < 0 || frames[next[f]].us < files[best][next[best]].us)) best = f;
    });
    if (best < 0) return out;
    out.push(Buffer.from(files[best][next[best]++].data).toString('hex'));
  }
}

it('gives what the plain definition gives', async () => {
  const times = fc.array(fc.nat(40), { maxLength: 150 });
  await fc.assert(
    fc.asyncProperty(fc.array(times, { minLength: 2, maxLength: 5 }), async (all) => {
      const files = all.map((each, f) => framesAt(f, each));
      const paths = files.map((frames, f) => {
        const bytes = f % 2 === 0 ? pcap(frames) : pcapng(frames);
        return write(`p${f}`, f === 2 ? gzipSync(bytes) : bytes);
      });
      const source = await openFiles(paths, { follow: false });
      const seen = await readAll(source);
      source.close();
      expect(seen.map((frame) => frame.data)).toEqual(mergedPlainly(files));
    }),
    { numRuns: 60 },
  );
});

it('merges more than a batch, a window and a copy of each, with long and short runs', async () => {
  const sorted = (count: number, step: (i: number) => number) => {
    let us = 0;
    return Array.from({ length: count }, (_, i) => (us += step(i)));
  };
  const files = [
    framesAt(
      0,
      sorted(30_000, () => 10),
    ),
    framesAt(
      1,
      sorted(30_000, (i) => (i % 500 === 0 ? 5000 : 1)),
    ),
    framesAt(
      2,
      sorted(100, () => 3000),
    ),
  ];
  const paths = files.map((frames, f) => write(`long${f}`, pcap(frames)));
  const source = await openFiles(paths, { follow: false });
  const seen = await readAll(source);
  expect(seen.map((frame) => frame.data)).toEqual(mergedPlainly(files));
  expect(source.stats().received).toBe(60_100);
  expect(source.progress().doneBytes).toBe(source.progress().totalBytes);
});

it('renumbers interfaces, also of files without frames', async () => {
  const frames = framesAt(0, [10, 20]);
  const paths = [
    write('a', pcapng([{ ...frames[0], iface: 1 }], false, 2)),
    write('b', pcap([], { network: 113 })),
    write('c', pcapng([{ ...frames[1], iface: 2 }], true, 3)),
  ];
  const source = await openFiles(paths, { follow: false });
  expect((await readAll(source)).map((frame) => frame.iface)).toEqual([1, 5]);
  expect(source.interfaces.map((each) => each.linkType)).toEqual([1, 1, 113, 1, 1, 1]);
});

it('a damaged file ends, the others go on, and the damage names its file', async () => {
  const cut = pcap(framesAt(0, [1, 5, 9])).subarray(0, -1);
  const paths = [write('whole', pcap(framesAt(1, [2, 4, 11]))), write('cut', cut)];
  const source = await openFiles(paths, { follow: false });
  expect((await readAll(source)).map((frame) => frame.us)).toEqual([1, 2, 4, 5, 11]);
  expect(source.damage).toMatchObject({ name: 'pcap.truncated', input: paths[1] });
});

it('copies frames larger than its memory', async () => {
  const large = { us: 3, data: new Uint8Array(1_000_000).fill(9) };
  const paths = [write('large', pcap([large], { snapLen: 2_000_000 })), write('small', pcap(framesAt(1, [2, 4])))];
  const source = await openFiles(paths, { follow: false });
  expect((await readAll(source)).map((frame) => frame.data.length / 2)).toEqual([4, 1_000_000, 5]);
});

it('closes well', async () => {
  const path = write('closing', pcap(framesAt(0, [1])));
  await closesWell(() => openFiles([path, path], { follow: false }));
  await closesWell(() => openFiles([path, path], { follow: true }));
});
