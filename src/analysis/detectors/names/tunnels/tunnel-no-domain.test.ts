// Proves that long names without a common domain make an alert, and that long names of one domain or of keys make none.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { ask, drawn } from '../golden/asked.ts';
import { tunnelNoDomain } from './tunnel-no-domain.ts';

const hex = (length: number, seed: number): string => drawn(length, seed, '0123456789abcdef');

describe('dns.tunnel-no-domain', () => {
  it('hit: dnscat without a domain', () => {
    const stage = new Stage(tunnelNoDomain);
    for (let i = 0; i < 30; i++) ask(stage, `dnscat.${hex(58, i)}.${hex(30, i)}`, { type: 'MX' }).wait(1);
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0]).toMatchObject({ packet: 10, severity: 'high', key: '10.0.0.1 → 10.0.0.53' });
  });

  it('miss: long names below one domain, keys of mail, too slow ones', () => {
    const stage = new Stage(tunnelNoDomain);
    for (let i = 0; i < 30; i++) ask(stage, `${hex(60, i)}.${hex(60, i + 1)}.example.com`, { type: 'TXT' }).wait(0.1);
    for (let i = 0; i < 30; i++) ask(stage, `${hex(60, i)}._domainkey.mail${i}.com`, { type: 'TXT' }).wait(0.1);
    for (let i = 0; i < 30; i++) ask(stage, `${hex(60, i)}.${hex(40, i)}`, { type: 'TXT' }).wait(20);
    expect(stage.alerts).toEqual([]);
  });
});
