// One capture through the whole analysis in this process: source, engine, snapshot; without worker and screens.

import { join } from 'node:path';
import { CaptureSecrets } from '../../src/app/pipeline/capture-secrets.ts';
import { Engine } from '../../src/app/pipeline/engine.ts';
import { runOptions } from '../../src/app/pipeline/golden/run-options.ts';
import { FactReceiver, FactSender } from '../../src/app/pipeline/hand-over/facts.ts';
import { makeSnapshot } from '../../src/app/pipeline/hand-over/snapshot.ts';
import type { PacketKeeper } from '../../src/app/pipeline/keeping/packets/packet-keeper.ts';
import type { Listeners } from '../../src/app/pipeline/listeners.ts';
import { openSource } from '../../src/app/pipeline/open-source.ts';
import { type DetectOptions, defaultFlowOptions, type RunOptions } from '../../src/app/pipeline/options.ts';
import {
  batchCapacity,
  createQueueMemory,
  type Damage,
  endOfInput,
  FrameBatch,
  QueueReader,
  QueueWriter,
  type Snapshot,
  type Source,
} from '../../src/core/index.ts';
import { corpusFolder } from './captures.ts';

/**
 * Rows of the flow table: an eighth of them may be unanswered flows, of which a capture has at most one a packet. Many
 * captures are small, and so is then what each has to set up.
 */
const capacityFor = (packets: number): number => (packets > 8000 ? 1 << 18 : packets > 1000 ? 1 << 16 : 1 << 13);

export interface Analysed {
  readonly snapshot: Snapshot;
  readonly damage: Damage | null;
  readonly engine: Engine;
}

const queueMemory = createQueueMemory(1 << 24);
const batch = new FrameBatch();
const numbers = new Float64Array(batchCapacity);

function optionsFor(path: string, capacity: number, wantsFlows: boolean, detect: DetectOptions | null): RunOptions {
  return runOptions({
    input: { kind: 'files', paths: [path], follow: false },
    flow: { ...defaultFlowOptions, capacity },
    detect,
    wants: { flows: wantsFlows, packets: false, alerts: false, events: false, values: false },
  });
}

export interface AnalyseOptions {
  readonly flow?: Listeners['flow'];
  /** What protocols tell: EVE lines and values. */
  readonly event?: Listeners['event'];
  /** Stops after so many packets. */
  readonly most?: number;
  /** File of TLS secrets; those inside the capture are used anyway. */
  readonly keyLog?: string | null;
  /** Detectors; none when left out. */
  readonly detect?: DetectOptions | null;
  /** Keeps packets. */
  readonly keeper?: PacketKeeper;
  /** Sees each batch of frames before it is analysed. */
  readonly frames?: (batch: FrameBatch, count: number, source: Source) => void;
}

/**
 * Analyses a capture, named relative to the corpus or by an absolute path. Throws a Failure when it cannot be opened.
 * @param packets how many to expect, about
 */
export async function analyse(path: string, packets: number, asked: AnalyseOptions = {}): Promise<Analysed> {
  const { flow, event, most = Infinity, keyLog = null, detect = null } = asked;
  const capacity = capacityFor(packets);
  const options = optionsFor(
    path.startsWith('/') ? path : join(corpusFolder, path),
    capacity,
    flow !== undefined,
    detect,
  );
  const source = await openSource(options, 0);
  const writer = new QueueWriter(queueMemory, 'drop', () => {});
  const listeners = { ...(flow === undefined ? {} : { flow }), ...(event === undefined ? {} : { event }) };
  const receiver = new FactReceiver(new QueueReader(queueMemory), listeners);
  const wants = event === undefined ? null : { eve: true, values: true, numbers: true };
  const secrets = new CaptureSecrets(source, keyLog);
  const engine = new Engine(options, new FactSender(writer, wants), 1, secrets.keys, 0, {
    keeper: asked.keeper ?? null,
  });
  asked.keeper?.attach(engine);
  for (;;) {
    const read = await source.read(batch, 1000);
    secrets.look();
    if (read === endOfInput || engine.counts.packets === most) break;
    const count = Math.min(read, most - engine.counts.packets);
    for (let i = 0; i < count; i++) numbers[i] = engine.counts.packets + i + 1;
    asked.frames?.(batch, count, source);
    engine.run(batch, count, numbers, source.interfaces);
    receiver.drain();
  }
  engine.finish();
  receiver.drain();
  const snapshot = makeSnapshot({ engine, source, queue: writer.counters(), capacity, talkers: 20 });
  source.close();
  return { snapshot, damage: source.damage, engine };
}
