// Proves that a detector of one's own runs beside the built-in ones as docs/59 says, that one that is none is refused with
// a sentence, and that one that throws is switched off and named.

import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from './scratch-folder.ts';

const folder = scratchFolder('own-detector');
const capture = join(folder, 'flows.pcap');
const run = (...words: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, ['dist/main.js', ...words], { encoding: 'utf8' });

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

beforeAll(() => {
  execFileSync(process.execPath, [
    'bench/workloads.mjs',
    'w1',
    '--packets',
    '2000',
    '--flows',
    '200',
    '--out',
    capture,
  ]);
});

describe('a detector of one’s own', () => {
  const page = readFileSync('docs/59-own-detectors.md', 'utf8');
  const example = page.slice(page.indexOf('```js\n') + 6, page.indexOf('```\n\n```sh'));

  it('is the example of docs/59, word for word', () => {
    // At any time of day: what is proved is that it runs.
    const path = write('night-owl.mjs', example.replace('>= 5 * 3600', '< 0'));
    const alerts = JSON.parse(
      run('-q', '-r', capture, '--detector', path, '--detect', 'house.night-owl.flows=2', '--summary', 'json').stdout,
    ).alerts as { detector: string; explain: string; next: string }[];
    const own = alerts.filter(({ detector }) => detector === 'house.night-owl');
    expect(own.length).toBeGreaterThan(0);
    expect(own[0]).toMatchObject({ next: 'See whom it talks to.' });
    expect(own[0].explain).toMatch(/opened 2 connections at night/);
    const trial = run('test-detector', path, capture, '--detect', 'house.night-owl.flows=2');
    expect(trial.stdout).toContain('house.night-owl: survives hostile input');
    expect(trial.status).toBe(0);
  });

  it('is refused when it is none', () => {
    const missing = run('-q', '-r', capture, '--detector', write('half.mjs', "export default { name: 'a.b' };"));
    expect([missing.status, missing.stderr]).toEqual([2, expect.stringContaining("'title' is missing")]);
    const broken = run('-q', '-r', capture, '--detector', write('broken.mjs', 'export default {'));
    expect([broken.status, broken.stderr]).toEqual([2, expect.stringContaining('cannot be loaded')]);
  });

  it('is switched off and named when it throws', () => {
    const words = "title: 't', meaning: 'm', benign: 'b', next: 'n'";
    const text = `export default { name: 'house.bug', ${words}, open: () => ({ moments: 1, flow() { throw new Error('oops'); } }) };`;
    const path = write('bug.mjs', text);
    const summary = JSON.parse(run('-q', '-r', capture, '--detector', path, '--summary', 'json').stdout);
    expect(summary.detection.faults[0]).toContain('house.bug: Error: oops');
    expect(summary.packets).toBe(2000);
    const trial = run('test-detector', path);
    expect([trial.status, trial.stdout]).toEqual([1, expect.stringContaining('THREW on hostile input')]);
  });
});
