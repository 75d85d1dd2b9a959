// Proves that a run with its threads tells screens what it counts: traffic over time adds up to the snapshot, several
// workers tell what one tells, open flows come within their budget with growing counters, pulses say how far it is.

import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { protocols } from '../../src/analysis/protocols/index.ts';
import { runOptions } from '../../src/app/pipeline/golden/run-options.ts';
import type { Listeners, Run, RunOptions } from '../../src/app/pipeline/index.ts';
import { defaultFlowOptions } from '../../src/app/pipeline/options.ts';
import { families, familyOf, flowEnd, type Pulse, type Snapshot, type TrafficSeries } from '../../src/core/index.ts';
import { scratchFolder } from './scratch-folder.ts';
import { writeWorkload } from './workload-file.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = scratchFolder('screens');
const story = join(root, 'assets', 'story.pcapng');
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

let startRun: (options: RunOptions, listeners: Listeners) => Run;

beforeAll(async () => {
  const pipeline = join(root, 'src/app/pipeline');
  await build({
    entryPoints: { run: join(pipeline, 'run.ts'), worker: join(pipeline, 'worker.ts') },
    outdir: folder,
    outExtension: { '.js': '.js' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    logLevel: 'warning',
  });
  ({ startRun } = (await import(pathToFileURL(join(folder, 'run.js')).href)) as { startRun: typeof startRun });
}, 60_000);

/** Bytes of flows by the family of what they speak. */
function byFamily({ apps }: Snapshot): number[] {
  const kinds = new Map(
    protocols.flatMap(({ name, variants, family }) => [name, ...(variants ?? [])].map((each) => [each, family])),
  );
  const bytes = families.map(() => 0);
  for (const [name, row] of Object.entries(apps)) {
    bytes[families.indexOf(familyOf(name, kinds.get(name) ?? ''))] += row.bytes;
  }
  return bytes;
}

interface Told {
  readonly snapshot: Snapshot;
  readonly recent: TrafficSeries;
  readonly whole: TrafficSeries;
  readonly pulses: readonly Pulse[];
  /** Packets of each telling, by id. */
  readonly open: ReadonlyMap<number, readonly number[]>;
  /** Packets of flows when they ended, by id. */
  readonly ended: ReadonlyMap<number, number>;
}

const options = (path: string, more: Partial<RunOptions>): RunOptions =>
  runOptions({
    input: { kind: 'files', paths: [path], follow: false },
    flow: { ...defaultFlowOptions, capacity: 1 << 16 },
    wants: { flows: true, packets: false, alerts: false, events: false, values: false },
    snapshotEveryMs: 200,
    screens: { pulseEveryMs: 50, openFlowsEveryMs: 100, openFlowsMost: 1000 },
    ...more,
  });

async function watch(path: string, more: Partial<RunOptions> = {}): Promise<Told> {
  const pulses: Pulse[] = [];
  const open = new Map<number, number[]>();
  const ended = new Map<number, number>();
  let series: readonly TrafficSeries[] = [];
  const run = startRun(options(path, more), {
    pulse: (pulse) => pulses.push(pulse),
    series: (...both) => {
      series = both;
    },
    openFlow: (flow) => {
      expect(flow.end).toBe(flowEnd.open);
      open.set(flow.id, [...(open.get(flow.id) ?? []), flow.oPackets + flow.rPackets]);
    },
    flow: (flow) => {
      expect(flow.end).not.toBe(flowEnd.open);
      ended.set(flow.id, flow.oPackets + flow.rPackets);
    },
  });
  const { snapshot } = await run.done;
  return { snapshot, recent: series[0], whole: series[1], pulses, open, ended };
}

describe('a run that screens look at', () => {
  it('tells traffic that adds up, the same with several workers', async () => {
    const runs = [
      { file: story, workers: 2 },
      { file: writeWorkload(folder, 'w2', { packets: 20_000, flows: 1000 }), workers: 3 },
    ];
    for (const { file, workers } of runs) {
      const one = await watch(file);
      expect(one.snapshot.packets).toBeGreaterThan(1000);
      expect(sum(one.whole.packets)).toBe(one.snapshot.packets);
      expect(sum(one.whole.bytes)).toBe(one.snapshot.bytes);
      expect(sum(one.whole.families.map(sum))).toBe(one.snapshot.bytes);
      // Frames count under what their ports suggest until it is known what they speak: a few at the beginning of flows.
      const apps = byFamily(one.snapshot);
      one.whole.families.forEach((bytes, i) => {
        expect(Math.abs(sum(bytes) - apps[i])).toBeLessThan(0.02 * one.snapshot.bytes);
      });
      expect(sum(one.whole.newFlows)).toBe(one.snapshot.flows.total);
      const many = await watch(file, { workers });
      expect(many.whole).toEqual(one.whole);
      expect(many.recent).toEqual(one.recent);
    }
  }, 180_000);

  it('tells open flows and pulses while a file is played', async () => {
    const input = { kind: 'files', paths: [story], follow: false, pace: 60 } as const;
    const { open, ended, pulses, snapshot } = await watch(story, { input });
    const often = [...open].filter(([, packets]) => packets.length > 1);
    expect(often.length).toBeGreaterThan(5);
    for (const [id, packets] of open) {
      for (let i = 1; i < packets.length; i++) expect(packets[i]).toBeGreaterThan(packets[i - 1]);
      expect(ended.get(id)).toBeGreaterThanOrEqual(packets[packets.length - 1]);
    }
    expect(pulses.length).toBeGreaterThan(10);
    const counts = pulses.map(({ packets }) => packets);
    expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b));
    expect(counts[counts.length - 1]).toBeLessThanOrEqual(snapshot.packets);
    for (const { recent, lastUs, hosts, activeFlows } of pulses) {
      expect(recent?.packets.length).toBeLessThanOrEqual(3);
      expect(recent!.startSec + recent!.packets.length - 1).toBe(Math.floor(lastUs! / 1e6));
      expect(Math.min(hosts, activeFlows)).toBeGreaterThan(0);
    }
  }, 180_000);

  it('tells screens nothing when nobody looks', async () => {
    const { whole, pulses, open } = await watch(story, { screens: null });
    expect([whole, pulses.length, open.size]).toEqual([undefined, 0, 0]);
  }, 60_000);
});
