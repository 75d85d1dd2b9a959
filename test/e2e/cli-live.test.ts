// Proves live capture from the command line in a network namespace of its own: prompt choice, signals, closing lines.
// Runs where namespaces can be made (root on Linux); all traffic is a ping inside the namespace's own loopback.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = process.env.TAPLIGHT_MAIN ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const space = `taplight-cli-${process.pid}`;
const ip = (...words: string[]) => spawnSync('ip', words);
const canTry =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  existsSync(main) &&
  spawnSync('ping', ['-V']).status === 0 &&
  ip('netns', 'add', space).status === 0;

beforeAll(() => {
  if (canTry) ip('netns', 'exec', space, 'ip', 'link', 'set', 'lo', 'up');
});
afterAll(() => {
  if (canTry) ip('netns', 'del', space);
});

const environment = { PATH: process.env.PATH, HOME: '/nonexistent' };
const inside = (...words: string[]) => spawn('ip', ['netns', 'exec', space, ...words], { env: environment });
const ping = (count: number) => inside('ping', '-q', '-i', '0.01', '-c', String(count), '127.0.0.1');

interface Watched {
  readonly child: ChildProcess;
  out: string;
  err: string;
  readonly code: Promise<number | null>;
}

function watch(...words: string[]): Watched {
  const child = inside(process.execPath, main, ...words);
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  const watched: Watched = { child, out: '', err: '', code };
  child.stdout?.on('data', (data) => {
    watched.out += data;
  });
  child.stderr?.on('data', (data) => {
    watched.err += data;
  });
  return watched;
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe.skipIf(!canTry)('live', () => {
  it('prints packets as they come and ends on SIGINT with the three lines', async () => {
    const run = watch('-i', 'lo', '--print', 'icmp');
    // The capture is open a moment after the start; pings go on until it is.
    const pings = setInterval(() => ping(2), 300);
    await until(() => run.out.includes('\n'));
    clearInterval(pings);
    run.child.kill('SIGINT');
    expect(await run.code).toBe(0);
    expect(run.out).toContain(
      'Source IP: 127.0.0.1, Destination IP: 127.0.0.1, Protocol: 1 (ICMP), Packet Length: 98 bytes\n',
    );
    expect(run.err).toMatch(/\d+ packets captured\n\d+ packets received by filter\n0 packets dropped by kernel\n/);
  });

  it('stops by itself after a count or a duration', async () => {
    const counted = watch('-i', 'lo', '-c', '4', '--summary', 'json');
    const pings = setInterval(() => ping(4), 300);
    expect(await counted.code).toBe(0);
    clearInterval(pings);
    expect(JSON.parse(counted.out)).toMatchObject({ packets: 4, source: { kind: 'interface', names: ['lo'] } });
    const timed = watch('-i', 'lo', '--duration', '300ms');
    expect(await timed.code).toBe(0);
  });

  it('gives its counters on SIGUSR1 and ends on SIGTERM', async () => {
    const run = watch('-i', 'any', '-v');
    const pings = setInterval(() => ping(2), 300);
    await until(() => run.err.includes('capture is open'));
    await new Promise((resolve) => setTimeout(resolve, 2500));
    clearInterval(pings);
    run.child.kill('SIGUSR1');
    await until(() => run.err.includes('captured'));
    expect(run.err).toMatch(/^[1-9]\d* packets captured\n/m);
    run.child.kill('SIGTERM');
    expect(await run.code).toBe(0);
  });
});
