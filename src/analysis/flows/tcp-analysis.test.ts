// Proves that every TCP note is given where its definition holds and not where one of its conditions is missing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Packet, tcpFlag } from '../../core/packet.ts';
import { TcpAnalysis, tcpCount, tcpMemory, tcpNote } from './tcp-analysis.ts';
import { judge } from './tcp-analysis-rules.ts';

const { fin, syn, rst, ack: A } = tcpFlag;

/** A conversation whose client (direction 0) starts at 100 and whose server starts at 500; times in milliseconds. */
class Talk {
  readonly analysis: TcpAnalysis;
  readonly #row: number;
  readonly #p = new Packet();
  #ms = 1_700_000_000_000;

  constructor(analysis = new TcpAnalysis(tcpMemory(4)), row = 1) {
    this.analysis = analysis;
    this.#row = row;
  }

  wait(ms: number): this {
    this.#ms += ms;
    return this;
  }

  /** Sends one segment a millisecond later and returns its notes by name. */
  send(dir: 0 | 1, seq: number, ack: number, len = 0, flags: number = A, window = 1000, shift = -1): string[] {
    this.#ms++;
    const p = this.#p;
    p.bytes = Uint8Array.of(...new Array(20).fill(0), ...(shift < 0 ? [] : [1, 3, 3, shift]));
    p.end = p.bytes.length;
    p.l4At = 0;
    p.tcpHeaderLen = p.end;
    p.timeUs = this.#ms * 1000;
    p.seq = seq | 0;
    p.ack = ack | 0;
    p.payloadLen = len;
    p.tcpFlags = flags;
    p.window = window;
    return names(this.analysis.see(this.#row, dir, p));
  }

  client(seq: number, ack = 501, len = 0, flags: number = A, window = 1000): string[] {
    return this.send(0, seq, ack, len, flags, window);
  }

  server(seq: number, ack = 101, len = 0, flags: number = A, window = 1000): string[] {
    return this.send(1, seq, ack, len, flags, window);
  }

  /** SYN, SYN-ACK, ACK: 2 ms from the SYN to the ACK. Scale -1 leaves the option out. */
  shake(clientShift = -1, serverShift = -1): this {
    this.send(0, 100, 0, 0, syn, 1000, clientShift);
    this.send(1, 500, 101, 0, syn | A, 1000, serverShift);
    this.client(101);
    return this;
  }
}

function names(bits: number): string[] {
  return Object.entries(tcpNote)
    .filter(([, bit]) => (bits & bit) !== 0)
    .map(([name]) => name);
}

describe('tcp analysis', () => {
  test('notes nothing in an orderly conversation', () => {
    const t = new Talk();
    expect(t.send(0, 100, 0, 0, syn)).toEqual([]);
    expect(t.send(1, 500, 101, 0, syn | A)).toEqual([]);
    expect(t.client(101)).toEqual([]);
    expect(t.client(101, 501, 10)).toEqual([]);
    expect(t.server(501, 111, 20)).toEqual([]);
    expect(t.client(111, 521, 0, fin | A)).toEqual([]);
    expect(t.server(521, 112, 0, fin | A)).toEqual([]);
    expect(t.client(112, 522)).toEqual([]);
    expect(Object.values(t.analysis.counters).every((n) => n === 0)).toBe(true);
  });

  test('retransmission: bytes sent before, after more than a handshake', () => {
    const t = new Talk().shake();
    t.client(101, 501, 10);
    t.client(111, 501, 10);
    expect(t.wait(5).client(101, 501, 10)).toEqual(['retransmission']);
    expect(t.client(121, 501, 10)).toEqual([]);
  });

  test('retransmission: a SYN and a FIN again', () => {
    const t = new Talk();
    t.client(100, 0, 0, syn);
    expect(t.client(100, 0, 0, syn)).toEqual(['retransmission']);
    t.server(500, 101, 0, syn | A);
    t.client(101, 501, 0, fin | A);
    expect(t.client(101, 501, 0, fin | A)).toEqual(['retransmission']);
  });

  test('fast retransmission: two duplicate ACKs, soon', () => {
    const ask = (t: Talk, acks = 2): Talk => {
      t.shake().client(101, 501, 10);
      t.client(111, 501, 10);
      for (let i = 0; i < acks; i++) expect(t.server(501, 101)).toEqual(['duplicateAck']);
      return t;
    };
    expect(ask(new Talk()).client(101, 501, 10)).toEqual(['fastRetransmission']);
    expect(ask(new Talk(), 1).client(101, 501, 10)).toEqual(['retransmission']);
    expect(ask(new Talk()).wait(20).client(101, 501, 10)).toEqual(['retransmission']);
    const other = ask(new Talk());
    expect(other.wait(5).client(111, 501, 5)).toEqual(['retransmission']);
  });

  test('spurious retransmission: bytes that were acknowledged', () => {
    const t = new Talk().shake();
    t.client(101, 501, 10);
    t.server(501, 106);
    expect(t.wait(5).client(101, 501, 10)).toEqual(['retransmission']);
    t.server(501, 111);
    expect(t.client(101, 501, 10)).toEqual(['spuriousRetransmission']);
  });

  test('out of order: late bytes within the time of the handshake', () => {
    const late = (t: Talk, ms: number): string[] => {
      t.client(101, 501, 10);
      t.client(121, 501, 10);
      return t.wait(ms).client(111, 501, 10);
    };
    expect(late(new Talk().shake(), 0)).toEqual(['outOfOrder']);
    expect(late(new Talk().shake(), 1)).toEqual(['retransmission']);
    expect(late(new Talk(), 1)).toEqual(['outOfOrder']);
    expect(late(new Talk(), 2)).toEqual(['retransmission']);
  });

  test('out of order: not for the newest bytes, nor when the clock steps back', () => {
    const t = new Talk().shake();
    t.client(101, 501, 10);
    expect(t.client(101, 501, 10)).toEqual(['retransmission']);
    t.client(111, 501, 10);
    expect(t.wait(-5).client(101, 501, 10)).toEqual(['retransmission']);
  });

  test('duplicate ACK: the same once more and nothing else', () => {
    const t = new Talk().shake();
    expect(t.client(101)).toEqual(['duplicateAck']);
    expect(t.client(101, 501, 0, A, 1001)).toEqual(['windowUpdate']);
    expect(t.client(101, 501, 0, rst | A, 1001)).toEqual([]);
    expect(t.client(101, 501, 1, A, 1001)).toEqual([]);
    expect(t.client(102, 501, 0, A, 1001)).toEqual(['duplicateAck']);
    t.server(501, 102, 10);
    expect(t.client(102, 511, 0, A, 1001)).toEqual([]);
  });

  test('lost segment: a hole before it, but not before a RST', () => {
    const t = new Talk().shake();
    expect(t.client(111, 501, 10)).toEqual(['lostSegment']);
    expect(t.client(121, 501, 10)).toEqual([]);
    expect(t.client(140, 501, 0, rst)).toEqual([]);
    expect(new Talk().client(7777, 1, 10)).toEqual([]);
  });

  test('ACK of a lost segment: told once until the silent side gets on', () => {
    const t = new Talk().shake();
    t.client(101, 501, 10);
    expect(t.server(501, 150)).toEqual(['ackLostSegment']);
    expect(t.server(501, 160)).toEqual([]);
    t.server(501, 160, 5);
    t.client(111, 506);
    expect(t.server(506, 170)).toEqual(['ackLostSegment']);
  });

  test('ACK of a lost segment: told once across a hole', () => {
    const t = new Talk().shake();
    t.client(111, 501, 10);
    expect(t.server(501, 121)).toEqual(['ackLostSegment']);
    t.client(121, 501, 10);
    expect(t.server(501, 131)).toEqual([]);
  });

  test('keep-alive and its ACK', () => {
    const t = new Talk().shake();
    t.client(101, 501, 10);
    t.server(501, 111);
    expect(t.client(110, 501)).toEqual(['keepAlive']);
    expect(t.server(501, 111)).toEqual(['keepAliveAck']);
    expect(t.client(110, 501, 1)).toEqual(['keepAlive']);
    expect(t.server(501, 111, 0, A, 999)).toEqual(['windowUpdate']);
    expect(t.server(501, 111, 0, A, 999)).toEqual(['keepAliveAck']);
    expect(t.wait(9).client(110, 501, 2)).toEqual([]);
    expect(t.wait(9).client(109, 501, 1)).toEqual(['spuriousRetransmission']);
  });

  test('zero window: closed by an ordinary segment only', () => {
    const t = new Talk().shake();
    expect(t.server(501, 101, 0, A, 0)).toEqual(['zeroWindow']);
    expect(t.server(501, 101, 0, rst, 0)).toEqual([]);
    expect(t.analysis.count(1, 1, tcpCount.zeroWindows)).toBe(1);
  });

  test('zero-window probe and its ACK', () => {
    const t = new Talk().shake();
    t.server(501, 101, 0, A, 0);
    expect(t.client(101, 501, 1)).toEqual(['zeroWindowProbe']);
    expect(t.server(501, 101, 0, A, 0)).toEqual(['zeroWindow', 'zeroWindowProbeAck']);
    expect(t.server(501, 101, 0, A, 500)).toEqual(['windowUpdate']);
    expect(t.client(101, 501, 1)).toEqual([]);
  });

  test('a segment that begins with the byte of a probe is new', () => {
    const t = new Talk().shake();
    t.client(101, 501, 1);
    expect(t.client(101, 501, 20)).toEqual([]);
  });

  test('window full: to the last byte, with the scale of both SYNs', () => {
    const t = new Talk().shake(0, 3);
    t.server(501, 101, 0, A, 2);
    expect(t.client(101, 501, 16)).toEqual(['windowFull']);
    expect(new Talk().shake(0, 3).client(101, 501, 1000)).toEqual(['windowFull']);
    const plain = new Talk().shake(2, -1);
    plain.server(501, 101, 0, A, 2);
    expect(plain.client(101, 501, 2)).toEqual(['windowFull']);
    const joined = new Talk();
    joined.server(501, 101, 0, A, 2);
    expect(joined.client(101, 501, 2)).toEqual([]);
  });

  test('window update: a new window and nothing else', () => {
    const t = new Talk().shake();
    expect(t.server(501, 101, 0, A, 2000)).toEqual(['windowUpdate']);
    t.client(101, 501, 10);
    expect(t.server(501, 111, 0, A, 3000)).toEqual([]);
  });

  test('a SYN of another conversation starts over, counts stay until reset', () => {
    const t = new Talk().shake();
    t.client(201, 501, 10);
    expect(t.client(90_000, 0, 0, syn)).toEqual([]);
    expect(t.server(70_000, 90_001, 0, syn | A)).toEqual([]);
    expect(t.analysis.count(1, 0, tcpCount.lostSegments)).toBe(1);
    t.analysis.reset(1);
    expect(t.analysis.count(1, 0, tcpCount.lostSegments)).toBe(0);
    expect(t.client(5, 0, 10)).toEqual([]);
  });

  test('sequence numbers may wrap', () => {
    const t = new Talk();
    const at = 0xffff_fff0;
    t.client(at, 501, 10);
    expect(t.client(at + 10, 501, 10)).toEqual([]);
    expect(t.server(501, (at + 20) >>> 0)).toEqual([]);
    expect(t.client(at + 30, 501, 10)).toEqual(['lostSegment']);
    expect(t.wait(9).client(at + 20, 501, 10)).toEqual(['retransmission']);
  });

  test('rows do not touch each other', () => {
    const shared = new TcpAnalysis(tcpMemory(3));
    const first = new Talk(shared, 0).shake();
    const second = new Talk(shared, 1);
    expect(second.client(9000, 1, 10)).toEqual([]);
    new Talk(shared, 2).shake().client(999, 1, 10);
    expect(first.client(101)).toEqual(['duplicateAck']);
    expect(second.client(9010, 1, 10)).toEqual([]);
    shared.reset(1);
    expect(first.client(101)).toEqual(['duplicateAck']);
  });

  test('random segments never throw, and every note is counted once', () => {
    const near = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
    const segment = fc.record({
      dir: fc.constantFrom<0 | 1>(0, 1),
      seq: near,
      ack: near,
      flags: fc.integer({ min: 0, max: 511 }),
      window: fc.constantFrom(0, 1, 2, 65_535),
      payloadLen: fc.constantFrom(0, 1, 2, 65_535),
      timeUs: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
      bytes: fc.uint8Array({ minLength: 0, maxLength: 60 }),
    });
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 60 }), (segments) => {
        const analysis = new TcpAnalysis(tcpMemory(1));
        const p = new Packet();
        const counted = Object.fromEntries(Object.keys(tcpNote).map((name) => [name, 0]));
        for (const s of segments) {
          Object.assign(p, s, { tcpFlags: s.flags, l4At: 0, end: s.bytes.length, tcpHeaderLen: 60 });
          for (const name of names(analysis.see(0, s.dir, p))) counted[name]++;
        }
        expect(analysis.counters).toEqual(counted);
      }),
      { numRuns: 500 },
    );
  });

  test('the short way for orderly segments comes to what the long way comes to', () => {
    const step = fc.record({
      dir: fc.constantFrom<0 | 1>(0, 1),
      gap: fc.constantFrom(0, 0, 0, 0, 0, 0, -1, 1, -10, 10),
      ackGap: fc.constantFrom(0, 0, 0, 0, -5, 3),
      flags: fc.constantFrom(A, A, A, A, A, A, syn, syn | A, fin | A, rst, 0),
      window: fc.constantFrom(1000, 1000, 1000, 0, 10, 11),
      payloadLen: fc.constantFrom(0, 0, 1, 10, 10, 11),
      waitUs: fc.constantFrom(0, 1, 2500, 19_999, 30_000),
    });
    fc.assert(
      fc.property(fc.constantFrom(1, 2 ** 31 - 20, 2 ** 32 - 20), fc.array(step, { maxLength: 80 }), (start, steps) => {
        const analysis = new TcpAnalysis(tcpMemory(1));
        const memory = new ArrayBuffer(128);
        const words = new Int32Array(memory);
        const times = new Float64Array(memory);
        const p = new Packet();
        const next = [start, start + 500];
        p.timeUs = 1.7e15;
        for (const s of steps) {
          p.timeUs += s.waitUs;
          p.seq = (next[s.dir] + s.gap) | 0;
          p.ack = (next[1 - s.dir] + s.ackGap) | 0;
          p.tcpFlags = s.flags;
          p.window = s.window;
          p.payloadLen = s.payloadLen;
          if (s.gap >= 0) next[s.dir] += s.gap + s.payloadLen + ((s.flags & (syn | fin)) !== 0 ? 1 : 0);
          expect(names(analysis.see(0, s.dir, p))).toEqual(names(judge(words, times, s.dir * 16, p)));
        }
      }),
      { numRuns: 1000 },
    );
  });
});
