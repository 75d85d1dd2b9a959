// Two streams of text that share a terminal, and one line at its bottom that is rewritten in place.

import type { PacketLine } from '../../../core/index.ts';
import { packetLineBytes, writePacketLine } from '../../../screens/present/index.ts';
import type { OutputStream } from '../host.ts';

/** Characters gathered before a stream is written without being told to. */
const flushAt = 1 << 16;
/** Bytes that a slow reader may leave untaken before more has to wait. */
const patienceBytes = 1 << 20;

export interface Console {
  out(text: string): void;
  err(text: string): void;
  /** The line of a packet, on stdout. */
  packet(line: PacketLine): void;
  /** Shows a line at the bottom of stderr instead of the last one; null takes it away. Terminals only. */
  bottom(line: string | null): void;
  /** Writes what was gathered. */
  flush(): void;
  /** Resolves once stdout's reader has caught up; null when it has. */
  busy(): Promise<void> | null;
  /** Flushes, takes the bottom line away, and waits until both streams took everything or broke. */
  finish(): Promise<void>;
}

/**
 * A console over two streams. `onBroken` hears once when stdout can no longer be written; text for it is then thrown
 * away. A broken stderr is nobody's news.
 */
export function openConsole(
  stdout: OutputStream,
  stderr: OutputStream,
  onBroken: (error: NodeJS.ErrnoException) => void,
): Console {
  const lines = Buffer.alloc(flushAt + packetLineBytes);
  let linesEnd = 0;
  let outText = '';
  let errText = '';
  let bottomLine: string | null = null;
  let isShown = false;
  let isOutBroken = false;
  let isErrBroken = false;
  let untaken = 0;
  let waiting: (() => void)[] = [];
  const caughtUp = () => {
    for (const wake of waiting) wake();
    waiting = [];
  };
  stdout.on('error', (error) => {
    if (!isOutBroken) onBroken(error);
    isOutBroken = true;
    caughtUp();
  });
  stderr.on('error', () => {
    isErrBroken = true;
  });

  const hide = () => {
    if (isShown && !isErrBroken) stderr.write('\r\x1b[K');
    isShown = false;
  };
  const show = () => {
    if (bottomLine === null || isErrBroken) return;
    stderr.write(`\r${bottomLine.slice(0, Math.max(1, (stderr.columns || 80) - 1))}\x1b[K`);
    isShown = true;
  };
  /** Lines are gathered as bytes; they are ASCII, so this is a plain copy. */
  const takeLines = () => {
    outText += lines.toString('latin1', 0, linesEnd);
    linesEnd = 0;
  };
  const flush = () => {
    takeLines();
    if (outText === '' && errText === '') return;
    hide();
    if (outText !== '' && !isOutBroken) {
      const { length } = outText;
      untaken += length;
      stdout.write(outText, () => {
        untaken -= length;
        if (untaken <= patienceBytes) caughtUp();
      });
    }
    if (errText !== '' && !isErrBroken) stderr.write(errText);
    outText = '';
    errText = '';
    show();
  };
  return {
    packet(line) {
      linesEnd = writePacketLine(lines, linesEnd, line);
      if (linesEnd > flushAt) flush();
    },
    out(text) {
      takeLines();
      outText += text;
      if (outText.length > flushAt) flush();
    },
    err(text) {
      errText += text;
      if (errText.length > flushAt) flush();
    },
    bottom(line) {
      bottomLine = line;
      if (line === null) hide();
      else show();
    },
    flush,
    busy() {
      if (untaken <= patienceBytes || isOutBroken) return null;
      return new Promise((resolve) => waiting.push(resolve));
    },
    async finish() {
      flush();
      bottomLine = null;
      hide();
      await Promise.all([taken(stdout, () => isOutBroken), taken(stderr, () => isErrBroken)]);
    },
  };
}

/** Resolves when the stream took everything written before, or broke. */
function taken(stream: OutputStream, isBroken: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (isBroken()) resolve();
    else {
      stream.on('error', () => resolve());
      stream.write('', () => resolve());
    }
  });
}
