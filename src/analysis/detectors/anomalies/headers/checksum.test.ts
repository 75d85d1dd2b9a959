// Proves that many wrong checksums of one host make an alert, and that a few, or few a minute, make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { checksum } from './checksum.ts';

describe('proto.checksum', () => {
  it('hit: twenty within a minute', () => {
    const stage = new Stage(checksum);
    for (let i = 0; i < 30; i++) stage.odd('checksum.wrong').wait(1);
    expect(stage.alerts).toMatchObject([{ severity: 'low', key: '10.0.0.1', packet: 20, observed: 20 }]);
  });

  it('miss: nineteen, other oddities, twenty in ten minutes', () => {
    const stage = new Stage(checksum);
    for (let i = 0; i < 19; i++) stage.odd('checksum.wrong');
    for (let i = 0; i < 50; i++) stage.odd('tcp.rst-data', { from: '10.0.0.9' });
    for (let i = 0; i < 40; i++) stage.odd('checksum.wrong', { from: '10.0.0.7' }).wait(30);
    expect(stage.alerts).toEqual([]);
  });
});
