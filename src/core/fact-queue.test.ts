// Proves that messages leave the queue as they went in, in order, across the end of the ring and across threads; that
// `wait` loses nothing; that `drop` counts what it loses.
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { transformWithOxc } from 'vite';
import { describe, expect, test } from 'vitest';
import { createQueueMemory, QueueReader, QueueWriter } from './fact-queue.ts';

const nothing = (): void => {};

/** Writes a message whose every byte follows from its number. */
function put(writer: QueueWriter, number: number, size: number): boolean {
  const unit = writer.reserve(1 + (number % 100), size);
  if (unit < 0) return false;
  for (let i = 0; i < size; i++) writer.bytes[unit * 8 + i] = number * 31 + i;
  writer.commit();
  return true;
}

/** Checks a message against its number and size. */
function isIntact(reader: QueueReader, unit: number, payloadBytes: number, number: number, size: number): boolean {
  if (payloadBytes !== Math.ceil(size / 8) * 8) return false;
  for (let i = 0; i < size; i++) if (reader.bytes[unit * 8 + i] !== ((number * 31 + i) & 255)) return false;
  return true;
}

describe('memory', () => {
  test.each([
    [1, 65536],
    [65536, 65536],
    [65537, 131072],
    [3_000_000, 4_194_304],
  ])('%d bytes asked for', (asked, ring) => {
    const memory = createQueueMemory(asked);
    expect(new QueueReader(memory).bytes.length).toBe(ring);
  });

  test('the three views begin at the same place', () => {
    const writer = new QueueWriter(createQueueMemory(1), 'drop', nothing);
    const unit = writer.reserve(1, 16);
    writer.words[unit * 2] = 0x01020304;
    writer.doubles[unit + 1] = 1.5;
    expect(writer.bytes[unit * 8]).toBe(4);
    expect(new DataView(writer.bytes.buffer, writer.bytes.byteOffset).getFloat64(unit * 8 + 8, true)).toBe(1.5);
  });
});

test('random sizes and random drains: order, kind and bytes are kept, also across the end of the ring', () => {
  const step = fc.record({ sizes: fc.array(fc.nat(9000), { maxLength: 12 }), isDrained: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
      const memory = createQueueMemory(1);
      const writer = new QueueWriter(memory, 'drop', nothing);
      const reader = new QueueReader(memory);
      const waiting: { number: number; size: number }[] = [];
      let number = 0;
      let dropped = 0;
      const drain = (): void => {
        const expected = waiting.splice(0);
        let i = 0;
        const taken = reader.drain((kind, unit, payloadBytes) => {
          const message = expected[i++];
          expect(kind).toBe(1 + (message.number % 100));
          expect(isIntact(reader, unit, payloadBytes, message.number, message.size)).toBe(true);
        });
        expect(taken).toBe(expected.length);
        expect(writer.isEmpty).toBe(true);
        expect(reader.counters().fill).toBe(0);
      };
      for (const { sizes, isDrained } of steps) {
        for (const size of sizes) {
          number++;
          if (put(writer, number, size)) waiting.push({ number, size });
          else dropped++;
        }
        if (isDrained) drain();
      }
      drain();
      expect(writer.counters()).toMatchObject({ sent: number - dropped, dropped });
    }),
    { numRuns: 100 },
  );
});

test('the ring is used many times over', () => {
  const memory = createQueueMemory(1);
  const writer = new QueueWriter(memory, 'drop', nothing);
  const reader = new QueueReader(memory);
  let next = 0;
  for (let number = 0; number < 5000; number++) {
    expect(put(writer, number, (number * 37) % 5000)).toBe(true);
    if (number % 3 !== 0) continue;
    reader.drain((_kind, unit, payloadBytes) => {
      expect(isIntact(reader, unit, payloadBytes, next, (next * 37) % 5000)).toBe(true);
      next++;
    });
  }
});

describe('a full queue', () => {
  test('drops and counts, and says how full it is', () => {
    const memory = createQueueMemory(1);
    const writer = new QueueWriter(memory, 'drop', nothing);
    let fitted = 0;
    while (put(writer, fitted, 1016)) fitted++;
    expect(fitted).toBe(65536 / 1024);
    expect(writer.isHalfFull).toBe(true);
    expect(writer.counters()).toEqual({ sent: fitted, dropped: 1, fill: 1 });
    expect(new QueueReader(memory).drain(nothing)).toBe(fitted);
    expect(writer.isHalfFull).toBe(false);
    expect(put(writer, 0, 1016)).toBe(true);
  });

  test('a message larger than half of the ring is dropped at once, whatever the policy', () => {
    const writer = new QueueWriter(createQueueMemory(1), 'wait', () => expect.unreachable());
    expect(writer.reserve(1, 32768)).toBe(-1);
    expect(writer.reserve(1, 32760)).toBeGreaterThan(0);
    expect(writer.counters().dropped).toBe(1);
  });

  test('`wait` wakes the reader and goes on when there is room', () => {
    const memory = createQueueMemory(1);
    const reader = new QueueReader(memory);
    let woken = 0;
    const writer = new QueueWriter(memory, 'wait', () => {
      woken++;
      reader.drain(nothing);
    });
    for (let number = 0; number < 1000; number++) expect(put(writer, number, 1016)).toBe(true);
    expect(woken).toBeGreaterThan(10);
    expect(writer.counters()).toMatchObject({ sent: 1000, dropped: 0 });
  });

  test('`wait` stops waiting when the reader has gone', () => {
    const memory = createQueueMemory(1);
    const reader = new QueueReader(memory);
    const writer = new QueueWriter(memory, 'wait', () => reader.close());
    let fitted = 0;
    while (put(writer, fitted, 1016)) fitted++;
    expect(fitted).toBe(64);
    expect(writer.counters().dropped).toBe(1);
  });
});

test('a reader that throws has taken the message: nothing is handed over twice', () => {
  const memory = createQueueMemory(1);
  const writer = new QueueWriter(memory, 'drop', nothing);
  const reader = new QueueReader(memory);
  for (let number = 0; number < 3; number++) put(writer, number, 8);
  const kinds: number[] = [];
  const takeUntil2 = (kind: number): void => {
    kinds.push(kind);
    if (kind === 2) throw new Error('disk full');
  };
  expect(() => reader.drain(takeUntil2)).toThrow('disk full');
  reader.drain(takeUntil2);
  expect(kinds).toEqual([1, 2, 3]);
});

test('two threads: a slow reader loses nothing', { timeout: 20_000 }, async () => {
  const path = new URL('fact-queue.ts', import.meta.url);
  const { code } = await transformWithOxc(readFileSync(path, 'utf8'), 'fact-queue.ts');
  const total = 60_000;
  const source = `${code}
    import { workerData, parentPort } from 'node:worker_threads';
    const writer = new QueueWriter(workerData, 'wait', () => parentPort.postMessage('wake'));
    for (let number = 0; number < ${total}; number++) {
      const size = (number * 37) % 700;
      const unit = writer.reserve(1 + number % 100, size);
      for (let i = 0; i < size; i++) writer.bytes[unit * 8 + i] = number * 31 + i;
      writer.commit();
    }
    parentPort.postMessage('done');`;
  const memory = createQueueMemory(1);
  const reader = new QueueReader(memory);
  let next = 0;
  let damaged = 0;
  const take = (kind: number, unit: number, payloadBytes: number): void => {
    if (kind !== 1 + (next % 100) || !isIntact(reader, unit, payloadBytes, next, (next * 37) % 700)) damaged++;
    next++;
  };
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData: memory });
  await new Promise<void>((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', (message) => {
      reader.drain(take);
      if (message === 'done') resolve();
    });
  });
  await worker.terminate();
  expect({ next, damaged }).toEqual({ next: total, damaged: 0 });
  expect(reader.counters()).toEqual({ sent: total, dropped: 0, fill: 0 });
});
