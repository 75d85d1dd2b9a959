// Proves that each header is read as its standard says: golden frames, level by level, and what must hold between levels.

import { describe, expect, it } from 'vitest';
import { Packet, verdict } from '../../core/packet.ts';
import { problemName } from '../../core/problems.ts';
import type { Said } from './golden/expectation.ts';
import { goldenFrames } from './golden/frames.ts';
import { decode, decodeInner } from './index.ts';

/** The fields that `said` names, as they are. */
function pick(p: Packet, said: Said): Said {
  return Object.fromEntries(Object.keys(said).map((key) => [key, p[key as keyof Said]]));
}

describe('golden frames', () => {
  // One packet for all, so that nothing of the frame before may show through.
  const p = new Packet();
  it.each(goldenFrames.map((frame) => [frame.name, frame] as const))('%s', (_, frame) => {
    const pad = 7;
    p.bytes = Uint8Array.from([...new Array(pad).fill(0xee), ...frame.bytes, 0xee, 0xee]);
    p.at = pad;
    p.end = pad + frame.bytes.length;
    p.wireLen = frame.bytes.length;
    p.linkType = frame.linkType;
    const verdicts = [decode(p)];
    if (frame.first) expect(shifted(pick(p, frame.first), -pad)).toEqual(frame.first);
    while (verdicts[verdicts.length - 1] === verdict.tunnel) verdicts.push(decodeInner(p));
    expect(verdicts).toEqual(frame.verdicts);
    expect(problemName(p.problem)).toBe(frame.problem ?? 'none');
    expect(shifted(pick(p, frame.last), -pad)).toEqual(frame.last);
  });

  it('knows every name once', () => {
    expect(new Set(goldenFrames.map((frame) => frame.name)).size).toBe(goldenFrames.length);
  });
});

const offsets = new Set(['dstMacAt', 'srcMacAt', 'l3At', 'l3End', 'l4At', 'payloadAt', 'payloadEnd', 'innerAt']);

/** Offsets relative to the frame; -1 stays. */
function shifted(said: Said, by: number): Said {
  const move = ([key, value]: [string, number]) => [key, offsets.has(key) && value >= 0 ? value + by : value];
  return Object.fromEntries(Object.entries(said).map((entry) => move(entry as [string, number])));
}
