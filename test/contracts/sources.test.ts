// Proves what every file source promises: the same frames however the bytes arrive; whatever is cut off or broken, the
// frames before it and a damage that says where, never a throw; closing ends everything.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { sources } from '../../src/capture/sources/index.ts';
import { Failure } from '../../src/core/index.ts';
import { iface, join, packet, pcap, pcapng, section, snoop, someFrames, zstd } from './capture-bytes.ts';
import { closesWell, readAll, type SeenFrame } from './source-contract.ts';

const folder = mkdtempSync(joinPath(tmpdir(), 'taplight-sources-'));
afterAll(() => rmSync(folder, { recursive: true }));

const frames = someFrames(6);
const twoSections = join(
  pcapng(frames.slice(0, 4), true, 2),
  section(false),
  iface(false, 113),
  ...frames.slice(4).map((f) => packet(false, 0, BigInt(f.us), f.data)),
);
const captures: Record<string, Uint8Array> = {
  pcap: pcap(frames),
  'pcap, big-endian': pcap(frames, { big: true }),
  'pcap of nanoseconds': pcap(frames, { magic: 0xa1b23c4d }),
  pcapng: pcapng(frames),
  'pcapng of two sections': twoSections,
  snoop: snoop(frames),
  'pcap in gzip': gzipSync(pcap(frames)),
  'pcapng in two gzip members': join(gzipSync(pcapng(frames).subarray(0, 200)), gzipSync(pcapng(frames).subarray(200))),
  'pcap in Zstandard': zstd(pcap(frames), 100),
  'pcapng in two Zstandard frames': join(zstd(pcapng(frames).subarray(0, 200), 64), zstd(pcapng(frames).subarray(200))),
};

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

interface Outcome {
  readonly frames: SeenFrame[];
  readonly damage: { readonly name: string; readonly at: number; readonly because: string } | null;
}

/** Reads bytes as standard input in pieces of `size`; null when opening failed with a Failure. */
async function readPieces(bytes: Uint8Array, size: number): Promise<Outcome | null> {
  try {
    const source = await sources.files(['-'], { follow: false, stdin: pieces(bytes, size) });
    const seen = await readAll(source);
    source.close();
    return { frames: seen, damage: source.damage };
  } catch (cause) {
    if (cause instanceof Failure) return null;
    throw cause;
  }
}

async function readFile(bytes: Uint8Array): Promise<Outcome> {
  const path = joinPath(folder, 'capture');
  writeFileSync(path, bytes);
  const source = await sources.files([path], { follow: false });
  const seen = await readAll(source);
  source.close();
  expect(source.stats().received).toBe(seen.length);
  return { frames: seen, damage: source.damage };
}

// Buffers share memory in `slice`, plain arrays do not.
const plain = Object.entries(captures).map(([name, bytes]) => [name, new Uint8Array(bytes)] as const);

describe.each(plain)('%s', (name, bytes) => {
  it('gives the same frames from a file, a pipe, and byte by byte', async () => {
    const whole = await readFile(bytes);
    expect(whole.frames.length).toBe(frames.length);
    expect(whole.damage).toBeNull();
    whole.frames.forEach((seen, i) => {
      expect(seen.data).toBe(Buffer.from(frames[i].data).toString('hex'));
      expect(seen.us).toBe(frames[i].us);
    });
    for (const size of [bytes.length, 7, 1]) expect(await readPieces(bytes, size)).toEqual(whole);
  });

  it('gives a prefix of the frames, and damage, wherever it is cut', async () => {
    const whole = await readPieces(bytes, bytes.length);
    for (let length = 0; length < bytes.length; length++) {
      const cut = await readPieces(bytes.subarray(0, length), 4096);
      if (cut === null) continue;
      expect(whole?.frames.slice(0, cut.frames.length)).toEqual(cut.frames);
      // A cut between two records, blocks, members or frames cannot be told from an end.
      if (cut.damage !== null) expect(cut.damage.name).toMatch(/\.truncated$/);
      else expect(cut.frames.length).toBeLessThanOrEqual(frames.length);
    }
  });

  it('survives changed bytes, and keeps the frames before the change', async () => {
    const whole = await readPieces(bytes, bytes.length);
    const isPlain = !name.includes(' in ');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        fc.constantFrom(1, 4096),
        async (at, change, size) => {
          const broken = bytes.slice();
          broken.set(change.subarray(0, bytes.length - at), at);
          const outcome = await readPieces(broken, size);
          const kept = isPlain ? (await readPieces(bytes.subarray(0, at), 4096))?.frames.length : undefined;
          if (outcome !== null && kept !== undefined) {
            expect(outcome.frames.slice(0, kept)).toEqual(whole?.frames.slice(0, kept));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('closes well', async () => {
    const path = joinPath(folder, 'closing');
    writeFileSync(path, bytes);
    await closesWell(() => sources.files([path], { follow: false }));
    await closesWell(() => sources.files([path], { follow: true }));
  });
});

it('tells a cut between the end and the last frame from an end', async () => {
  const bytes = captures.pcap;
  for (let cut = 1; cut < frames[5].data.length + 16; cut++) {
    const outcome = await readPieces(bytes.subarray(0, bytes.length - cut), 4096);
    expect(outcome?.frames.length).toBe(5);
    expect(outcome?.damage?.name).toBe('pcap.truncated');
    expect(outcome?.damage?.at).toBe(bytes.length - frames[5].data.length - 16);
  }
});

it('both byte orders give equal frames', async () => {
  expect(await readFile(pcap(frames, { big: true }))).toEqual(await readFile(pcap(frames)));
  expect(await readFile(pcapng(frames, true))).toEqual(await readFile(pcapng(frames)));
});

it('random bytes behind any magic never throw', async () => {
  const starts = Object.values(captures).map((bytes) => bytes.subarray(0, 48));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...starts),
      fc.nat(48),
      fc.uint8Array({ maxLength: 400 }),
      async (start, keep, rest) => {
        await readPieces(join(start.subarray(0, keep), rest), 64);
      },
    ),
    { numRuns: 300 },
  );
});
