// Proves that the question lists the busiest first, asks until it knows the answer, and ends by q, by a signal, and with
// its input.

import { expect, it } from 'vitest';
import { fakeHost } from '../../../../test/e2e/cli-fake-host.ts';
import { askInterface } from './interface-prompt.ts';
import { matchRow, type PromptRow } from './prompt-rows.ts';

const row = (number: number, name: string, bytesPerSec = 0, isDefault = false): PromptRow => ({
  number,
  name,
  detail: 'wired',
  rates: `${bytesPerSec} b/s`,
  bytesPerSec,
  isDefault,
});
const rows = [row(1, 'eth0', 0, true), row(2, 'lo'), row(3, 'eth1', 50)];
const asked = () => {
  const host = fakeHost([], { in: true, out: true, err: true });
  return { host, answer: askInterface(host, rows) };
};

it('lists the busiest first, and asks again for what is none', async () => {
  const { host, answer } = asked();
  host.keyboard.write('wlan7\n2\n');
  expect(await answer).toEqual({ chosen: 'lo' });
  expect(host.stderr.text).toContain("There is no interface 'wlan7'");
  expect(host.stderr.text).toMatch(/eth1 .*\n.*eth0 .*default route\n.*lo /);
  expect(host.stderr.text).not.toContain('\x1b');
  expect(host.stdout.text).toBe('');
});

it('ends by q, by signals, and with its input', async () => {
  const end = async (act: (host: ReturnType<typeof fakeHost>) => void) => {
    const { host, answer } = asked();
    act(host);
    return answer;
  };
  expect(await end((host) => host.keyboard.write('q\n'))).toEqual({ quit: 0 });
  expect(await end((host) => host.signal('SIGINT'))).toEqual({ quit: 130 });
  expect(await end((host) => host.signal('SIGTERM'))).toEqual({ quit: 0 });
  expect(await end((host) => host.keyboard.end())).toEqual({ quit: 0 });
});

it('knows a row by its number, its name, and the only beginning', () => {
  expect(['3', 'eth0', 'l', 'eth', ''].map((typed) => matchRow(rows, typed)?.name)).toEqual([
    'eth1',
    'eth0',
    'lo',
    undefined,
    undefined,
  ]);
});
