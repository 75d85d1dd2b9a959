// Proves that a name that turns from a public to an inner address is told, and that blocked, inner and split names are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { answer } from '../golden/asked.ts';
import { rebinding } from './rebinding.ts';

describe('dns.rebinding', () => {
  it('hit: the router behind a name that was public a minute ago', () => {
    const stage = new Stage(rebinding);
    answer(stage, 'a.example.org', ['203.0.114.7']).wait(60);
    answer(stage, 'a.example.org', ['192.168.1.1']).wait(1);
    answer(stage, 'a.example.org', ['192.168.1.1']);
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0]).toMatchObject({ severity: 'medium', packet: 2, firstPacket: 1 });
    expect(stage.alerts[0].explain).toContain('192.168.1.1 60 s later');
  });

  it('hit: both at once, and IPv6', () => {
    const stage = new Stage(rebinding);
    answer(stage, 'b.example.org', ['203.0.114.7', '127.0.0.1']);
    answer(stage, 'c.example.org', ['2a00:1450::1'], { type: 'AAAA' });
    answer(stage, 'c.example.org', ['fd00::1'], { type: 'AAAA' });
    expect(stage.alerts.map(({ key }) => key)).toEqual(['10.0.0.1 b.example.org', '10.0.0.1 c.example.org']);
  });

  it('miss: blocked names, another resolver, too late, always inner, long to be kept', () => {
    const stage = new Stage(rebinding);
    answer(stage, 'ads.example.org', ['203.0.114.7']).wait(1);
    answer(stage, 'ads.example.org', ['0.0.0.0']);
    answer(stage, 'vpn.example.org', ['203.0.114.7']).wait(1);
    answer(stage, 'vpn.example.org', ['10.1.2.3'], { to: '10.9.9.9' });
    answer(stage, 'old.example.org', ['203.0.114.7']).wait(700);
    answer(stage, 'old.example.org', ['10.1.2.3']);
    answer(stage, 'in.example.org', ['10.1.2.3']);
    answer(stage, 'nas.home', ['203.0.114.7']);
    answer(stage, 'nas.home', ['10.1.2.3']);
    expect(stage.alerts).toEqual([]);
  });
});
