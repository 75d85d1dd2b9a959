// Proves of the built program that packets kept beside a store are found again by flow, with one worker and several;
// that the ring never takes more of the disk than asked; that a kill loses only what was kept last; and that a live
// capture keeps its packets within the bound, too.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packetsOfRuns } from '../../src/app/pipeline/keeping/packets/packets-of-flows.ts';
import { headOf } from '../../src/capture/writers/ring/ring-index.ts';
import { bytesBelow, packetsIn } from '../../src/capture/writers/ring/ring-stage.ts';
import { type Namespace, openNamespace, reasonToSkip } from './live-namespace.ts';
import { scratchFolder } from './scratch-folder.ts';
import { environment, main, start, until } from './started-program.ts';
import { withoutPauses, writeWorkload } from './workload-file.ts';

const folder = scratchFolder('kept');
const hasTshark = spawnSync('tshark', ['-v']).status === 0;
const skip = reasonToSkip();
const least = 4 << 20;

interface FlowEvent {
  readonly event_type: string;
  readonly flow_id: number;
  readonly proto: string;
  readonly src_ip: string;
  readonly src_port: number;
  readonly dest_ip: string;
  readonly dest_port: number;
  readonly flow: { readonly pkts_toserver: number; readonly pkts_toclient: number };
}

const home = { XDG_STATE_HOME: join(folder, 'state'), XDG_DATA_HOME: join(folder, 'data') };

/** Reads a file with packets kept in a new store; gives its folder and the flows as told. */
async function keep(name: string, file: string, words: readonly string[]) {
  const store = join(folder, name);
  const eve = `${store}.json`;
  const command = [process.execPath, main, '-r', file, '--store', store, '--eve', eve, '--summary', 'none', ...words];
  const run = start([...command, '--detect', 'none'], home);
  expect(await run.code, run.err).toBe(0);
  const events = readFileSync(eve, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as FlowEvent);
  return { packets: join(store, 'packets'), flows: events.filter((event) => event.event_type === 'flow') };
}

/** Number of the run in the heads of a ring. */
function runIn(packets: string): number {
  const [worker] = readdirSync(packets);
  const number = Math.max(...readdirSync(join(packets, worker)).map((name) => Number.parseInt(name, 10)));
  return headOf({ folder: join(packets, worker), number })?.run ?? -1;
}

async function extract(packets: string, flows: readonly number[] | null): Promise<Buffer> {
  const wanted = new Map([[runIn(packets), { flows: flows === null ? null : new Set(flows) }]]);
  const pieces: Uint8Array[] = [];
  for await (const piece of packetsOfRuns(packets, wanted, {})) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** What TShark prints of one field, line by line. */
function tshark(file: string, field: string, filter = ''): string[] {
  const words = ['-r', file, '-T', 'fields', '-e', field, ...(filter === '' ? [] : ['-Y', filter])];
  const { status, stdout } = spawnSync('tshark', words, { encoding: 'utf8', maxBuffer: 64 << 20 });
  expect(status).toBe(0);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('packets kept', () => {
  let file = '';
  beforeAll(() => {
    file = writeWorkload(folder, 'w2', { packets: 20_000, flows: 400 });
  });

  it.each([1, 2])('are found by flow as the file has them, with %i workers', async (workers) => {
    const words = ['--keep-packets', '256MiB', '--keep-per-flow', '0', '--workers', String(workers)];
    const { packets, flows } = await keep(`flows-${workers}`, file, words);
    expect(packetsIn(await extract(packets, null))).toHaveLength(20_000);
    const byCount = flows
      .filter(({ proto }) => proto === 'TCP')
      .sort((a, b) => b.flow.pkts_toserver - a.flow.pkts_toserver);
    const parts = byCount.filter(({ flow_id }) => flow_id === byCount[3].flow_id);
    const [{ flow_id, src_ip, dest_ip, src_port, dest_port }] = parts;
    const extracted = await extract(packets, [flow_id]);
    const told = parts.reduce((sum, { flow }) => sum + flow.pkts_toserver + flow.pkts_toclient, 0);
    expect(packetsIn(extracted)).toHaveLength(told);
    if (!hasTshark) return;
    const path = join(folder, `flow-${workers}.pcapng`);
    writeFileSync(path, extracted);
    const ends = `ip.addr==${src_ip} && ip.addr==${dest_ip} && tcp.port==${src_port} && tcp.port==${dest_port}`;
    expect(tshark(path, 'frame.time_epoch')).toEqual(tshark(file, 'frame.time_epoch', ends));
  });

  it('never take more of the disk than asked', async () => {
    const store = join(folder, 'bound', 'packets');
    let largest = 0;
    const watch = setInterval(() => {
      try {
        largest = Math.max(largest, bytesBelow(store));
      } catch {
        // A file went between two looks at the folder.
      }
    }, 2);
    const { packets } = await keep('bound', file, ['--keep-packets', `${least}`, '--keep-per-flow', '0']);
    clearInterval(watch);
    largest = Math.max(largest, bytesBelow(packets));
    expect(largest).toBeLessThanOrEqual(least);
    expect(largest).toBeGreaterThan(least / 2);
    const latest = packetsIn(await extract(packets, null));
    expect(latest.length).toBeGreaterThan(1000);
  });

  it('are there after a kill, but for the last seconds, and each file can be read', async () => {
    const store = join(folder, 'killed');
    const command = [main, '-r', '-', '--store', store, '--keep-packets', `${least}`, '--keep-per-flow', '0'];
    const child = spawn(process.execPath, [...command, '--detect', 'none', '--summary', 'none'], {
      env: { ...environment, ...home },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const closed = new Promise((resolve) => child.on('close', resolve));
    child.stdin.on('error', () => {}); // it is killed while we write
    const bytes = readFileSync(file);
    child.stdin.write(bytes.subarray(0, bytes.length >> 1));
    const there = join(store, 'packets', '0');
    await until(() => {
      mkdirSync(there, { recursive: true });
      return readdirSync(there).filter((name) => name.endsWith('.index')).length > 1;
    });
    child.kill('SIGKILL');
    await closed;
    const packets = join(store, 'packets');
    const found = packetsIn(await extract(packets, null));
    expect(found.length).toBeGreaterThan(500);
    const names = readdirSync(there).filter((name) => name.endsWith('.pcapng'));
    for (const name of names) expect(() => packetsIn(readFileSync(join(there, name)))).not.toThrow();
    if (hasTshark) {
      const counts = names.map((name) => tshark(join(there, name), 'frame.number').length);
      expect(counts.reduce((sum, n) => sum + n, 0)).toBeGreaterThanOrEqual(found.length);
    }
  });

  it('go where a store goes, and nowhere without one', async () => {
    const run = start([process.execPath, main, '-r', file, '--keep-packets', '64MB'], home);
    expect(await run.code).toBe(2);
    expect(run.err).toContain('--keep-packets needs --store');
    const small = start(
      [process.execPath, main, '-r', file, '--store', join(folder, 'x'), '--keep-packets', '1MB'],
      home,
    );
    expect(await small.code).toBe(2);
  });
});

describe.skipIf(skip !== null)('packets kept live', () => {
  let net: Namespace;
  beforeAll(() => {
    net = openNamespace('kept');
  });
  afterAll(() => net?.remove());

  it('are within the bound, and found by flow', async () => {
    const file = withoutPauses(writeWorkload(folder, 'w2', { packets: 20_000, flows: 300 }));
    const store = join(folder, 'live');
    const words = ['-i', 'tlb1', '--store', store, '--keep-packets', `${least}`, '--keep-per-flow', '0', '-v'];
    const run = net.program([...words, '--detect', 'none', '--duration', '60'], [], home);
    await until(() => run.err.includes('the capture is open'));
    const sent = await net.send(file, 'tlb0', 20_000);
    run.child.kill('SIGINT');
    expect(await run.code, run.err).toBe(0);
    expect(sent).toBe(20_000);
    const packets = join(store, 'packets');
    expect(bytesBelow(packets)).toBeLessThanOrEqual(least);
    expect(packetsIn(await extract(packets, null)).length).toBeGreaterThan(1000);
    expect(statSync(packets).mode & 0o077).toBe(0);
  });
});
