// What to do where capturing is not allowed, as a person at a terminal reads it.

import { printable } from '../../core/index.ts';
import type { Advice } from '../machine/index.ts';

/** Lines that can be copied stand alone, so that a double click takes them whole. */
export function permissionCard(message: string, advice: readonly Advice[]): string {
  const lines = [`taplight: ${printable(message)}.`, ''];
  advice.forEach((way, index) => {
    lines.push(`${index + 1}  ${way.title}: ${way.why}`);
    for (const line of way.lines) lines.push(`     ${printable(line)}`);
    lines.push('');
  });
  lines.push('Capture files need no permission: taplight -r FILE');
  return `${lines.join('\n')}\n`;
}
