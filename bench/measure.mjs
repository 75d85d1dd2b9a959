// Runs one command and says what it cost: wall time, CPU time of the process, peak memory, exit code.
//
// CPU seconds are what the kernel charged to the finished process (bash's `times`, user plus system, 1 ms steps). Peak
// memory is VmHWM of /proc/PID/status, a high-water mark that the kernel keeps, read every 10 ms: only growth in the last
// 10 ms can be missed. Neither counts the measuring program. Linux only.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

const sampleEveryMs = 10;

/**
 * @typedef {object} Cost
 * @property {number} wallSec
 * @property {number} cpuSec user + system
 * @property {number} rssMb peak, MiB
 * @property {number} code exit code, 128 + signal when killed
 * @property {boolean} isKilled ran into the time limit
 * @property {{ sec: number, rssMb: number }[]} curve resident memory over time
 */

/**
 * @typedef {object} Conditions
 * @property {number | null} [pin] processor to run on; null: any
 * @property {string} log file for stdout and stderr
 * @property {string} [cwd]
 * @property {number} [limitSec] killed after this long (default 300)
 */

// fd 3 tells the process id, fd 4 the times, fd 5 is the command's own stderr. `times` ends with what ended children used.
const script = `from=$EPOCHREALTIME
( echo "$BASHPID" >&3; exec "$@" 2>&5 3>&- 4>&- 5>&- )
status=$?
{ echo "$from $EPOCHREALTIME"; times; } >&4
exit $status`;

/** Reads what the script wrote on fd 4. @param {string} text */
function readTimes(text) {
  const [walls, , children] = text.trim().split('\n');
  const [from, to] = (walls ?? '').split(' ').map(Number);
  let cpuSec = 0;
  for (const [, minutes, seconds] of (children ?? '').matchAll(/(\d+)m([\d.]+)s/g))
    cpuSec += Number(minutes) * 60 + Number(seconds);
  return { wallSec: to - from, cpuSec };
}

/** Process groups under measurement; none outlives this program. @type {Set<number>} */
const running = new Set();
process.on('exit', () => {
  for (const group of running) process.kill(-group, 'SIGKILL');
});

/**
 * Starts a command under measurement.
 *
 * @param {string[]} argv @param {Conditions} conditions
 * @returns {{ pid: Promise<number>, done: Promise<Cost> }} the command's own process id, and what it cost
 */
export function start(argv, { pin = null, log, cwd = process.cwd(), limitSec = 300 }) {
  const logFd = openSync(log, 'w');
  const words = pin === null ? argv : ['taskset', '-c', String(pin), ...argv];
  const begun = performance.now();
  const shell = spawn('bash', ['-c', script, 'bash', ...words], {
    cwd,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', logFd, logFd, 'pipe', 'pipe', logFd],
    detached: true,
  });
  closeSync(logFd);
  const group = shell.pid;
  if (group !== undefined) running.add(group);
  let isKilled = false;
  let rssMb = 0;
  let times = '';
  /** @type {Cost['curve']} */
  const curve = [];
  let child = 0;
  const sample = () => {
    if (child === 0) return;
    const memory = memoryOf(child);
    if (memory === null) return;
    rssMb = Math.max(rssMb, memory.peakMb);
    curve.push({ sec: (performance.now() - begun) / 1000, rssMb: memory.nowMb });
  };
  const sampler = setInterval(sample, sampleEveryMs);
  const limit = setTimeout(() => {
    isKilled = true;
    if (group !== undefined) process.kill(-group, 'SIGKILL');
  }, limitSec * 1000);

  /** @type {Promise<number>} */
  const pid = new Promise((resolve, reject) => {
    shell.stdio[3]?.on('data', (/** @type {Buffer} */ text) => {
      child = Number(text.toString().trim());
      resolve(child);
    });
    shell.on('error', reject);
  });
  shell.stdio[4]?.on('data', (/** @type {Buffer} */ text) => {
    times += text.toString();
  });
  /** @type {Promise<Cost>} */
  const done = new Promise((resolve, reject) => {
    shell.on('error', reject);
    shell.on('close', (status, signal) => {
      if (group !== undefined) running.delete(group);
      clearInterval(sampler);
      clearTimeout(limit);
      const code = status ?? 128 + (signal === 'SIGKILL' ? 9 : 15);
      // A shell that was killed wrote no times.
      const { wallSec, cpuSec } = isKilled ? { wallSec: limitSec, cpuSec: limitSec } : readTimes(times);
      resolve({ wallSec, cpuSec, rssMb, code, isKilled, curve });
    });
  });
  return { pid, done };
}

/** @param {string[]} argv @param {Conditions} conditions @returns {Promise<Cost>} */
export async function measure(argv, conditions) {
  const { pid, done } = start(argv, conditions);
  await pid;
  return done;
}

/** Resident memory of a process, MiB; null when it is gone. @param {number} pid */
export function memoryOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kb = (/** @type {string} */ name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
    return { peakMb: kb('VmHWM') / 1024, nowMb: kb('VmRSS') / 1024 };
  } catch {
    return null; // ended between two samples
  }
}

/** CPU time a process has used so far, seconds: all threads, in steps of 10 ms. @param {number} pid */
export function cpuSecOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold blanks; times are counted from behind it, in ticks of 1/100 s.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Bytes of the files in a folder. @param {string} folder */
export function folderBytes(folder) {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
