// Proves what people do with alerts: list them, have one argued, except one, and look at its packets.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ethernet, ipv4 } from '../../src/capture/wire/golden/build.ts';
import { scratchFolder } from './scratch-folder.ts';

const folder = scratchFolder('alerts');
const capture = join(folder, 'sweep.pcap');
const environment = { ...process.env, XDG_STATE_HOME: join(folder, 'state'), XDG_CONFIG_HOME: join(folder, 'config') };
const run = (...words: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, ['dist/main.js', ...words], { encoding: 'utf8', env: environment });

/** 10.0.0.1 pings thirty hosts of 10.0.1.0/24, ten a second. */
function sweep(): Uint8Array {
  const head = new DataView(new ArrayBuffer(24));
  head.setUint32(0, 0xa1b2c3d4);
  head.setUint16(4, 2);
  head.setUint16(6, 4);
  head.setUint32(16, 65_535);
  head.setUint32(20, 1);
  const parts = [new Uint8Array(head.buffer)];
  for (let host = 1; host <= 30; host++) {
    const packet = ipv4(1, [8, 0, 0, 0, 0, 1, 0, host]);
    packet.splice(12, 8, 10, 0, 0, 1, 10, 0, 1, host);
    const frame = ethernet(0x0800, packet);
    const record = new DataView(new ArrayBuffer(16));
    record.setUint32(0, 1_700_000_000 + Math.floor(host / 10));
    record.setUint32(4, (host % 10) * 100_000);
    record.setUint32(8, frame.length);
    record.setUint32(12, frame.length);
    parts.push(new Uint8Array(record.buffer), Uint8Array.from(frame));
  }
  return Buffer.concat(parts);
}

const idOf = (text: string): string => /[0-9a-f]{12}/.exec(text)?.[0] ?? '';

beforeAll(() => writeFileSync(capture, sweep()));

describe('alerts', () => {
  it('are in the closing summary, kept for later, listed and argued', () => {
    const first = run('-r', capture);
    expect(first.stdout).toContain('10.0.0.1 pinged');
    const listed = run('alerts');
    expect(listed.stdout).toContain('scan.icmp');
    expect(idOf(listed.stdout)).toBe(idOf(run('alerts', '-r', capture).stdout));
    const argued = run('explain', idOf(listed.stdout).slice(0, 6));
    expect(argued.status).toBe(0);
    for (const word of ['Ping sweep', 'Matters', 'May be', 'Look at', 'limit 10', 'Wireshark', 'T1018'])
      expect(argued.stdout).toContain(word);
    const document = JSON.parse(run('alerts', '--json').stdout) as { detector: string; next: string }[];
    expect(document.map(({ detector }) => detector)).toContain('scan.icmp');
    const unknown = run('explain', 'ffffffffffff');
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining("there is no alert 'ffffffffffff'")]);
  });

  it('come with a small capture file each', () => {
    const evidence = join(folder, 'evidence');
    const summary = JSON.parse(run('-q', '-r', capture, '--summary', 'json', '--evidence', evidence).stdout);
    const { id, packets } = summary.alerts.find(({ detector }: { detector: string }) => detector === 'scan.icmp');
    expect(readdirSync(evidence)).toContain(`${id}.pcapng`);
    const again = JSON.parse(run('-q', '-r', join(evidence, `${id}.pcapng`), '--summary', 'json').stdout);
    expect(again.packets).toBeGreaterThanOrEqual(packets.length);
    expect(again.packets).toBeLessThanOrEqual(30);
    expect(again.protocols.ip.ICMP.packets).toBe(again.packets);
  });

  it('are not told where the user excepted them, and that is counted', () => {
    expect(run('except', '10.0.0.1', 'scan.*').status).toBe(2);
    expect(run('except', '10.0.0.0/24', 'scan.*', '--until', '2100-01-01', '--why', 'our monitor').status).toBe(0);
    const summary = JSON.parse(run('-q', '-r', capture, '--summary', 'json').stdout);
    expect(summary.alerts.map(({ detector }: { detector: string }) => detector)).not.toContain('scan.icmp');
    expect(summary.detection.exceptions[0]).toMatchObject({ who: '10.0.0.0/24', why: 'our monitor' });
    expect(summary.detection.exceptions[0].hits).toBeGreaterThan(0);
    expect(run('except').stdout).toContain('our monitor');
    expect(readFileSync(join(folder, 'config/taplight/exceptions.toml'), 'utf8')).toContain('[[exceptions]]');
    expect(run('except', 'remove', '2').status).toBe(2);
    expect(run('except', 'remove', '1').status).toBe(0);
    expect(run('except').stdout).toContain('No exceptions');
  });

  it('are set by name, and refuse what is none', () => {
    const names = (...words: string[]): string[] =>
      JSON.parse(run('-q', '-r', capture, '--summary', 'json', ...words).stdout).alerts.map(
        ({ detector }: { detector: string }) => detector,
      );
    expect(names('--detect', 'off:scan.*')).not.toContain('scan.icmp');
    expect(names('--detect', 'scan.icmp.hosts=31')).not.toContain('scan.icmp');
    expect(names('--detect', 'none')).toEqual([]);
    expect(run('-r', capture, '--detect', 'scan.nothing=3').stderr).toContain('taplight detectors');
    expect(run('-r', capture, '--detect', 'off:nothing').status).toBe(2);
    expect(run('detectors', 'scan.icmp').stdout).toContain('hosts = 10');
  });

  it('leave no journal that others can read', () => {
    const state = join(folder, 'state/taplight/alerts');
    expect(existsSync(state)).toBe(true);
    expect(execFileSync('stat', ['-c', '%a', state], { encoding: 'utf8' }).trim()).toBe('700');
  });
});
