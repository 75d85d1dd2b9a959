// A run as a row of the table `runs`, and how its sensor is as a row of the table `sensors`.

import type { Snapshot } from '../../../core/index.ts';
import { type Batch, BatchBuilder } from '../batches/index.ts';
import { runs, sensors } from '../tables/index.ts';
import type { RowPlace } from './flow-rows.ts';

/** What is known of a run before its first packet. */
export interface RunAbout extends RowPlace {
  readonly kind: 'live' | 'file';
  /** Interface, or files. */
  readonly source: string;
  /** SHA-256 of the files; empty for live runs and pipes. */
  readonly hash: string;
  /** Size and SHA-256 of both ends. */
  readonly endsHash: string;
  /** By the clock. */
  readonly beganUs: number;
  /** Version of the program. */
  readonly program: string;
}

/** One row: what is known of the run now. */
export function runBatch(about: RunAbout, state: 'open' | 'done', snapshot: Snapshot | null, version: number): Batch {
  const b = new BatchBuilder(runs, 16);
  b.fixed('run').setU64(0, about.run);
  b.word('sensor').set(0, about.sensor);
  b.fixed('version').setU64(0, version);
  b.word('kind').set(0, about.kind);
  b.text('source').set(about.source);
  b.text('hash').set(about.hash);
  b.text('ends_hash').set(about.endsHash);
  b.word('state').set(0, state);
  b.fixed('began_ts').setU64(0, about.beganUs);
  if (snapshot !== null) {
    if (snapshot.firstUs !== null) b.fixed('first_ts').setU64(0, Math.max(0, snapshot.firstUs));
    if (snapshot.lastUs !== null) b.fixed('last_ts').setU64(0, Math.max(0, snapshot.lastUs));
    b.fixed('packets').setU64(0, snapshot.packets);
    b.fixed('bytes').setU64(0, snapshot.bytes);
  }
  b.word('program').set(0, about.program);
  b.endRow();
  return b.take();
}

/** What only the process knows. */
export interface ProcessState {
  readonly nowUs: number;
  readonly system: string;
  readonly memoryBytes: number;
  readonly cpuUs: number;
  readonly droppedRows: number;
  readonly spoolBytes: number;
}

interface Mark {
  readonly nowUs: number;
  readonly packets: number;
  readonly bytes: number;
  readonly cpuUs: number;
}

/** Makes a row now and then; rates are those since the row before. */
export class SensorRows {
  readonly #about: RunAbout;
  #before: Mark | null = null;

  constructor(about: RunAbout) {
    this.#about = about;
  }

  make(snapshot: Snapshot, process: ProcessState): Batch {
    const b = new BatchBuilder(sensors, 16);
    b.fixed('run').setU64(0, this.#about.run);
    b.word('sensor').set(0, this.#about.sensor);
    b.fixed('ts').setU64(0, process.nowUs);
    b.word('program').set(0, this.#about.program);
    b.word('system').set(0, process.system);
    b.word('source').set(0, this.#about.source);
    const counts: Readonly<Record<string, number>> = {
      packets: snapshot.packets,
      bytes: snapshot.bytes,
      dropped_kernel: snapshot.dropped.kernel,
      dropped_iface: snapshot.dropped.interface,
      dropped_queue: snapshot.dropped.queue,
      dropped_store: process.droppedRows,
      flows_active: snapshot.flows.active,
      flows_total: snapshot.flows.total,
      alerts: snapshot.alerts.length,
      spool_bytes: process.spoolBytes,
      memory_bytes: process.memoryBytes,
    };
    for (const [name, value] of Object.entries(counts)) b.fixed(name).setU64(0, value);
    this.#setRates(b, snapshot, process);
    b.endRow();
    return b.take();
  }

  #setRates(b: BatchBuilder, { packets, bytes }: Snapshot, { nowUs, cpuUs }: ProcessState): void {
    const before = this.#before;
    this.#before = { nowUs, packets, bytes, cpuUs };
    if (before === null || nowUs <= before.nowUs) return;
    const sec = (nowUs - before.nowUs) / 1e6;
    b.fixed('packets_per_sec').setReal(0, (packets - before.packets) / sec);
    b.fixed('bits_per_sec').setReal(0, ((bytes - before.bytes) * 8) / sec);
    b.fixed('cpu_percent').setReal(0, (cpuUs - before.cpuUs) / sec / 1e4);
  }
}
