// Proves that late and missing answers are told by resolver, and quick ones and a question just asked are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { slowDns } from './slow-dns.ts';

describe('perf.slow-dns', () => {
  const place = { proto: 17, sPort: 53, to: '10.0.0.53', only: 'eve' } as const;

  it('hit: an answer after 0.8 s', () => {
    const stage = new Stage(slowDns).event('dns', { type: 'response', latencyUs: 800_000 }, place);
    expect(stage.alerts[0].explain).toContain('10.0.0.53 took 800 ms for a DNS answer');
  });

  it('hit: a resolver that never answers', () => {
    const stage = new Stage(slowDns);
    for (let i = 0; i < 4; i++) stage.event('dns', { type: 'request' }, place).wait(2);
    expect(stage.alerts[0].explain).toContain('left 4 DNS questions of 4 unanswered');
  });

  it('miss: quick answers, and four questions at once', () => {
    const stage = new Stage(slowDns);
    for (let i = 0; i < 50; i++) {
      stage.event('dns', { type: 'request' }, place);
      stage.event('dns', { type: 'response', latencyUs: 20_000 }, place).wait(1);
    }
    for (let i = 0; i < 4; i++) stage.event('dns', { type: 'request' }, { ...place, to: '10.0.0.54' });
    expect(stage.alerts).toEqual([]);
  });
});
