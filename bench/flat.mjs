#!/usr/bin/env node
// Does a packet cost the same among ten thousand flows and among a million? Ours and the flow exporters, as a plot.
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measure, median } from './measure.mjs';
import { writePlot } from './plot.mjs';
import { describeMachine, programs, projectRoot } from './programs.mjs';
import { writeWorkload } from './workloads.mjs';

const { values } = parseArgs({
  options: {
    flows: { type: 'string', default: '10000,30000,100000,300000,1000000' },
    packets: { type: 'string', default: '5000000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '^(taplight|nfpcapd|softflowd)$' },
    scratch: { type: 'string', default: join(projectRoot, 'scratch') },
    plot: { type: 'string', default: join(projectRoot, 'docs', 'cost-by-flows.svg') },
  },
});
const scratch = resolve(values.scratch);
const packets = Number(values.packets);
const list = programs(new RegExp(values.only));
const out = join(scratch, 'run');

for (const line of describeMachine(list)) console.log(line);
console.log(
  `\n${packets} frames of 64 bytes each time, median of ${values.rounds} rounds, CPU µs per packet (peak MiB)\n`,
);
console.log(`| flows | ${list.map((p) => p.name).join(' | ')} |`);
console.log(`|---|${'---|'.repeat(list.length)}`);
/** @type {import('./plot.mjs').Line[]} */
const lines = list.map((program) => ({ name: program.name, points: [] }));
for (const flows of values.flows.split(',').map(Number)) {
  const file = join(scratch, `sweep-${flows}.pcap`);
  writeWorkload('w1', { out: file, packets, flows });
  /** @type {import('./measure.mjs').Cost[][]} */
  const runs = list.map(() => []);
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [i, program] of list.entries()) {
      rmSync(out, { recursive: true, force: true });
      mkdirSync(out, { recursive: true });
      const cost = await measure(program.command(file, out), { pin: 1, log: join(scratch, 'flat.log'), cwd: out });
      if (cost.code !== 0) console.error(`${program.name} ended with ${cost.code}; see ${join(scratch, 'flat.log')}`);
      runs[i].push(cost);
    }
  }
  rmSync(file);
  const cells = runs.map((got, i) => {
    const us = (median(got.map((cost) => cost.cpuSec)) / packets) * 1e6;
    lines[i].points.push({ x: flows, y: us });
    return `${us.toFixed(3)} (${median(got.map((cost) => cost.rssMb)).toFixed(0)})`;
  });
  console.log(`| ${flows} | ${cells.join(' | ')} |`);
}
if (lines.length > 0) {
  writePlot(values.plot, 'CPU time per packet by number of flows', lines, {
    x: 'flows',
    y: 'µs per packet',
    isLogX: true,
  });
  console.log(`\nplot: ${values.plot}`);
}
