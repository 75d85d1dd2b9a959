// Proves that decoding survives the whole corpus of captures, and that it understands most of it. Skipped without one.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Packet, verdict } from '../../core/packet.ts';
import { problemName } from '../../core/problems.ts';
import { decode, decodeInner, levelLimit, verifyChecksums } from './index.ts';

const corpus = process.env.TAPLIGHT_CORPUS ?? '../shared/corpus';

function capturesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return capturesUnder(path);
    return /\.p?cap$/.test(name) ? [path] : [];
  });
}

/** Calls `see` for each record of a classic pcap file; other files and damaged records end the walk. */
function eachRecord(bytes: Buffer, see: (at: number, end: number, wireLen: number, linkType: number) => void): void {
  if (bytes.length < 24) return;
  const magic = bytes.readUInt32LE(0);
  const isLittle = magic === 0xa1b2c3d4 || magic === 0xa1b23c4d;
  if (!isLittle && magic !== 0xd4c3b2a1 && magic !== 0x4d3cb2a1) return;
  const word = (at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const linkType = word(20) & 0xffff;
  for (let at = 24; at + 16 <= bytes.length; ) {
    const end = at + 16 + word(at + 8);
    if (end > bytes.length) return;
    see(at + 16, end, word(at + 12), linkType);
    at = end;
  }
}

describe.skipIf(!existsSync(corpus))('the corpus', () => {
  it('decodes without an exception, and few frames have a problem', { timeout: 60_000 }, () => {
    const p = new Packet();
    const problems = new Map<string, number>();
    let frames = 0;
    let flows = 0;
    for (const path of capturesUnder(corpus)) {
      const bytes = readFileSync(path);
      p.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
      eachRecord(bytes, (at, end, wireLen, linkType) => {
        p.at = at;
        p.end = end;
        p.wireLen = wireLen;
        p.linkType = linkType;
        frames++;
        let result = decode(p);
        if (result !== verdict.noFlow) flows++;
        for (let calls = 0; result === verdict.tunnel && calls <= levelLimit; calls++) result = decodeInner(p);
        if (result === verdict.tunnel) throw new Error(`decodeInner does not end: ${path}`);
        verifyChecksums(p);
        if (p.problem !== 0) problems.set(problemName(p.problem), (problems.get(problemName(p.problem)) ?? 0) + 1);
      });
    }
    expect(frames).toBeGreaterThan(0);
    const damaged = [...problems.values()].reduce((sum, n) => sum + n, 0);
    if (process.env.TAPLIGHT_SHOW) console.log({ frames, flows, problems: [...problems].sort((a, b) => b[1] - a[1]) });
    expect(flows / frames).toBeGreaterThan(0.8);
    expect(damaged / frames).toBeLessThan(0.05);
  });
});
