// Proves that verdicts on simulated connections are right: eight kinds of trouble, twenty seeds each, F1 ≥ 0.9 on average;
// repetitions within 5 % and round trips within 5 % of what the simulator did; and that nothing is said of good ones.

import { describe, expect, it } from 'vitest';
import { type Ends, frameBytes, writeFrame } from '../../analysis/health/golden/segment-frames.ts';
import { type Scenario, seeded, simulate } from '../../analysis/health/golden/tcp-simulator.ts';
import {
  type Alert,
  batchCapacity,
  createQueueMemory,
  Flow,
  FrameBatch,
  QueueReader,
  QueueWriter,
  waits,
} from '../../core/index.ts';
import { Engine } from './engine.ts';
import { runOptions } from './golden/run-options.ts';
import { FactReceiver, FactSender } from './hand-over/facts.ts';
import { defaultDetect, defaultFlowOptions } from './options.ts';

const options = runOptions({
  flow: { ...defaultFlowOptions, capacity: 64 },
  detect: { ...defaultDetect, off: ['*'], on: ['perf.*'] },
  wants: { flows: true, packets: false, alerts: true, events: false, values: false },
});
const face = { name: 'x', linkType: 1, snapLen: 0, ticksPerSec: 1e6 };

interface Seen {
  readonly flow: Flow;
  readonly alerts: readonly Alert[];
}

interface Played extends Seen {
  readonly scenario: Partial<Scenario>;
  /** What the simulator repeated. */
  readonly repeated: number;
  readonly key: string;
}

/** Plays connections one after the other, each to a server port of its own, through one analysis. */
function play(scenarios: readonly Partial<Scenario>[]): { played: Played[]; engine: Engine } {
  const memory = createQueueMemory(1 << 20);
  const flows = new Map<number, Flow>();
  const receiver = new FactReceiver(new QueueReader(memory), {
    flow: (told) => flows.set(told.rPort, Object.assign(new Flow(), told, { mac: told.mac.slice() })),
  });
  const engine = new Engine(options, new FactSender(new QueueWriter(memory, 'drop', () => {})), 1);
  const batch = new FrameBatch();
  batch.bytes = new Uint8Array(batchCapacity * frameBytes);
  const numbers = new Float64Array(batchCapacity);
  const repeats: number[] = [];
  let beginUs = 1.7e15;
  let packets = 0;
  for (const [n, scenario] of scenarios.entries()) {
    const { segments, repeated } = simulate(scenario);
    repeats.push(repeated);
    const ends: Ends = { client: [10, 0, n, 1], server: [192, 0, 2, 9], clientPort: 40_000, serverPort: 1000 + n };
    for (let from = 0; from < segments.length; from += batchCapacity) {
      const count = Math.min(batchCapacity, segments.length - from);
      for (let i = 0; i < count; i++) {
        batch.at[i] = i * frameBytes;
        batch.capLen[i] = frameBytes;
        batch.wireLen[i] = writeFrame(batch.bytes, i * frameBytes, segments[from + i], ends, packets + 1);
        batch.timeUs[i] = beginUs + Math.round(segments[from + i].timeUs);
        numbers[i] = ++packets;
      }
      engine.run(batch, count, numbers, [face]);
      receiver.drain();
    }
    beginUs += 200e6;
  }
  engine.finish();
  receiver.drain();
  const alerts = engine.detection?.desk.current(beginUs) ?? [];
  const played = scenarios.map((scenario, n) => {
    const key = `10.0.${n}.1 → 192.0.2.9:${1000 + n}`;
    const flow = flows.get(1000 + n) ?? new Flow();
    return { scenario, repeated: repeats[n], key, flow, alerts: alerts.filter((alert) => alert.key === key) };
  });
  return { played, engine };
}

/** What the analysis calls a connection. */
function classOf({ alerts, flow }: Seen): string {
  const has = (name: string, words = ''): boolean =>
    alerts.some(({ detector, explain }) => detector === name && explain.includes(words));
  if (has('perf.mtu', 'never arrived')) return 'black hole';
  if (has('perf.zero-window')) return 'zero window';
  if (has('perf.rtt', 'rose')) return 'step';
  return flow.verdict < 0 ? 'none' : waits[flow.verdict];
}

/** Each kind with what varies from seed to seed. */
const kinds: Readonly<Record<string, (random: () => number, i: number) => Partial<Scenario>>> = {
  loss: (random, i) => ({
    loss: [0.001, 0.01, 0.05][i % 3],
    bytes: [12e6, 3e6, 1e6][i % 3],
    isLossBefore: random() < 0.5,
    receiverUs: 10_000 + random() * 30_000,
  }),
  step: (random) => ({
    stepAtUs: 3e6,
    stepUs: 30_000 + random() * 60_000,
    receiveBuffer: 4e6,
    sendBuffer: 64_000,
    bytes: 16e6,
    receiverUs: 8000 + random() * 20_000,
  }),
  queueing: (random) => ({
    rateBps: 4e6 + random() * 16e6,
    bufferBytes: 4e6,
    receiveBuffer: 4e6,
    bytes: 8e6,
    receiverUs: 5000 + random() * 10_000,
  }),
  receiver_window: (random) => ({
    receiveBuffer: 20_000 + Math.floor(random() * 40_000),
    bytes: 3e6,
    receiverUs: 10_000 + random() * 40_000,
  }),
  sender_window: (random) => ({
    sendBuffer: 30_000 + Math.floor(random() * 60_000),
    bytes: 4e6,
    receiverUs: 10_000 + random() * 40_000,
  }),
  server: (random) => ({
    chunk: 5000 + Math.floor(random() * 30_000),
    restUs: 300_000 + random() * 400_000,
    bytes: 4e5,
  }),
  'black hole': (random) => ({ mtuPayload: 1300, smallWrites: 4, restUs: 200_000 + random() * 1e5, bytes: 20_000 }),
  'zero window': (random) => ({
    receiveBuffer: 60_000 + Math.floor(random() * 60_000),
    pauseFromUs: 300_000,
    pauseUs: 1e6 + random() * 4e6,
    bytes: 2e6,
  }),
};

describe('health of simulated connections', () => {
  it('tells eight kinds of trouble apart, macro F1 ≥ 0.9', { timeout: 60_000 }, () => {
    const runs = Object.entries(kinds).flatMap(([want, make]) =>
      Array.from({ length: 20 }, (_, i) => {
        const random = seeded(1000 * i + want.length);
        const isUpload = want !== 'server' && i % 2 === 1;
        const common = { seed: i + 1, isUpload, hasStamps: i % 4 >= 2, senderUs: 500 + random() * 5000 };
        return { want, scenario: { ...common, ...make(random, i) } };
      }),
    );
    const { played } = play(runs.map(({ scenario }) => scenario));
    const results = runs.map(({ want }, n) => ({ want, got: classOf(played[n]) }));
    const scores = Object.keys(kinds).map((kind) => {
      const others = results.filter(({ want, got }) => want === kind && got !== kind).map(({ got }) => got);
      const f1 = (2 * (20 - others.length)) / (20 + results.filter(({ got }) => got === kind).length);
      return { kind, f1, others };
    });
    const macro = scores.reduce((sum, { f1 }) => sum + f1, 0) / scores.length;
    expect(macro, JSON.stringify(scores)).toBeGreaterThanOrEqual(0.9);
  });

  it('counts repetitions and times round trips within 5 %', () => {
    for (let i = 0; i < 12; i++) {
      const receiverUs = 10_000 + seeded(i)() * 40_000;
      const isUpload = i % 2 === 1;
      const scenario = { seed: i, loss: 0.02, receiverUs, bytes: 2e6, isUpload, hasStamps: i % 4 >= 2 };
      const { played, engine } = play([scenario]);
      const { repeated, rttMs } = engine.health.report(false);
      expect(Math.abs(repeated - played[0].repeated)).toBeLessThanOrEqual(Math.ceil(0.05 * played[0].repeated));
      const trueMs = (2 * (receiverUs + 1000)) / 1000;
      expect(Math.abs((rttMs.p50 ?? 0) - trueMs) / trueMs).toBeLessThan(0.05);
    }
  });

  it('says nothing of a quick transfer', () => {
    const { played } = play([{ bytes: 200_000, receiverUs: 5000 }]);
    expect(played[0].alerts).toEqual([]);
    expect([played[0].flow.hasHealth, played[0].flow.responses]).toEqual([true, 1]);
  });
});
