// Proves that files and pipes are opened as what they are, and refused with a code, a name and a hint otherwise.

import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { pcap, pcapng, snoop, someFrames } from '../../../../test/contracts/capture-bytes.ts';
import { closesWell, readAll } from '../../../../test/contracts/source-contract.ts';
import { FrameBatch, nothingYet } from '../../../core/index.ts';
import { openFiles } from './files.ts';

const folder = mkdtempSync(joinPath(tmpdir(), 'taplight-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, bytes: Uint8Array | string): string {
  const path = joinPath(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const frames = someFrames(4);
const plain = { follow: false };

const unknown: [string, Uint8Array | string, RegExp][] = [
  ['empty', '', /is empty/],
  ['text', 'No. Time Source Destination\n', /is text/],
  ['network-monitor', 'GMBU\x03\x02\0\0\0', /Network Monitor 2/],
  ['sniffer', 'XCP\x00002.001\0', /NetXRay or Sniffer/],
  ['xz', Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), /xz-compressed/],
  ['rubbish', Uint8Array.of(1, 2, 3, 250), /starts with 01 02 03 fa/],
  ['twice', gzipSync(gzipSync(pcap(frames))), /starts with 1f 8b/],
  ['atm', snoop([]).fill(4, 15, 16).fill(18, 15), /link type 18/],
];

describe('refuses', () => {
  it.each(unknown)('%s', async (name, bytes, message) => {
    const failure = await openFiles([write(name, bytes)], plain).catch((cause) => cause);
    expect(failure).toMatchObject({ code: 'UNKNOWN_FILE_FORMAT' });
    expect(failure.message).toMatch(message);
    expect(failure.hint).not.toBe('');
  });

  it.each(['pcap', 'pcapng', 'snoop'])('a header of %s that is cut short', async (format) => {
    const whole = { pcap: pcap(frames), pcapng: pcapng(frames), snoop: snoop(frames) }[format] as Uint8Array;
    const headerBytes = { pcap: 24, pcapng: 28, snoop: 16 }[format] as number;
    for (let length = 8; length < headerBytes; length++) {
      const path = write('short', whole.subarray(0, length));
      await expect(openFiles([path], plain)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    }
    const source = await openFiles([write('short', whole.subarray(0, headerBytes))], plain);
    expect(await readAll(source)).toEqual([]);
    expect(source.damage).toBeNull();
  });

  it('what is not there, a directory, standard input twice, nothing', async () => {
    mkdirSync(joinPath(folder, 'directory'));
    const whole = write('whole', pcap(frames));
    const refused = (paths: string[], code: string) => expect(openFiles(paths, plain)).rejects.toMatchObject({ code });
    await refused([joinPath(folder, 'absent')], 'NO_SUCH_FILE');
    await refused([whole, joinPath(whole, 'below')], 'NO_SUCH_FILE');
    await refused([joinPath(folder, 'directory')], 'FILE_UNREADABLE');
    await refused(['-', '-'], 'BAD_OPTION');
    await refused([], 'BAD_OPTION');
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('what may not be read', async () => {
    const path = write('secret', pcap(frames));
    execFileSync('chmod', ['000', path]);
    await expect(openFiles([path], plain)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});

describe('pipes', () => {
  it('gives frames as soon as they are complete, and nothing in between', async () => {
    const bytes = pcap(frames);
    let more = (): void => {};
    async function* slowly() {
      const cut = bytes.length - frames[3].data.length;
      yield bytes.slice(0, cut);
      await new Promise<void>((resolve) => {
        more = resolve;
      });
      yield bytes.slice(cut);
    }
    const source = await openFiles(['-'], { follow: false, stdin: slowly() });
    const batch = new FrameBatch();
    expect(source.kind).toBe('pipe');
    expect(await source.read(batch, 100)).toBe(3);
    const before = performance.now();
    expect(await source.read(batch, 60)).toBe(nothingYet);
    expect(performance.now() - before).toBeGreaterThan(40);
    more();
    expect(await source.read(batch, 1000)).toBe(1);
    source.close();
  });

  it('a pipe that gives nothing closes well', async () => {
    async function* silent() {
      yield pcap([]);
      await new Promise(() => {});
    }
    await closesWell(() => openFiles(['-'], { follow: false, stdin: silent() }));
  });

  it('a pipe that breaks is damage', async () => {
    async function* breaking() {
      yield pcap(frames);
      throw Object.assign(new Error('gone'), { code: 'EIO' });
    }
    const source = await openFiles(['-'], { follow: false, stdin: breaking() });
    expect((await readAll(source)).length).toBe(4);
    expect(source.damage).toMatchObject({ name: 'input.read', because: expect.stringContaining('EIO') });
  });

  it.skipIf(process.platform === 'win32')('a named pipe may be opened before its writer', async () => {
    const path = joinPath(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    const opening = openFiles([path], plain);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const writer = openSync(path, 'w');
    const bytes = pcap(frames);
    writeSync(writer, bytes, 0, 40);
    const source = await opening;
    expect(source.kind).toBe('pipe');
    expect(await source.read(new FrameBatch(), 50)).toBe(nothingYet);
    writeSync(writer, bytes, 40);
    closeSync(writer);
    expect((await readAll(source)).length).toBe(4);
    expect(source.damage).toBeNull();
    source.close();
  });

  it.skipIf(process.platform === 'win32')('a named pipe whose writer is silent closes well', async () => {
    const path = joinPath(folder, 'silent');
    execFileSync('mkfifo', [path]);
    const opening = openFiles([path], plain);
    const holder = spawn('sh', ['-c', `exec 3> ${path}; cat ${write('empty.pcap', pcap([]))} >&3; sleep 5`]);
    await closesWell(() => opening);
    holder.kill();
  });
});
