// Proves that a capture cut anywhere gives the results of its whole packets, and exit code 14 when the cut is inside one.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/index.ts';
import { summaryDocument } from '../../src/screens/present/index.ts';
import { type Analysed, analyse } from './analyse.ts';
import { corpusFolder, hasCorpus } from './captures.ts';

const main = process.env.TAPLIGHT_MAIN ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** pcap of both byte orders and resolutions, modified pcap, pcapng of both byte orders, snoop, gzip, Zstandard. */
const captures = [
  'arkime/IKEv1.pcap',
  'arkime/adb_synthetic.pcap',
  'arkime/v6.pcap',
  'chrissanders/nowebaccess2.pcapng',
  'communityid/combined.pcap.gz',
  'malformed/foreign-format/all.snoop.gz',
  'malformed/pcapplusplus/pcapng-example.pcapng.zst',
  'ndpi/6in4tunnel.pcap',
  'ndpi/capwap_data.pcapng',
  'pcapng/be/basic-test008.pcapng',
  'pcapng/be/difficult-test201.pcapng',
  'pcapng/le/advanced-test101.pcapng',
  'pcapplusplus/ip6_fragments.pcap',
  'suricata/drop-protocol-change.pcap',
  'tcpdump/afs.pcap',
  'tcpdump/kday4.pcap',
  'tcptrace/fast_reuse.pcap.gz',
  'wireshark/dhcpfo.pcapng',
  'wireshark/telnet-raw.pcap',
  'wireshark/atm_capture1.cap',
  'zeek/erspan.pcap',
  'zeek/pppoe-over-qinq.pcap',
];
const cutsEach = 6;

/** Repeatable numbers in [0, 1): mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Offsets at which a record or block ends, the file header's among them; null where the bytes are compressed. */
function boundaries(bytes: Buffer): Set<number> | null {
  const magic = bytes.readUInt32BE(0);
  const ends = new Set<number>();
  const isSwapped = magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1;
  if (isSwapped || magic === 0xa1b2c3d4 || magic === 0xa1b23c4d) {
    ends.add(24);
    for (let at = 24; at + 16 <= bytes.length; ) {
      at += 16 + (isSwapped ? bytes.readUInt32LE(at + 8) : bytes.readUInt32BE(at + 8));
      ends.add(at);
    }
  } else if (magic === 0x0a0d0d0a) {
    const isLittle = bytes.readUInt32LE(8) === 0x1a2b3c4d;
    for (let at = 0; at + 12 <= bytes.length; ) {
      at += isLittle ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4);
      ends.add(at);
    }
  } else return null;
  return ends;
}

/** Everything a summary says but for what stands further on in the file: other interfaces, statistics of losses. */
function said({ snapshot }: Analysed): object {
  return {
    ...summaryDocument(snapshot, { kind: 'file', names: [], damage: null }, 'test'),
    source: null,
    dropped: null,
    findings: null,
  };
}

const folder = hasCorpus ? mkdtempSync(join(tmpdir(), 'taplight-cut-')) : '';
afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true });
});

function cutFile(capture: string, bytes: Buffer, length: number): string {
  const path = join(folder, basename(capture));
  writeFileSync(path, bytes.subarray(0, length));
  return path;
}

/** Compares one cut with the whole capture stopped after as many packets; gives what is wrong. */
async function look(capture: string, bytes: Buffer, length: number): Promise<string[]> {
  const path = cutFile(capture, bytes, length);
  const ends = boundaries(bytes);
  let cut: Analysed;
  try {
    cut = await analyse(path, 1000);
  } catch (cause) {
    // The cut may take the format's own header, or the first block of compressed data, of which nothing is then known.
    const isCode = cause instanceof Failure && ['UNKNOWN_FILE_FORMAT', 'FILE_DAMAGED'].includes(cause.code);
    const [header = bytes.length] = ends ?? [];
    return isCode && length < header ? [] : [`${capture} at ${length}: ${cause}`];
  }
  const wrong: string[] = [];
  const { packets } = cut.snapshot;
  const isInside = ends === null || !ends.has(length);
  if ((cut.damage !== null) !== isInside) wrong.push(`${capture} at ${length}: damage ${cut.damage?.because}`);
  const whole = await analyse(capture, 1000, { most: packets });
  // Without packets nothing is known of interfaces either way.
  if (packets === 0) return wrong;
  const differs = JSON.stringify(said(cut)) !== JSON.stringify(said(whole));
  if (differs) wrong.push(`${capture} at ${length}: not the results of the first ${packets} packets`);
  return wrong;
}

describe.skipIf(!hasCorpus)('truncated captures (set TAPLIGHT_CORPUS; skipped when absent)', () => {
  it('give the results of their whole packets', { timeout: 60_000 }, async () => {
    const wrong: string[] = [];
    for (const [i, capture] of captures.entries()) {
      const bytes = readFileSync(join(corpusFolder, capture));
      const next = random(i + 1);
      const cuts = Array.from({ length: cutsEach }, () => 1 + Math.floor(next() * (bytes.length - 1)));
      // Once at the end of a record, where nothing is missing.
      const end = [...(boundaries(bytes) ?? [])].at(-2);
      if (end !== undefined && end <= bytes.length) cuts.push(end);
      for (const length of cuts) wrong.push(...(await look(capture, bytes, length)));
    }
    expect(wrong).toEqual([]);
  });

  it.skipIf(!existsSync(main)).each(['arkime/v6.pcap', 'wireshark/dhcpfo.pcapng', 'tcptrace/fast_reuse.pcap.gz'])(
    'end the program with code 14 and a summary: %s',
    (capture) => {
      const bytes = readFileSync(join(corpusFolder, capture));
      const path = cutFile(capture, bytes, Math.floor(bytes.length / 2) + 1);
      let [code, out, err] = [0, '', ''];
      try {
        execFileSync(process.execPath, [main, '-r', path, '--summary', 'json'], { stdio: 'pipe' });
      } catch (error) {
        const ended = error as { status: number; stdout: Buffer; stderr: Buffer };
        [code, out, err] = [ended.status, ended.stdout.toString(), ended.stderr.toString()];
      }
      expect(code).toBe(14);
      expect(JSON.parse(out)).toMatchObject({ truncated_input: true });
      expect(err).toMatch(/is damaged at byte \d+: .* Everything before that was read\.\n$/);
    },
  );
});
