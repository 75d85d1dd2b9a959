// Proves the bounds of memory: a flood of connections that say nothing known, and very many requests that are never finished.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from './scratch-folder.ts';
import { main, start } from './started-program.ts';
import { writeConnections } from './talks-traffic.ts';

const folder = scratchFolder('talks-memory');

/** Reads a capture; its summary, and the most memory that it ever had, in kB. */
async function readWatched(path: string, ...more: readonly string[]) {
  const run = start([process.execPath, main, '-r', path, '--eve', '/dev/null', '--summary', 'json', ...more]);
  let mostKb = 0;
  const look = setInterval(() => {
    const status = `/proc/${run.child.pid}/status`;
    if (!existsSync(status)) return;
    mostKb = Math.max(mostKb, Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(status, 'utf8'))?.[1] ?? 0));
  }, 20);
  const code = await run.code;
  clearInterval(look);
  expect([code, run.err.includes('    at ')]).toEqual([0, false]);
  return { summary: JSON.parse(run.out), mostKb };
}

/** Bytes that look like nothing, other ones for each n. */
const noise = (n: number): Uint8Array => createHash('sha256').update(String(n)).digest();

describe.skipIf(process.platform !== 'linux' || !existsSync(main))('memory', () => {
  it('stays below 350 MB with 200 000 connections of one payload each', async () => {
    const count = 200_000;
    const { summary, mostKb } = await readWatched(writeConnections(join(folder, 'flood.pcap'), count, 4444, noise));
    console.log(`200 000 connections: ${Math.round(mostKb / 1024)} MB`);
    expect(summary).toMatchObject({ packets: 3 * count, flows: { total: count, evicted: 0 } });
    expect(mostKb).toBeLessThan(350 * 1024);
    // What random bytes happen to look like may be named, but seldom.
    expect(summary.protocols.app.unknown.flows).toBeGreaterThan(count * 0.98);
  });

  it('stays below 380 MB with 50 000 requests that are never finished', async () => {
    const count = 50_000;
    const head = Buffer.from(
      'GET /a/long/path?with=words HTTP/1.1\r\nHost: www.example.test\r\nUser-Agent: half',
      'latin1',
    );
    const { summary, mostKb } = await readWatched(writeConnections(join(folder, 'half.pcap'), count, 80, () => head));
    console.log(`50 000 requests: ${Math.round(mostKb / 1024)} MB`);
    expect(summary.protocols.app).toMatchObject({ http: { flows: count } });
    expect(mostKb).toBeLessThan(380 * 1024);
  });

  it('is bounded, and says so, when more conversations are open than may be read at once', async () => {
    const count = 150_000;
    const half = Buffer.from('GET / HTTP/1.1\r\nHost: x', 'latin1');
    const { summary, mostKb } = await readWatched(writeConnections(join(folder, 'open.pcap'), count, 80, () => half));
    console.log(`150 000 requests: ${Math.round(mostKb / 1024)} MB`);
    expect(summary.findings).toContainEqual(expect.objectContaining({ code: 'talks-full' }));
    // 131 072 are read at once.
    expect(summary.protocols.app.http.flows).toBe(131_072);
    expect(summary.flows).toMatchObject({ total: count, evicted: 0 });
    expect(mostKb).toBeLessThan(800 * 1024);
  });
});
