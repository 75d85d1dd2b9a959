// Asks for an interface: a list with live rates where the terminal gives single keys, a plain question where it does not.

import { createInterface } from 'node:readline';
import type { Host } from '../host.ts';
import {
  drawPrompt,
  matchRow,
  type PromptEnd,
  type PromptRow,
  type PromptState,
  pressKey,
  refreshPrompt,
  startPrompt,
} from './prompt-state.ts';

/** Asks on stderr, reads from stdin. `readRows` gives the interfaces with the rates since it was called last. */
export async function askInterface(host: Host, readRows: () => readonly PromptRow[]): Promise<PromptEnd> {
  const isDumb = host.environment.TERM === 'dumb';
  if (host.stdin.setRawMode === undefined || isDumb) return askPlainly(host, readRows());
  try {
    host.stdin.setRawMode(true);
  } catch {
    // Some terminals say they are one and then refuse.
    return askPlainly(host, readRows());
  }
  return askByKeys(host, readRows);
}

function askByKeys(host: Host, readRows: () => readonly PromptRow[]): Promise<PromptEnd> {
  const { stdin, stderr } = host;
  let state = startPrompt(readRows());
  let shownLines = 0;
  const erase = () => {
    if (shownLines > 0) stderr.write(`\r${shownLines > 1 ? `\x1b[${shownLines - 1}A` : ''}\x1b[J`);
    shownLines = 0;
  };
  const draw = (next: PromptState) => {
    state = next;
    erase();
    const lines = drawPrompt(state, (stderr.columns || 80) - 1, stderr.rows || 24);
    stderr.write(lines.join('\r\n'));
    shownLines = lines.length;
  };
  const restore = () => {
    erase();
    stdin.setRawMode?.(false);
  };
  return new Promise((resolve) => {
    const finish = (end: PromptEnd) => {
      for (const off of offs) off();
      stdin.off('data', onData);
      stdin.pause();
      restore();
      resolve(end);
    };
    const onData = (data: Buffer | string) => {
      for (const key of splitKeys(String(data))) {
        const step = pressKey(state, key);
        if ('end' in step) return finish(step.end);
        draw(step.state);
      }
    };
    const offs = [
      host.every(1000, () => draw(refreshPrompt(state, readRows()))),
      host.onSignal('SIGINT', () => finish({ quit: 130 })),
      host.onSignal('SIGTERM', () => finish({ quit: 0 })),
      host.onSignal('SIGHUP', () => finish({ quit: 0 })),
      host.onExit(restore),
    ];
    draw(state);
    stdin.on('data', onData);
    stdin.resume();
  });
}

/** Keys in what arrived at once: escape sequences stay whole, pasted text stays together. */
export function splitKeys(data: string): string[] {
  return data.match(/\x1b(?:[[O][0-9;]*[A-Za-z~])?|[\x00-\x1a\x7f]|[^\x00-\x1b\x7f]+/g) ?? [];
}

async function askPlainly(host: Host, rows: readonly PromptRow[]): Promise<PromptEnd> {
  const lines = drawPrompt(startPrompt(rows), 200, rows.length + 4).slice(2, -1);
  host.stderr.write(`Which interface?\n${lines.map((line) => `  ${line.slice(2)}`).join('\n')}\n`);
  const answers = createInterface({ input: host.stdin, terminal: false });
  const offs = [
    host.onSignal('SIGINT', () => answers.close()),
    host.onSignal('SIGTERM', () => answers.close()),
    host.onSignal('SIGHUP', () => answers.close()),
  ];
  host.stderr.write('Interface (number or name): ');
  try {
    for await (const line of answers) {
      const row = matchRow(rows, line.trim());
      if (row !== undefined) return { chosen: row.name };
      if (line.trim() === 'q') break;
      host.stderr.write(`There is no interface '${line.trim()}'. Interface (number or name): `);
    }
    return { quit: 0 };
  } finally {
    for (const off of offs) off();
    answers.close();
  }
}
