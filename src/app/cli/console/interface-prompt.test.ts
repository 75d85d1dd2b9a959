// Proves that the question reads keys, refreshes its rates, and leaves the terminal as it was on every way out.

import { expect, it } from 'vitest';
import { fakeHost } from '../../../../test/e2e/cli-fake-host.ts';
import { askInterface } from './interface-prompt.ts';

const terminal = { in: true, out: true, err: true };
const rows = (rate: number) => [
  { number: 1, name: 'eth0', detail: 'wired', rates: `${rate} b/s`, bytesPerSec: rate, isDefault: true },
  { number: 2, name: 'lo', detail: 'loopback', rates: '', bytesPerSec: 0, isDefault: false },
];
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('chooses by key and restores the terminal', async () => {
  const host = fakeHost([], terminal);
  let rate = 1;
  const answer = askInterface(host, () => rows(rate));
  expect(host.keyboard.isRaw).toBe(true);
  rate = 77;
  host.tick();
  expect(host.stderr.text).toContain('77 b/s');
  host.keyboard.write('\x1b[B');
  await settled();
  host.keyboard.write('\r');
  expect(await answer).toEqual({ chosen: 'lo' });
  expect(host.keyboard.isRaw).toBe(false);
  expect(host.stderr.text.endsWith('\x1b[J')).toBe(true);
  expect(host.stdout.text).toBe('');
});

it.each([
  ['q', 0],
  ['\x03', 130],
])('quits by %j with %i', async (key, code) => {
  const host = fakeHost([], terminal);
  const answer = askInterface(host, () => rows(0));
  host.keyboard.write(key);
  expect(await answer).toEqual({ quit: code });
  expect(host.keyboard.isRaw).toBe(false);
});

it('ends by a signal', async () => {
  const host = fakeHost([], terminal);
  const answer = askInterface(host, () => rows(0));
  host.signal('SIGTERM');
  expect(await answer).toEqual({ quit: 0 });
  expect(host.keyboard.isRaw).toBe(false);
});

it('asks for a line where single keys cannot be had', async () => {
  const host = fakeHost([], terminal);
  host.keyboard.setRawMode = () => {
    throw new Error('EIO');
  };
  const answer = askInterface(host, () => rows(0));
  host.keyboard.write('wlan7\n2\n');
  expect(await answer).toEqual({ chosen: 'lo' });
  expect(host.stderr.text).toContain("There is no interface 'wlan7'");
  expect(host.stderr.text).not.toContain('\x1b');
});

it('quits when the line prompt comes to the end of its input', async () => {
  const host = { ...fakeHost([], terminal), environment: { TERM: 'dumb' } };
  const answer = askInterface(host, () => rows(0));
  host.keyboard.end();
  expect(await answer).toEqual({ quit: 0 });
});
