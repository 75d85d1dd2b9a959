// Proves `--intel` on the built program: what a list names becomes an alert, and what is wrong with a list is said in one line.

import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFrames } from './cli-seed-pcap.ts';
import { scratchFolder } from './scratch-folder.ts';
import { environment, main } from './started-program.ts';

const folder = scratchFolder('intel');
const list = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe.skipIf(!existsSync(main))('--intel', () => {
  const capture = writeFrames(folder, 3);
  const run = (...words: readonly string[]) =>
    spawnSync(process.execPath, [main, '-q', '-r', capture, '--summary', 'json', ...words], {
      env: environment,
      encoding: 'utf8',
      timeout: 30_000,
    });
  const alertsOf = (text: string): { detector: string; severity: string; explain: string }[] =>
    (JSON.parse(text) as { alerts: { detector: string; severity: string; explain: string }[] }).alerts.filter(
      ({ detector }) => detector.startsWith('intel.'),
    );

  it('names what a list names', () => {
    const done = run('--intel', list('a.txt', '192.0.2.9\n'), '--intel', list('b.txt', '127.0.0.2 # test\n'));
    expect(done.status).toBe(0);
    expect(alertsOf(done.stdout)).toMatchObject([{ detector: 'intel.address', severity: 'medium' }]);
    expect(alertsOf(done.stdout)[0].explain).toContain('b.txt');
    expect(alertsOf(run().stdout)).toEqual([]);
  });

  it('says what is wrong with a list', () => {
    expect(run('--intel', join(folder, 'none')).stderr).toContain('there is no list');
    expect(run('--intel', list('text.txt', 'once\nupon\na time\n')).stderr).toContain('holds no address');
  });
});
