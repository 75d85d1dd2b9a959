// Proves that the demo tells its story: the capture is what the script makes, its alerts and names are those promised, and
// it plays as if live.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { storySec } from '../../src/app/cli/commands/capturing/demo.ts';
import { scratchFolder } from './scratch-folder.ts';
import { main, start, until } from './started-program.ts';

const folder = scratchFolder('demo');
const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const story = root('assets/story.pcapng');

const demo = (...words: string[]) => start([process.execPath, main, 'demo', ...words]);

interface ToldAlert {
  readonly detector: string;
  readonly severity: string;
}

/** Runs to the end and gives what stdout held. */
async function told(...words: string[]): Promise<string> {
  const run = demo('--speed', 'max', ...words);
  expect(await run.code, run.err).toBe(0);
  return run.out;
}

describe('the story', () => {
  it('is what the script makes, and small', () => {
    const made = join(folder, 'story.pcapng');
    execFileSync(process.execPath, [root('scripts/make-story.mjs'), made], { stdio: 'pipe' });
    const bytes = readFileSync(story);
    expect(readFileSync(made).equals(bytes)).toBe(true);
    expect(bytes.length).toBeLessThanOrEqual(2_000_000);
  });

  it('gives the promised alerts, no other of weight, and no problem', async () => {
    const summary = JSON.parse(await told('--summary', 'json', '--checksums'));
    expect(summary).toMatchObject({ problems: {}, truncated_input: false, source: { names: ['the demo'] } });
    expect(summary.duration_s).toBeGreaterThan(storySec - 20);
    expect(summary.duration_s).toBeLessThanOrEqual(storySec);
    const alerts = (summary.alerts as ToldAlert[]).map(({ detector, severity }) => `${detector} ${severity}`);
    expect(alerts).toEqual(expect.arrayContaining(['perf.retransmissions low', 'perf.slow-server low']));
    const heavy = alerts.filter((alert) => !/ (info|low)$/.test(alert));
    expect(heavy.sort()).toEqual(['brute.ssh high', 'c2.beacon medium', 'dns.tunnel high', 'scan.vertical high']);
    expect(JSON.stringify(summary.alerts)).toContain('3fff:200::c8 port 8443');
  });

  it('gives verdicts, names and fingerprints', async () => {
    const eve = join(folder, 'eve.json');
    const text = await told('--eve', eve);
    expect(text).toMatch(/192\.168\.1\.21:80 \(server\)/);
    expect(text).toMatch(/198\.51\.100\.90:80 \(loss\)/);
    const lines = readFileSync(eve, 'utf8').trim().split('\n');
    const facts = lines.map((line) => JSON.parse(line));
    const apps = new Set(facts.filter((fact) => fact.event_type === 'flow').map((fact) => fact.app_proto));
    for (const app of ['http', 'tls', 'dns', 'dhcp', 'ntp', 'mdns', 'ssh', 'rtp']) expect(apps).toContain(app);
    const tls = facts.filter((fact) => fact.event_type === 'tls').map((fact) => fact.tls);
    expect(tls.find(({ sni }) => sni === 'maps.example.com')?.ja4).toMatch(/^t13d/);
    expect(facts.some((fact) => fact.event_type === 'flow' && fact.ip_v === 6 && fact.app_proto === 'tls')).toBe(true);
  });

  it('uses made-up addresses only', async () => {
    const own =
      /^(192\.168\.1\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8:|3fff:[0-9a-f]{1,3}:|fe80:|ff0|224\.0\.0\.|0\.0\.0\.0|255\.)/;
    const lines = (await told('--json')).trim().split('\n');
    const facts = lines.map((line) => JSON.parse(line));
    const hosts = facts.flatMap((fact) => [fact.src_ip, fact.dest_ip]).filter((host) => host !== undefined);
    expect(hosts.length).toBeGreaterThan(500);
    expect(hosts.filter((host) => !own.test(host))).toEqual([]);
  });
});

describe('the play', () => {
  it('prints and writes as -r does, through a filter', async () => {
    const copy = join(folder, 'copy.pcapng');
    const played = await told('--print', '-w', copy, 'udp port 123');
    const read = start([process.execPath, main, '-r', story, '--print', 'udp port 123']);
    expect(await read.code).toBe(0);
    const lines = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('Source IP'));
    expect(lines(played).length).toBe(24);
    expect(lines(played)).toEqual(lines(read.out));
    const again = start([process.execPath, main, '-r', copy, '--summary', 'json']);
    expect(await again.code).toBe(0);
    expect(JSON.parse(again.out).packets).toBe(24);
  });

  it('says what it is, tells alerts while it plays, and stops at once', async () => {
    const run = demo('--speed', '40');
    await until(() => run.out.includes('[scan.vertical]'));
    expect(run.out).toMatch(/^This is the demo: .* made up, played in 8 s/);
    expect(run.out).toContain('[scan.vertical]');
    expect(run.out).not.toContain('[brute.ssh]');
    expect(run.child.exitCode).toBeNull();
    const before = performance.now();
    run.child.kill('SIGINT');
    expect(await run.code).toBe(0);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(run.out).toContain('the demo');
    expect(run.out).not.toContain('[brute.ssh]');
  });

  it('plays to the end in its own time, with the same alerts as at once', async () => {
    const before = performance.now();
    const run = demo('--speed', '100', '--summary', 'json');
    expect(await run.code, run.err).toBe(0);
    expect(performance.now() - before).toBeGreaterThan(2900);
    const alerts = (text: string): string[] => JSON.parse(text).alerts.map(({ id }: { id: string }) => id);
    expect(alerts(run.out)).toEqual(alerts(await told('--summary', 'json')));
    expect(run.err).toMatch(/^This is the demo/);
  });

  it('refuses what makes no sense', async () => {
    for (const words of [['--speed', '0'], ['--speed', 'fast'], ['-i', 'eth0'], ['other.pcap']]) {
      const run = demo(...words);
      expect(await run.code).toBe(2);
      expect(run.err).toMatch(/^taplight: /);
    }
  });
});
