// Proves how amounts are written, and which services are usual targets.

import { expect, it } from 'vitest';
import { sized, usualUse } from './uploads.ts';

it('writes amounts and knows storage', () => {
  expect([0, 999, 1234, 53e4, 1.25e9, 7e15].map(sized)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.2 kB',
    '530 kB',
    '1.3 GB',
    '7000 TB',
  ]);
  expect([usualUse('dropbox') === '', usualUse('')]).toEqual([false, '']);
});
