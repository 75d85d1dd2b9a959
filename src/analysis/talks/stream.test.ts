// Proves that a TCP stream comes out in order and each byte once, whatever order, repetition or loss its segments had; that
// the first copy wins, holes are told, and memory is given back.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Stream } from './stream.ts';

class Taken {
  readonly bytes: number[] = [];
  readonly gaps: [at: number, missing: number][] = [];
  conflicts = 0;
  kept = 0;
  readonly budget = {
    take: (n: number) => {
      this.kept += n;
      return true;
    },
    give: (n: number) => {
      this.kept -= n;
    },
  };
  stream(_side: 0 | 1, bytes: Uint8Array, at: number, end: number): void {
    for (let i = at; i < end; i++) this.bytes.push(bytes[i]);
  }
  streamGap(_side: 0 | 1, missing: number): void {
    this.gaps.push([this.bytes.length, missing]);
  }
  streamConflict(): void {
    this.conflicts++;
  }
}

const ofText = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

function send(stream: Stream, to: Taken, seq: number, text: string, wireLen = text.length): void {
  const bytes = ofText(text);
  stream.segment(seq | 0, bytes, 0, bytes.length, wireLen, to, to.budget);
}

const said = (to: Taken): string => String.fromCharCode(...to.bytes);

describe('a stream', () => {
  it('begins with its first payload where that lies far from what the handshake said', () => {
    for (const far of [1 << 23, -(1 << 23)]) {
      const to = new Taken();
      const stream = new Stream(1);
      stream.start(100);
      send(stream, to, 100 + far, 'ab');
      send(stream, to, 102 + far, 'cd');
      send(stream, to, 100, 'zz');
      expect(said(to).slice(0, 4)).toBe('abcd');
      expect(to.gaps).toEqual([]);
    }
  });

  it('is not moved by a far segment once payload has come', () => {
    const to = new Taken();
    const stream = new Stream(1);
    stream.start(100);
    send(stream, to, 100, 'ab');
    send(stream, to, 100 - (1 << 23), 'zz');
    send(stream, to, 102, 'cd');
    expect(said(to)).toBe('abcd');
  });

  it('gives segments in order at once, and late ones when the hole is filled', () => {
    const to = new Taken();
    const stream = new Stream(0);
    stream.start(100);
    send(stream, to, 100, 'ab');
    send(stream, to, 106, 'gh');
    send(stream, to, 104, 'ef');
    expect(said(to)).toBe('ab');
    expect(stream.isWaiting).toBe(true);
    send(stream, to, 102, 'cd');
    expect(said(to)).toBe('abcdefgh');
    expect([to.gaps, to.kept, stream.isWaiting]).toEqual([[], 0, false]);
  });

  it('keeps the first copy of held bytes and notes another content', () => {
    const to = new Taken();
    const stream = new Stream(0);
    stream.start(0);
    send(stream, to, 2, 'cd');
    send(stream, to, 1, 'bXde');
    expect(to.conflicts).toBe(1);
    send(stream, to, 0, 'a');
    expect(said(to)).toBe('abcde');
  });

  it('goes on with the first bytes it sees when the beginning was not captured', () => {
    const to = new Taken();
    const stream = new Stream(0);
    send(stream, to, 0xfffffffe, 'ab');
    send(stream, to, 0, 'cd');
    expect(said(to)).toBe('abcd');
  });

  it('tells a hole once the other side has acknowledged beyond it', () => {
    const to = new Taken();
    const stream = new Stream(0);
    stream.start(0);
    send(stream, to, 0, 'ab');
    send(stream, to, 5, 'fg');
    stream.acknowledged(2, to, to.budget);
    expect(said(to)).toBe('ab');
    stream.acknowledged(7, to, to.budget);
    expect([said(to), to.gaps, to.kept]).toEqual(['abfg', [[2, 3]], 0]);
  });

  it('tells the end of cut segments as a hole', () => {
    const to = new Taken();
    const stream = new Stream(0);
    stream.start(0);
    send(stream, to, 0, 'ab', 10);
    send(stream, to, 10, 'cd');
    expect([said(to), to.gaps]).toEqual(['abcd', [[2, 8]]]);
  });

  it('gives what is held at the end, and stops waiting when too much is held', () => {
    const to = new Taken();
    const stream = new Stream(0);
    stream.start(0);
    send(stream, to, 5, 'x');
    stream.end(to, to.budget);
    expect([said(to), to.gaps, to.kept]).toEqual(['x', [[0, 5]], 0]);
    const big = 'y'.repeat(60_000);
    for (let i = 0; i < 6; i++) send(stream, to, 100 + i * 60_000, big);
    expect(stream.isWaiting).toBe(false);
    expect(to.bytes.length).toBe(360_001);
  });

  it('gives each byte once and in order for any cutting, order and repetition', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        fc.array(fc.tuple(fc.nat(199), fc.integer({ min: 1, max: 60 })), { maxLength: 60 }),
        (message, base, cuts) => {
          const to = new Taken();
          const stream = new Stream(0);
          stream.start(base);
          const pieces = cuts.filter(([at]) => at < message.length);
          // Whatever was left out comes at last, in order.
          for (let at = 0; at < message.length; at += 50) pieces.push([at, 50]);
          for (const [at, length] of pieces) {
            const end = Math.min(message.length, at + length);
            stream.segment((base + at) | 0, message, at, end, end - at, to, to.budget);
          }
          expect(to.bytes).toEqual([...message]);
          expect([to.gaps, to.conflicts, to.kept]).toEqual([[], 0, 0]);
        },
      ),
    );
  });
});
