#!/usr/bin/env node
// A million SYNs with forged sources in ten seconds, from a file and live through a veth: does memory stay flat, and do the
// real connections in the middle of it come out whole? The live part needs root and a C compiler.
import { createReadStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { realFlow, realPort } from './make/syn-flood.mjs';
import { measure, start } from './measure.mjs';
import { compileSender, device, insideCapture, listening, send, withNamespaces } from './namespaces.mjs';
import { writePlot } from './plot.mjs';
import { ours, projectRoot } from './programs.mjs';
import { writeWorkload } from './workloads.mjs';

const { values } = parseArgs({
  options: {
    packets: { type: 'string', default: '1000000' },
    flows: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
    only: { type: 'string', default: 'file,live' },
    scratch: { type: 'string', default: join(projectRoot, 'scratch') },
    plot: { type: 'string', default: join(projectRoot, 'docs', 'memory-under-flood.svg') },
  },
});
const scratch = resolve(values.scratch);
const seconds = Number(values.seconds);
const flows = Number(values.flows);
const capture = join(scratch, 'synflood.pcap');
const out = join(scratch, 'flood');

/** Real connections in an EVE file whose one record holds all their packets, and how many records there are. @param {string} eve */
async function examine(eve) {
  let whole = 0;
  let records = 0;
  const clients = new Set();
  for await (const line of createInterface({ input: createReadStream(eve) })) {
    if (!line.includes('"event_type":"flow"')) continue;
    records++;
    const record = JSON.parse(line);
    if (record.dest_port !== realPort) continue;
    clients.add(`${record.src_ip} ${record.src_port}`);
    const { pkts_toserver, pkts_toclient } = record.flow;
    if (pkts_toserver === realFlow.packetsToServer && pkts_toclient === realFlow.packetsToClient) whole++;
  }
  return { whole, seen: clients.size, records };
}

/** @param {string} eve */
const command = (eve) => ['-q', '--summary', 'none', '--eve', eve];

/** @type {import('./plot.mjs').Line[]} */
const lines = [];

/** @param {string} name @param {import('./measure.mjs').Cost} cost @param {string} eve */
async function report(name, cost, eve) {
  const { whole, seen, records } = await examine(eve);
  // The first fifth is start-up and the filling of tables that have their full size from then on.
  const later = cost.curve.filter((point) => point.sec > cost.wallSec / 5).map((point) => point.rssMb);
  const growth = Math.max(...later) - (later[0] ?? 0);
  const cells = [
    name,
    cost.code,
    cost.wallSec.toFixed(1),
    cost.cpuSec.toFixed(2),
    cost.rssMb.toFixed(0),
    growth.toFixed(0),
    records,
    `${whole} of ${flows}`,
    seen,
  ];
  console.log(`| ${cells.join(' | ')} |`);
  lines.push({
    name,
    points: cost.curve
      .filter((_, i) => i % Math.ceil(cost.curve.length / 200) === 0)
      .map((p) => ({ x: p.sec, y: p.rssMb })),
  });
}

async function fromFile() {
  const eve = join(out, 'file.json');
  const cost = await measure([...ours, '-r', capture, ...command(eve)], {
    pin: 1,
    log: join(out, 'file.log'),
    cwd: out,
  });
  await report('file', cost, eve);
}

async function live() {
  const sender = compileSender(scratch);
  await withNamespaces(async () => {
    const eve = join(out, 'live.json');
    const { pid, done } = start(insideCapture([...ours, '-i', device, ...command(eve)]), {
      pin: 1,
      log: join(out, 'live.log'),
      cwd: out,
      limitSec: 120,
    });
    const receiver = await pid;
    await listening(10_000);
    const sent = await send(sender, capture, 'file', Math.min(60, seconds * 2));
    await pause(1500);
    process.kill(receiver, 'SIGINT');
    const cost = await done;
    console.error(`sent ${sent.packets} packets in ${sent.seconds} s`);
    await report('live', cost, eve);
  });
}

if (!existsSync(ours[1])) {
  console.error('run npm run build first');
  process.exit(1);
}
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
writeWorkload('synflood', { out: capture, packets: Number(values.packets), flows, seconds });
console.log(
  '| input | exit | wall s | CPU s | peak MiB | growth after the first fifth, MiB | flow records | real flows whole | real flows seen |',
);
console.log('|---|---|---|---|---|---|---|---|---|');
if (values.only.includes('file')) await fromFile();
if (values.only.includes('live')) await live();
writePlot(values.plot, `Memory while ${values.packets} forged SYNs arrive`, lines, {
  x: 'seconds',
  y: 'resident MiB',
  isLogX: false,
});
console.log(`\nplot: ${values.plot}`);
