// Two network namespaces joined by a veth pair, with no address and no way out, and the sender between them.
//
//   ┌─ taplight-gen-PID ─┐         ┌─ taplight-cap-PID ─┐
//   │   send ── tlgen ───┼── veth ─┼── tlcap ── receiver │
//   └────────────────────┘         └────────────────────┘
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const gen = `taplight-gen-${process.pid}`;
const cap = `taplight-cap-${process.pid}`;
const genDevice = 'tlgen';
/** The receiver's end. */
export const device = 'tlcap';

const senderPin = '0';

/** @param {string[]} words */
const ip = (...words) => execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();

/** @param {string[]} argv */
export const insideCapture = (argv) => ['ip', 'netns', 'exec', cap, ...argv];

function remove() {
  for (const name of [gen, cap]) {
    try {
      ip('netns', 'del', name);
    } catch {
      // It was not there: nothing to remove.
    }
  }
}

/**
 * Makes the namespaces, runs `work`, and removes them in all cases, also on Ctrl+C and when `work` throws.
 *
 * @param {() => Promise<void>} work
 */
export async function withNamespaces(work) {
  if (process.getuid?.() !== 0) {
    console.error('bench: network namespaces need root; run this with sudo.');
    process.exit(3);
  }
  const leave = () => {
    remove();
    process.exit(130);
  };
  process.once('SIGINT', leave);
  process.once('SIGTERM', leave);
  try {
    ip('netns', 'add', gen);
    ip('netns', 'add', cap);
    // Room for a full frame behind a VLAN tag.
    const size = ['mtu', '1600'];
    ip('link', 'add', genDevice, 'netns', gen, ...size, 'type', 'veth', 'peer', 'name', device, 'netns', cap, ...size);
    for (const [name, dev] of [
      [gen, genDevice],
      [cap, device],
    ]) {
      // Without IPv6 the kernel sends nothing of its own through the pair.
      execFileSync('ip', [
        'netns',
        'exec',
        name,
        'sysctl',
        '-qw',
        'net.ipv6.conf.all.disable_ipv6=1',
        'net.ipv6.conf.default.disable_ipv6=1',
      ]);
      ip('-n', name, 'link', 'set', dev, 'up');
    }
    await work();
  } finally {
    process.off('SIGINT', leave);
    process.off('SIGTERM', leave);
    remove();
  }
}

/** Packets that have arrived at the receiver's end, and those the veth itself dropped. */
export function arrived() {
  const [{ stats64 }] = JSON.parse(ip('-n', cap, '-s', '-j', 'link', 'show', device));
  return { packets: stats64.rx.packets, dropped: stats64.rx.dropped };
}

/**
 * Resolves when a packet socket listens on the receiver's end: the receiver is there.
 *
 * @param {number} limitMs
 */
export async function listening(limitMs) {
  const [{ ifindex }] = JSON.parse(ip('-n', cap, '-j', 'link', 'show', device));
  const until = Date.now() + limitMs;
  while (Date.now() < until) {
    const rows = execFileSync('ip', ['netns', 'exec', cap, 'cat', '/proc/net/packet']).toString().split('\n').slice(1);
    if (rows.some((row) => Number(row.trim().split(/\s+/)[4]) === ifindex)) {
      await new Promise((resolve) => setTimeout(resolve, 700)); // filters and rings are set up after the socket
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the receiver did not open a packet socket in time');
}

/**
 * Compiles the sender. @param {string} scratch @returns {string} path of the program
 */
export function compileSender(scratch) {
  mkdirSync(scratch, { recursive: true });
  const program = join(scratch, 'send');
  execFileSync('cc', ['-O2', '-Wall', '-Wextra', '-o', program, join(import.meta.dirname, 'send.c')], {
    stdio: 'inherit',
  });
  return program;
}

/**
 * Sends a file through the pair.
 *
 * @param {string} sender @param {string} file @param {string} rate packets a second, `max` or `file`
 * @param {number} seconds at most
 * @returns {Promise<{ packets: number, bytes: number, seconds: number }>}
 */
export function send(sender, file, rate, seconds) {
  return new Promise((resolve, reject) => {
    const child = spawn('ip', [
      'netns',
      'exec',
      gen,
      'taskset',
      '-c',
      senderPin,
      sender,
      genDevice,
      file,
      rate,
      String(seconds),
    ]);
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    let out = '';
    let errors = '';
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('exit', end);
      if (code === 0) resolve(JSON.parse(out));
      else reject(new Error(`sender ended with ${code}: ${errors.trim()}`));
    });
  });
}
