// Surroundings of a command that runs behind something else: a screen that has the terminal, or a browser. What it
// writes waits, goes nowhere or is shown; it is told signals as if a person sent them.

import { Readable } from 'node:stream';
import { printable } from '../../core/index.ts';
import type { Host, OutputStream, SignalName } from './host.ts';

export interface HostBehind extends Host {
  /** Lines for stderr so far, as messages on a screen; only where output waits. */
  readonly messages: readonly string[];
  /** As a person at a terminal would send it. */
  signal(name: SignalName): void;
  /** What is in front has gone: writes what waited, and from now on at once. */
  release(): void;
}

export interface Behind {
  readonly output: 'waits' | 'dropped' | 'shown';
  /** No terminal belongs to it: it reads nothing, and hears no signals but those it is told. */
  readonly isAlone: boolean;
}

const mostMessages = 500;

export function hostBehind(host: Host, { output, isAlone }: Behind): HostBehind {
  const { waiting, messages, streams } = outputOf(host, output);
  const heard = new Map<SignalName, Set<() => void>>();
  return {
    ...host,
    ...(isAlone ? { stdin: Readable.from([]) as Host['stdin'] } : {}),
    ...streams,
    onSignal: (name, hear) => {
      const hearers = heard.get(name) ?? new Set();
      heard.set(name, hearers.add(hear));
      const deaf = isAlone ? () => {} : host.onSignal(name, hear);
      return () => {
        hearers.delete(hear);
        deaf();
      };
    },
    messages,
    signal: (name) => {
      for (const hear of heard.get(name) ?? []) hear();
    },
    release: waiting.release,
  };
}

interface Output {
  readonly waiting: { release(): void };
  readonly messages: readonly string[];
  readonly streams: Partial<Pick<Host, 'stdout' | 'stderr'>>;
}

function outputOf(host: Host, output: Behind['output']): Output {
  if (output === 'shown') return { waiting: { release: () => {} }, messages: [], streams: {} };
  if (output === 'dropped')
    return { waiting: { release: () => {} }, messages: [], streams: { stdout: nowhere, stderr: nowhere } };
  const writes: (() => void)[] = [];
  const messages: string[] = [];
  let isHeld = true;
  const held = (stream: OutputStream, isTTY: boolean, hear: (text: string) => void): OutputStream => ({
    isTTY,
    columns: stream.columns,
    rows: stream.rows,
    on: (event, listener) => stream.on(event, listener),
    write: (data, done) => {
      if (!isHeld) return stream.write(data, done);
      const copy = typeof data === 'string' ? data : Uint8Array.from(data);
      writes.push(() => stream.write(copy));
      hear(String(data));
      done?.();
      return true;
    },
  });
  const stdout = held(host.stdout, host.stdout.isTTY === true, () => {});
  // No terminal: no line is rewritten in place, and what permission is missing is not told in lines.
  const stderr = held(host.stderr, false, (text) => {
    const lines = text.split('\n').filter((line) => line !== '');
    messages.push(...lines.map((line) => printable(line.replace(/^taplight: /, ''))));
    messages.splice(0, messages.length - mostMessages);
  });
  const release = (): void => {
    isHeld = false;
    for (const write of writes.splice(0)) write();
  };
  return { waiting: { release }, messages, streams: { stdout, stderr } };
}

const nowhere: OutputStream = {
  write: (_, done) => {
    done?.();
    return true;
  },
  on: () => {},
};
