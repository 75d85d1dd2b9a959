// Asks for an interface in lines, where there is no screen: a list, and a name or number for an answer.

import { createInterface } from 'node:readline';
import type { Host } from '../host.ts';
import { listLines, matchRow, type PromptEnd, type PromptRow } from './prompt-rows.ts';

/** Asks on stderr, reads from stdin. */
export async function askInterface(host: Host, rows: readonly PromptRow[]): Promise<PromptEnd> {
  host.stderr.write(`Which interface?\n${listLines(rows).join('\n')}\n`);
  const answers = createInterface({ input: host.stdin, terminal: false });
  let quit: 0 | 130 = 0;
  const offs = [
    host.onSignal('SIGINT', () => {
      quit = 130;
      answers.close();
    }),
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
    return { quit };
  } finally {
    for (const off of offs) off();
    answers.close();
  }
}
