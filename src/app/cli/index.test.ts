// Proves how a command line runs from its words to its exit code: streams, signals, failures, closing lines.

import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { emptySnapshot } from '../../../test/e2e/cli-empty-snapshot.ts';
import { type FakeHost, fakeHost } from '../../../test/e2e/cli-fake-host.ts';
import { type FakeRooms, fakeRooms } from '../../../test/e2e/cli-fake-rooms.ts';
import { plainAlert } from '../../core/golden/plain-alert.ts';
import { type Alert, Failure, Flow, PacketLine } from '../../core/index.ts';
import { runCommandLine } from './index.ts';

const terminals = { in: true, out: true, err: true };
const folder = mkdtempSync(join(tmpdir(), 'taplight-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const input = join(folder, 'in.pcap');
writeFileSync(input, 'x');

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

const alert: Alert = {
  ...plainAlert,
  detector: 'volume.packet-count',
  severity: 'info',
  score: 0,
  key: '192.168.1.1',
  firstUs: 0,
  lastUs: 1,
  firstPacket: 1,
  packet: 101,
  count: 120,
  observed: 120,
  threshold: 100,
  explain: '',
  mitre: null,
  flows: [],
  packets: [],
  filter: '',
};

interface Started {
  readonly host: FakeHost;
  readonly rooms: FakeRooms;
  readonly code: Promise<number>;
}

async function start(
  words: string[],
  at = { in: false, out: false, err: false },
  rooms = fakeRooms(),
): Promise<Started> {
  const host = fakeHost(words, at);
  const code = runCommandLine(host, rooms);
  code.catch(() => {});
  await settled();
  return { host, rooms, code };
}

describe('words', () => {
  it('prints version and helps on stdout', async () => {
    for (const [word, text] of [
      ['-V', 'taplight 1.2.3\n'] as const,
      ['-h', 'Usage:'] as const,
      ['--help', 'Examples:'] as const,
    ]) {
      const { host, code } = await start([word]);
      expect(await code).toBe(0);
      expect(host.stdout.text).toContain(text);
      expect(host.stderr.text).toBe('');
    }
  });

  it('shows short help and ends with 2 when there is nobody to ask', async () => {
    const { host, code } = await start([], { in: true, out: false, err: true });
    expect(await code).toBe(2);
    expect(host.stdout.text).toBe('');
    expect(host.stderr.text).toContain('Usage:');
    expect(host.stderr.text.split('\n').length).toBeLessThan(25);
  });

  it('tells a mistake in one line and ends with 2', async () => {
    for (const words of [
      ['--nope'],
      ['-c', 'x', '-r', input],
      ['-i', 'eth0', '-r', input],
      ['-r', input, 'gone.pcap'].slice(0, 3),
    ]) {
      const { host, code } = await start(words);
      expect([1, 2]).toContain(await code);
      expect(host.stderr.text).toMatch(/^taplight: [^\n]+\n$/);
    }
    const { code } = await start(['-i', 'wlan9']);
    expect(await code).toBe(4);
  });

  it('refuses to write over its own input', async () => {
    const link = join(folder, 'link.pcap');
    symlinkSync(input, link);
    for (const option of ['-w', '--eve', '--chart-file']) {
      const { host, code } = await start(['-r', input, option, link]);
      expect(await code).toBe(2);
      expect(host.stderr.text).toContain('read and written at once');
    }
  });

  it('hands files and filter to the run', async () => {
    const { rooms, code } = await start(['-r', input, input, 'port', '53', '-c', '3']);
    rooms.run.finish();
    expect(await code).toBe(0);
    expect(rooms.run.options).toMatchObject({
      input: { kind: 'files', paths: [input, input], follow: false },
      filter: 'port 53',
      maxPackets: 3,
    });
  });

  it('reads a live stream from stdin for -i -', async () => {
    const { rooms, host, code } = await start(['-i', '-', 'tcp']);
    rooms.run.finish();
    await code;
    expect(rooms.run.options).toMatchObject({
      input: { kind: 'files', paths: ['-'] },
      filter: 'tcp',
      snapshotEveryMs: 1000,
    });
    expect(host.stderr.text).toContain(
      '0 packets captured\n0 packets received by filter\n0 packets dropped by kernel\n',
    );
  });
});

describe('a live run at a terminal', () => {
  it('asks for the interface first', async () => {
    const { host, rooms, code } = await start(['--no-tui'], terminals);
    host.keyboard.write('2\n');
    await vi.waitFor(() => expect(rooms.run.options).not.toBeNull());
    expect(rooms.run.options?.input).toMatchObject({ kind: 'interface', name: 'lo' });
    rooms.run.finish();
    expect(await code).toBe(0);
  });

  it('shows status, anomalies and charts, and ends on Ctrl+C with the three lines', async () => {
    const { host, rooms, code } = await start(['-i', 'eth0', '--chart-every', '2s'], terminals);
    rooms.run.listeners.snapshot?.({ ...emptySnapshot, packets: 7 });
    expect(host.stderr.text).toContain('eth0 · 7 packets');
    rooms.run.listeners.alert?.(alert);
    host.clock.ms += 2000;
    rooms.run.listeners.snapshot?.({
      ...emptySnapshot,
      packets: 9,
      ip: { TCP: { number: 6, packets: 9, bytes: 900 } },
    });
    expect(host.stdout.text).toMatch(/^Anomaly Detected! IP 192.168.1.1 sent 120 packets.\n/);
    expect(host.stdout.text).toContain('TCP');
    host.signal('SIGUSR1');
    expect(host.stderr.text).toContain('9 packets captured\n');
    host.signal('SIGINT');
    expect(await code).toBe(0);
    expect(host.stderr.text).toMatch(/0 packets captured\n0 packets received by filter\n0 packets dropped by kernel\n/);
  });

  it('is forced by the second Ctrl+C', async () => {
    const { host, rooms, code } = await start(['-i', 'eth0', '--no-tui'], terminals, fakeRooms(false));
    host.signal('SIGINT');
    expect(rooms.run.stops).toBe(1);
    host.clock.ms += 1000;
    host.signal('SIGINT');
    expect(await code).toBe(130);
    expect(rooms.run.aborts).toBe(1);
  });

  it('says how to get permission, on a card at a terminal and in a line elsewhere', async () => {
    const denied = new Failure('NO_PERMISSION', 'no permission to capture on eth0', 'Run: sudo x');
    for (const at of [terminals, { in: false, out: false, err: false }]) {
      const { host, rooms, code } = await start(['-i', 'eth0', '--no-tui'], at);
      rooms.run.fail(denied);
      expect(await code).toBe(3);
      expect(host.stderr.text).toContain('taplight: no permission to capture on eth0.');
      expect(host.stderr.text.includes('sudo node x -i eth0')).toBe(at === terminals);
      expect(host.stderr.text.includes('sudo x\n')).toBe(at !== terminals);
    }
  });
});

describe('streams', () => {
  it('keeps words off stdout when it carries lines', async () => {
    const { host, rooms, code } = await start(['-r', input, '--print']);
    const line = new PacketLine();
    line.ipVersion = 4;
    line.proto = 6;
    line.wireLen = 64;
    line.src0 = 0xc0a80101 | 0;
    line.dst0 = 0xc0a80102 | 0;
    rooms.run.listeners.packet?.(line);
    rooms.run.listeners.alert?.(alert);
    rooms.run.listeners.drained?.();
    rooms.run.finish();
    expect(await code).toBe(0);
    expect(host.stdout.text).toBe(
      'Source IP: 192.168.1.1, Destination IP: 192.168.1.2, Protocol: 6 (TCP), Packet Length: 64 bytes\n',
    );
    expect(host.stderr.text).toContain('Anomaly Detected! IP 192.168.1.1 sent 120 packets.\n');
  });

  it('ends the text summary with the final count of every source that sent too much', async () => {
    const { host, rooms, code } = await start(['-r', input]);
    const many = Array.from({ length: 23 }, (_, n) => ({ ...alert, key: `10.0.0.${n}`, count: 200 + n }));
    rooms.run.finish({ snapshot: { ...emptySnapshot, alerts: many } });
    await code;
    const said = host.stdout.text.split('\n').filter((line) => line.startsWith('Anomaly Detected!'));
    expect(said).toHaveLength(20);
    expect(said[0]).toBe('Anomaly Detected! IP 10.0.0.22 sent 222 packets.');
    expect(host.stdout.text).toContain('… and 3 more sources\n');
  });

  it('writes one JSON document for --summary json', async () => {
    const { host, rooms, code } = await start(['-r', input, '--summary', 'json', '--threshold', '5']);
    rooms.run.listeners.alert?.(alert);
    rooms.run.finish();
    await code;
    expect(JSON.parse(host.stdout.text)).toMatchObject({ tool: { name: 'taplight', version: '1.2.3' }, packets: 0 });
    expect(rooms.run.options?.threshold).toBe(5);
  });

  it('prints nothing but the summary with -q', async () => {
    const { host, rooms, code } = await start(['-r', input, '-q'], terminals);
    rooms.run.listeners.alert?.(alert);
    rooms.run.listeners.progress?.(1, 1e9);
    rooms.run.finish();
    await code;
    expect(host.stdout.text).not.toContain('Anomaly');
    expect(host.stderr.text).toBe('');
  });

  it('feeds EVE lines and ends them with counters', async () => {
    const { host, rooms, code } = await start(['-r', input, '--json', '--eve', 'e.json']);
    rooms.run.listeners.flow?.(new Flow());
    rooms.run.listeners.alert?.(alert);
    rooms.run.finish();
    expect(await code).toBe(0);
    expect(rooms.eveLog.filter((entry) => entry.startsWith('- '))).toEqual([
      '- flow',
      '- alert',
      '- stats',
      '- close',
      '- close',
    ]);
    expect(rooms.eveLog).toContain('e.json stats');
    expect(host.stdout.text).toBe('');
  });

  it('stops quietly when the reader of stdout has gone', async () => {
    const { host, rooms, code } = await start(['-r', input, '--print']);
    host.stdout.fail('EPIPE');
    expect(rooms.run.stops).toBe(1);
    expect(await code).toBe(0);
    expect(host.stdout.text + host.stderr.text).toBe('');
  });

  it('fails when stdout or a file takes nothing more', async () => {
    const full = await start(['-r', input]);
    full.host.stdout.fail('ENOSPC');
    expect(await full.code).toBe(1);
    expect(full.host.stderr.text).toContain('cannot write to standard output (ENOSPC)');

    const disk = await start(['-r', input, '--eve', 'e.json']);
    disk.rooms.eveError = new Failure('WRITE_FAILED', 'cannot write e.json: the disk is full', 'Free some space.');
    disk.rooms.run.listeners.flow?.(new Flow());
    expect(disk.rooms.run.stops).toBe(1);
    expect(await disk.code).toBe(1);
    expect(disk.host.stderr.text).toContain('taplight: cannot write e.json: the disk is full. Free some space.\n');

    const picture = await start(['-r', input, '--chart-file', join(folder, 'no/such/x.svg')]);
    expect(await picture.code).toBe(1);
    expect(picture.host.stdout.text).toBe('');
  });

  it('writes the picture, and into a link rather than over it', async () => {
    const target = join(folder, 'target.svg');
    writeFileSync(target, '');
    const link = join(folder, 'link.svg');
    symlinkSync(target, link);
    const { rooms, code } = await start(['-r', input, '--chart-file', link]);
    rooms.run.finish();
    await code;
    expect(readFileSync(target, 'utf8')).toContain('<svg');
  });

  it('tells of damage and ends with 14, after the results', async () => {
    const { host, rooms, code } = await start(['-r', input]);
    rooms.run.finish({
      damage: { input, name: 'pcap.truncated', at: 99, because: 'a record needs 60 bytes, 3 are left' },
    });
    expect(await code).toBe(14);
    expect(host.stdout.text.length).toBeGreaterThan(0);
    expect(host.stderr.text).toBe(
      `taplight: ${input} is damaged at byte 99: a record needs 60 bytes, 3 are left. Everything before that was read.\n`,
    );
  });

  it('lets errors that are no failures through to the last resort', async () => {
    const { rooms, code } = await start(['-r', input]);
    rooms.run.fail(new TypeError('bug'));
    await expect(code).rejects.toThrow('bug');
  });
});

describe('other commands', () => {
  it('list interfaces as a table and as JSON', async () => {
    for (const words of [['-D'], ['interfaces']]) {
      const { host, code } = await start(words);
      expect(await code).toBe(0);
      expect(host.stdout.text).toContain('eth0');
    }
    const { host, code } = await start(['-D', '--json']);
    await code;
    expect(JSON.parse(host.stdout.text)[0]).toMatchObject({ number: 1, name: 'eth0', addresses: ['192.0.2.1/24'] });
  });

  it('examine the machine', async () => {
    const { host, rooms, code } = await start(['doctor']);
    expect(await code).toBe(0);
    expect(host.stdout.text).toContain('fine');
    rooms.examine = () => [{ name: 'capture', ok: false, found: 'not allowed', fix: 'sudo x' }];
    const failing = await start(['doctor', '--json'], undefined, rooms);
    expect(await failing.code).toBe(1);
    expect(JSON.parse(failing.host.stdout.text)).toMatchObject({ ok: false, checks: [{ fix: 'sudo x' }] });
  });
});
