// Proves that history works as its page says: every example of docs/61-history.md is run through the built program.

import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { seedPcap } from './cli-seed-pcap.ts';
import { scratchFolder } from './scratch-folder.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const folder = scratchFolder('history');
const environment = {
  PATH: process.env.PATH,
  HOME: folder,
  XDG_DATA_HOME: join(folder, 'data'),
  XDG_STATE_HOME: join(folder, 'state'),
  TZ: 'UTC',
};
const page = readFileSync(resolve('docs/61-history.md'), 'utf8');
const examples = [...page.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block]) => block.trim().split('\n'));

function taplight(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const options = { encoding: 'utf8', env: environment, cwd: folder, timeout: 60_000 } as const;
  return spawnSync(process.execPath, [main, ...words], options);
}

/** Words of a line of the page, as a shell takes them. */
const wordsOf = (line: string): string[] =>
  (line.match(/"[^"]*"|\S+/g) ?? []).slice(1).map((word) => word.replace(/^"(.*)"$/, '$1'));

const outputs = new Map<string, string>();

beforeAll(() => {
  writeFileSync(join(folder, 'monday.pcap'), seedPcap(3));
  writeFileSync(join(folder, 'tuesday.pcap'), seedPcap(120));
});

describe('docs/61-history.md', () => {
  it('has examples that work, in order', () => {
    expect(examples.length).toBeGreaterThan(20);
    for (const line of examples) {
      const { status, stdout, stderr } = taplight(...wordsOf(line));
      expect([line, status, stderr]).toEqual([line, 0, stderr]);
      outputs.set(line, stdout);
    }
  }, 60_000);

  it('shows with them what was captured', () => {
    for (const name of ['monday.pcap', 'tuesday.pcap']) expect(outputs.get('taplight runs')).toContain(name);
    expect(outputs.get('taplight flows')).toContain('192.0.2.1');
    expect(outputs.get('taplight top ip')).toContain('192.0.2.2');
    expect(readFileSync(join(folder, 'flows.csv'), 'utf8').split('\r\n')[0]).toContain('src_ip');
    expect(readFileSync(join(folder, 'flows.parquet')).subarray(0, 4).toString()).toBe('PAR1');
    const info = 'taplight store info --store copy';
    const rows = (text = '', table: string): string | undefined =>
      new RegExp(`^\\s+${table}\\s+([\\d,]+)$`, 'm').exec(text)?.[1];
    for (const table of ['flows', 'flows_1s', 'hosts_1m'])
      expect(rows(outputs.get(info), table)).toBe(rows(taplight('store', 'info').stdout, table));
    expect(taplight('flows', '--format', 'csv', '--store', 'copy').stdout).toBe(
      taplight('flows', '--format', 'csv').stdout,
    );
  });

  it('imports nothing twice', () => {
    expect(taplight('store', 'import', 'exported', '--store', 'copy').stderr).toContain(
      '0 runs taken, 2 known already',
    );
  });
});

describe('the program', () => {
  it('tells what is wrong in one line', () => {
    for (const [words, code, text] of [
      [['flows', '--store', 'nowhere'], 1, 'there is no store in nowhere'],
      [['flows', '--columns', 'src_pi'], 2, "Did you mean 'src_ip'?"],
      [['flows', 'colour == 3'], 2, 'colour'],
      [['query', 'DROP TABLE flows'], 2, 'taplight: '],
      [['query', 'SELECT * FROM flow'], 2, 'flow'],
    ] as const) {
      const { status, stdout, stderr } = taplight(...words);
      expect([words, status, stdout, stderr.trim().split('\n')]).toEqual([
        words,
        code,
        '',
        [expect.stringContaining(text)],
      ]);
    }
  });

  it('stops a query on Ctrl+C at once, with 130', async () => {
    const sql = 'SELECT count(*) FROM range(10000000) a, range(1000000) b';
    const child = spawn(process.execPath, [main, 'query', sql], { env: environment, cwd: folder });
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
    });
    const ended = new Promise((done) => child.on('exit', done));
    await new Promise((done) => setTimeout(done, 1500));
    const before = performance.now();
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(performance.now() - before).toBeLessThan(3000);
    expect(said).toBe('taplight: stopped\n');
  });

  it('forgets runs', () => {
    const runs = JSON.parse(taplight('runs', '--json').stdout) as { run: number; source: string }[];
    expect(runs).toHaveLength(2);
    const forgotten = runs.find(({ source }) => source.includes('monday'))?.run;
    expect(taplight('store', 'forget', String(forgotten)).stderr).toMatch(/^[1-9]\d* rows deleted/);
    expect(JSON.parse(taplight('runs', '--json').stdout)).toHaveLength(1);
  });
});
