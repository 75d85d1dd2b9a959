// Proves that what is written while a screen is shown comes afterwards, in order, and is on the screen as messages.

import { expect, it } from 'vitest';
import { fakeHost } from '../../../../../test/e2e/cli-fake-host.ts';
import { heldHost } from './held-host.ts';

it('holds both streams until the screen has gone', () => {
  const host = fakeHost([], { in: true, out: true, err: true });
  const held = heldHost(host);
  let taken = 0;
  held.stdout.write('summary\n', () => taken++);
  held.stderr.write('taplight: history is \u001b[31mnot kept\n');
  expect([host.stdout.text, host.stderr.text, taken]).toEqual(['', '', 1]);
  expect(held.messages).toHaveLength(1);
  expect(held.messages[0]).toMatch(/^history is [^\u001b]*not kept$/);
  // Nothing is rewritten in place, and no card is printed, below a screen.
  expect([held.stdout.isTTY, held.stderr.isTTY]).toEqual([true, false]);
  held.release();
  held.stdout.write('later\n');
  expect(host.stdout.text).toBe('summary\nlater\n');
  expect(host.stderr.text).toContain('not kept');
});
