#!/usr/bin/env node
// What screens cost while traffic comes in: the same capture without a screen, with the terminal screen, served to nobody,
// to viewers of the live stream, and to a real browser that scrolls. Prints loss, share of a core, memory, frame times.
// Needs root for the namespaces, a C compiler for the sender, tmux and Chromium.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cpuSecOf, memoryOf, start } from './measure.mjs';
import { arrived, compileSender, device, insideCapture, listening, send, withNamespaces } from './namespaces.mjs';
import { ours, projectRoot } from './programs.mjs';
import { writeWorkload } from './workloads.mjs';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '20' },
    flows: { type: 'string', default: '100000' },
    only: { type: 'string', default: '' },
    scratch: { type: 'string', default: join(projectRoot, 'scratch') },
  },
});
const seconds = Number(values.seconds);
const scratch = join(values.scratch, 'screens');
const receiverPin = 1;
const log = join(scratch, 'log.txt');

/** @param {string} text */
const captured = (text) => Number([...text.matchAll(/(\d[\d,]*) packets captured/g)].at(-1)?.[1].replaceAll(',', ''));

/**
 * Traffic for a receiver that is there, and what the receiver needed for it.
 *
 * @param {string} sender @param {string} file @param {number} pid
 * @param {() => Promise<object>} [meanwhile] begun when half of the warm-up is over
 */
async function load(sender, file, pid, meanwhile = async () => ({})) {
  const begun = arrived();
  // All flows are there before anything is measured.
  await send(sender, file, '50000', Number(values.flows) / 40_000 + 1);
  await pause(2000);
  const cpuBefore = cpuSecOf(pid);
  const wallBefore = performance.now();
  const [, more] = await Promise.all([send(sender, file, values.rate, seconds), meanwhile()]);
  const cpuSec = cpuSecOf(pid) - cpuBefore;
  const wallSec = (performance.now() - wallBefore) / 1000;
  const memory = memoryOf(pid);
  await pause(1500);
  const ended = arrived();
  return {
    arrived: ended.packets - begun.packets,
    vethDropped: ended.dropped - begun.dropped,
    corePercent: (100 * cpuSec) / wallSec,
    rssMb: memory?.peakMb ?? Number.NaN,
    ...more,
  };
}

/** @param {string} sender @param {string} file @param {string[]} words @param {(text: string) => Promise<object>} [meanwhile] */
async function program(sender, file, words, meanwhile) {
  const { pid, done } = start(insideCapture([...ours, ...words]), { pin: receiverPin, log, limitSec: 180 });
  const id = await pid;
  try {
    await listening(10_000);
    return await load(sender, file, id, meanwhile && (() => meanwhile(readFileSync(log, 'utf8'))));
  } finally {
    process.kill(id, 'SIGINT');
    await done;
  }
}

/** @param {string} sender @param {string} file */
async function terminal(sender, file) {
  const socket = `taplight-bench-${process.pid}`;
  /** @param {string[]} words */
  const tmux = (...words) => execFileSync('tmux', ['-L', socket, ...words], { encoding: 'utf8' });
  const words = insideCapture(['taskset', '-c', String(receiverPin), ...ours, '--tui', '-i', device]);
  tmux('-f', '/dev/null', 'new-session', '-d', '-x', '120', '-y', '36', `exec ${words.join(' ')}`);
  tmux('set', '-g', 'remain-on-exit', 'on');
  try {
    const id = Number(tmux('list-panes', '-F', '#{pane_pid}'));
    await listening(10_000);
    tmux('send-keys', '2');
    const cost = await load(sender, file, id);
    tmux('send-keys', 'q');
    await pause(3000);
    const end = tmux('capture-pane', '-p', '-S', '-200');
    return { ...cost, seen: captured(end), kernelDropped: Number(/(\d+) packets dropped by kernel/.exec(end)?.[1]) };
  } finally {
    tmux('kill-server');
  }
}

/** Viewers of the live stream, all of them until the end. @param {string} text @param {number} count */
async function viewers(text, count) {
  const [, token] = /Bearer (\S+)/.exec(text) ?? [];
  const [url] = /http:\/\/[^\s/]+/.exec(text) ?? [];
  const all = Array.from({ length: count }, () =>
    spawn(
      ...inside([
        'curl',
        '-sN',
        '-m',
        String(seconds),
        '-H',
        `Authorization: Bearer ${token}`,
        `${url}/api/v1/live/stream?hz=10`,
      ]),
    ),
  );
  let bytes = 0;
  for (const { stdout } of all) stdout?.on('data', (data) => (bytes += data.length));
  await Promise.all(all.map((child) => new Promise((resolve) => child.once('close', resolve))));
  return { kBPerSec: bytes / 1000 / seconds / count };
}

/** @param {string[]} argv @returns {[string, string[]]} */
function inside(argv) {
  const [command, ...words] = insideCapture(argv);
  return [command, words];
}

/** @param {string} text */
async function browser(text) {
  const link = /http:\/\/\S+\?token=\S+/.exec(text)?.[0] ?? '';
  const script = join(import.meta.dirname, 'screens', 'browser.mjs');
  const child = spawn(...inside(['taskset', '-c', '0', process.execPath, script, link, String(seconds - 6)]));
  let out = '';
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.pipe(process.stderr);
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(out);
}

mkdirSync(scratch, { recursive: true });
const file = join(scratch, `w1-${values.flows}.pcap`);
const flows = Number(values.flows);
if (!existsSync(file)) writeWorkload('w1', { out: file, packets: flows * 6, flows, live: true });
const sender = compileSender(scratch);
const only = new RegExp(values.only);
await withNamespaces(async () => {
  execFileSync(...inside(['ip', 'link', 'set', 'lo', 'up']));
  const plain = ['--no-tui', '-q', '-i', device];
  const served = ['serve', '--port', '0', '-i', device];
  /** @type {Record<string, () => Promise<object>>} */
  const cases = {
    'without a screen': async () => {
      const cost = await program(sender, file, plain);
      return { ...cost, seen: captured(readFileSync(log, 'utf8')) };
    },
    terminal: () => terminal(sender, file),
    'served, nobody looks': () => program(sender, file, served),
    'served, 1 viewer at 10 Hz': () => program(sender, file, served, (text) => viewers(text, 1)),
    'served, 8 viewers at 10 Hz': () => program(sender, file, served, (text) => viewers(text, 8)),
    'served, a browser scrolls': () => program(sender, file, served, browser),
  };
  for (const [name, run] of Object.entries(cases)) {
    if (!only.test(name)) continue;
    console.log(
      name,
      JSON.stringify(await run(), (_, value) => (typeof value === 'number' ? Number(value.toFixed(2)) : value)),
    );
  }
});
