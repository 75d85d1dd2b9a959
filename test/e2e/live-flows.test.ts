// Proves that a capture gives the same flows when its packets come live over a wire as when it is read from file, that a
// capture started by sudo runs without any privilege and leaves its files to the user, and that a flood of forged
// sources neither grows memory nor costs a real flow.
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Namespace, openNamespace, reasonToSkip } from './live-namespace.ts';
import { scratchFolder } from './scratch-folder.ts';
import { main, start, until } from './started-program.ts';
import { withoutPauses, writeWorkload } from './workload-file.ts';

const skip = reasonToSkip();
if (skip !== null) console.log(`skipped: ${skip}`);

const isOpen = 'the capture is open';
const folder = scratchFolder('flows');
const nobody = { uid: 65534, gid: 65534 };

interface FlowEvent {
  readonly event_type: string;
  readonly src_port: number;
  readonly dest_port: number;
  readonly tcp?: { readonly state: string };
  readonly [key: string]: unknown;
}

/** The flow records of an EVE file. */
function flowsOf(path: string): FlowEvent[] {
  const events = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as FlowEvent);
  return events.filter((event) => event.event_type === 'flow');
}

/** A record without what depends on the clock or the name of the interface, as sortable text. */
function timeless(event: FlowEvent): string {
  const { timestamp, flow_id, in_iface, flow, taplight, ...rest } = event as Record<string, Record<string, unknown>>;
  const { start: _start, end: _end, age, ...counts } = flow;
  const { handshake_rtt_us, server_rtt_us, client_rtt_us, health, ...facts } = taplight;
  return JSON.stringify({ ...rest, flow: counts, taplight: facts });
}

/** A record without its random number and the name of the interface. */
function withoutOrigin({ flow_id, in_iface, ...rest }: FlowEvent): string {
  return JSON.stringify(rest);
}

const residentKb = (pid: number) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

function capabilitiesOf(pid: number): Set<string> {
  const sets = new Set<string>();
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const status = readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8');
    for (const [, set] of status.matchAll(/^Cap(?:Eff|Prm|Amb):\s*(\w+)/gm)) sets.add(set);
  }
  return sets;
}

describe.skipIf(skip !== null)('live', () => {
  let net: Namespace;
  beforeAll(() => {
    net = openNamespace('flows');
  });
  afterAll(() => net?.remove());

  it('gives the flows that the same packets give from file', async () => {
    // Silence is measured in packet time, so both have to be without it.
    const file = withoutPauses(writeWorkload(folder, 'w2', { packets: 20_000, flows: 500 }));
    const fromFile = join(folder, 'file.json');
    const fromWire = join(folder, 'wire.json');
    const fromCopy = join(folder, 'copy.json');
    const copy = join(folder, 'copy.pcapng');
    const read = (path: string, eve: string) => start([process.execPath, main, '-r', path, '--eve', eve, '-q']).code;
    expect(await read(file, fromFile)).toBe(0);

    const live = net.program(['-i', 'tlb1', '-v', '--eve', fromWire, '-w', copy, '--summary', 'none']);
    await until(() => live.err.includes(isOpen));
    const sent = await net.send(file);
    await new Promise((resolve) => setTimeout(resolve, 400));
    live.child.kill('SIGINT');
    expect(await live.code).toBe(0);
    expect(live.err).toContain(`\n${sent} packets captured\n${sent} packets received by filter\n0 packets dropped`);

    const wanted = flowsOf(fromFile).map(timeless).sort();
    expect(wanted.length).toBeGreaterThan(400);
    expect(wanted[0]).toContain('community_id');
    expect(flowsOf(fromWire).map(timeless).sort()).toEqual(wanted);

    // What was written meanwhile gives the same once more, now with the same times.
    expect(await read(copy, fromCopy)).toBe(0);
    const exact = (path: string) => flowsOf(path).map(withoutOrigin).sort();
    expect(exact(fromCopy)).toEqual(exact(fromWire));
  });

  it('started by sudo, captures without a privilege in any thread, and its files are the user’s', async () => {
    const file = writeWorkload(folder, 'w1', { packets: 2000, flows: 50 });
    const theirs = join(folder, 'theirs');
    mkdirSync(theirs, { mode: 0o700 });
    chownSync(theirs, nobody.uid, nobody.gid);
    const names = ['e.json', 'w.pcapng', 'c.svg'].map((name) => join(theirs, name));
    const run = net.program(
      ['-i', 'tlb1', '-v', '--eve', names[0], '-w', names[1], '--chart-file', names[2], '--summary', 'json'],
      [],
      { SUDO_UID: String(nobody.uid), SUDO_GID: String(nobody.gid) },
    );
    await until(() => run.err.includes(isOpen));
    const pid = run.child.pid ?? 0;
    expect(capabilitiesOf(pid)).toEqual(new Set(['0000000000000000']));
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Uid:\s+65534\s+65534\s+65534\s+65534$/m);
    await net.send(file);
    await new Promise((resolve) => setTimeout(resolve, 300));
    run.child.kill('SIGINT');
    expect(await run.code).toBe(0);
    expect(JSON.parse(run.out)).toMatchObject({ packets: 2000, flows: { total: 50 } });
    for (const name of names) expect(statSync(name), name).toMatchObject(nobody);
    expect(flowsOf(names[0])).toHaveLength(50);
    expect(execFileSync('capinfos', ['-c', '-M', names[1]], { encoding: 'utf8' })).toMatch(/packets: +2000\n/);
  });

  it('started by sudo, writes nowhere the user may not', async () => {
    const words = ['-i', 'tlb1', '--eve', join(folder, 'roots.json')];
    const run = net.program(words, [], { SUDO_UID: String(nobody.uid), SUDO_GID: String(nobody.gid) });
    expect(await run.code).toBe(1);
    expect(run.out).toBe('');
    expect(run.err).toMatch(/^taplight: cannot write .*roots\.json: no permission to write there\. Choose .*\n$/);
  });

  it('keeps real flows whole and memory flat while 300 000 forged sources send SYNs', async () => {
    const file = writeWorkload(folder, 'synflood', { packets: 300_000, flows: 100 });
    const eve = join(folder, 'flood.json');
    const run = net.program([
      '-i',
      'tlb1',
      '-v',
      '--max-flows',
      '262144',
      '--eve',
      eve,
      '--summary',
      'json',
      '--threshold',
      '0',
    ]);
    await until(() => run.err.includes(isOpen));
    const pid = run.child.pid ?? 0;
    const before = residentKb(pid);
    let highest = before;
    const look = setInterval(() => {
      highest = Math.max(highest, residentKb(pid));
    }, 50);
    const sent = await net.send(file, 'tlb0', 40_000);
    await new Promise((resolve) => setTimeout(resolve, 500));
    clearInterval(look);
    run.child.kill('SIGINT');
    expect(await run.code).toBe(0);
    const summary = JSON.parse(run.out);
    expect(summary).toMatchObject({ packets: sent, dropped: { kernel: 0, interface: 0, queue: 0 } });
    // Of the unanswered ones an eighth of the table is kept at once.
    expect(summary.flows.evicted).toBeGreaterThan(260_000);
    expect(summary.flows.active).toBeLessThan(40_000);
    expect(highest - before).toBeLessThan(150_000);
    const real = flowsOf(eve).filter((event) => event.dest_port === 8443);
    expect(real).toHaveLength(100);
    for (const event of real) {
      expect(event).toMatchObject({ flow: { pkts_toserver: 9, pkts_toclient: 7 }, tcp: { state: 'closed' } });
    }
  });
});
