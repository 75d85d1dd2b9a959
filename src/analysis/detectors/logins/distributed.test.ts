// Proves that failures from many hosts at one server are one alert, and that a server many use well is none.

import { expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { guessingByService } from './by-protocol/plain.ts';
import { bruteDistributed } from './distributed.ts';

const all = [...guessingByService, bruteDistributed];
const login = (code: string) => ({ command: 'PASS', codes: [code], user: 'bob' });

it('hit: twenty hosts fail once each', () => {
  const stage = new Stage(all);
  for (let i = 0; i < 20; i++) stage.event('ftp', login('530'), { only: 'eve', from: `203.0.113.${i}` }).wait(10);
  expect(stage.alerts).toMatchObject([{ detector: 'brute.distributed', observed: 20, targets: ['10.0.0.2'] }]);
});

it('miss: twenty hosts of which most get in', () => {
  const stage = new Stage(all);
  for (let i = 0; i < 20; i++) {
    const place = { only: 'eve', from: `203.0.113.${i}` } as const;
    stage
      .event('ftp', login('530'), place)
      .event('ftp', login('230'), place)
      .event('ftp', login('230'), place)
      .wait(10);
  }
  expect(stage.end().alerts).toEqual([]);
});
