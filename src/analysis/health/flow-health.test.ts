// Proves what is measured of a single flow: response times without the round trip, shut windows, silence after repetitions,
// copies of packets, long waits; and that a flood of SYNs touches no memory.

import { describe, expect, it } from 'vitest';
import { HealthSignal, Packet, waits } from '../../core/index.ts';
import * as flow from '../flows/flow-row.ts';
import { FlowTable } from '../flows/index.ts';
import { TcpAnalysis } from '../flows/tcp-analysis.ts';
import { HealthBook } from './health-book.ts';

interface Segment {
  readonly atMs: number;
  readonly isBack?: boolean;
  readonly seq?: number;
  readonly ack?: number;
  readonly length?: number;
  readonly window?: number;
  readonly flags?: number;
  readonly id?: number;
}

/** Plays segments on row 0 of a table: direction 0 is the client's. */
function play(segments: readonly Segment[], legsUs: readonly [number, number] | null = [20_000, 1000]) {
  const table = new FlowTable(16);
  const tcp = new TcpAnalysis({ words: table.words, doubles: table.doubles, stride: flow.ROW_WORDS, at: flow.W_TCP });
  table.words[flow.W_STATE] = flow.STATE_USED | (legsUs === null ? 0 : flow.STATE_ESTABLISHED);
  table.words[flow.W_SERVER_RTT] = legsUs?.[0] ?? -1;
  table.words[flow.W_CLIENT_RTT] = legsUs?.[1] ?? -1;
  const book = new HealthBook(table, tcp);
  const told: string[] = [];
  book.teller = {
    healthAlive: () => told.push('alive'),
    slowResponse: (_, us) => told.push(`response ${us}`),
    stalled: (_, dir, us) => told.push(`stall ${dir} ${us}`),
  };
  const p = new Packet();
  p.bytes = new Uint8Array(64);
  p.l4At = 20;
  p.l3At = 0;
  p.end = 64;
  p.ipVersion = 4;
  p.tcpHeaderLen = 20;
  for (const s of segments) {
    p.timeUs = 1.7e15 + s.atMs * 1000;
    p.seq = s.seq ?? (s.isBack === true ? 5000 : 1000);
    p.ack = s.ack ?? (s.isBack === true ? 1000 : 5000);
    p.payloadLen = s.length ?? 0;
    p.window = s.window ?? 500;
    p.tcpFlags = s.flags ?? 16;
    p.bytes[5] = s.id ?? 0;
    const dir = s.isBack === true ? 1 : 0;
    book.see(dir, p, tcp.see(0, dir, p));
  }
  const signal = new HealthSignal();
  if (book.flows.isKnown(0)) book.fill(signal, 0);
  return { signal, told, book };
}

const shares = (s: HealthSignal): Record<string, number> =>
  Object.fromEntries(waits.flatMap((name, i) => (s.waitedUs[i] > 0 ? [[name, Math.round(s.waitedUs[i] / 1000)]] : [])));

describe('FlowHealth', () => {
  it('takes the round trip out of a response, and gives the rest of the time to who thinks', () => {
    const { signal, told } = play([
      { atMs: 0 },
      { atMs: 300, length: 200 },
      { atMs: 320, isBack: true, ack: 1200 },
      { atMs: 1400, isBack: true, ack: 1200, length: 900 },
    ]);
    expect([signal.responses, signal.responseMeanUs]).toEqual([1, 1_080_000]);
    expect(told).toEqual(['response 1080000']);
    expect(shares(signal)).toEqual({ client: 299, server: 1060, round_trips: 41 });
    expect(signal.sentence).toContain('76 % for the server to answer');
  });

  it('times a shut window, tells it once while it lasts and once when it opens', () => {
    const { signal, told } = play([
      { atMs: 0, isBack: true, length: 1000 },
      { atMs: 1, ack: 6000, window: 0 },
      { atMs: 400, isBack: true, seq: 6000, length: 1 },
      { atMs: 400, ack: 6000, window: 0 },
      { atMs: 900, isBack: true, seq: 6000, length: 1 },
      { atMs: 1501, ack: 6001, window: 500 },
    ]);
    expect(told).toEqual(['stall 0 399000', 'stall 0 1500000']);
    expect([signal.oShutUs, signal.rShutUs]).toEqual([1_500_000, 0]);
    expect(waits[signal.verdict]).toBe('receiver_window');
  });

  it('counts repetitions in a row, but no copies of the capture', () => {
    const again = [200, 600, 1400, 3000].map((atMs, i) => ({ atMs, length: 500, id: 40 + i }));
    const lost = play([{ atMs: 0, length: 500, id: 1 }, ...again], null).signal;
    expect([lost.oRepeated, lost.oUnanswered, shares(lost)]).toEqual([4, 4, { loss: 3000 }]);
    const copies = Array.from({ length: 20 }, (_, i) => ({
      atMs: i >> 1,
      seq: 1000 + 100 * (i >> 1),
      length: 100,
      id: 1 + (i >> 1),
    }));
    const doubled = play(copies).signal;
    expect([doubled.oSegments, doubled.oRepeated, doubled.isDoubled]).toEqual([10, 0, true]);
  });

  it('keeps shares over days', () => {
    const hours = Array.from({ length: 48 }, (_, i) => ({
      atMs: i * 1_800_000,
      isBack: i % 2 === 1,
      seq: i % 2 === 1 ? 5000 + 50 * i : 1000 + 50 * i,
      ack: i % 2 === 1 ? 1100 + 50 * (i - 1) : 5100 + 50 * (i - 1),
      length: 100,
    }));
    const { signal, told } = play(hours);
    expect(signal.totalUs / 3.6e9).toBeCloseTo(23.5, 1);
    expect(told.filter((word) => word === 'alive')).toHaveLength(47);
  });

  it('touches nothing for SYNs', () => {
    const { book } = play(
      [
        { atMs: 0, flags: 2, ack: 0 },
        { atMs: 1000, flags: 2, ack: 0 },
      ],
      null,
    );
    expect(book.flows.isKnown(0)).toBe(false);
  });
});
