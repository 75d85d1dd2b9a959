// Proves which packets are kept: the beginning of each flow, what opens and ends a connection, everything about
// fragments and tunnels under their flows, and a share of what has no flow.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { be16, ethernet, ipv4, udp } from '../../../../capture/wire/golden/build.ts';
import { ask, makeFolder, RingStage } from '../../../../capture/writers/ring/ring-stage.ts';
import { batchCapacity, createQueueMemory, FrameBatch, QueueReader, QueueWriter } from '../../../../core/index.ts';
import { Engine } from '../../engine.ts';
import { runOptions } from '../../golden/run-options.ts';
import { FactReceiver, FactSender } from '../../hand-over/facts.ts';
import { type KeepCounters, PacketKeeper } from './packet-keeper.ts';
import { keepFindings, keepStages } from './packet-report.ts';

const options = runOptions({
  wants: { flows: true, packets: false, alerts: false, events: false, values: false },
});
const face = { name: 'x', linkType: 1, snapLen: 0, ticksPerSec: 1e6 };

let folder = '';
let remove = (): void => {};
beforeEach(() => {
  ({ path: folder, remove } = makeFolder());
});
afterEach(() => remove());

type Frame = readonly number[];

interface Kept {
  readonly counters: KeepCounters;
  /** Numbers of the packets kept of the only flow of this protocol; 0: of all. */
  of(proto: number): Promise<readonly string[]>;
}

/** Runs frames, a millisecond apart unless told otherwise. */
function keep(frames: readonly Frame[], perFlowBytes: number, timesUs: readonly number[] = []): Kept {
  const stage = new RingStage(folder, { interfaces: [face] });
  const keeper = new PacketKeeper(stage.writer, perFlowBytes, () => stage.memory.failure);
  const memory = createQueueMemory(1 << 20);
  const flows = new Map<number, number[]>();
  const receiver = new FactReceiver(new QueueReader(memory), {
    flow: ({ id, proto }) => flows.set(proto, [...(flows.get(proto) ?? []), id]),
  });
  const sender = new FactSender(new QueueWriter(memory, 'drop', () => {}));
  const engine = new Engine(options, sender, 1, undefined, 0, { keeper });
  keeper.attach(engine);
  const batch = new FrameBatch();
  const numbers = new Float64Array(batchCapacity);
  frames.forEach((frame, i) => {
    batch.bytes = Uint8Array.from(frame);
    batch.capLen[0] = frame.length;
    batch.wireLen[0] = frame.length;
    batch.timeUs[0] = 1e15 + (timesUs[i] ?? i * 1000);
    numbers[0] = i + 1;
    engine.run(batch, 1, numbers, [face]);
  });
  engine.finish();
  receiver.drain();
  stage.close();
  return {
    counters: keeper.counters(),
    async of(proto) {
      const wanted = proto === 0 ? null : new Set(flows.get(proto));
      const found = await ask(folder, new Map([[1, { flows: wanted }]]));
      const texts = frames.map((frame) => Buffer.from(frame).toString('hex'));
      return found.map(({ bytes }) => {
        const number = texts.indexOf(Buffer.from(bytes).toString('hex'));
        texts[number] = '';
        return String(number + 1);
      });
    },
  };
}

/** A UDP datagram of 200 bytes on the wire, whose data says its number. */
const datagram = (number: number, port = 4000): Frame =>
  ethernet(0x0800, ipv4(17, udp(port, 7000, [...be16(number), ...new Array<number>(156).fill(0)])));

/** A TCP segment of 200 bytes on the wire. */
const segment = (number: number, flags: number): Frame => {
  const head = [...be16(4000), ...be16(7000), 0, 0, ...be16(number), 0, 0, 0, 1, 0x50, flags, 0x20, 0, 0, 0, 0, 0];
  return ethernet(0x0800, ipv4(6, [...head, ...new Array<number>(146).fill(0)]));
};

const arp = (number: number): Frame =>
  ethernet(0x0806, [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 127, 0, ...be16(number), 0, 0, 0, 0, 0, 0, 127, 0, 0, 2]);

/** A fragment of one UDP datagram. */
const fragment = (offset: number, isLast: boolean, data: readonly number[]): Frame => {
  const bytes = ipv4(17, data);
  bytes.splice(4, 4, 0x12, 0x34, ...be16((isLast ? 0 : 0x2000) | (offset >> 3)));
  return ethernet(0x0800, bytes);
};

it('keeps a flow up to the packet that passes its share', async () => {
  expect(datagram(1)).toHaveLength(200);
  const kept = keep(
    Array.from({ length: 10 }, (_, i) => datagram(i)),
    500,
  );
  expect(await kept.of(17)).toEqual(['1', '2', '3']);
  expect(kept.counters).toMatchObject({ packets: 3, bytes: 600, cutPackets: 7, cutBytes: 1400, droppedPackets: 0 });
  expect(keepStages(kept.counters)).toEqual([
    { name: 'packets kept', in: 3, dropped: 0 },
    { name: 'packets cut off', in: 7, dropped: 0 },
  ]);
  expect(keepFindings(kept.counters)).toEqual([]);
});

it('keeps everything without a cut-off', async () => {
  const kept = keep(
    Array.from({ length: 600 }, (_, i) => datagram(i)),
    0,
  );
  expect(await kept.of(17)).toHaveLength(600);
});

it('keeps SYN, FIN and RST, however late', async () => {
  const [syn, ack, fin, rst] = [2, 16, 17, 20];
  const frames = [syn, ack, ack, ack, ack, fin, ack, rst].map((flags, i) => segment(i, flags));
  expect(await keep(frames, 400).of(6)).toEqual(['1', '2', '6', '8']);
});

it('keeps a share of what has no flow, each second anew', async () => {
  const frames = Array.from({ length: 30 }, (_, i) => arp(i));
  const times = frames.map((_, i) => (i < 20 ? i * 1000 : 1e6 + i * 1000));
  const kept = keep(frames, 420, times);
  expect(await kept.of(0)).toEqual([
    ...Array.from({ length: 10 }, (_, i) => `${i + 1}`),
    ...Array.from({ length: 10 }, (_, i) => `${i + 21}`),
  ]);
});

it('names the flow of fragments that came before it was known', async () => {
  const data = udp(4000, 7000, new Array<number>(40).fill(7));
  const frames = [
    fragment(16, false, data.slice(16, 32)),
    fragment(32, true, data.slice(32)),
    fragment(0, false, data.slice(0, 16)),
  ];
  expect(await keep(frames, 0).of(17)).toEqual(['1', '2', '3']);
});

it('names both flows of a tunnel, and keeps what either has room for', async () => {
  const inner = (number: number): Frame =>
    ethernet(0x0800, ipv4(4, ipv4(17, udp(4000 + number, 7000, new Array<number>(100).fill(number)))));
  const kept = keep(
    Array.from({ length: 6 }, (_, i) => inner(i)),
    300,
  );
  expect(await kept.of(4)).toHaveLength(6);
  expect(await kept.of(17)).toHaveLength(6);
});

it('gives a flow the same number in its record, whenever its packets came', async () => {
  const kept = keep([datagram(1), datagram(2), datagram(3)], 0, [5000, 1000, 6000]);
  expect(await kept.of(17)).toHaveLength(3);
});

it('says what was lost, and why', () => {
  const counters: KeepCounters = {
    packets: 5,
    bytes: 500,
    cutPackets: 1,
    cutBytes: 100,
    droppedPackets: 2,
    droppedBytes: 200,
    failure: null,
  };
  expect(keepFindings(counters)).toMatchObject([{ code: 'keeping-drops', text: expect.stringContaining('2 packets') }]);
  const stopped = keepFindings({ ...counters, failure: 'no space left' });
  expect(stopped).toMatchObject([{ code: 'keeping-stopped', text: expect.stringContaining('no space left') }]);
  expect(keepFindings(null)).toEqual([]);
});
