// Proves that new domains of one host are told after the network is known, and nothing before.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { ask } from '../golden/asked.ts';
import { newDomain } from './new-domain.ts';

describe('dns.new-domain', () => {
  it('hit: ten new ones on the second day', () => {
    const stage = new Stage(newDomain);
    ask(stage, 'example.com').wait(25 * 3600);
    for (let i = 0; i < 12; i++) ask(stage, `www.new${i}.org`);
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0]).toMatchObject({ severity: 'info', observed: 10, key: '10.0.0.1' });
  });

  it('miss: the first day, and what others asked for', () => {
    const stage = new Stage(newDomain);
    for (let i = 0; i < 50; i++) ask(stage, `www.site${i}.org`);
    stage.wait(25 * 3600);
    for (let i = 0; i < 50; i++) ask(stage, `mail.site${i}.org`, { from: '10.0.0.2' });
    expect(stage.alerts).toEqual([]);
  });
});
