// A host for tests of the command line: streams that remember, a clock that stands, signals that are called by hand.

import { PassThrough } from 'node:stream';
import type { Host, InputStream, OutputStream, SignalName } from '../../src/app/cli/host.ts';

type ErrorListener = (error: NodeJS.ErrnoException) => void;

export interface FakeStream extends OutputStream {
  text: string;
  isTTY: boolean;
  /** Lets the stream break as the system would. */
  fail(code: string): void;
}

export interface FakeHost extends Host {
  readonly stdout: FakeStream;
  readonly stderr: FakeStream;
  readonly clock: { ms: number };
  readonly keyboard: PassThrough & { isTTY: boolean; isRaw: boolean; setRawMode(raw: boolean): void };
  readonly exits: number[];
  signal(name: SignalName): void;
  /** Calls everything that waits for time. */
  tick(): void;
}

function fakeStream(isTTY: boolean): FakeStream {
  const listeners: ErrorListener[] = [];
  const stream: FakeStream = {
    text: '',
    isTTY,
    columns: 100,
    rows: 30,
    write: (data, done) => {
      stream.text += String(data);
      done?.();
      return true;
    },
    on: (_event, listener) => listeners.push(listener),
    fail: (code) => {
      for (const listener of listeners) listener(Object.assign(new Error(code), { code }));
    },
  };
  return stream;
}

/** A host whose stdout, stderr and stdin are terminals or not. */
export function fakeHost(argv: readonly string[] = [], terminals = { in: false, out: false, err: false }): FakeHost {
  const clock = { ms: 1000 };
  const exits: number[] = [];
  const handlers = new Map<SignalName, Set<() => void>>();
  const ticks = new Set<() => void>();
  const keyboard = Object.assign(new PassThrough(), {
    isTTY: terminals.in,
    isRaw: false,
    setRawMode: (raw: boolean) => {
      keyboard.isRaw = raw;
    },
  });
  return {
    argv,
    environment: {},
    version: '1.2.3',
    storyFile: 'story.pcapng',
    webFolder: '/no/dashboard',
    listSeparator: ':',
    user: { uid: 1000, home: '/nonexistent', sudo: null },
    stdin: keyboard as InputStream,
    stdout: fakeStream(terminals.out),
    stderr: fakeStream(terminals.err),
    keyboard,
    clock,
    exits,
    nowMs: () => clock.ms,
    every: (_ms, tick) => {
      ticks.add(tick);
      return () => ticks.delete(tick);
    },
    onSignal: (name, heard) => {
      const set = handlers.get(name) ?? new Set();
      handlers.set(name, set.add(heard));
      return () => set.delete(heard);
    },
    onExit: () => () => {},
    exit: (code) => {
      exits.push(code);
    },
    signal: (name) => {
      for (const heard of handlers.get(name) ?? []) heard();
    },
    tick: () => {
      for (const tick of ticks) tick();
    },
  };
}
