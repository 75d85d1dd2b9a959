// A host whose output waits while a screen is on the terminal, and then goes where it belongs.

import { printable } from '../../../../core/index.ts';
import type { Host, OutputStream } from '../../host.ts';

export interface HeldHost extends Host {
  /** Lines for stderr so far, as messages on the screen. */
  readonly messages: readonly string[];
  /** The screen has gone: writes what waited, and from now on at once. */
  release(): void;
}

const mostMessages = 500;

export function heldHost(host: Host): HeldHost {
  const waiting: (() => void)[] = [];
  const messages: string[] = [];
  let isHeld = true;
  const held = (stream: OutputStream, isTTY: boolean, heard: (text: string) => void): OutputStream => ({
    isTTY,
    columns: stream.columns,
    rows: stream.rows,
    on: (event, listener) => stream.on(event, listener),
    write: (data, done) => {
      if (!isHeld) return stream.write(data, done);
      const copy = typeof data === 'string' ? data : Uint8Array.from(data);
      waiting.push(() => stream.write(copy));
      heard(String(data));
      done?.();
      return true;
    },
  });
  return {
    ...host,
    stdout: held(host.stdout, host.stdout.isTTY === true, () => {}),
    // No terminal: no line is rewritten in place, and what permission is missing is not told in lines.
    stderr: held(host.stderr, false, (text) => {
      const lines = text.split('\n').filter((line) => line !== '');
      messages.push(...lines.map((line) => printable(line.replace(/^taplight: /, ''))));
      messages.splice(0, messages.length - mostMessages);
    }),
    messages,
    release: () => {
      isHeld = false;
      for (const write of waiting.splice(0)) write();
    },
  };
}
