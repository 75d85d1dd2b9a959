// Proves what a store keeps of runs: files once each, also after an import that was killed; a live capture that others ask
// while it writes; and that keeping changes no alert.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { allAttacks, halves, synFlood, writeFrames } from './attack-frames.ts';
import { openNamespace, reasonToSkip } from './live-namespace.ts';
import { scratchFolder } from './scratch-folder.ts';
import { environment, main, start, until } from './started-program.ts';
import { writeWorkload } from './workload-file.ts';

const folder = scratchFolder('history-kept');
const skip = reasonToSkip();
if (skip !== null) console.log(`skipped: ${skip}`);

type Row = Record<string, number | string | null>;

/** Runs the program to its end. */
function run(...words: readonly string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [main, ...words], { env: environment, maxBuffer: 1 << 28 });
  return { code: done.status, out: done.stdout.toString(), err: done.stderr.toString() };
}

function ask(store: string, ...words: readonly string[]): Row[] {
  const { code, out, err } = run(...words, '--store', store, '--format', 'json');
  expect(code, err).toBe(0);
  return JSON.parse(out) as Row[];
}

const countOf = (store: string, sql: string): number => Number(Object.values(ask(store, 'query', sql)[0])[0]);

describe.skipIf(!existsSync(main))('a store', () => {
  const files = { mix: '', large: '', attacks: '' };
  beforeAll(() => {
    files.mix = writeWorkload(folder, 'w2', { packets: 20_000, flows: 1500 });
    files.large = writeWorkload(folder, 'w1', { packets: 600_000, flows: 60_000 });
    files.attacks = writeFrames(join(folder, 'attacks.pcap'), [
      ...allAttacks(300, 400_000),
      ...synFlood(4000, 1000).map(({ atUs, bytes }) => ({ atUs: atUs + 130e6, bytes })),
      ...halves(40, 50_000).map(({ atUs, bytes }) => ({ atUs: atUs + 140e6, bytes })),
    ]);
  });

  it('has every flow and packet of a file, once, whatever the file is called', async () => {
    const store = join(folder, 'once');
    const summary = JSON.parse(run('-q', '-r', files.mix, '--summary', 'json', '--store', store).out);
    const copy = join(folder, 'another-name.pcap');
    await copyFile(files.mix, copy);
    const again = run('-q', '-r', copy, '--summary', 'json', '--store', store);
    expect(again.err).toMatch(/another-name\.pcap is in the store since .* not kept twice/);
    expect(JSON.parse(again.out).packets).toBe(20_000);
    const flows = ask(store, 'query', 'SELECT count(*) FILTER (part = 0) n, sum(pkts_fwd + pkts_rev) p FROM flows');
    expect(flows[0].n).toBe(summary.flows.total);
    const inFlows = summary.packets - (summary.protocols.link.arp?.packets ?? 0);
    expect(Number(flows[0].p)).toBe(inFlows);
    expect(countOf(store, 'SELECT sum(pkts) FROM flows_1s')).toBe(inFlows);
    expect(ask(store, 'runs')).toMatchObject([{ kind: 'file', state: 'done', packets: 20_000 }]);
  }, 60_000);

  it('does an import anew that was killed in the middle', async () => {
    const store = join(folder, 'killed');
    const first = start([process.execPath, main, '-q', '-r', files.large, '--summary', 'none', '--store', store]);
    await until(() => existsSync(join(store, 'history.duckdb')));
    await new Promise((resolve) => setTimeout(resolve, 900));
    first.child.kill('SIGKILL');
    await first.code;
    expect(ask(store, 'runs')).toMatchObject([{ state: 'open' }]);
    const second = run('-q', '-r', files.large, '--summary', 'json', '--store', store);
    expect(second.code, second.err).toBe(0);
    expect(countOf(store, 'SELECT sum(pkts_fwd + pkts_rev) FROM flows')).toBe(600_000);
    expect(countOf(store, 'SELECT count(DISTINCT run) FROM flows')).toBe(1);
    expect(ask(store, 'runs')).toMatchObject([{ state: 'done', packets: 600_000 }]);
  }, 90_000);

  it('changes no alert', () => {
    const alerts = (...more: readonly string[]) => {
      const out = execFileSync(process.execPath, [main, '-q', '-r', files.attacks, '--summary', 'json', ...more], {
        env: environment,
        maxBuffer: 1 << 28,
        stdio: 'pipe',
      });
      return JSON.parse(out.toString()).alerts as Row[];
    };
    const without = alerts();
    expect(without.length).toBeGreaterThan(4);
    expect(alerts('--store', join(folder, 'alerts'))).toEqual(without);
    const kept = ask(join(folder, 'alerts'), 'alerts', '--severity', 'info');
    expect(kept).toHaveLength(without.length);
  }, 60_000);

  it.skipIf(skip !== null)(
    'answers others while a live capture writes it, and lets none of them write',
    async () => {
      const store = join(folder, 'live');
      const net = openNamespace('history');
      try {
        const capture = net.program(['-q', '-i', 'tlb1', '-v', '--store', store, '--summary', 'none']);
        await until(() => capture.err.includes('the capture is open'));
        const count = await net.send(writeFrames(join(folder, 'sent.pcap'), allAttacks(200, 2000)), 'tlb0', 2000);
        await until(() => existsSync(join(store, 'api.sock')));
        expect(ask(store, 'runs')).toMatchObject([{ kind: 'live', state: 'open', source: 'tlb1' }]);
        const other = run('-q', '-r', files.mix, '--summary', 'none', '--store', store);
        expect(other.code).toBe(1);
        expect(other.err).toMatch(/the store .* is open: process \d+ .* has it since/);
        capture.child.kill('SIGINT');
        expect(await capture.code).toBe(0);
        expect(ask(store, 'runs')).toMatchObject([{ kind: 'live', state: 'done', packets: count }]);
        expect(ask(store, 'sensors')).toMatchObject([{ source: 'tlb1', packets: count, dropped_store: 0 }]);
        expect(countOf(store, "SELECT count(*) FROM flows WHERE iface = 'tlb1'")).toBeGreaterThan(100);
      } finally {
        net.remove();
      }
    },
    60_000,
  );
});
