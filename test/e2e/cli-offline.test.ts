// Proves the command line on real files, as scripts call it: streams, exit codes, damaged input, closed pipes.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { seedPcap } from './cli-seed-pcap.ts';

const main = process.env.TAPLIGHT_MAIN ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'taplight-e2e-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, data: Buffer | string) => {
  writeFileSync(join(folder, name), data);
  return join(folder, name);
};
const small = file('small.pcap', seedPcap(3));
const loud = file('loud.pcap', seedPcap(120));

/** A clean environment: what the developer's shell sets must not matter. */
const environment = { PATH: process.env.PATH, HOME: folder };

function taplight(words: string[], input?: Buffer) {
  const options = { input: input ?? '', env: environment, cwd: folder, timeout: 15_000 } as const;
  const done = spawnSync(process.execPath, [main, ...words], options);
  return { code: done.status, out: done.stdout.toString(), err: done.stderr.toString(), raw: done.stdout };
}
const line = 'Source IP: 192.0.2.1, Destination IP: 192.0.2.2, Protocol: 17 (UDP), Packet Length: 64 bytes';

describe.skipIf(!existsSync(main))('taplight', () => {
  it('answers --version at once', () => {
    const before = performance.now();
    const done = taplight(['--version']);
    expect(done.out).toMatch(/^taplight \d+\.\d+\.\d+\n$/);
    // 120 ms on a quiet machine; a loaded one gets some more.
    expect(performance.now() - before).toBeLessThan(600);
  });

  it('shows short help on stderr and ends with 2 when nobody can be asked', () => {
    const done = taplight([]);
    expect(done).toMatchObject({ code: 2, out: '' });
    expect(done.err).toContain('Usage: taplight');
  });

  it('prints a line per packet and nothing else on stdout', () => {
    const done = taplight(['-r', small, '--print']);
    expect(done).toMatchObject({ code: 0, out: `${line}\n`.repeat(3) });
  });

  it('reads several files, in time order, and standard input', () => {
    expect(taplight(['-r', small, loud, '--print', '--summary', 'none']).out.split('\n')).toHaveLength(124);
    expect(taplight(['-r', small, '-r', loud, '--print']).out.split('\n')).toHaveLength(124);
    for (const how of [
      ['-r', '-'],
      ['-i', '-'],
    ]) {
      expect(taplight([...how, '--print'], seedPcap(5)).out).toBe(`${line}\n`.repeat(5));
    }
  });

  it('filters, counts and writes', () => {
    expect(taplight(['-r', small, 'tcp', '--print'])).toMatchObject({ code: 0, out: '' });
    expect(taplight(['-r', small, '--print', 'udp', 'and', 'port', '9999']).out).toBe(`${line}\n`.repeat(3));
    expect(taplight(['-r', loud, '-c', '7', '--print']).out).toBe(`${line}\n`.repeat(7));
    expect(taplight(['-r', small, '-w', join(folder, 'copy.pcap'), '-q']).code).toBe(0);
    expect(readFileSync(join(folder, 'copy.pcap'))).toEqual(seedPcap(3));
    const piped = taplight(['-r', small, '-w', '-']);
    expect(piped.raw.readUInt32LE(0)).toBe(0x0a0d0d0a);
    expect(taplight(['-r', '-', '--print'], piped.raw).out).toBe(`${line}\n`.repeat(3));
  });

  it('tells an anomaly in the promised words, and once in the summary', () => {
    const said = 'Anomaly Detected! IP 192.0.2.1 sent ';
    const done = taplight(['-r', loud]);
    expect(done.code).toBe(0);
    expect(done.out.split(said)).toHaveLength(3);
    expect(done.out).toContain(`${said}120 packets.`);
    expect(taplight(['-r', loud, '--threshold', '120']).out).not.toContain(said);
    expect(taplight(['-r', loud, '--threshold', '0']).out).not.toContain(said);
  });

  it('writes one JSON document, EVE lines and a picture', () => {
    const summary = JSON.parse(taplight(['-r', loud, '--summary', 'json']).out);
    expect(summary).toMatchObject({
      packets: 120,
      bytes: 7680,
      truncated_input: false,
      source: { kind: 'file', names: [loud] },
    });
    const events = taplight(['-r', loud, '--json', '--chart-file', join(folder, 'chart.svg')])
      .out.trim()
      .split('\n');
    const types = events.map((text) => JSON.parse(text).event_type);
    expect(new Set(types)).toEqual(new Set(['flow', 'alert', 'stats']));
    expect(readFileSync(join(folder, 'chart.svg'), 'utf8')).toContain('UDP');
  });

  it('reads damaged input up to the damage and ends with 14', () => {
    const cut = file('cut.pcap', seedPcap(3).subarray(0, -10));
    const done = taplight(['-r', cut, '--print']);
    expect(done).toMatchObject({ code: 14, out: `${line}\n`.repeat(2) });
    expect(done.err).toMatch(new RegExp(`taplight: ${cut} is damaged at byte \\d+: [^\\n]+\\n$`));
    expect(JSON.parse(taplight(['-r', cut, '--summary', 'json']).out)).toMatchObject({
      packets: 2,
      truncated_input: true,
    });
  });

  it('says in one line what, why and what to do next', () => {
    const noise = file('noise.bin', 'this is no capture at all, not even close');
    const cases: [string[], number][] = [
      [['-r', join(folder, 'none.pcap')], 1],
      [['-r', noise], 14],
      [['-r', small, 'prot', '80'], 2],
      [['-r', small, '--threshold', 'many'], 2],
      [['--treshold', '5', '-r', small], 2],
      [['-r', small, '--json', '--print'], 2],
      [['-r', small, '-w', join(folder, 'no', 'such', 'x.pcap')], 1],
      [['-r', small, '--eve', join(folder, 'no', 'such', 'e.json')], 1],
      [['-r', small, '--config', join(folder, 'none.toml')], 2],
      [['-i', 'no-such-interface'], 4],
    ];
    for (const [words, code] of cases) {
      const done = taplight(words);
      expect({ words, code: done.code, out: done.out }).toEqual({ words, code, out: '' });
      expect(done.err).toMatch(/^taplight: [^\n]+\n$/);
      expect(done.err).not.toMatch(/\.js:\d+|internal error/);
    }
  });

  it('takes defaults from the environment and the configuration', () => {
    const config = file('c.toml', 'threshold = 7\nsummary = "json"\n');
    expect(JSON.parse(taplight(['-r', loud, '--config', config]).out).alerts[0]).toMatchObject({ threshold: 7 });
    const off = spawnSync(process.execPath, [main, '-r', loud], { env: { ...environment, TAPLIGHT_THRESHOLD: '500' } });
    expect(off.stdout.toString()).not.toContain('Anomaly');
  });

  it('stops quietly when the reader goes away', async () => {
    const long = file('long.pcap', seedPcap(20_000));
    for (const option of ['--print', '--json']) {
      const child = spawn(process.execPath, [main, '-r', long, option], {
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let err = '';
      child.stderr.on('data', (data) => {
        err += data;
      });
      if (option === '--print') child.stdout.once('data', () => child.stdout.destroy());
      else child.stdout.destroy();
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect({ option, code, err: err.replace(/^Anomaly.*\n/gm, '') }).toEqual({ option, code: 0, err: '' });
    }
  });

  it('fails when the disk is full', () => {
    if (!existsSync('/dev/full')) return;
    const words = `"${process.execPath}" "${main}" -r "${small}" --print > /dev/full`;
    const done = spawnSync('sh', ['-c', words], { env: environment });
    expect(done.status).toBe(1);
    expect(done.stderr.toString()).toMatch(/taplight: cannot write to standard output \(ENOSPC\)/);
  });
});
