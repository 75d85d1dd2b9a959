// Proves that many name servers, odd ports and servers that DHCP did not give are told, and that usual ones are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { answer, ask } from '../golden/asked.ts';
import { resolvers } from './resolvers.ts';

describe('dns.resolver', () => {
  it('hit: six name servers in an hour', () => {
    const stage = new Stage(resolvers);
    for (let i = 0; i < 8; i++) ask(stage, 'example.com', { to: `192.0.2.${i}` }).wait(60);
    expect(stage.alerts.map(({ key, severity, packet }) => [key, severity, packet])).toEqual([['10.0.0.1', 'low', 6]]);
  });

  it('hit: answers from another port', () => {
    const stage = new Stage(resolvers);
    for (let i = 0; i < 6; i++) answer(stage, 'example.com', ['192.0.2.1'], { sPort: 8053 });
    expect(stage.alerts.map(({ key }) => key)).toEqual(['10.0.0.1 → 10.0.0.53:8053']);
  });

  it('hit: a name server that DHCP did not give is worth knowing', () => {
    const stage = new Stage(resolvers);
    stage.event('dhcp', { assignedIp: '10.0.0.1', dnsServers: ['10.0.0.53'] }).event('dhcp', {});
    for (let i = 0; i < 6; i++) {
      ask(stage, 'example.com');
      ask(stage, 'example.com', { to: '8.8.8.8' });
      ask(stage, 'example.com', { to: '8.8.8.8', from: '10.0.0.2' });
    }
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([['10.0.0.1 → 8.8.8.8:53', 'info']]);
  });

  it('miss: five, iteration from the root, a forwarder', () => {
    const stage = new Stage(resolvers);
    for (let i = 0; i < 5; i++) ask(stage, 'example.com', { to: `192.0.2.${i}` });
    for (let i = 0; i < 50; i++)
      ask(stage, 'example.com', { from: '10.0.0.9', to: `192.0.2.${i}`, event: { rd: false } });
    for (let i = 0; i < 3; i++) ask(stage, 'example.com', { from: `10.0.1.${i}` });
    for (let i = 0; i < 20; i++) ask(stage, 'example.com', { from: '10.0.0.53', to: `192.0.2.${i}` });
    expect(stage.alerts).toEqual([]);
  });
});
