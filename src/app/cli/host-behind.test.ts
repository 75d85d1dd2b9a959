// Proves that what is written behind a screen comes afterwards, in order, and is on the screen as messages; and that a
// command that is alone hears only what it is told.

import { expect, it } from 'vitest';
import { fakeHost } from '../../../test/e2e/cli-fake-host.ts';
import { hostBehind } from './host-behind.ts';

it('holds both streams until the screen has gone', () => {
  const host = fakeHost([], { in: true, out: true, err: true });
  const held = hostBehind(host, { output: 'waits', isAlone: false });
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

it('hears no signals of the terminal where it is alone', () => {
  const heard: string[] = [];
  const host = fakeHost();
  for (const isAlone of [true, false]) {
    const behind = hostBehind(host, { output: 'dropped', isAlone });
    const deaf = behind.onSignal('SIGINT', () => heard.push(isAlone ? 'alone' : 'behind'));
    behind.signal('SIGINT');
    host.signal('SIGINT');
    deaf();
    behind.signal('SIGINT');
    host.signal('SIGINT');
  }
  expect(heard).toEqual(['alone', 'behind', 'behind']);
  expect(host.stdout.text).toBe('');
});
