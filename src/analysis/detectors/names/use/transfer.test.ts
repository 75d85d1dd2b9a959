// Proves that a zone transfer is told, more severely when records come back, and that no other question is.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { answer, ask } from '../golden/asked.ts';
import { transfer } from './transfer.ts';

describe('dns.zone-transfer', () => {
  it('hit: refused, then given', () => {
    const stage = new Stage(transfer);
    ask(stage, 'example.org', { type: 'AXFR', proto: 6 });
    answer(stage, 'example.org', 'REFUSED', { type: 'AXFR', proto: 6 });
    expect(stage.alerts.map(({ severity, observed }) => [severity, observed])).toEqual([['low', 1]]);
    ask(stage, 'example.org', { type: 'AXFR', proto: 6 });
    answer(stage, 'example.org', ['a', 'b', 'c'], { type: 'AXFR', proto: 6 });
    expect(stage.alerts.map(({ severity, observed }) => [severity, observed])).toEqual([['medium', 2]]);
  });

  it('miss: other questions', () => {
    const stage = new Stage(transfer);
    for (const type of ['A', 'SOA', 'ANY', 'NS'])
      answer(ask(stage, 'example.org', { type }), 'example.org', ['a'], { type });
    expect(stage.alerts).toEqual([]);
  });
});
