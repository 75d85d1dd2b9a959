#!/usr/bin/env node
// Ours and other programs on the same capture files, in turn, on one processor: CPU time per packet, wall time, memory,
// and what each costs compared with ours in the same round. bench/README.md says how to read it.
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { countPackets, cutCapture } from './captures.mjs';
import { folderBytes, measure, median } from './measure.mjs';
import { describeMachine, programs, projectRoot } from './programs.mjs';
import { writeWorkload } from './workloads.mjs';

/**
 * @typedef {import('./programs.mjs').Program} Program
 * @typedef {import('./measure.mjs').Cost & { packets: number, outBytes: number }} Run
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    pin: { type: 'string', default: '1' },
    prefix: { type: 'string', default: '500000' },
    limit: { type: 'string', default: '300' },
    scratch: { type: 'string', default: join(projectRoot, 'scratch') },
  },
});
const scratch = resolve(values.scratch);
const rounds = Number(values.rounds);
mkdirSync(scratch, { recursive: true });

/** Files given, or the generated workloads, made where they are missing. */
function files() {
  if (positionals.length > 0) return positionals.map((path) => resolve(path));
  const list = ['w1', 'w2'].map((name) => ({ name, path: join(scratch, `${name}.pcap`) }));
  for (const { name, path } of list) if (!existsSync(path)) writeWorkload(name, { out: path });
  const from = join(process.env.TAPLIGHT_CORPUS ?? join(projectRoot, '..', 'shared', 'corpus'), 'ndpi');
  const w3 = join(scratch, 'w3.pcap');
  if (!existsSync(w3) && existsSync(from)) writeWorkload('w3', { out: w3, from });
  return [...list.map(({ path }) => path), ...(existsSync(w3) ? [w3] : [])];
}

/** So that every round finds the file in the page cache. @param {string} file */
function warm(file) {
  const fd = openSync(file, 'r');
  const chunk = Buffer.alloc(4 << 20);
  while (readSync(fd, chunk) > 0);
  closeSync(fd);
}

/** @param {Program} program @param {string} file @param {number} packets @returns {Promise<Run>} */
async function once(program, file, packets) {
  const out = join(scratch, 'run');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const log = join(scratch, `${program.name.replace(/\W+/g, '-')}.log`);
  const cost = await measure(program.command(file, out), {
    pin: Number(values.pin),
    log,
    cwd: out,
    limitSec: Number(values.limit),
  });
  if (cost.code !== 0) console.error(`  ${program.name} ended with ${cost.code}; see ${log}`);
  return { ...cost, packets, outBytes: folderBytes(out) };
}

/** @param {Run} run */
const cpuPerPacket = (run) => Math.max(run.cpuSec, 0.001) / run.packets;
/** @param {Run} run */
const wallPerPacket = (run) => Math.max(run.wallSec, 0.001) / run.packets;

/** @param {string} file @param {Program[]} list */
async function compare(file, list) {
  const packets = countPackets(file);
  const prefix = Math.min(packets, Number(values.prefix));
  const short =
    list.some((p) => p.onPrefix) && prefix < packets
      ? cutCapture(file, prefix, join(scratch, `first-${prefix}-${basename(file)}`))
      : file;
  warm(file);
  /** @type {Map<string, Run[]>} */
  const runs = new Map(list.map((program) => [program.name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const program of list) {
      if (round === 0 && !program.isOurs) continue; // round 0 only warms
      const run = await once(program, program.onPrefix ? short : file, program.onPrefix ? prefix : packets);
      if (round > 0) runs.get(program.name)?.push(run);
      const { curve: _, ...record } = run;
      if (round > 0)
        appendFileSync(
          join(scratch, 'offline.jsonl'),
          `${JSON.stringify({ file: basename(file), program: program.name, round, ...record })}\n`,
        );
      console.error(
        `  round ${round} ${program.name}: cpu ${run.cpuSec.toFixed(2)} s, wall ${run.wallSec.toFixed(2)} s`,
      );
    }
  }
  if (short !== file) rmSync(short);
  report(file, packets, list, runs);
}

/** Ours that does the same job as this program. @param {Program} program */
const counterpart = (program) =>
  program.job === 'all events, EVE' || program.job === 'fields' ? 'taplight --eve' : 'taplight';

/**
 * Median over the rounds of what a program costs per packet, over what ours costs in the same round.
 *
 * @param {Run[] | undefined} theirs @param {Run[] | undefined} our @param {(run: Run) => number} cost
 */
function ratio(theirs, our, cost) {
  if (theirs === undefined || our === undefined || our.length === 0 || theirs.length === 0) return null;
  return median(theirs.map((run, i) => cost(run) / cost(our[i])));
}

/** @param {string} file @param {number} packets @param {Program[]} list @param {Map<string, Run[]>} runs */
function report(file, packets, list, runs) {
  console.log(
    `\n### ${basename(file)}: ${packets} packets, ${(statSync(file).size / 1e6).toFixed(0)} MB, ${rounds} rounds, medians\n`,
  );
  console.log(
    '| program | job | CPU µs/packet | k packets per CPU s | wall s | peak MiB | written MB | cost / ours, CPU | cost / ours, wall | exit |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|');
  for (const program of list) {
    const got = runs.get(program.name) ?? [];
    const of = (/** @type {(run: Run) => number} */ pick) => median(got.map(pick));
    const our = runs.get(counterpart(program));
    const cpu = program.isOurs ? null : ratio(got, our, cpuPerPacket);
    const wall = program.isOurs ? null : ratio(got, our, wallPerPacket);
    const cells = [
      program.name + (program.onPrefix && got[0].packets < packets ? ` (first ${got[0].packets})` : ''),
      program.job,
      (of(cpuPerPacket) * 1e6).toFixed(3),
      (1e-3 / of(cpuPerPacket)).toFixed(0),
      of((run) => run.wallSec).toFixed(2),
      of((run) => run.rssMb).toFixed(0),
      (of((run) => run.outBytes) / 1e6).toFixed(1),
      cpu === null ? '' : `${cpu.toFixed(2)}×`,
      wall === null ? '' : `${wall.toFixed(2)}×`,
      got.some((run) => run.isKilled) ? 'time limit' : got[0].code,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  goals(list, runs);
}

/** Says of each goal whether this run meets it. @param {Program[]} list @param {Map<string, Run[]>} runs */
function goals(list, runs) {
  const check = (/** @type {string} */ text, /** @type {number | null} */ value, /** @type {number} */ least) => {
    if (value !== null)
      console.log(`- ${value >= least ? 'met' : 'NOT met'}: ${text} (${value.toFixed(2)}, wanted at least ${least})`);
  };
  const over = (/** @type {string} */ name) => {
    const program = list.find((p) => p.name.startsWith(name));
    return program === undefined ? null : ratio(runs.get(program.name), runs.get(counterpart(program)), cpuPerPacket);
  };
  const exporters = list
    .filter((p) => p.isExporter)
    .map((p) => over(p.name))
    .filter((r) => r !== null);
  console.log('');
  check(
    'flows as fast as the fastest flow exporter, times 1.2',
    exporters.length > 0 ? Math.min(...exporters) : null,
    1.2,
  );
  check('all protocols and EVE, over Suricata with one thread', over('Suricata'), 3);
  check("over tshark's conversation statistics", over('tshark -z'), 40);
  check('all protocols and EVE, over tshark -T fields', over('tshark -T'), 30);
  check('share of tcpdump -w /dev/null (wanted on small packets)', over('tcpdump'), 0.25);
  const our = runs.get('taplight');
  if (our !== undefined && our.length > 0)
    check('MiB below 200 at the peak', 200 - median(our.map((run) => run.rssMb)), 0);
}

const list = programs(new RegExp(values.only));
for (const line of describeMachine(list)) console.log(line);
for (const file of files()) await compare(file, list);
