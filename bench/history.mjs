// The embedded store: how fast it takes flows, what they cost, how fast it answers, and whether it survives.
//
//   node bench/history.mjs [--flows N] [--batch N] [--hours N] [--folder DIR] [--crash N]
//
//   --flows   made and taken, 400,000 unless told            --hours  over which they are spread, 10 for 10 M (in proportion)
//   --crash   instead: the writer is killed so many times    --folder for the store; a temporary one unless told
//
// The main thread only makes flows and hands them over. Making them is not counted: they are made by tens of batches
// before the clock goes on. CPU is that of the whole process while the clock runs.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { flowMaker } from './history/flows.mjs';
import { loadProgram } from './history/program.mjs';
import { questions } from './history/questions.mjs';

const { values: given } = parseArgs({
  options: {
    flows: { type: 'string', default: '400000' },
    batch: { type: 'string', default: '20000' },
    hours: { type: 'string' },
    folder: { type: 'string' },
    crash: { type: 'string' },
  },
});
const total = Number(given.flows);
const perBatch = Number(given.batch);
const hours = Number(given.hours ?? total / 1e6);
const beginUs = 1_700_000_000_000_000;
const stepUs = (hours * 3600e6) / total;

const folder = given.folder ?? mkdtempSync(join(tmpdir(), 'taplight-history-'));
const { program, workerUrl, childUrl } = await loadProgram();

const median = (/** @type {number[]} */ values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const say = (/** @type {string} */ what, /** @type {string} */ value) => console.log(`${what.padEnd(58)} ${value}`);

/** Longest time the loop of this thread stood still while something was done. @param {() => Promise<void>} act */
async function longestBlockMs(act) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  // What was done before must not be counted.
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.enable();
  await act();
  delay.disable();
  return delay.max / 1e6;
}

async function ingest(/** @type {any} */ store, /** @type {(rows: number) => any} */ make) {
  let wallMs = 0;
  let cpuUs = 0;
  let blockMs = 0;
  for (let done = 0; done < total; ) {
    /** @type {any[]} */
    const batches = [];
    for (; batches.length < 10 && done < total; done += perBatch) batches.push(make(perBatch));
    blockMs = Math.max(
      blockMs,
      await longestBlockMs(async () => {
        const before = process.cpuUsage();
        const began = performance.now();
        await Promise.all(batches.map((batch) => store.write([batch])));
        wallMs += performance.now() - began;
        const { user, system } = process.cpuUsage(before);
        cpuUs += user + system;
      }),
    );
  }
  say('flows a second, with all rollups', String(Math.round((1000 * total) / wallMs)));
  say('CPU microseconds a flow, all threads', (cpuUs / total).toFixed(2));
  say('longest stand-still of the main thread', `${blockMs.toFixed(1)} ms`);
}

async function ask(/** @type {any} */ store, /** @type {number} */ toUs) {
  for (const { name, goalMs, sql, params } of questions(beginUs, toUs)) {
    const times = [];
    for (let i = 0; i < 7; i++) {
      const began = performance.now();
      await store.select({ sql, params });
      if (i > 1) times.push(performance.now() - began);
    }
    say(name, `${median(times).toFixed(1)} ms (goal ${goalMs})`);
  }
}

/** First pages while 20,000 flows a second come in. */
async function askWhileWriting(
  /** @type {any} */ store,
  /** @type {(rows: number) => any} */ make,
  /** @type {number} */ toUs,
) {
  const page = questions(beginUs, toUs).at(-1);
  const batches = Array.from({ length: 20 }, () => make(5000));
  /** @type {number[]} */
  const times = [];
  const writes = [];
  for (const batch of batches) {
    writes.push(store.write([batch]));
    const until = performance.now() + 250;
    while (performance.now() < until) {
      const began = performance.now();
      await store.select({ sql: page?.sql, params: page?.params });
      times.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  await Promise.all(writes);
  const slowest = Math.max(...times).toFixed(1);
  say('first page while 20,000 flows/s come in', `${median(times).toFixed(1)} ms, slowest ${slowest} ms (goal 100)`);
}

async function measure() {
  const tables = program.storeTables([]);
  const store = await program.openStoreThread({ folder, tables, program: 'bench', workerUrl, queueRows: 3 * perBatch });
  const make = flowMaker(program.flows, { beginUs, stepUs });
  const toUs = beginUs + total * stepUs;
  await ingest(store, make);
  const info = await store.info();
  say('rows', JSON.stringify(Object.fromEntries(Object.entries(info.rows).filter(([, rows]) => rows > 0))));
  await ask(store, toUs);
  await askWhileWriting(store, make, toUs);
  const began = performance.now();
  await store.close();
  say('closing', `${Math.round(performance.now() - began)} ms`);
  const bytes = statSync(join(folder, 'history.duckdb')).size;
  say('bytes a flow on disk, with all rollups', (bytes / (total + 100_000)).toFixed(1));
}

async function crash(/** @type {number} */ rounds) {
  let next = 0;
  let wrong = 0;
  let slowestMs = 0;
  for (let round = 0; round < rounds; round++) {
    const aliveMs = 1 + Math.floor(3000 * Math.random() ** 2);
    const { last } = await program.runWriter(childUrl, folder, next, { aliveMs });
    const survival = await program.examine(folder, last);
    wrong += survival.wrong.length;
    slowestMs = Math.max(slowestMs, survival.reopenMs);
    const outcome = survival.wrong.length === 0 ? 'whole' : survival.wrong.join('; ');
    say(
      `killed after ${aliveMs} ms, ${last + 1 - next} batches`,
      `${outcome}, open in ${Math.round(survival.reopenMs)} ms`,
    );
    next = survival.last + 1;
  }
  say('contradictions', String(wrong));
  say('slowest opening', `${Math.round(slowestMs)} ms (goal 2000)`);
  if (wrong > 0) process.exitCode = 1;
}

try {
  if (given.crash === undefined) await measure();
  else await crash(Number(given.crash));
} finally {
  if (given.folder === undefined) rmSync(folder, { recursive: true, force: true });
}
