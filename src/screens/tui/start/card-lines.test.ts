// Proves that the card keeps the chosen way in the room, and its commands whole from the first column on.

import { expect, it } from 'vitest';
import { cardRows } from './card-lines.ts';

const ways = Array.from({ length: 4 }, (_, i) => ({
  title: `way ${i + 1}`,
  lines: [`sudo ${'x'.repeat(100)}${i + 1}`],
  why: 'it costs nothing',
}));
const card = { message: 'no permission to capture on eth0.', interfaceName: 'eth0', ways };

it.each([0, 3])('shows way %i', (chosen) => {
  const rows = cardRows(card, chosen, { columns: 80, rows: 12 }).slice(0, 12);
  const lines = rows.map((spans) => spans.map(({ text }) => text).join(''));
  expect(lines[0]).toContain('Listening on eth0 needs permission');
  expect(lines.join('\n')).toContain('waiting…');
  const at = lines.findIndex((line) => line.startsWith(' ▌ '));
  expect(lines[at]).toContain(`${chosen + 1}  way ${chosen + 1}`);
  expect(lines[at + 1] + lines[at + 2]).toBe(ways[chosen].lines[0]);
  expect(lines[at + 1]).toHaveLength(80);
});
