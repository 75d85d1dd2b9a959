// Proves that what is kept is found again by flow, time and number, that the bound holds on the disk, and that what a
// kill, a truncation or a full disk leaves behind is still read.
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { headBytes, recordBytes } from './index-file.ts';
import { nothingKept } from './kept-packets.ts';
import { RingFiles } from './ring-files.ts';
import { pairNumbers } from './ring-folder.ts';
import { blockCount, packetAreaBytes } from './ring-memory.ts';
import { ask, bytesBelow, ethernet, makeFolder, packet, packetsIn, RingStage, type TestPacket } from './ring-stage.ts';
import { notKept } from './ring-writer.ts';

const leastRingBytes = 4 << 20;

let folder = '';
let remove = (): void => {};
beforeEach(() => {
  ({ path: folder, remove } = makeFolder());
});
afterEach(() => remove());

const all = (run = 1) => new Map([[run, { flows: null }]]);
const ofFlows = (flows: readonly number[], run = 1) => new Map([[run, { flows: new Set(flows) }]]);
const numbers = (found: readonly { number: number }[]): number[] => found.map(({ number }) => number);
const file = (name: string, worker = 0): string => join(folder, String(worker), name);

describe('the ring', () => {
  it('gives the packets of a flow, and of a time', async () => {
    const stage = new RingStage(folder);
    for (let n = 1; n <= 100; n++) stage.put(packet(n, n * 1000, [n % 3]));
    stage.close();
    expect(numbers(await ask(folder, ofFlows([2]), { fromUs: 10_000, toUs: 20_000 }))).toEqual([11, 14, 17]);
    expect(numbers(await ask(folder, all(), { fromUs: 50_000, toUs: 52_000 }))).toEqual([50, 51]);
    expect(await ask(folder, ofFlows([7]))).toEqual([]);
    expect(await ask(folder, all(2))).toEqual([]);
  });

  it('gives a packet of several flows once, under each', async () => {
    const stage = new RingStage(folder);
    stage.put(packet(1, 1, [10, 20]));
    stage.put(packet(2, 2, [10, 30]));
    stage.close();
    expect(numbers(await ask(folder, ofFlows([10, 20, 30])))).toEqual([1, 2]);
    expect(numbers(await ask(folder, ofFlows([20])))).toEqual([1]);
  });

  it('gives packets by number where numbers are of the run, once', async () => {
    for (const hasRunNumbers of [true, false]) {
      const run = hasRunNumbers ? 1 : 2;
      const stage = new RingStage(folder, { run, hasRunNumbers });
      const place = stage.put(packet(5, 5, [0]));
      stage.put(packet(6, 6, [7]));
      stage.writer.name(5, 7, 5, place, 60);
      stage.close();
      const found = await ask(folder, new Map([[run, { flows: new Set<number>(), numbers: new Set([5]) }]]));
      expect(numbers(found)).toEqual(hasRunNumbers ? [5] : []);
      const both = await ask(folder, new Map([[run, { flows: new Set([7]), numbers: new Set([5]) }]]));
      expect(numbers(both).sort()).toEqual([5, 6]);
    }
  });

  it('merges workers and runs by time, each with its interfaces', async () => {
    const other = { ...ethernet, name: 'eth1', ticksPerSec: 1e9 };
    const stages = [0, 1].map((worker) => new RingStage(folder, { worker, workers: 2, interfaces: [ethernet, other] }));
    for (let n = 1; n <= 20; n++) stages[n % 2].put({ ...packet(n, n, [1]), iface: n % 2 });
    for (const stage of stages) stage.close();
    const later = new RingStage(folder, { run: 2 });
    later.put(packet(21, 7, [1]));
    later.close();
    const found = await ask(folder, new Map([...all(1), ...all(2)]));
    expect(numbers(found)).toEqual([1, 2, 3, 4, 5, 6, 7, 21, ...Array.from({ length: 13 }, (_, i) => i + 8)]);
    expect(new Set(found.map(({ iface }) => iface))).toEqual(new Set([0, 1]));
    const [even, odd] = [found.find((each) => each.number === 2), found.find((each) => each.number === 3)];
    expect(even?.iface).not.toBe(odd?.iface);
  });

  it('finds interfaces that came while a file was written, also from a later place', async () => {
    const interfaces = [ethernet];
    const stage = new RingStage(folder, { interfaces });
    for (let n = 1; n <= 10; n++) stage.put(packet(n, n, [1]));
    interfaces.push({ ...ethernet, name: 'eth1' });
    for (let n = 11; n <= 5000; n++) stage.put({ ...packet(n, n, [n]), iface: 1 });
    stage.close();
    expect(numbers(await ask(folder, ofFlows([4990]), { fromUs: 4900 }))).toEqual([4990]);
  });

  it('finds what came late, wherever a search looks first', async () => {
    for (let late = 0; late < 40; late++) {
      const interfaces = [ethernet];
      const run = late + 1;
      const stage = new RingStage(folder, { run, interfaces });
      for (let n = 0; n < 40; n++) {
        // An interface that comes with the late packet must not mislead the search either.
        if (n === late) interfaces.push({ ...ethernet, name: 'eth1' });
        stage.put({ ...packet(n, n === late ? 1e6 : 2e6 + n, [1]), iface: n === late ? 1 : 0 });
      }
      stage.close();
      expect(await ask(folder, all(run), { fromUs: 2e6 }), `${late}`).toHaveLength(39);
      expect(numbers(await ask(folder, all(run), { toUs: 2e6 })), `${late}`).toEqual([late]);
    }
  });

  it('stops at a limit and says so', async () => {
    const stage = new RingStage(folder);
    for (let n = 1; n <= 10; n++) stage.put(packet(n, n, [1]));
    stage.close();
    const counters = nothingKept();
    expect(await ask(folder, all(), { limit: 4 }, counters)).toHaveLength(4);
    expect(counters).toEqual({ packets: 4, bytes: 240, damaged: 0, isCut: true });
    const exact = nothingKept();
    await ask(folder, all(), { limit: 10 }, exact);
    expect(exact.isCut).toBe(false);
  });

  it('keeps to its bound, of one run and over several, and gives up the oldest', async () => {
    const bytes = leastRingBytes;
    let largest = 0;
    for (let run = 1; run <= 3; run++) {
      const stage = new RingStage(folder, { bytes, run });
      for (let n = 1; n <= 4000; n++) {
        stage.put(packet(n, n, [1], 1500));
        if (n % 500 === 0) largest = Math.max(largest, bytesBelow(folder));
      }
      stage.close();
      largest = Math.max(largest, bytesBelow(folder));
    }
    expect(largest).toBeLessThanOrEqual(bytes);
    expect(largest).toBeGreaterThan(bytes / 2);
    expect(await ask(folder, all(1))).toEqual([]);
    const kept = numbers(await ask(folder, all(3)));
    expect(kept.at(-1)).toBe(4000);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => 4001 - kept.length + i));
  });

  it('counts what workers kept that there are no more of', () => {
    const many = [0, 1, 2, 3].map((worker) => new RingStage(folder, { bytes: 4 * leastRingBytes, worker, workers: 4 }));
    for (const stage of many) {
      for (let n = 1; n <= 2000; n++) stage.put(packet(n, n, [1], 1500));
      stage.close();
    }
    const one = new RingStage(folder, { bytes: leastRingBytes });
    for (let n = 1; n <= 10; n++) one.put(packet(n, n, [1], 1500));
    one.close();
    expect(bytesBelow(folder)).toBeLessThanOrEqual(leastRingBytes);
  });

  it('reads an index cut off anywhere up to its last whole record', async () => {
    const stage = new RingStage(folder);
    for (let n = 1; n <= 5; n++) stage.put(packet(n, n, [1]));
    stage.close();
    const index = nodeFs.readFileSync(file('00000001.index'));
    expect(index.length).toBe(headBytes + 6 * recordBytes); // one describes the interface
    for (let length = index.length; length >= 0; length--) {
      nodeFs.truncateSync(file('00000001.index'), length);
      const records = Math.floor((length - headBytes) / recordBytes);
      expect(numbers(await ask(folder, all())), `${length}`).toHaveLength(Math.max(0, records - 1));
    }
  });

  it('reads a capture file cut off anywhere up to its last whole packet, and counts the rest', async () => {
    const stage = new RingStage(folder);
    for (let n = 1; n <= 3; n++) stage.put(packet(n, n, [1]));
    stage.close();
    const whole = nodeFs.readFileSync(file('00000001.pcapng'));
    const blockBytes = 32 + 60;
    for (let cut = 1; cut <= 2 * blockBytes; cut++) {
      nodeFs.truncateSync(file('00000001.pcapng'), whole.length - cut);
      const counters = nothingKept();
      const found = await ask(folder, all(), {}, counters);
      const left = 3 - Math.ceil(cut / blockBytes);
      expect([found.length, counters.damaged], `${cut}`).toEqual([left, 3 - left]);
    }
  });

  it('believes no index that lies', async () => {
    const stage = new RingStage(folder);
    for (let n = 1; n <= 3; n++) stage.put(packet(n, n, [1]));
    stage.close();
    const index = nodeFs.readFileSync(file('00000001.index'));
    await fc.assert(
      fc.asyncProperty(fc.nat(index.length - headBytes - 1), fc.nat(255), async (at, value) => {
        const lie = Uint8Array.from(index);
        lie[headBytes + at] = value;
        nodeFs.writeFileSync(file('00000001.index'), lie);
        const counters = nothingKept();
        const found = await ask(folder, all(), {}, counters);
        expect(found.length).toBeLessThanOrEqual(3);
        for (const { bytes } of found) expect(bytes.length).toBe(60);
      }),
      { numRuns: 60 },
    );
  });

  it('is found while it is written, once handed over', async () => {
    const stage = new RingStage(folder);
    stage.put(packet(1, 1, [1]));
    expect(await ask(folder, all())).toEqual([]);
    stage.flush();
    stage.put(packet(2, 2, [1]));
    expect(numbers(await ask(folder, all()))).toEqual([1]);
  });

  it('leaves whole files alone, each of which can be read by itself', () => {
    const stage = new RingStage(folder, { bytes: leastRingBytes });
    for (let n = 1; n <= 1500; n++) stage.put(packet(n, n, [1], 1400));
    stage.flush();
    const names = pairNumbers(join(folder, '0')).map((number) => `${String(number).padStart(8, '0')}.pcapng`);
    expect(names.length).toBeGreaterThan(2);
    const found = names.flatMap((name) => packetsIn(nodeFs.readFileSync(file(name))));
    expect(numbers(found)).toEqual(Array.from({ length: 1500 }, (_, i) => i + 1));
  });

  it('drops when no block is free, and goes on once one is', async () => {
    const stage = new RingStage(folder, { canDrop: true, bytes: 64 << 20 });
    stage.write = () => {};
    const each = 50_000;
    const many = Math.ceil((blockCount * packetAreaBytes) / each) + 20;
    const places = Array.from({ length: many }, (_, i) => stage.put(packet(i + 1, i + 1, [1], each)));
    const dropped = places.filter((place) => place === notKept).length;
    expect(dropped).toBeGreaterThan(0);
    expect(stage.writer.counters.droppedPackets).toBe(dropped);
    stage.write = RingStage.prototype.write;
    stage.write();
    expect(stage.put(packet(many + 1, many + 1, [1], each))).not.toBe(notKept);
    stage.close();
    expect(await ask(folder, all())).toHaveLength(many + 1 - dropped);
  });

  it('stops when the disk is full, with whole blocks, and says why once', async () => {
    let room = 100_000;
    const disk = {
      ...nodeFs,
      writeSync: (fd: number, bytes: Uint8Array, from: number, length: number, at: number) => {
        if (room <= 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        const size = Math.min(length, room, 777);
        room -= size;
        return nodeFs.writeSync(fd, bytes, from, size, at);
      },
    } as unknown as typeof nodeFs;
    const stage = new RingStage(folder, { disk });
    for (let n = 1; n <= 3000; n++) {
      stage.put(packet(n, n, [1]));
      if (n % 100 === 0) stage.flush();
    }
    stage.close();
    expect(stage.memory.failure).toMatch(/no space left on the device/);
    const onDisk = packetsIn(nodeFs.readFileSync(file('00000001.pcapng')));
    expect(onDisk.length).toBeGreaterThan(100);
    const found = await ask(folder, all());
    expect(found.length).toBeGreaterThan(100);
    expect(numbers(found)).toEqual(numbers(onDisk).slice(0, found.length));
    expect(stage.writer.counters.droppedPackets).toBeGreaterThan(0);
  });

  it('says what is wrong with a folder', () => {
    nodeFs.writeFileSync(join(folder, 'file'), '');
    const options = { worker: 0, workers: 1, run: 1, bytes: leastRingBytes, hasRunNumbers: true };
    expect(() => new RingFiles({ ...options, folder: join(folder, 'file') })).toThrow(/not a folder/);
  });
});

describe('whatever is kept', () => {
  const packets = fc.array(
    fc.record({
      late: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.nat(5000)),
      flow: fc.integer({ min: 1, max: 4 }),
      length: fc.oneof(fc.integer({ min: 4, max: 200 }), fc.integer({ min: 4, max: 60_000 })),
    }),
    { minLength: 1, maxLength: 120 },
  );

  it('is what is found, by flow and by time, in the order of capture', async () => {
    await fc.assert(
      fc.asyncProperty(packets, fc.nat(150), fc.nat(150), async (given, from, length) => {
        const { path, remove: removeIt } = makeFolder();
        try {
          const kept: TestPacket[] = given.map(({ late, flow, length: size }, i) =>
            packet(i + 1, 1e6 + i * 100 - late, [flow], size),
          );
          const stage = new RingStage(path, { bytes: 64 << 20 });
          for (const each of kept) stage.put(each);
          stage.close();
          const fromUs = 1e6 + from * 100;
          const toUs = fromUs + length * 100;
          const wanted = kept.filter(({ timeUs, flows }) => flows[0] < 3 && timeUs >= fromUs && timeUs < toUs);
          const found = await ask(path, ofFlows([1, 2]), { fromUs, toUs });
          expect(numbers(found)).toEqual(wanted.map(({ number }) => number));
          for (const [i, { bytes }] of found.entries()) expect(Buffer.compare(bytes, wanted[i].bytes)).toBe(0);
        } finally {
          removeIt();
        }
      }),
      { numRuns: 40 },
    );
  });
});
