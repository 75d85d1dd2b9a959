// Proves that forged segments make one alert for two hosts, that damage is told as such, and that usual oddities make none.

import { describe, expect, it } from 'vitest';
import { conflictSign } from '../../../../core/index.ts';
import { Stage } from '../../golden/stage.ts';
import { tcp } from './tcp.ts';

describe('proto.tcp', () => {
  it('hit: bytes repeated with other contents, on another way', () => {
    const stage = new Stage(tcp).odd('tcp.conflict', { value: conflictSign.otherTtl }).odd('tcp.conflict');
    expect(stage.alerts).toMatchObject([
      { severity: 'medium', key: '10.0.0.1 → 10.0.0.2', packet: 1, observed: 2, mitre: 'T1557' },
    ]);
    expect(stage.told[0].explain).toContain('their TTL differs');
    expect(stage.alerts[0].flows).toHaveLength(1);
  });

  it('hit: a handshake that goes on behind a reset, a SYN that answers a SYN, ten resets outside the window', () => {
    expect(new Stage(tcp).odd('tcp.after-reset').alerts[0].severity).toBe('medium');
    expect(new Stage(tcp).odd('tcp.split-handshake').alerts[0].severity).toBe('low');
    const stage = new Stage(tcp);
    for (let i = 0; i < 12; i++) stage.odd('tcp.rst-outside', { sPort: 1000 + i, value: 1e9 });
    expect(stage.alerts).toMatchObject([{ packet: 10, threshold: 10, severity: 'medium' }]);
  });

  it('miss: a damaged copy is information, an edited capture little; single resets and urgent data are nothing', () => {
    expect(new Stage(tcp).odd('tcp.conflict', { value: conflictSign.badChecksum }).alerts[0].severity).toBe('info');
    expect(new Stage(tcp).odd('tcp.conflict', { value: conflictSign.samePacket }).alerts[0].severity).toBe('low');
    expect(new Stage(tcp).odd('tcp.conflict').alerts[0].severity).toBe('info');
    const stage = new Stage(tcp).odd('tcp.urgent', { value: 1, limit: 2 }).odd('tcp.syn-data').odd('tcp.rst-data');
    for (let i = 0; i < 40; i++) stage.wait(20).odd('tcp.rst-outside', { value: 1e9 });
    expect(stage.alerts).toEqual([]);
  });
});
