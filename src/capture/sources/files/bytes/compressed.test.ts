// Proves that compressed captures are read to their end or to their damage, and that memory stays bounded on the way.

import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { join, pack, pcap, someFrames, zstd } from '../../../../../test/contracts/capture-bytes.ts';
import { readAll } from '../../../../../test/contracts/source-contract.ts';
import { endOfInput, FrameBatch } from '../../../../core/index.ts';
import { openFiles } from '../files.ts';
import { nativeDecoder, portableDecoder, zstdChunks } from './compressed-zstd.ts';
import { ByteWindow } from './input.ts';
import { chunkInput, iterableChunks } from './input-chunks.ts';

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield new Uint8Array(bytes.subarray(at, at + 65_536));
}

const open = (bytes: Uint8Array) => openFiles(['-'], { follow: false, stdin: once(bytes) });

const frames = someFrames(2000);
const plain = pcap(frames);

describe('gzip', () => {
  it('ignores rubbish behind the last member, as gzip(1) does', async () => {
    for (const rubbish of [new Uint8Array(100), new Uint8Array(100).fill(42), Uint8Array.of(0x1f)]) {
      const source = await open(join(gzipSync(plain), rubbish));
      expect((await readAll(source)).length).toBe(2000);
      expect(source.damage).toBeNull();
    }
  });

  it('hands over all that could be decompressed before a cut', async () => {
    const packed = gzipSync(plain);
    const source = await open(packed.subarray(0, packed.length - 1));
    expect((await readAll(source)).length).toBe(2000);
    expect(source.damage).toMatchObject({ name: 'gzip.truncated', at: plain.length });
  });

  it('says when the data is damaged', async () => {
    // Not the last block, and then a block of a type that there is not.
    const start = deflateRawSync(plain, { finishFlush: constants.Z_SYNC_FLUSH });
    const header = new Uint8Array(gzipSync(plain)).subarray(0, 10);
    const source = await open(join(header, start, Uint8Array.of(7), new Uint8Array(9)));
    expect((await readAll(source)).length).toBeGreaterThan(1300);
    expect(source.damage?.name).toBe('gzip.damaged');
  });

  it('says when the checksum is wrong', async () => {
    const packed = new Uint8Array(gzipSync(plain));
    packed[packed.length - 5] ^= 1;
    const source = await open(packed);
    expect((await readAll(source)).length).toBe(2000);
    expect(source.damage?.name).toBe('gzip.checksum');
  });

  it('passes over every field of the header', async () => {
    const packed = new Uint8Array(gzipSync(plain));
    const fields = join(
      pack(false, 'h', 3),
      Uint8Array.of(1, 2, 3),
      new TextEncoder().encode('name\0comment\0'),
      Uint8Array.of(9, 9),
    );
    const header = packed.slice(0, 10);
    header[3] = 2 + 4 + 8 + 16;
    const source = await open(join(header, fields, packed.subarray(10)));
    expect((await readAll(source)).length).toBe(2000);
    expect(source.damage).toBeNull();
  });

  it('holds little of a bomb', async () => {
    const frame = { us: 1, data: new Uint8Array(100_000) };
    const packed = gzipSync(pcap(Array.from({ length: 1000 }, () => frame)));
    expect(packed.length).toBeLessThan(200_000);
    const before = process.memoryUsage().arrayBuffers;
    const source = await open(packed);
    const batch = new FrameBatch();
    let most = 0;
    let seen = 0;
    for (let count = 0; count !== endOfInput; seen += Math.max(0, count)) {
      count = await source.read(batch, 100);
      if (seen % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }
    expect(seen).toBe(1000);
    expect(most - before).toBeLessThan(40e6);
  });
});

/** Frames compressed by zstd 1.5 (-19 --check): 40 packets of 60 bytes, sequences and checksum in use. */
const golden =
  'KLUv/WT4CkUHAJQJ1MOyoQIABAD//wAAAQDKmjsAPAABBAkQGQQRABEEGRAJBAEA6AMB0AcCuAsDoA8EiBMFcBcGWBsHQB8IKCMJECcK+CoL4C4MyDINsDYOmDoPgD4QaEIRUEYSOEoTIE4UCFIV8FUW2FkXwF0YqGEZkGUaeGkbYG0cSHEdMHUeGHkfAH0g6IAh0IQiuIgjoIwkiJAlcJQmWJgnU6gRAHqhMOwZ4FnGQugFDUPw/79D8Acy4kIy5InICZMTJydGTI4sGRk5MURkxMSRk5ERJ0ZEhpgcORkycmKEyPhJuoKRTAELUOY/MWpwpGio';

const decoders = [
  ['portable', portableDecoder],
  ['native', nativeDecoder],
] as const;

describe.each(decoders)('Zstandard, %s', (_name, decoder) => {
  async function unpack(bytes: Uint8Array) {
    const input = chunkInput(zstdChunks(chunkInput(iterableChunks(once(bytes))), decoder));
    const window = new ByteWindow(65_536);
    while ((await window.fill(input, 1000)) !== endOfInput);
    return { bytes: window.bytes.slice(window.start, window.end), damage: input.damage };
  }

  it.skipIf(decoder === undefined)('reads what zstd(1) wrote, alone and among other frames', async () => {
    const packed = new Uint8Array(Buffer.from(golden, 'base64'));
    const skippable = join(pack(false, 'ww', 0x184d2a53, 5), new Uint8Array(5));
    const one = await unpack(packed);
    expect(one.damage).toBeNull();
    expect(one.bytes.length).toBe(24 + 40 * 76);
    expect(one.bytes[24 + 39 * 76 + 16 + 59]).toBe(39);
    const empty = zstd(new Uint8Array(0));
    const all = await unpack(join(skippable, packed, empty, skippable, zstd(plain), packed));
    expect(all.damage).toBeNull();
    expect(all.bytes).toEqual(join(one.bytes, plain, one.bytes));
  });

  it.skipIf(decoder === undefined)('tells every cut from an end', async () => {
    const packed = new Uint8Array(Buffer.from(golden, 'base64'));
    for (let length = 1; length < packed.length; length++) {
      expect((await unpack(packed.subarray(0, length))).damage?.name).toBe('zstd.truncated');
    }
  });

  it.skipIf(decoder === undefined)('says when the data is damaged', async () => {
    const packed = new Uint8Array(Buffer.from(golden, 'base64'));
    packed.fill(0xff, 7, 10);
    expect((await unpack(packed)).damage?.name).toBe('zstd.damaged');
  });
});

it('refuses windows that zstd(1) refuses, and dictionaries', async () => {
  const large = pack(false, 'wbb', 0xfd2fb528, 0, 0x90);
  const dictionary = pack(false, 'wbbb', 0xfd2fb528, 1, 0x38, 7);
  for (const head of [large, dictionary]) {
    await expect(open(join(head, new Uint8Array(20)))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  }
  const source = await open(join(zstd(plain), large, new Uint8Array(20)));
  expect((await readAll(source)).length).toBe(2000);
  expect(source.damage?.name).toBe('zstd.window');
});

it('tells progress in compressed bytes', async () => {
  const packed = gzipSync(plain);
  const source = await open(packed);
  await readAll(source);
  expect(source.progress().doneBytes).toBe(packed.length);
});
