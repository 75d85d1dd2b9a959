#!/usr/bin/env node
// Live capture side by side: a sender on one processor, one receiver after the other on the other, at rising rates. Prints
// loss and CPU time per packet of each. Needs root for the namespaces, and a C compiler for the sender.
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cpuSecOf, memoryOf, start } from './measure.mjs';
import { arrived, compileSender, device, insideCapture, listening, send, withNamespaces } from './namespaces.mjs';
import { isInstalled, ours, projectRoot } from './programs.mjs';
import { writeWorkload } from './workloads.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rates: { type: 'string', default: '50000,100000,200000,max' },
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    scratch: { type: 'string', default: join(projectRoot, 'scratch') },
  },
});
const scratch = resolve(values.scratch);
const receiverPin = 1;

/**
 * @typedef {object} Receiver
 * @property {string} name
 * @property {(out: string) => string[]} command stops on SIGINT
 * @property {(log: string) => number} seen packets it says it has processed
 */

/** @param {RegExp} pattern @returns {(log: string) => number} */
const last = (pattern) => (log) => Number([...log.matchAll(pattern)].at(-1)?.[1] ?? Number.NaN);

/** @type {Receiver[]} */
const receivers = [
  {
    name: 'taplight',
    command: (out) => [...ours, '-q', '-i', device, '--summary', 'none', '--eve', join(out, 'eve.json')],
    seen: last(/(\d+) packets captured/g),
  },
  {
    name: 'tcpdump -w /dev/null',
    command: () => ['tcpdump', '-i', device, '-w', '/dev/null'],
    seen: last(/(\d+) packets? captured/g),
  },
  {
    name: 'dumpcap',
    command: (out) => ['dumpcap', '-q', '-i', device, '-w', join(out, 'd.pcapng')],
    seen: last(/received\/dropped on interface '[^']*': (\d+)\//g),
  },
];

/**
 * @param {Receiver} receiver @param {string} sender @param {string} file @param {string} rate
 */
async function once(receiver, sender, file, rate) {
  const out = join(scratch, 'live');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true, mode: 0o777 });
  const log = join(out, 'log.txt');
  const { pid, done } = start(insideCapture(receiver.command(out)), { pin: receiverPin, log, limitSec: 120 });
  const process_ = await pid;
  try {
    await listening(10_000);
    const before = arrived();
    const cpuBefore = cpuSecOf(process_);
    const sent = await send(sender, file, rate, Number(values.seconds));
    await pause(1500); // what the ring still holds is read
    const after = arrived();
    // Start and end of the program are not part of what a packet costs.
    const cpuSec = cpuSecOf(process_) - cpuBefore;
    const rssMb = memoryOf(process_)?.peakMb ?? Number.NaN;
    process.kill(process_, 'SIGINT');
    const { code } = await done;
    const here = after.packets - before.packets;
    const seen = receiver.seen(readFileSync(log, 'utf8'));
    return {
      receiver: receiver.name,
      file: basename(file),
      rate,
      sentPerSec: sent.packets / sent.seconds,
      arrived: here,
      seen,
      lossPercent: 100 * (1 - seen / here),
      vethDropped: after.dropped - before.dropped,
      cpuUsPerPacket: (cpuSec / here) * 1e6,
      cpuPercent: (100 * cpuSec) / sent.seconds,
      rssMb,
      code,
    };
  } catch (error) {
    try {
      process.kill(process_, 'SIGKILL');
    } catch {
      // It has ended already.
    }
    await done;
    console.error(readFileSync(log, 'utf8').slice(-500));
    throw error;
  }
}

const only = new RegExp(values.only);
const list = receivers.filter(({ name, command }) => {
  const [program, script] = command(scratch);
  const isHere = name.startsWith('taplight') ? existsSync(script) : isInstalled(program);
  if (!isHere) console.error(`left out: ${name}`);
  return isHere && only.test(name);
});
const files = positionals.map((path) => resolve(path));
if (files.length === 0) {
  const file = join(scratch, 'w1-live.pcap');
  if (!existsSync(file)) writeWorkload('w1', { out: file, packets: 1_000_000, flows: 100_000, live: true });
  files.push(file);
}
const sender = compileSender(scratch);
await withNamespaces(async () => {
  console.log(
    '| receiver | file | rate | sent k/s | arrived | seen | loss % | CPU µs/packet | CPU % | peak MiB | veth drops | exit |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|---|---|');
  for (const file of files) {
    for (const rate of values.rates.split(',')) {
      for (let round = 0; round < Number(values.rounds); round++) {
        for (const receiver of list) {
          const r = await once(receiver, sender, file, rate);
          appendFileSync(join(scratch, 'live.jsonl'), `${JSON.stringify(r)}\n`);
          const cells = [
            r.receiver,
            r.file,
            r.rate,
            (r.sentPerSec / 1000).toFixed(0),
            r.arrived,
            r.seen,
            r.lossPercent.toFixed(3),
          ];
          cells.push(r.cpuUsPerPacket.toFixed(2), r.cpuPercent.toFixed(0), r.rssMb.toFixed(0), r.vethDropped, r.code);
          console.log(`| ${cells.join(' | ')} |`);
        }
      }
    }
  }
});
