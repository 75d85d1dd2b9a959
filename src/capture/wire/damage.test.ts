// Proves that no bytes make decoding throw, loop, or look outside the frame: every truncation and every changed byte of
// every golden frame, and random bytes under every link type.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Packet, verdict } from '../../core/packet.ts';
import { goldenFrames } from './golden/frames.ts';
import { decode, decodeInner, fragmentDataAt, headers, levelLimit, verifyChecksums } from './index.ts';

const margin = 64;

/** A frame between two margins of `poison`: whatever is read outside changes with the poison. */
function place(
  p: Packet,
  frame: ArrayLike<number>,
  size: number,
  wireLen: number,
  linkType: number,
  poison: number,
): void {
  const buffer = new Uint8Array(margin + size + margin).fill(poison);
  for (let i = 0; i < size; i++) buffer[margin + i] = frame[i];
  p.bytes = buffer;
  p.at = margin;
  p.end = margin + size;
  p.wireLen = wireLen;
  p.linkType = linkType;
}

const valid = (p: Packet) => ({
  ...p,
  bytes: null,
  // Valid only with a problem, or with a whole TCP header.
  ...(p.problem === 0 ? { problemAt: 0, problemNeed: 0, problemHave: 0 } : {}),
  ...(p.proto === 6 && p.l4Ok === 1 ? {} : { seq: 0, ack: 0, window: 0, tcpHeaderLen: 0 }),
});

/** Throws when an offset is outside its container. Plain comparisons, as this runs a million times. */
function checkOffsets(p: Packet, result: number): void {
  const inside = (offset: number) => offset === -1 || (offset >= p.at && offset <= p.end);
  const isGood =
    result >= verdict.leaf &&
    result <= verdict.noFlow &&
    p.level < levelLimit &&
    inside(p.dstMacAt) &&
    inside(p.srcMacAt) &&
    inside(p.l3At) &&
    inside(p.l3End) &&
    inside(p.l4At) &&
    inside(p.payloadAt) &&
    inside(p.payloadEnd) &&
    inside(p.innerAt) &&
    p.payloadAt <= p.payloadEnd &&
    p.payloadLen >= 0 &&
    (p.payloadEnd < 0 || p.payloadEnd <= p.l3End) &&
    (result === verdict.noFlow || (p.ipVersion !== 0 && p.l3At >= 0 && p.proto >= 0)) &&
    (result !== verdict.tunnel || (p.innerAt >= p.payloadAt && p.innerAt < p.payloadEnd)) &&
    (p.l4Ok === 0 || p.l4At >= p.l3At) &&
    (p.problem === 0 || (p.problemAt >= 0 && p.problemAt <= p.end - p.at)) &&
    (result === verdict.noFlow || fragmentDataAt(p) <= p.l3End);
  if (!isGood) throw new Error(`verdict ${result} with ${JSON.stringify(valid(p))}`);
}

/** Decodes all levels, checks each, and returns what was said of the last one. */
function run(p: Packet): number {
  let result = decode(p);
  checkOffsets(p, result);
  let calls = 1;
  while (result === verdict.tunnel) {
    verifyChecksums(p);
    result = decodeInner(p);
    checkOffsets(p, result);
    if (++calls > levelLimit + 1) throw new Error('decodeInner does not end');
  }
  return result;
}

/** Runs with two poisons and compares. */
function runTwice(frame: ArrayLike<number>, size: number, wireLen: number, linkType: number): void {
  const a = new Packet();
  const b = new Packet();
  place(a, frame, size, wireLen, linkType, 0x45);
  place(b, frame, size, wireLen, linkType, 0xba);
  const same = run(a) === run(b) && verifyChecksums(a) === verifyChecksums(b);
  if (!same || JSON.stringify(valid(a)) !== JSON.stringify(valid(b))) {
    throw new Error(`reads outside: ${Array.from(frame).slice(0, size)} as ${linkType}`);
  }
}

const small = goldenFrames.filter((frame) => frame.bytes.length < 1000);
const linkTypes = [...new Set(headers.flatMap((header) => header.after.linkType ?? []))];

describe('damaged frames', () => {
  it('is whole at every truncation, cut by a snapshot length or by the link', () => {
    for (const frame of small) {
      for (let size = 0; size <= frame.bytes.length; size++) {
        runTwice(frame.bytes, size, frame.bytes.length, frame.linkType);
        runTwice(frame.bytes, size, size, frame.linkType);
      }
    }
  });

  it('is whole with any one byte changed', () => {
    const p = new Packet();
    for (const frame of small) {
      const size = frame.bytes.length;
      place(p, frame.bytes, size, size, frame.linkType, 0);
      for (let i = margin; i < margin + size; i++) {
        const good = p.bytes[i];
        for (const value of [0, 1, 4, 0x44, 0x60, 0x7f, 0x80, 0xff, good ^ 1, good ^ 0x10, good + 1]) {
          p.bytes[i] = value;
          run(p);
          verifyChecksums(p);
        }
        p.bytes[i] = good;
      }
    }
  });

  it('reads nothing outside with any one byte changed', () => {
    const any = fc.tuple(fc.constantFrom(...small), fc.nat(), fc.nat(255), fc.nat());
    fc.assert(
      fc.property(any, ([frame, where, value, cut]) => {
        const bytes = [...frame.bytes];
        bytes[where % bytes.length] = value;
        runTwice(bytes, cut % (bytes.length + 1), bytes.length, frame.linkType);
      }),
      { numRuns: 3000 },
    );
  });

  it('is whole on random bytes under every link type', () => {
    const any = fc.tuple(fc.constantFrom(...linkTypes), fc.uint8Array({ maxLength: 120 }), fc.nat(200));
    fc.assert(
      fc.property(any, ([linkType, bytes, more]) => runTwice(bytes, bytes.length, bytes.length + more, linkType)),
      { numRuns: 5000 },
    );
  });

  it('is whole when each header is read on random bytes inside a datagram', () => {
    const any = fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 100 }), fc.boolean(), fc.constantFrom(0, 0x2000, 7));
    fc.assert(
      fc.property(any, ([proto, bytes, isV6, fragment]) => {
        const length = 20 + bytes.length;
        const v4 = [
          0x45,
          0,
          length >> 8,
          length & 255,
          0,
          0,
          fragment >> 8,
          fragment & 255,
          9,
          proto,
          0,
          0,
          1,
          2,
          3,
          4,
          5,
          6,
          7,
          8,
        ];
        const v6 = [0x60, 0, 0, 0, bytes.length >> 8, bytes.length & 255, proto, 9, ...new Array(32).fill(1)];
        const frame = [...(isV6 ? v6 : v4), ...bytes];
        runTwice(frame, frame.length, frame.length, 101);
      }),
      { numRuns: 5000 },
    );
  });

  it('does not descend without end into nested link headers', () => {
    const p = new Packet();
    // 4000 VLAN tags, and 3000 pseudowires in one another.
    const tags = [...new Array(12).fill(2), ...new Array(4000).fill([0x81, 0, 0, 1]).flat(), 8, 0];
    const pseudowire = [0, 1, 0x01, 64, ...new Array(12).fill(0), 0x88, 0x47];
    const wires = [...new Array(12).fill(2), 0x88, 0x47, ...new Array(3000).fill(pseudowire).flat()];
    for (const frame of [tags, wires]) {
      place(p, frame, frame.length, frame.length, 1, 0);
      expect(run(p)).toBe(verdict.noFlow);
      expect(p.problem).not.toBe(0);
    }
  });

  it('keeps its integers when the capture file claims absurd lengths', () => {
    const p = new Packet();
    const frame = [
      ...new Array(12).fill(2),
      8,
      0,
      0x45,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      9,
      17,
      0,
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      0,
      9,
      0,
      9,
      0,
      0,
      0,
      0,
    ];
    place(p, frame, frame.length, 0xffffffff, 1, 0);
    run(p);
    expect(p.ipLen).toBeLessThan(2 ** 30);
  });
});
