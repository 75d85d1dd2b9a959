// Proves what happens when the reader of events is slower than the traffic: from file it is waited for and nothing is lost,
// live the program stays up, drops whole events, counts them and says so.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Namespace, openNamespace, reasonToSkip } from './live-namespace.ts';
import { scratchFolder } from './scratch-folder.ts';
import { main, type Started, start, until } from './started-program.ts';
import { eveLines, isOpen } from './talks-stage.ts';
import { writeLookups } from './talks-traffic.ts';

const skip = reasonToSkip();
if (skip !== null) console.log(`skipped: ${skip}`);

const folder = scratchFolder('talks-pressure');
const lookups = 20_000;
const perFlow = 20;
const flows = lookups / perFlow;

/** A named pipe whose reader takes nothing for so many seconds, then all of it into a file. */
function slowReader(name: string, seconds: number): { pipe: string; out: string; reader: Started } {
  const pipe = join(folder, `${name}.pipe`);
  const out = join(folder, `${name}.json`);
  execFileSync('mkfifo', [pipe]);
  const reader = start(['sh', '-c', 'exec 3<"$1"; sleep "$3"; cat <&3 >"$2"', 'sh', pipe, out, String(seconds)]);
  return { pipe, out, reader };
}

const count = (path: string, type: string) => eveLines(path).filter((line) => line.event_type === type).length;

describe.skipIf(process.platform === 'win32' || !existsSync(main))('a slow reader of events', () => {
  let file = '';
  beforeAll(() => {
    file = writeLookups(join(folder, 'lookups.pcap'), lookups, perFlow);
  });

  it('gets every event of a file', async () => {
    const { pipe, out, reader } = slowReader('file', 1.5);
    const run = start([process.execPath, main, '-r', file, '--eve', pipe, '--summary', 'json']);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(run.child.exitCode).toBeNull();
    expect(await run.code).toBe(0);
    await reader.code;
    expect([count(out, 'dns'), count(out, 'flow')]).toEqual([2 * lookups, flows]);
    expect(JSON.parse(run.out)).toMatchObject({ dropped: { queue: 0 } });
  });

  describe.skipIf(skip !== null)('of an interface', () => {
    let net: Namespace;
    beforeAll(() => {
      net = openNamespace('pressure');
    });
    afterAll(() => net?.remove());

    it('loses whole events, which are counted and said; packets are all analysed', async () => {
      const { pipe, out, reader } = slowReader('live', 3);
      const run = net.program(['-i', 'tlb1', '-v', '--eve', pipe, '--summary', 'json']);
      await until(() => run.err.includes(isOpen));
      const sent = await net.send(file);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect([run.child.exitCode, run.child.signalCode]).toEqual([null, null]);
      run.child.kill('SIGINT');
      expect(await run.code).toBe(0);
      await reader.code;
      const summary = JSON.parse(run.out);
      expect(summary).toMatchObject({ packets: sent, dropped: { kernel: 0, interface: 0 }, flows: { total: flows } });
      expect(summary.protocols.app).toMatchObject({ dns: { flows, packets: sent } });
      expect(summary.dropped.queue).toBeGreaterThan(1000);
      // Alerts pass the same queue: some of those that were dropped may be alerts.
      const told = count(out, 'dns') + count(out, 'flow') + summary.dropped.queue;
      expect(told).toBeGreaterThanOrEqual(2 * lookups + flows);
      expect(told).toBeLessThan(2 * lookups + flows + 10);
      expect(summary.findings).toContainEqual(expect.objectContaining({ code: 'queue-drops' }));
      expect(run.err).toContain('were dropped because the output was slower');
      expect(run.err).toContain(`\n${summary.dropped.queue} records dropped by taplight`);
    });
  });
});
