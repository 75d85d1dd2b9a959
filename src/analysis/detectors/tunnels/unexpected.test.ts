// Proves that tunnels to the outside make an alert each, that those between own networks are information, and that other
// traffic makes none.

import { describe, expect, it } from 'vitest';
import { ipProto } from '../../../core/index.ts';
import { Stage } from '../golden/stage.ts';
import { httpConnect } from './http-connect.ts';
import { unexpectedTunnel } from './unexpected.ts';

describe('tunnel.unexpected', () => {
  it('hit: GRE, Teredo and 6in4 from inside to the outside, once each; only the last is made by a host alone', () => {
    const stage = new Stage(unexpectedTunnel);
    const gre = { proto: ipProto.gre, oPort: 0, rPort: 0, to: '198.51.100.9', oPackets: 5, rPackets: 5 };
    stage.flow('alive', { ...gre, to: '8.8.4.4' }).flow('ended', { ...gre, to: '8.8.4.4' });
    stage.flow('ended', { proto: 17, rPort: 3544, to: '8.8.8.8', oPackets: 20, rPackets: 2 });
    stage.flow('ended', { ...gre, proto: ipProto.ipv6, to: '8.8.4.9' });
    expect(stage.alerts.map(({ severity, packet }) => [severity, packet])).toEqual([
      ['info', 1],
      ['info', 3],
      ['low', 4],
    ]);
  });

  it('miss: between two inside it is information; packets without an answer, inner flows and TCP are nothing', () => {
    const stage = new Stage(unexpectedTunnel).flow('ended', { proto: ipProto.ipip, oPackets: 9 });
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['info']);
    const other = new Stage(unexpectedTunnel).flow('ended', { proto: ipProto.gre, to: '8.8.8.8', oPackets: 5 });
    other.flow('ended', { proto: ipProto.gre, to: '8.8.8.8', oPackets: 50, isInner: true });
    other.flow('ended', { rPort: 3544, to: '8.8.8.8', oPackets: 50, rPackets: 50 });
    expect(other.alerts).toEqual([]);
  });

  it('miss: more tunnels in an hour than a network has by accident', () => {
    const stage = new Stage(unexpectedTunnel);
    for (let i = 1; i < 100; i++) stage.flow('ended', { proto: ipProto.gre, to: `8.8.8.${i}`, oPackets: 50 });
    expect(stage.alerts).toHaveLength(16);
  });
});

describe('tunnel.http-connect', () => {
  it('hit: CONNECT to SSH', () => {
    const stage = new Stage(httpConnect).event('http', { method: 'CONNECT', url: 'shell.example:22', status: 200 });
    expect(stage.alerts).toMatchObject([{ severity: 'low', key: '10.0.0.1 shell.example:22' }]);
  });

  it('miss: CONNECT to HTTPS, other methods, targets that are none', () => {
    const stage = new Stage(httpConnect).event('http', { method: 'CONNECT', url: 'www.example:443' });
    stage.event('http', { method: 'GET', url: 'x:22' }).event('http', { method: 'CONNECT', url: ':22' });
    expect(stage.event('http', { method: 'CONNECT' }).event('http', {}).alerts).toEqual([]);
  });
});
