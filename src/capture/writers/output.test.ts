// Proves that whatever happens to the disk or the reader, the output ends with a whole record and the failure says why.
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { FrameBatch, type SourceInterface } from '../../core/index.ts';
import { copyFrame } from './frame-copy.ts';
import { openWriter, type WriterOptions } from './index.ts';
import type { Disk } from './output.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'taplight-output-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const eth: SourceInterface = { name: 'eth0', linkType: 1, snapLen: 0, ticksPerSec: 1e6 };
const about = { application: 'taplight test' };
const file = (name: string, more: Partial<WriterOptions> = {}): WriterOptions => ({
  path: name.startsWith('/') || name === '-' ? name : join(folder, name),
  format: name.endsWith('.pcap') ? 'pcap' : 'pcapng',
  rotateBytes: 0,
  rotateSec: 0,
  rotateFiles: 0,
  ...more,
});

function batch(frames: number, size = 61): FrameBatch {
  const filled = new FrameBatch();
  filled.bytes = new Uint8Array(size).fill(0x77);
  filled.count = frames;
  filled.capLen.fill(size);
  filled.wireLen.fill(size);
  filled.timeUs.fill(1.7e15);
  return filled;
}

const problem = (code: string) => Object.assign(new Error(code), { code });

/** A disk that takes `room` bytes in pieces of at most `piece`, then fails. */
function smallDisk(room: number, piece: number, code: string): Disk {
  let left = room;
  return {
    ...fs,
    writeSync: ((fd: number, bytes: Uint8Array, from: number, length: number) => {
      if (left === 0) throw problem(code);
      const some = fs.writeSync(fd, bytes, from, Math.min(length, piece, left));
      left -= some;
      return some;
    }) as typeof fs.writeSync,
  };
}

describe('a disk that fills up', () => {
  it('leaves whole records only, wherever it fills up', () => {
    for (const name of ['full.pcapng', 'full.pcap']) {
      const whole = file(`whole-${name}`);
      const complete = openWriter(whole, [eth], about);
      complete.writeAll(batch(5));
      complete.close();
      const good = fs.readFileSync(whole.path);
      const record = name.endsWith('.pcap') ? 16 + 61 : 32 + 64;
      const head = good.length - 5 * record;
      for (let room = 0; room < good.length; room += 3) {
        const writer = openWriter(file(name), [eth], about, { disk: smallDisk(room, 50, 'ENOSPC') });
        writer.writeAll(batch(5));
        expect(() => writer.flush()).toThrow(
          expect.objectContaining({ code: 'WRITE_FAILED', message: expect.stringContaining(`${name}: no space left`) }),
        );
        writer.writeAll(batch(5));
        writer.flush();
        writer.close();
        const kept = fs.readFileSync(join(folder, name));
        expect(kept.equals(good.subarray(0, kept.length))).toBe(true);
        if (room >= head) expect(kept.length).toBe(head + Math.floor((room - head) / record) * record);
        else expect(kept.length).toBeLessThan(head);
      }
    }
  });

  it('ends a rotated set: no further file is begun', () => {
    const limits = { rotateSec: 1 };
    const writer = openWriter(file('set.pcapng', limits), [eth], about, { disk: smallDisk(10, 50, 'EDQUOT') });
    writer.writeAll(batch(1));
    expect(() => writer.flush()).toThrow(expect.objectContaining({ code: 'WRITE_FAILED' }));
    const later = batch(1);
    later.timeUs.fill(1.7e15 + 9e6);
    writer.writeAll(later);
    writer.close();
    expect(writer.counters.files).toBe(1);
  });

  it('is told by the real system too', { skip: !fs.existsSync('/dev/full') }, () => {
    const writer = openWriter(file('/dev/full'), [eth], about);
    writer.writeAll(batch(1));
    expect(() => writer.close()).toThrow(/cannot write \/dev\/full: no space left on the device/);
    writer.close();
  });
});

describe('paths that cannot be written', () => {
  it('say what to do', () => {
    expect(() => openWriter(file('no/such/x.pcapng'), [eth], about)).toThrow(
      expect.objectContaining({
        code: 'WRITE_FAILED',
        message: expect.stringContaining('the folder does not exist'),
        hint: `Make it first: mkdir -p ${join(folder, 'no/such')}`,
      }),
    );
    expect(() => openWriter({ ...file('x'), path: folder }, [eth], about)).toThrow(/it is a folder/);
    fs.writeFileSync(join(folder, 'plain'), '');
    expect(() => openWriter(file('plain/x.pcapng'), [eth], about)).toThrow(/not a folder/);
    const openSync = (() => {
      throw problem('EACCES');
    }) as typeof fs.openSync;
    expect(() => openWriter(file('x.pcapng'), [eth], about, { disk: { ...fs, openSync } })).toThrow(
      /cannot write .*x\.pcapng: permission denied/,
    );
  });
});

describe('standard output', () => {
  /** Collects what goes to descriptor 1; before each piece it may fail. */
  function pipe(failures: string[]): { disk: Disk; bytes: number[] } {
    const bytes: number[] = [];
    const writeSync = ((fd: number, from: Uint8Array, at: number, length: number) => {
      const code = failures.shift();
      if (code !== undefined && code !== '') throw problem(code);
      expect(fd).toBe(1);
      const some = Math.min(length, 30);
      bytes.push(...from.subarray(at, at + some));
      return some;
    }) as typeof fs.writeSync;
    const closeSync = () => expect.fail('standard output is not ours to close');
    return { disk: { ...fs, writeSync, closeSync }, bytes };
  }

  it('waits for a slow reader', () => {
    const slow = pipe(['EAGAIN', 'EAGAIN', '', 'EAGAIN']);
    const writer = openWriter(file('-'), [eth], about, { disk: slow.disk });
    writer.writeAll(batch(3));
    writer.flush();
    expect(slow.bytes.length).toBe(writer.counters.bytes);
    writer.close();
    expect(slow.bytes.slice(-4)).toEqual([96, 0, 0, 0]);
  });

  it('ends without noise when the reader goes away', () => {
    const gone = pipe(['', 'EPIPE']);
    const writer = openWriter(file('-'), [eth], about, { disk: gone.disk });
    writer.writeAll(batch(3));
    expect(() => writer.flush()).toThrow(expect.objectContaining({ code: 'OUTPUT_CLOSED', exitCode: 0 }));
    writer.writeAll(batch(3));
    writer.close({ received: 6, droppedKernel: 0, droppedInterface: 0 });
  });
});

describe('copyFrame', () => {
  it('copies exactly, zeroes the padding and touches nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), fc.nat(9), fc.nat(9), (frame, before, pos) => {
        const from = new Uint8Array(before + frame.length);
        from.set(frame, before);
        const to = new Uint8Array(pos + frame.length + 16).fill(0xff);
        copyFrame(from, new DataView(from.buffer), before, to, new DataView(to.buffer), pos, frame.length);
        const padded = (frame.length + 3) & ~3;
        const expected = new Uint8Array(to.length).fill(0xff).fill(0, pos, pos + padded);
        expected.set(frame, pos);
        expect(to).toEqual(expected);
      }),
    );
  });
});
