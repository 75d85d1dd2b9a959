// Proves that several workers give what one gives: the same flows, counts and alerts, from a file and from an interface.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openNamespace, reasonToSkip } from './live-namespace.ts';
import { scratchFolder } from './scratch-folder.ts';
import { environment, main, until } from './started-program.ts';
import { writeWorkload } from './workload-file.ts';

const skip = reasonToSkip();
const folder = scratchFolder('workers');

interface Summary {
  readonly [key: string]: unknown;
  readonly flows: Record<string, number>;
  readonly alerts: readonly Record<string, unknown>[];
}

/** What must not depend on how the work was shared. */
/** Left out: `health` lists the hosts and paths of a bounded table, and which those are depends on how flows are shared. */
function shared({ tool, source, findings, flows, alerts, health, ...rest }: Summary): unknown {
  const { capacity, ...counts } = flows;
  return {
    ...rest,
    flows: counts,
    alerts: alerts.map(({ key, count }) => `${key} ${count}`).sort(),
  };
}

function analyse(file: string, workers: number, threshold = '100'): { summary: Summary; flows: string[] } {
  const eve = join(folder, `${workers}.json`);
  const words = [main, '-r', file, '--workers', String(workers), '--threshold', threshold];
  words.push('--summary', 'json', '--eve', eve);
  const out = execFileSync(process.execPath, words, { env: environment, maxBuffer: 1 << 26 }).toString();
  const lines = readFileSync(eve, 'utf8').trim().split('\n');
  const flows = lines.filter((line) => line.includes('"event_type":"flow"')).sort();
  return { summary: JSON.parse(out) as Summary, flows };
}

describe('several workers', () => {
  it('share a file without any difference in what is told', () => {
    const file = writeWorkload(folder, 'w2', { packets: 30_000, flows: 1500 });
    const one = analyse(file, 1);
    for (const workers of [2, 3]) {
      const many = analyse(file, workers);
      expect(many.flows).toEqual(one.flows);
      expect(shared(many.summary)).toEqual(shared(one.summary));
    }
    expect(one.flows.length).toBeGreaterThan(1000);
  }, 60_000);

  it('refuse what needs one order', () => {
    for (const words of [['--print'], ['-c', '5'], ['-w', 'x.pcapng']]) {
      const done = spawnSync(process.execPath, [main, '-r', 'x.pcap', '--workers', '2', ...words], {
        env: environment,
      });
      expect([done.status, done.stderr.toString()]).toEqual([2, expect.stringContaining('--workers')]);
    }
    const piped = spawnSync(process.execPath, [main, '-r', '-', '--workers', '2'], { env: environment, input: '' });
    expect([piped.status, piped.stderr.toString()]).toEqual([2, expect.stringContaining('--workers')]);
  });

  it.skipIf(skip !== null)(
    'share an interface: each packet counted once, alerts by the sum',
    async () => {
      const file = writeWorkload(folder, 'w1', { packets: 4000, flows: 200 });
      const space = openNamespace('workers');
      try {
        const run = space.program(['-i', 'tlb1', '-v', '--workers', '2', '--threshold', '60', '--summary', 'json']);
        await until(() => run.err.includes('the capture is open'));
        await space.send(file, 'tlb0', 20_000);
        await new Promise((resolve) => setTimeout(resolve, 300));
        run.child.kill('SIGINT');
        expect(await run.code).toBe(0);
        const live = JSON.parse(run.out) as Summary;
        const one = analyse(file, 1, '60').summary;
        const sums = ({ key, count }: Record<string, unknown>): string => `${key} ${count}`;
        expect([live.packets, live.bytes, live.flows.total]).toEqual([one.packets, one.bytes, one.flows.total]);
        expect(live.alerts.map(sums).sort()).toEqual(one.alerts.map(sums).sort());
        expect(live.alerts.length).toBeGreaterThan(0);
      } finally {
        space.remove();
      }
    },
    60_000,
  );
});
