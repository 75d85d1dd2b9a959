// Proves that many domains that do not exist make an alert, and that a crawler, a search list and single labels make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { answer, drawn } from '../golden/asked.ts';
import { dgaNx } from './dga-nx.ts';

describe('dga.nx', () => {
  it('hit: names drawn by lot, one after the other', () => {
    const stage = new Stage(dgaNx);
    for (let i = 0; i < 25; i++) answer(stage, `${drawn(14, i)}.com`, 'NXDOMAIN').wait(3);
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0]).toMatchObject({ packet: 10, severity: 'medium', key: '10.0.0.1', confidence: 0.9 });
  });

  it('miss: a crawler with one dead domain in a hundred', () => {
    const stage = new Stage(dgaNx);
    for (let i = 0; i < 3000; i++) {
      if (i % 50 === 0) answer(stage, `dead${i}.com`, 'NXDOMAIN');
      answer(stage, `alive${i}.com`, ['192.0.2.1']).wait(0.1);
    }
    expect(stage.alerts).toEqual([]);
  });

  it('miss: one domain with many names, names of the inner network, single labels, slowly dying ones', () => {
    const stage = new Stage(dgaNx);
    for (let i = 0; i < 100; i++) {
      answer(stage, `host${i}.example.com`, 'NXDOMAIN');
      answer(stage, `www.site${i}.local`, 'NXDOMAIN');
      answer(stage, drawn(10, i), 'NXDOMAIN');
    }
    for (let i = 0; i < 30; i++) answer(stage, `${drawn(14, i)}.com`, 'NXDOMAIN').wait(60);
    expect(stage.alerts).toEqual([]);
  });
});
