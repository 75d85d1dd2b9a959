// Proves that `--zeek` of the built program writes Zeek's logs, offline and live, as tab-separated text and as JSON.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Namespace, openNamespace, reasonToSkip } from './live-namespace.ts';
import { scratchFolder } from './scratch-folder.ts';
import { main, start, until } from './started-program.ts';

const folder = scratchFolder('cli-zeek');

/** example.test, A, IN. */
const question = '076578616d706c65047465737400 0001 0001';
const dns = (words: string): Buffer => Buffer.from(words.replaceAll(' ', ''), 'hex');
const query = dns(`1234 0100 0001 0000 0000 0000 ${question}`);
const answer = dns(`1234 8180 0001 0001 0000 0000 ${question} c00c 0001 0001 0000012c 0004 c0000207`);

/** Ethernet, IPv4, UDP between 127.0.0.1:40000 and 127.0.0.2:53. */
function frame(payload: Buffer, isAnswer: boolean): Buffer {
  const bytes = Buffer.alloc(42 + payload.length);
  bytes.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45]);
  bytes.writeUInt16BE(28 + payload.length, 16);
  bytes.set([64, 17], 22);
  bytes.set([127, 0, 0, isAnswer ? 2 : 1, 127, 0, 0, isAnswer ? 1 : 2], 26);
  bytes.writeUInt16BE(isAnswer ? 53 : 40_000, 34);
  bytes.writeUInt16BE(isAnswer ? 40_000 : 53, 36);
  bytes.writeUInt16BE(8 + payload.length, 38);
  payload.copy(bytes, 42);
  return bytes;
}

function writeCapture(): string {
  const head = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');
  const records = [frame(query, false), frame(answer, true)].flatMap((bytes, n) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_000_000_000, 0);
    record.writeUInt32LE(n * 1500, 4);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    return [record, bytes];
  });
  const path = join(folder, 'dns.pcap');
  writeFileSync(path, Buffer.concat([head, ...records]));
  return path;
}
const capture = writeCapture();

/** Rows of a log by column, of either form. */
function rowsOf(logs: string, log: string): Record<string, unknown>[] {
  const lines = readFileSync(join(logs, `${log}.log`), 'utf8')
    .split('\n')
    .slice(0, -1);
  if (!lines[0].startsWith('#')) return lines.map((line) => JSON.parse(line));
  expect(lines.at(-1)).toMatch(/^#close\t\d{4}(-\d\d){5}$/);
  const columns =
    lines
      .find((line) => line.startsWith('#fields\t'))
      ?.split('\t')
      .slice(1) ?? [];
  const rows = lines.filter((line) => !line.startsWith('#')).map((line) => line.split('\t'));
  return rows.map((values) => Object.fromEntries(columns.map((column, i) => [column, values[i]])));
}

describe.skipIf(!existsSync(main))('--zeek', () => {
  it('writes text from a file', async () => {
    const logs = join(folder, 'text');
    expect(await start([process.execPath, main, '-r', capture, '-q', '--zeek', logs]).code).toBe(0);
    expect(readdirSync(logs).sort()).toEqual(['conn.log', 'dns.log']);
    const [conn] = rowsOf(logs, 'conn');
    expect(conn).toMatchObject({ ts: '1000000000.000000', proto: 'udp', service: 'dns', duration: '0.001500' });
    expect(conn).toMatchObject({ conn_state: 'SF', history: 'Dd', local_orig: 'T', tunnel_parents: '-' });
    const told = { uid: conn.uid, rtt: '0.001500', query: 'example.test', qtype_name: 'A', answers: '192.0.2.7' };
    expect(rowsOf(logs, 'dns')).toMatchObject([told]);
  });

  it('writes JSON from a file', async () => {
    const logs = join(folder, 'json');
    expect(await start([process.execPath, main, '-r', capture, '-q', '--zeek', logs, '--zeek-json']).code).toBe(0);
    const [conn] = rowsOf(logs, 'conn');
    expect(conn).toMatchObject({ ts: 1_000_000_000, service: 'dns', duration: 0.0015, local_orig: true });
    expect(rowsOf(logs, 'dns')).toMatchObject([{ uid: conn.uid, answers: ['192.0.2.7'], TTLs: [300], AA: false }]);
  });

  it('says why a folder cannot be made', async () => {
    const run = start([process.execPath, main, '-r', capture, '-q', '--zeek', join(capture, 'logs')]);
    expect(await run.code).toBe(1);
    expect(run.err).toContain('cannot make the folder');
  });
});

const skip = reasonToSkip();
describe.skipIf(skip !== null || !existsSync(main))('--zeek, live', () => {
  let net: Namespace;
  beforeAll(() => {
    net = openNamespace('zeek');
  });
  afterAll(() => net?.remove());

  it.each([
    ['text', []],
    ['JSON', ['--zeek-json']],
  ] as const)('writes what came until it was stopped, as %s', async (form, more) => {
    const logs = join(folder, `live ${form}`);
    const run = net.program(['-i', 'tlb1', '-v', '-q', '--zeek', logs, ...more]);
    await until(() => run.err.includes('the capture is open'));
    await net.send(capture);
    await new Promise((resolve) => setTimeout(resolve, 300));
    run.child.kill('SIGINT');
    expect(await run.code).toBe(0);
    expect(rowsOf(logs, 'conn')).toContainEqual(expect.objectContaining({ service: 'dns', history: 'Dd' }));
    expect(rowsOf(logs, 'dns')).toMatchObject([{ query: 'example.test', rcode_name: 'NOERROR' }]);
  });
});
