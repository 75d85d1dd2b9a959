// Proves that datagrams are put together from fragments in any order, first copy kept, within the bound.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Packet } from '../../core/index.ts';
import { type FragmentEntry, FragmentTable, fragmentFate, fragmentOdd } from './fragments.ts';

/** One fragment of an IPv4 datagram, as the decoder would leave it. */
function fragment(id: number, offset: number, data: Uint8Array, more: boolean, sec = 0): Packet {
  const p = new Packet();
  const bytes = new Uint8Array(20 + data.length);
  bytes.set([
    0x45,
    0,
    (20 + data.length) >> 8,
    (20 + data.length) & 255,
    id >> 8,
    id & 255,
    (more ? 0x20 : 0) | (offset >> 11),
    (offset >> 3) & 255,
  ]);
  bytes.set([64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2], 8);
  bytes.set(data, 20);
  p.bytes = bytes;
  p.end = bytes.length;
  p.wireLen = bytes.length;
  p.l3At = 0;
  p.l3End = bytes.length;
  p.ipLen = bytes.length;
  p.ipVersion = 4;
  p.proto = 17;
  p.src0 = 0x0a000001;
  p.dst0 = 0x0a000002;
  p.isFragment = 1;
  p.fragOffset = offset;
  p.moreFragments = more ? 1 : 0;
  p.fragId = id;
  p.timeUs = sec * 1e6;
  if (offset === 0 && data.length >= 8) {
    p.l4Ok = 1;
    p.srcPort = 1000;
    p.dstPort = 2000;
  }
  return p;
}

function table(abandoned: FragmentEntry[] = []): FragmentTable {
  return new FragmentTable((entry) => abandoned.push({ ...entry }));
}

const wholeData = (t: FragmentTable): number[] => [...t.whole.bytes.subarray(t.whole.at + 20, t.whole.end)];

describe('FragmentTable', () => {
  it('gives back any datagram, cut anywhere and shuffled', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 180 }), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 1500 }),
        cuts,
        fc.infiniteStream(fc.nat()),
        (data, at, order) => {
          const edges = [
            0,
            ...at
              .map((u) => u * 8)
              .filter((o) => o < data.length)
              .sort((a, b) => a - b),
            data.length,
          ];
          const parts = edges
            .slice(0, -1)
            .map((from, i) => fragment(7, from, data.slice(from, edges[i + 1]), edges[i + 1] < data.length));
          const shuffled = parts.map((p) => ({ p, key: order.next().value as number })).sort((a, b) => a.key - b.key);
          const t = table();
          const fates = shuffled.map(({ p }) => t.see(p, 20));
          expect(fates[fates.length - 1]).toBe(fragmentFate.complete);
          expect(fates.slice(0, -1)).not.toContain(fragmentFate.complete);
          expect(wholeData(t)).toEqual([...data]);
          expect(t.whole.bytes[t.whole.at + 6] | t.whole.bytes[t.whole.at + 7]).toBe(0);
          expect((t.whole.bytes[t.whole.at + 2] << 8) | t.whole.bytes[t.whole.at + 3]).toBe(20 + data.length);
          expect(t.count).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('names the ports on later fragments, and counts earlier ones as pending', () => {
    const t = table();
    const last = fragment(1, 16, new Uint8Array(4), false);
    expect(t.see(last, 20)).toBe(fragmentFate.waiting);
    expect([t.entry.pendingPackets, t.entry.pendingBytes]).toEqual([1, 24]);
    const first = fragment(1, 0, new Uint8Array(8), true);
    expect(t.see(first, 20)).toBe(fragmentFate.known);
    const middle = fragment(1, 8, new Uint8Array(8), false);
    middle.moreFragments = 1;
    expect(t.see(middle, 20)).toBe(fragmentFate.complete);
    expect([middle.srcPort, middle.dstPort, middle.l4Ok]).toEqual([1000, 2000, 2]);
  });

  it('keeps the first copy where fragments overlap, and says so', () => {
    const t = table();
    t.see(fragment(2, 8, new Uint8Array(8).fill(1), false), 20);
    t.see(fragment(2, 8, new Uint8Array(8).fill(2), false), 20);
    t.see(fragment(2, 0, new Uint8Array(8), true), 20);
    expect(wholeData(t).slice(8)).toEqual(new Array(8).fill(1));
    expect(t.overlaps).toBe(1);
  });

  it('refuses what would grow beyond the largest datagram', () => {
    const t = table();
    expect(t.see(fragment(3, 65528, new Uint8Array(800), false), 20)).toBe(fragmentFate.waiting);
    expect(t.tooLong).toBe(1);
  });

  it('gives up after a minute of packet time and hands over what had no flow', () => {
    const gone: FragmentEntry[] = [];
    const t = table(gone);
    t.see(fragment(4, 8, new Uint8Array(8), true, 0), 20);
    t.see(fragment(5, 0, new Uint8Array(8), true, 61), 20);
    expect([t.timeouts, gone.length, gone[0].pendingPackets, t.count]).toEqual([1, 1, 1, 1]);
    t.close();
    expect([t.timeouts, gone.length, t.count]).toEqual([2, 1, 0]);
  });

  it('stays within its memory under a spray of datagrams that never end', () => {
    const t = table();
    const data = new Uint8Array(1480);
    for (let i = 0; i < 20_000; i++) {
      const p = fragment(i & 0xffff, 30_000 & ~7, data, true);
      p.src0 = i;
      t.see(p, 20);
    }
    expect(t.count).toBeLessThanOrEqual(4096);
    expect(t.heldBytes).toBeLessThanOrEqual(32 << 20);
  });
});

describe('what a fragment contradicts', () => {
  const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

  it('tells other contents, overlaps in part, and other ends', () => {
    const t = table();
    t.see(fragment(1, 0, bytes(64, 1), true), 20);
    expect(t.odd).toBe(0);
    t.see(fragment(1, 32, bytes(32, 2), true), 20);
    expect(t.odd).toBe(fragmentOdd.conflict);
    t.see(fragment(1, 48, bytes(32, 1), true), 20);
    expect(t.odd).toBe(fragmentOdd.overlap);
    t.see(fragment(1, 24, bytes(8, 1), false), 20);
    expect(t.odd).toBe(fragmentOdd.end);
  });

  it('takes a fragment that comes twice for a repetition', () => {
    const t = table();
    t.see(fragment(1, 8, bytes(61, 1), false), 20);
    t.see(fragment(1, 8, bytes(61, 1), false), 20);
    expect([t.odd, t.overlaps]).toEqual([0, 1]);
  });

  it('tells of a datagram that did not become whole in time', () => {
    const late: number[] = [];
    const t = table();
    t.timedOut = (entry) => late.push(entry.id);
    t.see(fragment(1, 0, bytes(64, 1), true), 20);
    t.see(fragment(2, 0, bytes(64, 1), true, 61), 20);
    t.close();
    expect(late).toEqual([1]);
  });
});
