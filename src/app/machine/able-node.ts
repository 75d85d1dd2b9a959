// The private copy of node that `permissionAdvice` tells of: whether it is there, and may capture.

import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { privateNodePath } from './privileges.ts';

/** Bit of CAP_NET_RAW (linux/capability.h). */
const netRawBit = 13n;

/** Prints the capabilities that a process begins with. */
const tell =
  "process.stdout.write(/CapEff:\\s*(\\w+)/.exec(require('fs').readFileSync('/proc/self/status','utf8'))[1])";

let lastChange = '';
let lastAnswer: string | null = null;

/**
 * Path of a node that may capture. On Linux a process that runs cannot be given a capability, so that waiting for one
 * means waiting for this copy. It is started only when its file has changed.
 */
export async function ableNode(path = privateNodePath()): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const info = statSync(path, { throwIfNoEntry: false, bigint: true });
  const change = info === undefined ? '' : `${path} ${info.ino} ${info.ctimeNs}`;
  if (change === lastChange) return lastAnswer;
  lastChange = change;
  lastAnswer = info !== undefined && (await canCapture(path)) ? path : null;
  return lastAnswer;
}

function canCapture(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(path, ['-e', tell], { timeout: 5000 }, (error, stdout) => {
      resolve(error === null && /^[\da-f]+$/.test(stdout) && ((BigInt(`0x${stdout}`) >> netRawBit) & 1n) === 1n);
    });
  });
}
