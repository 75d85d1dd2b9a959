// Proves that frames become flows, talkers and alerts together: tunnels name the flow around them, fragments join their
// flow in any order, a source is told of at the packet that passes the threshold, and sums agree however flows end.

import { describe, expect, it } from 'vitest';
import { be16, ethernet, ipv4, plainTcp, udp } from '../../capture/wire/golden/build.ts';
import {
  type Alert,
  batchCapacity,
  createQueueMemory,
  Flow,
  FrameBatch,
  QueueReader,
  QueueWriter,
  type Snapshot,
  type Source,
} from '../../core/index.ts';
import { Engine } from './engine.ts';
import { runOptions } from './golden/run-options.ts';
import { FactReceiver, FactSender } from './hand-over/facts.ts';
import { makeSnapshot } from './hand-over/snapshot.ts';
import type { RunOptions } from './options.ts';

const options = runOptions({
  threshold: 100,
  wants: { flows: true, packets: false, alerts: true, events: false, values: false },
});

const face = { name: 'x', linkType: 1, snapLen: 0, ticksPerSec: 1e6 };
const source = {
  interfaces: [face],
  stats: () => ({ received: 0, droppedKernel: 0, droppedInterface: 0 }),
} as unknown as Source; // all that a snapshot asks of it

interface Seen {
  readonly flows: Flow[];
  readonly alerts: Alert[];
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/** Runs Ethernet frames, a millisecond apart, and ends. */
function run(frames: readonly (readonly number[])[], more: Partial<RunOptions> = {}): Seen {
  const memory = createQueueMemory(1 << 20);
  const writer = new QueueWriter(memory, 'drop', () => {});
  const flows: Flow[] = [];
  const alerts: Alert[] = [];
  const receiver = new FactReceiver(new QueueReader(memory), {
    flow: (flow) => flows.push(Object.assign(new Flow(), flow, { mac: flow.mac.slice() })),
    alert: (alert) => alerts.push(alert),
  });
  const chosen = { ...options, ...more };
  const engine = new Engine(chosen, new FactSender(writer), 1);
  const batch = new FrameBatch();
  const numbers = new Float64Array(batchCapacity);
  for (let from = 0; from < frames.length; from += 100) {
    const some = frames.slice(from, from + 100);
    batch.bytes = Uint8Array.from(some.flat());
    let at = 0;
    some.forEach((frame, i) => {
      batch.at[i] = at;
      batch.capLen[i] = frame.length;
      batch.wireLen[i] = frame.length;
      batch.timeUs[i] = 1e15 + (from + i) * 1000;
      numbers[i] = from + i + 1;
      at += frame.length;
    });
    engine.run(batch, some.length, numbers, [face]);
    receiver.drain();
  }
  const parts = { engine, source, queue: writer.counters(), capacity: 1024, talkers: 20 };
  const before = makeSnapshot(parts);
  engine.finish();
  receiver.drain();
  return { flows, alerts, before, after: makeSnapshot(parts) };
}

/** A fragment of one UDP datagram. */
function fragment(offset: number, isLast: boolean, data: readonly number[]): number[] {
  const bytes = ipv4(17, data);
  bytes.splice(4, 4, 0x12, 0x34, ...be16((isLast ? 0 : 0x2000) | (offset >> 3)));
  return ethernet(0x0800, bytes);
}

describe('Engine', () => {
  it('makes a flow of each level of a tunnel, and the inner one names the outer', () => {
    const { flows, after } = run([ethernet(0x0800, ipv4(4, plainTcp)), ethernet(0x0800, ipv4(4, plainTcp))]);
    const [inner, outer] = [flows.find((flow) => flow.proto === 6), flows.find((flow) => flow.proto === 4)];
    expect(inner?.outerId).toBe(outer?.id);
    expect([inner?.oPackets, outer?.oPackets, outer?.outerId]).toEqual([2, 2, 0]);
    expect([after.flows.total, after.flows.tcp, after.ip.IPIP?.packets, after.ip.TCP]).toEqual([2, 1, 2, undefined]);
    // Only the outermost level says who sent the packet.
    expect(after.talkers.map((row) => row.packets)).toEqual([2]);
  });

  it('counts all fragments with their flow, whatever comes first', () => {
    const datagram = udp(4000, 53, new Array<number>(40).fill(7));
    const parts = [
      fragment(0, false, datagram.slice(0, 16)),
      fragment(16, false, datagram.slice(16, 32)),
      fragment(32, true, datagram.slice(32)),
    ];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ]) {
      const { flows, after } = run(order.map((i) => parts[i]));
      expect(flows.map((flow) => [flow.oPort, flow.rPort, flow.oPackets])).toEqual([[4000, 53, 3]]);
      expect(flows[0].oBytes).toBe(parts.reduce((sum, part) => sum + part.length, 0));
      expect([after.flows.udp, after.talkers[0].packets]).toEqual([1, 3]);
    }
  });

  it('makes a flow without ports of fragments whose first one never came', () => {
    const { flows, after } = run([fragment(16, false, new Array<number>(16).fill(1)), fragment(32, true, [1, 2, 3])]);
    expect(flows.map((flow) => [flow.proto, flow.oPort, flow.rPort, flow.oPackets])).toEqual([[17, 0, 0, 2]]);
    expect([after.flows.udp, after.flows.other, after.problems['fragment.timeout']]).toEqual([0, 1, 1]);
  });

  it('nests what is given up at the end in no flow of the packet before it', () => {
    const { flows, after } = run([fragment(16, false, new Array<number>(16).fill(1)), ethernet(0x0800, plainTcp)]);
    expect(flows.map((flow) => [flow.proto, flow.outerId]).sort()).toEqual([
      [17, 0],
      [6, 0],
    ]);
    expect(after.talkers.map((row) => row.packets)).toEqual([2]);
  });

  it('raises the alert at the very packet that passes the threshold, again at ten times, and counts to the end', () => {
    const frame = ethernet(0x0800, plainTcp);
    const { alerts, after } = run(new Array(1234).fill(frame));
    expect(alerts.map((alert) => [alert.packet, alert.count])).toEqual([
      [101, 101],
      [101, 1010],
    ]);
    expect(after.alerts.map((alert) => alert.count)).toEqual([1234]);
    expect(alerts[0].flows).toEqual([expect.stringMatching(/^1:.{27}=$/)]);
  });

  it('raises it at the end at the latest, when many flows each hold back a few packets', () => {
    const frames: number[][] = [];
    for (let port = 1; port <= 20; port++) {
      for (let i = 0; i < 10; i++) frames.push(ethernet(0x0800, ipv4(17, udp(port, 9999, [i]))));
    }
    const { after } = run(frames);
    expect(after.alerts.map((alert) => alert.count)).toEqual([200]);
  });

  it('tells the same talkers before and after flows end', () => {
    const frames = Array.from({ length: 500 }, (_, i) => ethernet(0x0800, ipv4(17, udp(1000 + (i % 7), 53, [1, 2]))));
    const { before, after } = run(frames);
    expect(before.talkers).toEqual(after.talkers);
    expect([after.talkers[0].packets, after.talkers[0].bytes]).toEqual([500, frames.flat().length]);
    expect(before.flows.active).toBe(7);
  });

  it('counts a frame that only names its link, and one that names nothing we know', () => {
    const { after } = run([ethernet(0x0806, new Array<number>(28).fill(0)), ethernet(0x88cc, [1, 2, 3, 4])]);
    expect(Object.keys(after.link)).toEqual(['arp', 'lldp']);
    expect([after.packets, after.flows.total]).toEqual([2, 0]);
  });
});
