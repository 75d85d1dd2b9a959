#!/usr/bin/env node
// How long until the first answer: `--version`, and a capture of ten packets read to its end. Wall time, many runs.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { median } from './measure.mjs';
import { ours, projectRoot } from './programs.mjs';
import { writeWorkload } from './workloads.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '21' },
    scratch: { type: 'string', default: join(projectRoot, 'scratch') },
  },
});
const capture = join(resolve(values.scratch), 'ten.pcap');

/** @param {string[]} argv */
function time(argv) {
  const times = [];
  for (let run = 0; run < Number(values.runs); run++) {
    const begun = performance.now();
    execFileSync(argv[0], argv.slice(1), { stdio: 'ignore' });
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  return { median: median(times), slowest: times[times.length - 1] };
}

if (!existsSync(ours[1])) {
  console.error('run npm run build first');
  process.exit(1);
}
writeWorkload('w1', { out: capture, packets: 10, flows: 3 });
console.log('| command | median ms | slowest ms | wanted ms |');
console.log('|---|---|---|---|');
for (const [name, argv, wanted] of /** @type {[string, string[], string][]} */ ([
  ['node -e 0 (the floor)', [process.execPath, '-e', '0'], ''],
  ['taplight --version', [...ours, '--version'], '120'],
  ['taplight -r ten packets', [...ours, '-r', capture], '300'],
])) {
  const { median: middle, slowest } = time(argv);
  console.log(`| ${name} | ${middle.toFixed(0)} | ${slowest.toFixed(0)} | ${wanted} |`);
}
