// Proves `--keylog` on the built program: with the secrets of a connection its HTTP request is told, without them it is not;
// secrets inside a capture file need no option; what is wrong with a key log is said in one line.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from './scratch-folder.ts';
import { environment, main } from './started-program.ts';
import { framesOf, pcapngOf, pcapOf, type Recorded, recorded, serverName } from './tls-connection.ts';

const folder = scratchFolder('keylog');
const file = (name: string, data: Uint8Array | string): string => {
  writeFileSync(join(folder, name), data);
  return join(folder, name);
};

type Line = Readonly<Record<string, unknown>>;

/** The EVE lines of a run, and how it ended. */
function eveOf(...words: readonly string[]) {
  const out = join(folder, 'eve.json');
  writeFileSync(out, '');
  const done = spawnSync(process.execPath, [main, ...words, '--eve', out], { env: environment, timeout: 20_000 });
  const text = readFileSync(out, 'utf8').trim();
  const lines = text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Line);
  const of = (type: string): Line[] => lines.filter((line) => line.event_type === type);
  return { code: done.status, out: done.stdout.toString(), err: done.stderr.toString(), of };
}

const told = {
  http: { hostname: serverName, url: '/inside', http_method: 'GET', status: 200, http_user_agent: 'agent' },
};

describe.skipIf(!existsSync(main)).each(['TLSv1.2', 'TLSv1.3'] as const)('a connection of %s', (version) => {
  let made: Recorded;
  let capture = '';
  let keyLog = '';

  beforeAll(async () => {
    made = await recorded({ minVersion: version, maxVersion: version });
    capture = file(`${version}.pcap`, pcapOf(framesOf(made.sent)));
    keyLog = file(`${version}.keys`, made.keyLog);
  });

  it('tells its request with --keylog', () => {
    const run = eveOf('-r', capture, '--keylog', keyLog);
    expect(run.code).toBe(0);
    expect(run.of('http')).toMatchObject([{ ...told, src_ip: '127.0.0.1', dest_ip: '127.0.0.2', dest_port: 443 }]);
    expect(run.of('tls')).toMatchObject([{ tls: { sni: serverName, subject: `CN=${serverName}` } }]);
    expect(run.of('anomaly')).toEqual([]);
  });

  it('does not without it', () => {
    const run = eveOf('-r', capture);
    expect(run.code).toBe(0);
    expect(run.of('http')).toEqual([]);
    expect(run.of('tls')).toMatchObject([{ tls: { sni: serverName } }]);
  });

  it('is counted, not told as an anomaly, when the key log has no secrets for it', () => {
    const others = file('others.keys', `CLIENT_RANDOM ${'0a'.repeat(32)} ${'0b'.repeat(48)}\n`);
    const run = eveOf('-r', capture, '--keylog', others, '--summary', 'json');
    expect(run.code).toBe(0);
    expect(run.of('http')).toEqual([]);
    expect(run.of('anomaly')).toEqual([]);
    expect(JSON.parse(run.out)).toMatchObject({ problems: { 'tls.tls_no_key': 1 } });
  });

  it('is read with the secrets that a pcapng carries, also behind a filter', () => {
    const carried = file(`${version}.pcapng`, pcapngOf(framesOf(made.sent), made.keyLog));
    expect(eveOf('-r', carried).of('http')).toMatchObject([told]);
    expect(eveOf('-r', carried, 'tcp').of('http')).toMatchObject([told]);
    const twice = eveOf('-r', carried, '-r', file('other.pcap', pcapOf([]))).of('http');
    expect(twice).toMatchObject([told]);
  });
});

describe.skipIf(!existsSync(main))('a key log', () => {
  it('that is missing ends the run with one clear line', () => {
    const capture = file('none.pcap', pcapOf([]));
    const run = eveOf('-r', capture, '--keylog', join(folder, 'no.keys'));
    expect(run.code).toBe(1);
    expect(run.err.trim().split('\n')[0]).toContain(`there is no key log ${join(folder, 'no.keys')}`);
    expect(run.err).not.toContain('    at ');
  });

  it('that is something else is refused in plain words', () => {
    const capture = file('none.pcap', pcapOf([]));
    const run = eveOf('-r', capture, '--keylog', file('wrong.keys', 'this is a letter\nto somebody\n'));
    expect(run.code).toBe(14);
    expect(run.err).toContain('holds no line of a TLS key log');
    expect(run.err).not.toContain('    at ');
  });
});
