// What stopped a packet socket from being opened, said with the next thing to do on this machine.
import { readdirSync, readFileSync } from 'node:fs';
import { Failure } from '../../../core/index.ts';
import { noSuchInterface } from '../interfaces/interfaces.ts';
import { errno } from '../native/linux-calls.ts';

/** Turns the errno of a failed call into a Failure; `doing` completes "could not …". */
export function socketFailure(code: number, doing: string, name: string): Failure {
  switch (code) {
    case errno.notPermitted:
    case errno.accessDenied:
      return noPermission(name);
    case errno.noDevice:
    case errno.noEntry:
    case errno.noSuchDeviceOrAddress:
      return noSuchInterface(name);
    case errno.networkDown:
      return interfaceDown(name);
    case errno.outOfMemory:
      return new Failure('CAPTURE_FAILED', `no memory to ${doing}`, 'Ask for a smaller capture buffer.');
    default:
      return new Failure(
        'CAPTURE_FAILED',
        `could not ${doing} on ${name}: errno ${code}`,
        'Try --capture libpcap; `taplight doctor` shows what this machine allows.',
      );
  }
}

export function interfaceDown(name: string): Failure {
  return new Failure('INTERFACE_DOWN', `interface ${name} is down`, `Bring it up: sudo ip link set ${name} up`);
}

export function noPermission(name: string): Failure {
  return new Failure(
    'NO_PERMISSION',
    `no permission to capture on ${name}: Linux wants CAP_NET_RAW for that`,
    `Just this time (root is given up before a packet is read): sudo ${commandHere(name)}`,
  );
}

/** The command that is running, with absolute paths, quoted for a shell; with `-i name` where it names no interface. */
export function commandHere(name: string): string {
  const { node, script, words } = processHere();
  const rest = words.length > 0 ? words : ['-i', name];
  return [node, script, ...rest]
    .filter((word) => word !== '')
    .map(shellWord)
    .join(' ');
}

/** Absolute path of node, absolute path of the script it runs, and the words after it. Right in worker threads too. */
export function processHere(): { readonly node: string; readonly script: string; readonly words: readonly string[] } {
  let words: readonly string[] = process.argv;
  try {
    // In a worker, process.argv names the worker's file; the kernel knows what the process was started with.
    const started = readFileSync('/proc/self/cmdline', 'utf8').split('\0').slice(0, -1);
    words = ['', ...started.slice(1 + process.execArgv.length)];
  } catch {
    // Not Linux, or /proc is not mounted: argv is the best there is.
  }
  const [, script = '', ...rest] = words;
  return { node: process.execPath, script: script === '' ? '' : absolute(script), words: rest };
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `${process.cwd()}/${path.replace(/^\.\//, '')}`;
}

/** Quotes a word for a POSIX shell when it needs that. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** True when the interface is gone for good, not only down. */
export function isInterfaceGone(name: string): boolean {
  if (name === 'any') return false;
  return !readdirSync('/sys/class/net').includes(name);
}
