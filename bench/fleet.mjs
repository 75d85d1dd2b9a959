// What a fleet costs, on real ClickHouse servers of this machine (node scripts/clickhouse.mjs fetches them).
//
//   node bench/fleet.mjs rate  [--seconds 10] [--rows 16384]   one sensor as fast as it can
//   node bench/fleet.mjs fleet [--seconds 30] [--sensors 200] [--flows 1000] [--nodes 3] [--processes 2] [--every 5]
//   node bench/fleet.mjs crash [--kills 20]                    kill -9 of server and sensor, one answer in five lost
//
// CPU of a sensor is what its process used, making the flows apart; that of servers is told by the kernel.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    rows: { type: 'string', default: '16384' },
    sensors: { type: 'string', default: '200' },
    flows: { type: 'string', default: '1000' },
    nodes: { type: 'string', default: '3' },
    processes: { type: 'string', default: '2' },
    every: { type: 'string', default: '5' },
    kills: { type: 'string', default: '20' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'taplight-fleet-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const bundled = { bundle: true, format: 'esm', platform: 'node', packages: 'external', logLevel: 'warning' };

/** @param {string} contents @param {string} name */
async function load(contents, name) {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const outfile = join(cache, `fleet-${process.pid}-${name}.mjs`);
  await build(/** @type {any} */ ({ ...bundled, stdin: { contents, resolveDir: root, loader: 'ts' }, outfile }));
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}

const rig = await load(
  `export { startClickhouse } from './test/clickhouse/servers.ts';
   export { crash } from './test/clickhouse/crash-rig.ts';
   export { flowBatch } from './test/clickhouse/made-rows.ts';
   export { openClickhouse } from './src/output/store/clickhouse/index.ts';
   export { flows, runs, rollups } from './src/output/store/index.ts';`,
  'rig',
);

/** CPU seconds of a process so far, as the kernel has charged it. @param {number} pid */
function cpuOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** @param {{ nodes: readonly { pid: number }[] }} cluster */
const serverCpu = (cluster) => cluster.nodes.reduce((sum, { pid }) => sum + cpuOf(pid), 0);
/** @param {number} value @param {number} digits */
const round = (value, digits = 2) => Number(value.toFixed(digits));
/** @param {Record<string, unknown>} line */
const tell = (line) => console.log(JSON.stringify(line));

/** Writes made batches for a while. @param {string} name @param {string} url */
async function writeFor(name, url) {
  const rows = Number(given.rows);
  const seconds = Number(given.seconds ?? 10);
  const tables = [rig.flows, rig.runs, ...rig.rollups];
  const now = Date.now() * 1000;
  /** @type {unknown[]} */
  const made = Array.from({ length: 12 }, (_, i) =>
    rig.flowBatch(rows, { firstId: 1 + i * rows, fromUs: now + i * rows * 1000 }),
  );
  const spoolFolder = join(folder, name);
  const store = await rig.openClickhouse({ url, tables, sensor: 'bench', spoolFolder, waits: true, closeMs: 60_000 });
  const began = performance.now();
  const cpu = process.cpuUsage();
  let written = 0;
  let longestMs = 0;
  let last = began;
  const lag = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - last - 5);
    last = performance.now();
  }, 5);
  for (let i = 0; performance.now() - began < seconds * 1000; i++) {
    await store.write([made[i % made.length]]);
    written += rows;
  }
  await store.flush(60_000);
  clearInterval(lag);
  const spent = process.cpuUsage(cpu);
  const sec = (performance.now() - began) / 1000;
  await store.close();
  return {
    what: name,
    flows: written,
    flowsPerSec: Math.round(written / sec),
    sensorCpuUsPerFlow: round((spent.user + spent.system) / written),
    loopBlockedMs: Math.round(longestMs),
    written,
  };
}

async function rate() {
  // A server that only reads: what the sensor itself can do.
  const sink = createServer((asked, answer) => {
    asked.on('data', () => {});
    asked.on('end', () => answer.end('1\n'));
  });
  await new Promise((done) => sink.listen(0, '127.0.0.1', () => done(null)));
  const address = /** @type {import('node:net').AddressInfo} */ (sink.address());
  const { written: _, ...alone } = await writeFor('to a sink', `clickhouse://127.0.0.1:${address.port}/net?every=1`);
  tell(alone);
  sink.close();
  sink.closeAllConnections();
  const cluster = await rig.startClickhouse(join(folder, 'servers'), 1);
  const before = serverCpu(cluster);
  const { written, ...real } = await writeFor('to ClickHouse', cluster.url('net', '?every=1'));
  const counted = Number(await cluster.nodes[0].ask('SELECT count() FROM net.flows'));
  const bytes = Number(
    await cluster.nodes[0].ask("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'net'"),
  );
  tell({
    ...real,
    serverCpuUsPerFlow: round(((serverCpu(cluster) - before) * 1e6) / written),
    bytesPerFlow: round(bytes / counted, 1),
    isComplete: counted === written,
  });
  await cluster.stop();
}

async function fleet() {
  const [sensors, processes, nodes] = [Number(given.sensors), Number(given.processes), Number(given.nodes)];
  const seconds = Number(given.seconds ?? 30);
  const script = join(folder, 'fleet-sensors.mjs');
  await build(/** @type {any} */ ({ ...bundled, entryPoints: ['test/clickhouse/fleet-sensors.ts'], outfile: script }));
  const cluster = await rig.startClickhouse(join(folder, 'servers'), nodes);
  const before = serverCpu(cluster);
  const url = cluster.url('net', `?every=${given.every}${nodes > 1 ? '&cluster=fleet' : ''}`);
  const each = sensors / processes;
  const reports = await Promise.all(
    Array.from({ length: processes }, (_, i) => {
      const args = [script, url, join(folder, 'spools'), i * each, each, given.flows, seconds].map(String);
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += chunk;
      });
      return new Promise((done) => child.once('close', () => done(JSON.parse(text))));
    }),
  );
  const written = reports.reduce((sum, { rows }) => sum + rows, 0);
  const read = cluster.nodes[0];
  const counted = await read.ask('SELECT count(), uniqExact(sensor), uniqExact(run, flow_id) FROM net.flows');
  const sums = 'sum(bytes_fwd), sum(bytes_rev)';
  tell({
    what: 'fleet',
    sensors,
    flowsPerSec: Math.round(written / Math.max(...reports.map(({ takenSec }) => takenSec))),
    written,
    counted: counted.split('\t').map(Number),
    dropped: reports.reduce((sum, { dropped, left }) => sum + dropped + left, 0),
    rollupsEqual:
      (await read.ask(`SELECT ${sums} FROM net.flows`)) === (await read.ask(`SELECT ${sums} FROM net.flows_1m`)),
    lateSec: round(Math.max(...reports.map(({ takenSec }) => takenSec)) - seconds),
    sensorCpuUsPerFlow: round((reports.reduce((sum, { cpuSec }) => sum + cpuSec, 0) * 1e6) / written),
    serverCpuUsPerFlow: round(((serverCpu(cluster) - before) * 1e6) / written),
  });
  await cluster.stop();
}

async function crash() {
  const kills = Number(given.kills);
  const plan = {
    serverKills: kills,
    sensorKills: kills,
    lostAnswers: 0.2,
    rowsPerBatch: 2000,
    pauseMs: 30,
    betweenMs: 2000,
  };
  const { raw, rolledUp, ...report } = await rig.crash({ folder: join(folder, 'crash'), ...plan });
  tell({
    what: 'crash',
    ...report,
    rollupsEqual: rolledUp.length === 2 && rolledUp.every((/** @type {string} */ sum) => sum === raw),
  });
}

const parts = { rate, fleet, crash };
const [part = 'rate'] = positionals;
if (!(part in parts)) throw new Error(`there are ${Object.keys(parts).join(', ')}`);
await parts[/** @type {keyof typeof parts} */ (part)]();
