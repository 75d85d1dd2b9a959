// Proves that a name with changing addresses in many networks is told, and that delivery networks and pools are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { answer } from '../golden/asked.ts';
import { fastFlux } from './fast-flux.ts';

const far = (i: number, j: number): string => `${20 + i}.${30 + j}.1.1`;

describe('dns.fast-flux', () => {
  it('hit: five other networks every five minutes', () => {
    const stage = new Stage(fastFlux);
    for (let i = 0; i < 6; i++)
      answer(
        stage,
        'shop.example.org',
        [0, 1, 2, 3, 4].map((j) => far(i, j)),
      ).wait(300);
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0]).toMatchObject({ key: 'shop.example.org', severity: 'medium', packet: 3 });
  });

  it('miss: pools, delivery networks, one network, one large answer, long times to live', () => {
    const stage = new Stage(fastFlux);
    for (let i = 0; i < 20; i++) {
      answer(stage, '2.pool.ntp.org', [far(i, 1), far(i, 2)]);
      answer(stage, 'a.akamai.net', [far(i, 1), far(i, 2)]);
      answer(stage, 'same.example.org', [`20.30.${i}.1`]);
      answer(
        stage,
        'large.example.org',
        Array.from({ length: 20 }, (_, j) => far(j, j)),
      );
      answer(stage, 'www.example.org', [], {
        event: {
          answers: [
            { rrname: 'www.example.org', rrtype: 'CNAME', ttl: 60, rdata: 'e1.a.akamaiedge.net' },
            { rrname: 'e1.a.akamaiedge.net', rrtype: 'A', ttl: 20, rdata: far(i, i) },
          ],
        },
      });
      answer(stage, 'slow.example.org', [], {
        event: { answers: [{ rrname: 'slow.example.org', rrtype: 'A', ttl: 3600, rdata: far(i, i) }] },
      }).wait(300);
    }
    expect(stage.alerts).toEqual([]);
  });
});
