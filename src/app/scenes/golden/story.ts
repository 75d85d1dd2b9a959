// The story of `taplight demo`, analysed in this thread, for tests: what a run tells, as batches, open flows and a snapshot.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sources } from '../../../capture/sources/index.ts';
import {
  batchCapacity,
  createQueueMemory,
  endOfInput,
  type Flow,
  FrameBatch,
  QueueReader,
  QueueWriter,
  type Snapshot,
} from '../../../core/index.ts';
import { type Batch, FactBatches, runBatch } from '../../../output/store/index.ts';
import { Engine } from '../../pipeline/engine.ts';
import { runOptions } from '../../pipeline/golden/run-options.ts';
import { FactReceiver, FactSender } from '../../pipeline/hand-over/facts.ts';
import { makeSnapshot } from '../../pipeline/hand-over/snapshot.ts';
import { defaultDetect, defaultFlowOptions } from '../../pipeline/options.ts';

export const storyFile = fileURLToPath(new URL('../../../../assets/story.pcapng', import.meta.url));
export const storyPlace = { run: 4711, sensor: 'test' };

const options = runOptions({
  input: { kind: 'files', paths: [storyFile], follow: false },
  flow: { ...defaultFlowOptions, capacity: 65_536 },
  detect: defaultDetect,
  wants: { flows: true, packets: false, alerts: true, events: false, values: true },
});

export interface ToldStory {
  readonly batches: readonly Batch[];
  readonly snapshot: Snapshot;
  /** Flow records as they came. */
  readonly flows: readonly Flow[];
}

/** @param activeSec seconds after which a record of a long conversation is written; 0: never */
export async function tellStory(activeSec = 0): Promise<ToldStory> {
  const memory = createQueueMemory(1 << 24);
  const facts = new FactBatches(storyPlace);
  const flows: Flow[] = [];
  const receiver = new FactReceiver(new QueueReader(memory), {
    flow: (flow) => {
      flows.push(Object.assign(Object.create(Object.getPrototypeOf(flow)), flow, { mac: flow.mac.slice() }));
      facts.flow(flow, '');
    },
    event: (event) => facts.event(event),
    alert: (alert) => facts.alert(alert),
  });
  const queue = new QueueWriter(memory, 'drop', () => {});
  const sender = new FactSender(queue, { eve: false, values: true, numbers: true });
  const chosen = { ...options, flow: { ...options.flow, activeSec } };
  const engine = new Engine(chosen, sender, 1);
  const source = await sources.files([storyFile], { follow: false });
  const batch = new FrameBatch();
  const numbers = new Float64Array(batchCapacity);
  let taken = 0;
  for (;;) {
    const count = await source.read(batch, 50);
    if (count === endOfInput) break;
    for (let i = 0; i < count; i++) numbers[i] = ++taken;
    engine.run(batch, count, numbers, source.interfaces);
    receiver.drain();
  }
  engine.finish();
  receiver.drain();
  const parts = { engine, source, queue: queue.counters(), capacity: 1024, keeper: null, talkers: 20 };
  const snapshot = makeSnapshot(parts);
  for (const alert of snapshot.alerts) facts.alert(alert);
  source.close();
  const about = {
    ...storyPlace,
    kind: 'file' as const,
    source: 'story',
    hash: '',
    endsHash: '',
    beganUs: 1,
    program: '1',
  };
  return { batches: [...facts.take(1), runBatch(about, 'done', snapshot, 2)], snapshot, flows };
}

export const storyBytes = (): Uint8Array => readFileSync(storyFile);
