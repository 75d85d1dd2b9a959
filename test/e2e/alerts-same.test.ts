// Proves that the same packets give the same alerts, to the last byte: in three runs, with two workers, read in odd pieces,
// captured live and read again from the file written meanwhile, and with clocks that jump.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { corpusFolder } from '../corpus/captures.ts';
import { allAttacks, halves, portScan, synFlood, type Timed, writeFrames } from './attack-frames.ts';
import { openNamespace, reasonToSkip } from './live-namespace.ts';
import { scratchFolder } from './scratch-folder.ts';
import { environment, main, start, until } from './started-program.ts';
import { writeWorkload } from './workload-file.ts';

const folder = scratchFolder('alerts-same');
const skip = reasonToSkip();
if (skip !== null) console.log(`skipped: ${skip}`);

interface ToldAlert {
  readonly detector: string;
}

/** The alerts of a summary, without the one that is made of each worker's counts. */
function alertsOf(out: string): ToldAlert[] {
  const { alerts, detection } = JSON.parse(out) as {
    alerts: ToldAlert[];
    detection?: { readonly faults?: readonly string[] };
  };
  expect(detection?.faults ?? []).toEqual([]);
  return alerts.filter(({ detector }) => detector !== 'volume.packet-count');
}

function alerts(file: string, ...more: readonly string[]): ToldAlert[] {
  const words = [main, '-q', '-r', file, '--summary', 'json', ...more];
  const out = execFileSync(process.execPath, words, { env: environment, maxBuffer: 1 << 28, stdio: 'pipe' });
  return alertsOf(out.toString());
}

const detectors = (found: readonly ToldAlert[]): string[] => [...new Set(found.map(({ detector }) => detector))].sort();

/** Attacks of half a minute, a flood, fragments that time out, and one packet long after all of them. */
const attacks = (): Timed[] =>
  [
    ...allAttacks(300, 100_000),
    ...synFlood(8000, 1000).map(({ atUs, bytes }) => ({ atUs: atUs + 10e6 + 7, bytes })),
    ...halves(40, 50_000).map(({ atUs, bytes }) => ({ atUs: atUs + 20e6 + 3, bytes })),
    ...halves(2, 1000).map(({ atUs, bytes }) => ({ atUs: atUs + 300e6, bytes })),
  ].sort((a, b) => a.atUs - b.atUs);

/** The clock of the capturing machine is set forward by days, backward, forward again. */
const jumping = (): Timed[] => {
  const stepUs = [0, 3 * 86_400e6, -7200e6, 86_400e6 * 400, 5e6, -3e6, -90e6];
  return allAttacks(300, 50_000).map(({ atUs, bytes }, i) => ({
    atUs: atUs + stepUs[Math.floor(i / 180) % stepUs.length],
    bytes,
  }));
};

/** Captures of the corpus with alerts of many kinds, small enough. */
const captures = [
  'attacks/host_sweep/445_scan.pcap',
  'attacks/malware_c2/asyncrat_cd010953.pcap',
  'attacks/slow_http/slowloris_scan.pcap',
  'attacks/exploit/eternalchampion.pcap',
  'attacks-unlicensed/brute_force/ftp-crack.pcap',
  'attacks-unlicensed/dns_benign/normal_dns_1.pcap',
].map((name) => join(corpusFolder, name));
const isThere = captures.every((path) => existsSync(path));
if (!isThere) console.log('skipped: captures of the corpus are not there (TAPLIGHT_CORPUS)');

describe.skipIf(!existsSync(main))('alerts', () => {
  const files: Record<string, string> = {};
  beforeAll(() => {
    files.attacks = writeFrames(join(folder, 'attacks.pcap'), attacks());
    files.jumping = writeFrames(join(folder, 'jumping.pcap'), jumping());
    files.mix = writeWorkload(folder, 'w2', { packets: 20_000, flows: 1500 });
    files.flood = writeWorkload(folder, 'synflood', { packets: 20_000, flows: 200 });
  });

  it.each(['attacks', 'jumping', 'mix', 'flood'])(
    'are the same in three runs, and with two and three workers: %s',
    (name) => {
      const first = alerts(files[name]);
      for (let run = 0; run < 2; run++) expect(alerts(files[name])).toEqual(first);
      for (const workers of ['2', '3']) expect(alerts(files[name], '--workers', workers)).toEqual(first);
    },
    120_000,
  );

  it('are told of these attacks', () => {
    const wanted = ['dns.tunnel', 'l2.arp-scan', 'scan.icmp', 'scan.vertical', 'flood.syn'];
    expect(detectors(alerts(files.attacks))).toEqual(expect.arrayContaining(wanted));
  });

  it('do not depend on how the file comes in', async () => {
    const whole = alerts(files.attacks);
    const bytes = readFileSync(files.attacks);
    const run = start([process.execPath, main, '-q', '-r', '-', '--summary', 'json']);
    const { stdin } = run.child;
    let size = 1;
    for (let at = 0; at < bytes.length; at += size) {
      size = 1 + ((size * 7919 + at) % 30_011);
      const isFull = stdin?.write(bytes.subarray(at, at + size)) === false;
      // Pieces must not run together in the pipe.
      if (isFull) await new Promise((resolve) => stdin?.once('drain', resolve));
      else await new Promise((resolve) => setTimeout(resolve, 1));
    }
    stdin?.end();
    expect(await run.code).toBe(0);
    expect(alertsOf(run.out)).toEqual(whole);
  }, 60_000);

  it.skipIf(!isThere).each(captures)('are the same with two workers: %s', (path) => {
    expect(alerts(path, '--workers', '2')).toEqual(alerts(path));
  });

  it.skipIf(skip !== null)(
    'are the same live and from the file written meanwhile',
    async () => {
      const sent = writeFrames(join(folder, 'sent.pcap'), [
        ...allAttacks(400, 2000),
        ...portScan(50, 1000).map(({ atUs, bytes }) => ({ atUs: atUs + 10e6, bytes })),
      ]);
      const copy = join(folder, 'copy.pcapng');
      const net = openNamespace('alerts-same');
      try {
        const run = net.program(['-i', 'tlb1', '-v', '-w', copy, '--summary', 'json']);
        await until(() => run.err.includes('the capture is open'));
        // Slow enough for several seconds of packet time.
        const count = await net.send(sent, 'tlb0', 700);
        await new Promise((resolve) => setTimeout(resolve, 300));
        run.child.kill('SIGINT');
        expect(await run.code).toBe(0);
        expect(JSON.parse(run.out)).toMatchObject({ packets: count, dropped: { kernel: 0, interface: 0, queue: 0 } });
        const live = alertsOf(run.out);
        expect(detectors(live)).toEqual(
          expect.arrayContaining(['dns.tunnel', 'l2.arp-scan', 'scan.icmp', 'scan.vertical']),
        );
        expect(alerts(copy)).toEqual(live);
        expect(alerts(copy, '--workers', '2')).toEqual(live);
      } finally {
        net.remove();
      }
    },
    60_000,
  );
});
