// Proves that the first signal stops, the second forces, and a copy that npm passes on is not taken for a second.

import { expect, it } from 'vitest';
import { fakeHost } from '../../../../test/e2e/cli-fake-host.ts';
import { listenForStop } from './stop-signals.ts';

it('stops, then forces', () => {
  const host = fakeHost();
  const heard: string[] = [];
  const off = listenForStop(host, {
    stop: () => heard.push('stop'),
    force: () => heard.push('force'),
    report: () => heard.push('report'),
  });
  host.signal('SIGUSR1');
  host.signal('SIGINT');
  host.clock.ms += 20;
  host.signal('SIGINT');
  expect(heard).toEqual(['report', 'stop']);
  host.clock.ms += 400;
  host.signal('SIGTERM');
  expect(heard).toEqual(['report', 'stop', 'force']);
  off();
  host.signal('SIGINT');
  expect(heard).toHaveLength(3);
});
