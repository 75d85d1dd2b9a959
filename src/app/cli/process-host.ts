// The real surroundings: this process.

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter } from 'node:path';
import { performance } from 'node:perf_hooks';
import { privilegesToDrop } from '../machine/index.ts';
import type { Host, HostUser } from './host.ts';

/** The host of this process. */
export function processHost(version: string, storyFile: string, webFolder: string): Host {
  return {
    argv: process.argv.slice(2),
    environment: process.env,
    version,
    storyFile,
    webFolder,
    listSeparator: delimiter,
    user: currentUser(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    nowMs: () => performance.now(),
    every: (ms, tick) => {
      const timer = setInterval(tick, ms);
      return () => clearInterval(timer);
    },
    onSignal: (name, heard) => {
      process.on(name, heard);
      return () => process.off(name, heard);
    },
    onExit: (last) => {
      process.on('exit', last);
      return () => process.off('exit', last);
    },
    exit: (code) => process.exit(code),
  };
}

function currentUser(): HostUser {
  const uid = process.getuid?.() ?? null;
  const home = homedir();
  const invoker = uid === null ? null : privilegesToDrop(process.env, uid);
  const sudo = invoker === null ? null : { ...invoker, home: homeOf(invoker.uid) ?? home };
  return { uid, home, sudo };
}

/** Home directory by the user database; null when it does not say. */
function homeOf(uid: number): string | null {
  try {
    const entry = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((line) => line.split(':')[2] === String(uid));
    return entry?.split(':')[5] ?? process.env.SUDO_HOME ?? null;
  } catch {
    // A system without this file keeps its users elsewhere.
    return process.env.SUDO_HOME ?? null;
  }
}
