// Proves that filters accept exactly the packets that tcpdump accepts, on made frames and on the corpus, and that a
// filtered source keeps counting, numbering and ending as its source does.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  batchCapacity,
  endOfInput,
  FrameBatch,
  linkTypeName,
  nothingYet,
  type Source,
  type SourceInterface,
} from '../../../core/index.ts';
import { compileFilter, isBsdLoopback } from './bpf-compile.ts';
import { createInterpreter } from './bpf-machine.ts';
import type { Matcher } from './bpf-program.ts';
import { filterBatch, filtered, matcherOf } from './filtered.ts';

const folder = mkdtempSync(join(tmpdir(), 'taplight-filters-'));
afterAll(() => rmSync(folder, { recursive: true }));

const expressions = [
  'tcp',
  'udp port 53',
  'host 192.168.1.1 or host 10.0.0.1',
  'net 10.0.0.0/8',
  'src net 192.168.0.0/16 and not dst net 192.168.0.0/16',
  'vlan',
  'vlan and tcp',
  'vlan and vlan and ip',
  'ip6',
  'ip6 proto 58',
  'icmp',
  'icmp[icmptype] = icmp-echo',
  'ether host ff:ff:ff:ff:ff:ff',
  'ether[0] & 1 != 0',
  'portrange 1-1023',
  'tcp[tcpflags] & tcp-syn != 0',
  'tcp[((tcp[12] & 0xf0) >> 2):4] = 0x47455420',
  'len > 100',
  'greater 500',
  'less 60',
  'arp',
  'ip proto 47',
  'not tcp',
  'mpls',
  'mpls and ip',
  'pppoes',
  'pppoes and udp',
  'ip[6:2] & 0x1fff != 0',
  'tcp port 80 or tcp port 443 or (udp and not port 53)',
  'ip[2:2] / 4 * 4 != ip[2:2]',
  'ip[0] & 0xf != 5',
  'multicast',
  'sctp',
];

const isInstalled = spawnSync('tcpdump', ['--version']).error === undefined;
if (!isInstalled && process.env.CI) throw new Error('tcpdump must be installed in CI');

interface Frames {
  readonly linkType: number;
  readonly frames: readonly { readonly bytes: Uint8Array; readonly wireLen: number }[];
}

/** Packet numbers (from 1) that tcpdump accepts: each frame's time is its number. Null: it refuses the filter. */
function acceptedByTcpdump(path: string, expression: string): number[] | null {
  const { status, stdout } = spawnSync('tcpdump', ['-r', path, '-w', '-', expression], { maxBuffer: 1 << 28 });
  if (status !== 0) return null;
  const view = new DataView(stdout.buffer, stdout.byteOffset, stdout.byteLength);
  const numbers: number[] = [];
  for (let at = 24; at < view.byteLength; at += 16 + view.getUint32(at + 8, true)) {
    numbers.push(view.getUint32(at, true));
  }
  return numbers;
}

function writeNumbered(name: string, { linkType, frames }: Frames): string {
  const size = frames.reduce((sum, { bytes }) => sum + 16 + bytes.length, 24);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, 262_144, true);
  view.setUint32(20, linkType, true);
  let at = 24;
  for (const [i, frame] of frames.entries()) {
    view.setUint32(at, i + 1, true);
    view.setUint32(at + 8, frame.bytes.length, true);
    view.setUint32(at + 12, frame.wireLen, true);
    bytes.set(frame.bytes, at + 16);
    at += 16 + frame.bytes.length;
  }
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function acceptedBy(matcher: Matcher, { frames }: Frames): number[] {
  const numbers: number[] = [];
  for (const [i, { bytes, wireLen }] of frames.entries()) {
    if (matcher(bytes, 0, bytes.length, wireLen) !== 0) numbers.push(i + 1);
  }
  return numbers;
}

function without(numbers: readonly number[], others: readonly number[]): number[] {
  const known = new Set(others);
  return numbers.filter((n) => !known.has(n));
}

/** Compares both machines with tcpdump; gives how many comparisons were made and how many packets were accepted. */
function compare(
  name: string,
  frames: Frames,
  some: readonly string[] = expressions,
): { filters: number; accepted: number } {
  const path = writeNumbered(name, frames);
  const done = { filters: 0, accepted: 0 };
  for (const expression of some) {
    const theirs = acceptedByTcpdump(path, expression);
    if (theirs === null) {
      expect(() => compileFilter(expression, frames.linkType), expression).toThrow(
        expect.objectContaining({ code: 'BAD_FILTER' }),
      );
      continue;
    }
    const matchers = [matcherOf(expression, frames.linkType, 0)];
    if (!isBsdLoopback(frames.linkType)) matchers.push(createInterpreter(compileFilter(expression, frames.linkType)));
    for (const matcher of matchers) {
      const ours = acceptedBy(matcher, frames);
      const differing = { onlyOurs: without(ours, theirs), onlyTheirs: without(theirs, ours) };
      expect({ name, expression, ...differing }).toEqual({ name, expression, onlyOurs: [], onlyTheirs: [] });
    }
    done.filters++;
    done.accepted += theirs.length;
  }
  return done;
}

const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/[0-9a-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16));
const macs = 'ffffffffffff 020000000001';
const ipv4 = (protocol: string, rest: string) => `45000028 00010000 40${protocol}0000 c0a80101 0a000001 ${rest}`;
const synTo80 = 'c0000050 00000001 00000000 50022000 00000000';
const dnsQuery = 'c0000035 00140000 1234010000010000';

const made: Frames = {
  linkType: 1,
  frames: [
    `${macs} 0800 ${ipv4('06', synTo80)}`,
    `${macs} 0800 ${ipv4('11', dnsQuery)}`,
    `${macs} 0800 ${ipv4('01', '08000000 00010001')}`,
    `${macs} 0800 ${ipv4('2f', '00000800')}`,
    `${macs} 0806 0001080006040001 020000000001 c0a80101 000000000000 0a000001`,
    `${macs} 8100 0005 0800 ${ipv4('06', synTo80)}`,
    `${macs} 88a8 0005 8100 0006 0800 ${ipv4('11', dnsQuery)}`,
    `${macs} 86dd 60000000 00080640 ${'20010db8'.padEnd(32, '0')} ${'20010db8'.padEnd(31, '0')}1 ${synTo80}`,
    `${macs} 86dd 60000000 0008003a40 3a00000000000000`,
    `${macs} 8847 0001013f ${ipv4('11', dnsQuery)}`,
    `${macs} 8864 11000001002a0021 ${ipv4('11', dnsQuery)}`,
    `${macs} 0800 45000028 00010010 40060000 c0a80101 0a000001 ${synTo80}`,
    `02 0000000002 020000000001 0800 46${ipv4('06', `00000000 ${synTo80}`).slice(2)}`,
  ].flatMap((text) => {
    const whole = hex(text);
    // Every truncation: loads beyond the captured bytes must end the same way.
    return Array.from({ length: whole.length + 1 }, (_, length) => ({
      bytes: whole.subarray(0, length),
      wireLen: 600 - length * 9,
    }));
  }),
};

describe('the same packets as tcpdump', { skip: !isInstalled }, () => {
  it('on made frames and every truncation of them', () => {
    const done = compare('made.pcap', made);
    expect(done.filters).toBe(expressions.length);
    expect(done.accepted).toBeGreaterThan(2000);
  });

  it('on raw IP, where LINKTYPE_ and DLT_ numbers differ', () => {
    const frames = made.frames.map(({ bytes, wireLen }) => ({ bytes: bytes.subarray(14), wireLen }));
    expect(compare('raw.pcap', { linkType: 101, frames }).accepted).toBeGreaterThan(500);
  });

  const corpus = resolve(process.env.TAPLIGHT_CORPUS ?? '../shared/corpus');
  const manifest = join(corpus, 'manifest.json');
  it('on captures of the corpus', { skip: !existsSync(manifest), timeout: 60_000 }, () => {
    const byLinkType = corpusFrames(corpus, JSON.parse(readFileSync(manifest, 'utf8')));
    let filters = 0;
    for (const frames of byLinkType) {
      filters += compare(`${linkTypeName(frames.linkType)}.pcap`, frames, expressions.slice(0, 26)).filters;
    }
    expect(byLinkType.length).toBe(wanted.size);
    expect(filters).toBeGreaterThan(100);
  });
});

interface ManifestEntry {
  readonly path: string;
  readonly format: string;
  readonly size: number;
  readonly linktypes: readonly number[];
}

/** Link types of the corpus comparison, and how many captures of each, 200 frames of each. */
const wanted = new Map([
  [0, 6],
  [1, 30],
  [9, 4],
  [101, 6],
  [113, 6],
  [127, 6],
  [276, 3],
]);

function corpusFrames(corpus: string, entries: readonly ManifestEntry[]): Frames[] {
  const taken = new Map<number, { files: number; frames: { bytes: Uint8Array; wireLen: number }[] }>();
  for (const { path, format, size, linktypes } of entries) {
    if (format !== 'pcap' || size > 2e6 || linktypes.length !== 1) continue;
    const group = taken.get(linktypes[0]) ?? { files: 0, frames: [] };
    if (group.files >= (wanted.get(linktypes[0]) ?? 0)) continue;
    taken.set(linktypes[0], group);
    group.files++;
    group.frames.push(...framesOf(new Uint8Array(readFileSync(join(corpus, path)))).slice(0, 200));
  }
  return [...taken].map(([linkType, { frames }]) => ({ linkType, frames }));
}

function framesOf(bytes: Uint8Array): { bytes: Uint8Array; wireLen: number }[] {
  const view = new DataView(bytes.buffer);
  const isLittle = [0xa1b2c3d4, 0xa1b23c4d].includes(view.getUint32(0, true));
  if (!isLittle && ![0xa1b2c3d4, 0xa1b23c4d].includes(view.getUint32(0, false))) return [];
  const frames: { bytes: Uint8Array; wireLen: number }[] = [];
  for (let at = 24; at + 16 <= bytes.length; ) {
    const capLen = view.getUint32(at + 8, isLittle);
    const wireLen = view.getUint32(at + 12, isLittle);
    at += 16 + capLen;
    if (capLen > 262_144 || at > bytes.length || wireLen > 0x7fff_ffff) break;
    frames.push({ bytes: bytes.subarray(at - capLen, at), wireLen });
  }
  return frames;
}

/** A source of batches made beforehand. */
function sourceOf(interfaces: SourceInterface[], batches: Frames['frames'][], ifaceOf = (_n: number) => 0) {
  let next = 0;
  let received = 0;
  const source: Source = {
    kind: 'file',
    name: 'made',
    interfaces,
    damage: null,
    read(batch) {
      const frames = batches[next++];
      if (frames === undefined) return endOfInput;
      if (frames.length === 0) return nothingYet;
      batch.bytes = new Uint8Array(frames.reduce((sum, { bytes }) => sum + bytes.length, 0));
      batch.count = frames.length;
      let at = 0;
      for (const [i, { bytes, wireLen }] of frames.entries()) {
        batch.bytes.set(bytes, at);
        batch.at[i] = at;
        batch.capLen[i] = bytes.length;
        batch.wireLen[i] = wireLen;
        batch.timeUs[i] = received;
        batch.timeNs[i] = received % 1000;
        batch.iface[i] = ifaceOf(received++);
        at += bytes.length;
      }
      return frames.length;
    },
    stats: () => ({ received, droppedKernel: 0, droppedInterface: 0 }),
    progress: () => ({ doneBytes: next, totalBytes: null }),
    close() {},
  };
  return source;
}

const ethernet: SourceInterface = { name: 'eth0', linkType: 1, snapLen: 0, ticksPerSec: 1e6 };
const tcp = { bytes: hex(`${macs} 0800 ${ipv4('06', synTo80)}`), wireLen: 54 };
const dns = { bytes: hex(`${macs} 0800 ${ipv4('11', dnsQuery)}`), wireLen: 50 };

describe('filtered', () => {
  it('keeps the accepted frames, their numbers, and counts before and after', async () => {
    const frames = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? tcp : dns));
    const source = filtered(sourceOf([ethernet], [frames, [dns], [], [tcp, tcp]]), 'tcp');
    const batch = new FrameBatch();
    expect(await source.read(batch, 0)).toBe(100);
    expect(batch.count).toBe(100);
    for (let i = 0; i < 100; i++) {
      expect([batch.timeUs[i], batch.timeNs[i], batch.wireLen[i]]).toEqual([i * 3, i * 3, 54]);
      expect(batch.bytes.subarray(batch.at[i], batch.at[i] + batch.capLen[i])).toEqual(tcp.bytes);
      expect(source.packetNumbers[i]).toBe(i * 3 + 1);
    }
    expect(await source.read(batch, 0)).toBe(nothingYet);
    expect(await source.read(batch, 0)).toBe(2);
    expect([...source.packetNumbers.subarray(0, 2)]).toEqual([302, 303]);
    expect(await source.read(batch, 0)).toBe(endOfInput);
    expect([source.accepted, source.stats().received]).toEqual([102, 303]);
  });

  it('compiles for each link type, also of interfaces that come later', async () => {
    const interfaces = [ethernet];
    const inner = sourceOf(interfaces, [[tcp], [tcp, { ...tcp, bytes: tcp.bytes.subarray(14) }, tcp]], (n) =>
      n === 0 ? 0 : n - 1,
    );
    const source = filtered(inner, 'tcp');
    const batch = new FrameBatch();
    expect(await source.read(batch, 0)).toBe(1);
    interfaces.push({ ...ethernet, linkType: 101 }, { ...ethernet, name: 'usb0', linkType: 189 });
    expect(await source.read(batch, 0)).toBe(2);
    expect([...batch.iface.subarray(0, 2)]).toEqual([0, 1]);
    expect(source.unfilterable).toEqual([expect.stringMatching(/^usb0 \(USB_LINUX\): bad filter "tcp"/)]);
  });

  it('refuses at once what makes no sense anywhere, and waits with what might', () => {
    expect(() => filtered(sourceOf([ethernet], []), 'nonsense filter')).toThrow(/nonsense/);
    expect(() => filtered(sourceOf([], []), 'nonsense filter')).toThrow(/nonsense/);
    expect(() => filtered(sourceOf([{ ...ethernet, linkType: 189 }], []), 'tcp')).toThrow(/USB/);
    expect(filtered(sourceOf([], []), 'wlan type mgt').accepted).toBe(0);
  });

  it('reads BSD loopback families of either byte order and of each BSD', () => {
    const ip = tcp.bytes.subarray(14);
    const ip6 = hex(`60000000 00140640 ${'0'.repeat(64)} ${synTo80}`);
    const accepts = (expression: string, family: string, rest: Uint8Array) => {
      const frame = Uint8Array.of(...hex(family), ...rest);
      return matcherOf(expression, 0, 0)(frame, 0, frame.length, frame.length) !== 0;
    };
    for (const family of ['02000000', '00000002']) {
      expect([accepts('tcp', family, ip), accepts('ip6', family, ip), accepts('not tcp', family, ip)]).toEqual([
        true,
        false,
        false,
      ]);
    }
    for (const family of ['18000000', '1c000000', '1e000000', '00000018', '0000001c', '0000001e']) {
      expect([accepts('tcp', family, ip6), accepts('ip6', family, ip6), accepts('ip', family, ip6)]).toEqual([
        true,
        true,
        false,
      ]);
    }
    expect(accepts('tcp', '02', new Uint8Array(0))).toBe(false);
  });

  it('moves all arrays of a batch together', () => {
    const batch = new FrameBatch();
    batch.count = batchCapacity;
    for (const array of [batch.at, batch.capLen, batch.wireLen, batch.timeUs]) {
      for (let i = 0; i < batchCapacity; i++) array[i] = i;
    }
    const odd: Matcher = (_bytes, at) => at & 1;
    const none: Matcher = () => 0;
    for (let i = 0; i < batchCapacity; i++) {
      batch.timeNs[i] = i % 1000;
      batch.iface[i] = i % 4 === 1 ? 1 : 0;
    }
    const numbers = new Float64Array(batchCapacity);
    expect(filterBatch(batch, [odd, none], numbers, 1000)).toBe(batchCapacity / 4);
    for (let i = 0; i < batch.count; i++) {
      const was = i * 4 + 3;
      const { at, capLen, wireLen, timeUs, timeNs, iface } = batch;
      expect([at[i], capLen[i], wireLen[i], timeUs[i], timeNs[i], iface[i]]).toEqual([
        was,
        was,
        was,
        was,
        was % 1000,
        0,
      ]);
      expect(numbers[i]).toBe(1000 + was + 1);
    }
  });
});
