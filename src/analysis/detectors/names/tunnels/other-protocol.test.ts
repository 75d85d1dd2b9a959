// Proves that a shell at TCP port 53 is told, and that DNS, refused tries and conversations joined in the middle are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../../golden/stage.ts';
import { otherProtocol } from './other-protocol.ts';

const shell = { rPort: 53, isEstablished: true, oFlags: 0x1a, rFlags: 0x1a, oPayload: 100, rPayload: 2000 };

describe('dns.other-protocol', () => {
  it('hit: a conversation that is no DNS', () => {
    const stage = new Stage(otherProtocol);
    stage
      .flow('ended', { ...shell, app: 'dns', appHow: 'port' })
      .flow('ended', { ...shell, to: '10.0.0.3', app: 'ssh' });
    expect(stage.alerts.map(({ explain }) => explain)).toEqual([
      '10.0.0.1 and 10.0.0.2 speak something unknown at TCP port 53 (1 conversation, 2,100 bytes), which is no DNS.',
      '10.0.0.1 and 10.0.0.3 speak ssh at TCP port 53 (1 conversation, 2,100 bytes), which is no DNS.',
    ]);
  });

  it('miss: DNS, one side only, no handshake', () => {
    const stage = new Stage(otherProtocol);
    stage.flow('ended', { ...shell, app: 'dns', appHow: 'handshake' });
    stage.flow('ended', { ...shell, rPayload: 0 });
    stage.flow('ended', { ...shell, oFlags: 0x18 });
    stage.flow('ended', { ...shell, rPort: 80, app: 'http' });
    expect(stage.alerts).toEqual([]);
  });
});
