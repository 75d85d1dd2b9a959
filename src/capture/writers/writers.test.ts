// Proves that what is written can be read: by walking the bytes, and by tcpdump, tshark, capinfos and mergecap.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FrameBatch, type SourceInterface } from '../../core/index.ts';
import { type About, openWriter, type WriterOptions } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'taplight-writers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const about: About = { application: 'taplight test', os: 'TestOS 1', hardware: 'abacus' };
const eth: SourceInterface = { name: 'eth0', linkType: 1, snapLen: 0, ticksPerSec: 1e6 };
const startUs = 1_700_288_001_123_456;

function options(name: string, more: Partial<WriterOptions> = {}): WriterOptions {
  const path = name === '-' ? name : join(folder, name);
  const format = name.endsWith('.pcap') ? 'pcap' : 'pcapng';
  return { path, format, rotateBytes: 0, rotateSec: 0, rotateFiles: 0, ...more };
}

interface Frame {
  readonly bytes: Uint8Array;
  readonly timeUs?: number;
  readonly timeNs?: number;
  readonly iface?: number;
  readonly wireLen?: number;
}

function batchOf(frames: readonly Frame[]): FrameBatch {
  const batch = new FrameBatch();
  batch.bytes = new Uint8Array(frames.reduce((sum, { bytes }) => sum + bytes.length, 7));
  batch.count = frames.length;
  let at = 7;
  for (const [i, frame] of frames.entries()) {
    batch.bytes.set(frame.bytes, at);
    batch.at[i] = at;
    batch.capLen[i] = frame.bytes.length;
    batch.wireLen[i] = frame.wireLen ?? frame.bytes.length;
    batch.timeUs[i] = frame.timeUs ?? startUs + i;
    batch.timeNs[i] = frame.timeNs ?? 0;
    batch.iface[i] = frame.iface ?? 0;
    at += frame.bytes.length;
  }
  return batch;
}

/** An Ethernet frame with a UDP packet 192.0.2.1:1000 → 192.0.2.2:`port` of `size` bytes of payload. */
function udp(port: number, size = 20): Uint8Array {
  const frame = new Uint8Array(42 + size);
  frame.set([
    2,
    0,
    0,
    0,
    0,
    2,
    2,
    0,
    0,
    0,
    0,
    1,
    8,
    0,
    0x45,
    0,
    (28 + size) >> 8,
    (28 + size) & 255,
    0,
    0,
    0,
    0,
    64,
    17,
  ]);
  frame.set([0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 3, 232, port >> 8, port & 255, (8 + size) >> 8, (8 + size) & 255], 24);
  return frame.fill(0x5a, 42);
}

/** Runs a tool that must not complain; null (and a message) when it is not installed, which CI does not allow. */
function run(tool: string, ...args: string[]): string | null {
  const { error, status, stdout, stderr } = spawnSync(tool, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error !== undefined) {
    if (process.env.CI) throw error;
    console.warn(`${tool} is not installed: its opinion is left out`);
    return null;
  }
  const complaints = stderr
    .split('\n')
    .filter((line) => line !== '' && !/^reading from file |^Running as user/.test(line));
  expect({ tool, complaints, status }).toEqual({ tool, complaints: [], status: 0 });
  return stdout;
}

function expectLines(output: string | null, lines: readonly string[]): void {
  if (output !== null) expect(output.trimEnd().split('\n')).toEqual(lines);
}

const frameBytes = (path: string): string[] | null => {
  const out = run('tshark', '-n', '-r', path, '-T', 'fields', '-e', 'frame.len', '-e', 'frame.cap_len');
  return out === null ? null : out.trimEnd().split('\n');
};

describe('pcapng', () => {
  it('keeps every interface with its own name, link type, snap length and time resolution', () => {
    const file = options('many.pcapng');
    const raw = { name: 'tun0', description: 'a tunnel', linkType: 101, snapLen: 96, ticksPerSec: 1e9, speedBps: 1e9 };
    const writer = openWriter(file, [eth, raw], { ...about, filter: 'udp port 53' });
    const late: SourceInterface = { name: 'späť', linkType: 1, snapLen: 1500, ticksPerSec: 1e12, fcsLen: 4 };
    writer.writeAll(batchOf([{ bytes: udp(53) }]));
    writer.addInterface(late);
    const ip = udp(53).subarray(14);
    writer.writeAll(
      batchOf([
        { bytes: ip, iface: 1, timeNs: 789, wireLen: 1400 },
        { bytes: udp(53), iface: 2, timeUs: startUs + 5, timeNs: 1 },
      ]),
    );
    writer.close();
    expect(writer.counters.packets).toBe(3);
    expect(writer.counters.bytes).toBe(statSync(file.path).size);

    const fields = [
      'frame.time_epoch',
      'frame.interface_name',
      'frame.encap_type',
      'frame.cap_len',
      'frame.len',
      'udp.dstport',
    ];
    expectLines(run('tshark', '-n', '-r', file.path, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])), [
      '1700288001.123456000\teth0\t1\t62\t62\t53',
      '1700288001.123456789\ttun0\t7\t48\t1400\t53',
      '1700288001.123461001\tspäť\t1\t62\t62\t53',
    ]);
    const info = run('capinfos', '-I', file.path);
    if (info !== null) {
      expect(info).toMatch(/Name = eth0[\s\S]*Time precision = microseconds \(6\)[\s\S]*Filter string = udp port 53/);
      expect(info).toMatch(
        /Name = tun0\n\s+Description = a tunnel[\s\S]*Capture length = 96\n\s+Time precision = nanoseconds/,
      );
      expect(info).toMatch(/Speed = 1000000000/);
    }
  });

  it('passes comments of packets and of the section through, and names who wrote it', () => {
    const file = options('comments.pcapng');
    const long = 'ž'.repeat(40_000);
    const commentOf = (n: number) => (n === 2 ? 'the one' : n === 3 ? ['first', 'second'] : n === 4 ? long : null);
    const writer = openWriter(file, [eth], { ...about, comments: ['whole file'], commentOf });
    writer.writeAll(batchOf([{ bytes: udp(1) }, { bytes: udp(2) }, { bytes: udp(3) }]));
    writer.write(batchOf([{ bytes: udp(9) }]), 0, 2);
    writer.write(batchOf([{ bytes: udp(4, 7) }]), 0, 4);
    writer.close();
    const out = run('tshark', '-n', '-r', file.path, '-T', 'fields', '-e', 'udp.dstport', '-e', 'frame.comment');
    // 65535 bytes fit: 32767 letters of two bytes.
    expectLines(out, ['1\t', '2\tthe one', '3\tfirst,second', '9\tthe one', `4\t${'ž'.repeat(32_767)}`]);
    const info = run('capinfos', '-k', '-F', file.path);
    if (info !== null) expect(info).toMatch(/Capture comment:\s+whole file/);
    const head = run('capinfos', file.path);
    if (head !== null) {
      expect(head).toMatch(/Capture hardware:\s+abacus/);
      expect(head).toMatch(/Capture oper-sys:\s+TestOS 1/);
      expect(head).toMatch(/Capture application:\s+taplight test/);
    }
  });

  it('ends with the counters of the source', () => {
    const file = options('statistics.pcapng');
    const writer = openWriter(file, [eth], about);
    writer.writeAll(batchOf([{ bytes: udp(1) }]));
    writer.close({ received: 70_000, droppedKernel: 12, droppedInterface: 3 });
    writer.close({ received: 0, droppedKernel: 0, droppedInterface: 0 });
    const last = blocksOf(file.path).at(-1);
    expect(last?.type).toBe(5);
    expect(countersOf(last?.body ?? new DataView(new ArrayBuffer(0)))).toEqual({ 4: 70_012n, 5: 3n, 7: 12n, 8: 1n });
    expect(frameBytes(file.path) ?? ['62\t62']).toEqual(['62\t62']);
  });

  it('pads every length, cuts what no reader accepts, and lets frames larger than the buffer through', () => {
    const file = options('sizes.pcapng');
    const usb: SourceInterface = { ...eth, name: 'usb', linkType: 249 };
    const writer = openWriter(file, [eth, usb], about);
    const sizes = [...Array(140).keys(), 255, 256, 1514, 262_144];
    const frames = sizes.map((size) => ({ bytes: new Uint8Array(size).fill(0xee) }));
    writer.writeAll(batchOf(frames));
    writer.writeAll(batchOf([{ bytes: new Uint8Array(300_000) }]));
    writer.writeAll(batchOf([{ bytes: new Uint8Array(3 << 20).fill(7), iface: 1 }]));
    writer.close();
    const packets = blocksOf(file.path).filter(({ type }) => type === 6);
    const lengths = packets.map(({ body }) => body.getUint32(12, true));
    expect(lengths).toEqual([...sizes, 262_144, 3 << 20]);
    for (const { body } of packets) {
      const capLen = body.getUint32(12, true);
      for (let at = 20 + capLen; at < body.byteLength; at++) expect(body.getUint8(at)).toBe(0);
    }
    expect(frameBytes(file.path)?.at(-2) ?? '300000\t262144').toBe('300000\t262144');
  });
});

describe('pcap', () => {
  it('keeps nanoseconds when the source has them', () => {
    for (const [ticksPerSec, digits] of [
      [1e6, '000'],
      [1e9, '789'],
    ] as const) {
      const file = options(`${ticksPerSec}.pcap`);
      const writer = openWriter(file, [{ ...eth, ticksPerSec, snapLen: 200 }], about);
      const frames = [1, 2, 3].map((size) => ({ bytes: udp(size, size), timeNs: 789 }));
      writer.writeAll(batchOf(frames));
      writer.close();
      expect(statSync(file.path).size).toBe(24 + 16 * 3 + 43 + 44 + 45);
      expectLines(
        run('tcpdump', '-n', '--nano', '-tt', '-q', '-r', file.path),
        frames.map(
          (_, i) => `1700288001.12345${6 + i}${digits} IP 192.0.2.1.1000 > 192.0.2.2.${i + 1}: UDP, length ${i + 1}`,
        ),
      );
      expect(frameBytes(file.path)?.length ?? 3).toBe(3);
    }
  });

  it('refuses a second link type and keeps what was before it', () => {
    const file = options('second.pcap');
    const writer = openWriter(file, [eth, { ...eth, linkType: 101 }], about);
    const batch = batchOf([{ bytes: udp(1).subarray(14), iface: 1 }, { bytes: udp(2) }]);
    expect(() => writer.writeAll(batch)).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', hint: expect.stringContaining('pcapng') }),
    );
    writer.close();
    expect(frameBytes(file.path) ?? ['48\t48']).toEqual(['48\t48']);
  });

  it('has a head also when no packet came', () => {
    const file = options('empty.pcap');
    openWriter(file, [], about).close();
    expect(statSync(file.path).size).toBe(24);
    expectLines(run('tcpdump', '-r', file.path), ['']);
  });

  it('tells the length of the frame check sequence', () => {
    const file = options('fcs.pcap');
    const writer = openWriter(file, [{ ...eth, fcsLen: 4 }], about);
    writer.writeAll(batchOf([{ bytes: Uint8Array.of(...udp(53), 1, 2, 3, 4) }]));
    writer.close();
    const out = run('tshark', '-n', '-r', file.path, '-o', 'eth.check_fcs:TRUE', '-T', 'fields', '-e', 'eth.fcs');
    expectLines(out, ['0x01020304']);
  });
});

describe('rotation', () => {
  const set = (start: string) =>
    readdirSync(folder)
      .filter((name) => name.startsWith(`${start}_`))
      .sort();
  const second = (n: number, size = 20): Frame => ({ bytes: udp(n, size), timeUs: 1_700_288_001_000_000 + n * 1e6 });
  const read = (names: readonly string[]) => {
    const merged = join(folder, `merged-${names[0]}`);
    if (run('mergecap', '-w', merged, ...names.map((name) => join(folder, name))) === null) return null;
    return run('tshark', '-n', '-r', merged, '-T', 'fields', '-e', 'udp.dstport')?.trimEnd().split('\n') ?? null;
  };
  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

  it('starts a new file by size; each is whole and none is larger than asked', () => {
    for (const extension of ['pcapng', 'pcap'] as const) {
      const writer = openWriter(options(`size.${extension}`, { rotateBytes: 2000 }), [eth], about);
      for (let n = 1; n <= 60; n++) writer.writeAll(batchOf([second(n, 100)]));
      writer.close();
      const names = set('size').filter((name) => name.endsWith(extension));
      expect(names[0]).toBe(`size_00001_20231118061322.${extension}`);
      expect(names.length).toBe(writer.counters.files);
      expect(names.length).toBeGreaterThan(4);
      for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(2000);
      expect(writer.counters.bytes).toBe(names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0));
      expect(read(names) ?? numbers(1, 60)).toEqual(numbers(1, 60));
    }
  });

  it('starts a new file by packet time, also over a long silence', () => {
    const writer = openWriter(options('time.pcapng', { rotateSec: 10 }), [eth], about);
    for (const n of [0, 5, 9, 10, 15, 500, 505, 3]) writer.writeAll(batchOf([second(n)]));
    writer.close();
    expect(set('time')).toEqual([
      'time_00001_20231118061321.pcapng',
      'time_00002_20231118061331.pcapng',
      'time_00003_20231118062141.pcapng',
    ]);
  });

  it('keeps the newest files of a ring', () => {
    const writer = openWriter(options('ring.pcapng', { rotateSec: 1, rotateFiles: 3 }), [eth], about);
    for (let n = 1; n <= 9; n++) {
      if (n === 5) rmSync(join(folder, set('ring')[0]));
      writer.writeAll(batchOf([second(n)]));
    }
    writer.close();
    expect(writer.counters.files).toBe(9);
    const names = set('ring');
    expect(names.map((name) => name.slice(5, 10))).toEqual(['00007', '00008', '00009']);
    expect(read(names) ?? numbers(7, 9)).toEqual(numbers(7, 9));
  });

  it('describes late interfaces in every file, and leaves a head when nothing came', () => {
    const writer = openWriter(options('late.pcapng', { rotateSec: 1 }), [eth], about);
    writer.writeAll(batchOf([second(1)]));
    writer.addInterface({ ...eth, name: 'eth1' });
    writer.writeAll(batchOf([{ ...second(2), iface: 1 }, second(4)]));
    writer.close();
    const names = set('late');
    expect(names.map((name) => blocksOf(join(folder, name)).filter(({ type }) => type === 1).length)).toEqual([
      2, 2, 2,
    ]);
    expect(read(names) ?? ['1', '2', '4']).toEqual(['1', '2', '4']);

    const now = { nowUs: () => startUs };
    openWriter(options('none.pcapng', { rotateBytes: 100 }), [eth], about, now).close();
    expect(set('none')).toEqual(['none_00001_20231118061321.pcapng']);
  });

  it('is refused on standard output', () => {
    expect(() => openWriter(options('-', { rotateSec: 1 }), [eth], about)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
  });
});

describe('a file that cannot be read back by walking', () => {
  it('is noticed by this test', () => {
    const path = join(folder, 'broken.pcapng');
    writeFileSync(path, Uint8Array.of(6, 0, 0, 0, 99, 0, 0, 0));
    expect(() => blocksOf(path)).toThrow();
  });
});

function blocksOf(path: string): { type: number; body: DataView }[] {
  const bytes = new Uint8Array(readFileSync(path));
  const view = new DataView(bytes.buffer);
  const blocks: { type: number; body: DataView }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    if (length % 4 !== 0 || view.getUint32(at + length - 4, true) !== length) throw new Error(`block at ${at}`);
    blocks.push({ type: view.getUint32(at, true), body: new DataView(bytes.buffer, at + 8, length - 12) });
    at += length;
  }
  return blocks;
}

/** Options of an interface statistics block that hold 64-bit counters. */
function countersOf(body: DataView): Record<number, bigint> {
  const counters: Record<number, bigint> = {};
  for (let at = 12; body.getUint16(at, true) !== 0; at += 12) {
    counters[body.getUint16(at, true)] = body.getBigUint64(at + 4, true);
  }
  return counters;
}
