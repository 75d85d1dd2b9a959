// Proves live capture from the command line in a network namespace of its own: packets told once, signals, closing lines,
// what is refused and how, and a capture with nothing but CAP_NET_RAW.
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFrames } from './cli-seed-pcap.ts';
import { type Namespace, openNamespace, reasonToSkip, withOnly } from './live-namespace.ts';
import { scratchFolder } from './scratch-folder.ts';
import { environment, main, start, until } from './started-program.ts';

const skip = reasonToSkip();
if (skip !== null) console.log(`skipped: ${skip}`);

const line = 'Source IP: 127.0.0.1, Destination IP: 127.0.0.2, Protocol: 17 (UDP), Packet Length: 64 bytes\n';
const isOpen = 'the capture is open';
const folder = scratchFolder('cli-live');
const frames = writeFrames(folder, 40);

describe.skipIf(skip !== null)('live', () => {
  let net: Namespace;
  beforeAll(() => {
    net = openNamespace('cli');
  });
  afterAll(() => net?.remove());

  it('prints packets as they come and ends on SIGINT with the three lines', async () => {
    const run = net.program(['-i', 'tlb1', '-v', '--print', 'udp']);
    await until(() => run.err.includes(isOpen));
    await net.send(frames);
    await until(() => run.out.length >= line.length * 40);
    run.child.kill('SIGINT');
    expect(await run.code).toBe(0);
    expect(run.out).toBe(line.repeat(40));
    expect(run.err).toMatch(/\n40 packets captured\n40 packets received by filter\n0 packets dropped by kernel\n$/);
  });

  it.each([
    ['tlb1', 'tlb0', 40],
    ['lo', 'lo', 40],
    ['any', 'lo', 40],
    ['any', 'tlb0', 80], // once where it leaves, once where it arrives
  ])('-i %s counts packets of %s as often as they pass: %d of 40', async (name, device, times) => {
    const run = net.program(['-i', name, '-v', '--summary', 'json']);
    await until(() => run.err.includes(isOpen));
    await net.send(frames, device);
    await new Promise((resolve) => setTimeout(resolve, 300));
    run.child.kill('SIGTERM');
    expect(await run.code).toBe(0);
    expect(JSON.parse(run.out)).toMatchObject({ packets: times, source: { kind: 'interface', names: [name] } });
  });

  it('stops by itself after a count or a duration', async () => {
    const counted = net.program(['-i', 'tlb1', '-v', '-c', '10', '--summary', 'json']);
    await until(() => counted.err.includes(isOpen));
    await net.send(frames);
    expect(await counted.code).toBe(0);
    expect(JSON.parse(counted.out)).toMatchObject({ packets: 10 });
    const timed = net.program(['-i', 'lo', '--duration', '300ms']);
    expect(await timed.code).toBe(0);
    expect(timed.out).toMatch(/^Interface +lo .*\nTraffic +0 packets/);
  });

  it('gives its counters on SIGUSR1', async () => {
    const run = net.program(['-i', 'tlb1', '-v']);
    await until(() => run.err.includes(isOpen));
    await net.send(frames);
    await new Promise((resolve) => setTimeout(resolve, 1200)); // the next of the snapshots that come every second
    run.child.kill('SIGUSR1');
    await until(() => run.err.includes('captured'));
    expect(run.err).toMatch(/^40 packets captured\n/m);
    run.child.kill('SIGTERM');
    expect(await run.code).toBe(0);
  });

  it('is forced by the second Ctrl+C when the reader of its output takes nothing', async () => {
    const many = writeFrames(folder, 50_000);
    const run = start([process.execPath, main, '-r', many, '--print']);
    run.child.stdout?.pause();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    run.child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(run.child.exitCode).toBeNull();
    run.child.kill('SIGINT');
    await until(() => run.child.exitCode !== null);
    expect(run.child.exitCode).toBe(130);
    run.child.stdout?.resume();
  });

  it('needs nothing but CAP_NET_RAW', async () => {
    const run = net.program(['-i', 'tlb1', '-v', '-c', '10', '--summary', 'json'], withOnly('+net_raw'));
    await until(() => run.err.includes(isOpen));
    await net.send(frames);
    expect(await run.code).toBe(0);
    expect(JSON.parse(run.out)).toMatchObject({ packets: 10, dropped: { kernel: 0, interface: 0, queue: 0 } });
  });

  it('says in one line what it may not or cannot capture, with what to type', async () => {
    const told = async (words: string[], prefix: string[] = []) => {
      const run = net.program(words, prefix);
      const code = await run.code;
      expect(run.out).toBe('');
      expect(run.err).toMatch(/^taplight: [^\n]+\n$/);
      return { code, err: run.err };
    };
    const denied = await told(['-i', 'tlb1', 'udp', 'port 9'], withOnly(''));
    expect(denied.code).toBe(3);
    expect(denied.err).toContain(`sudo ${process.execPath} ${main} -i tlb1 udp 'port 9'`);
    expect(await told(['-i', 'tlb9'])).toMatchObject({ code: 4, err: expect.stringContaining('tlb0') });
    expect((await told(['-i', 'tlb1', 'prot 80'])).code).toBe(2);
    expect((await told(['-i', 'any', 'prot 80'])).code).toBe(2);
  });

  it('shows every way to be allowed at a terminal', () => {
    if (spawnSync('script', ['--version']).status !== 0) return;
    const words = [...withOnly(''), process.execPath, main, '--no-tui', '-i', 'lo']
      .map((word) => `'${word}'`)
      .join(' ');
    const { stdout } = spawnSync('script', ['-qec', words, '/dev/null'], { encoding: 'utf8', env: environment });
    for (const part of ['just this time', 'sudo ', 'setpriv', 'cap_net_raw', 'taplight -r FILE']) {
      expect(stdout).toContain(part);
    }
  });
});
