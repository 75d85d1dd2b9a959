// Proves that half a gigabyte to one host is told, or less where it is unusual, and that downloads and storage are not high.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { exfilVolume } from './volume.ts';

const out = (bytes: number) => ({ to: '203.0.114.9', oBytes: bytes, oBytesSince: bytes, rBytesSince: bytes / 50 });

describe('exfil.volume', () => {
  it('hit: 600 MB in records of one long flow', () => {
    const stage = new Stage(exfilVolume);
    for (let i = 0; i < 8; i++) stage.flow('alive', { ...out(100e6), firstPacket: 7 }).wait(300);
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0]).toMatchObject({
      severity: 'high',
      key: '10.0.0.1 → 203.0.114.9',
      observed: 500e6,
      packet: 5,
      firstPacket: 7,
    });
    expect(stage.alerts[0].explain).toBe('10.0.0.1 sent 500 MB to 203.0.114.9 in 20 min, limit 500 MB.');
  });

  it('hit: 80 MB of a host that sends 100 kB an hour for two days', () => {
    const stage = new Stage(exfilVolume);
    for (let i = 0; i < 48; i++) stage.flow('ended', { ...out(1e5), to: '203.0.114.1' }).wait(3600);
    stage.flow('ended', out(80e6));
    expect(stage.alerts.map(({ severity, threshold }) => [severity, threshold])).toEqual([['medium', 50e6]]);
  });

  it('hit: data connections of an FTP server outside', () => {
    const stage = new Stage(exfilVolume);
    stage.flow('ended', {
      from: '203.0.114.9',
      to: '10.0.0.1',
      oPort: 20,
      rPort: 41_000,
      rBytesSince: 600e6,
      oBytesSince: 1e6,
    });
    expect(stage.alerts.map(({ key }) => key)).toEqual(['10.0.0.1 → 203.0.114.9']);
  });

  it('less: to a known storage', () => {
    const stage = new Stage(exfilVolume);
    stage.flow('ended', { ...out(600e6), service: 'dropbox' });
    expect(stage.alerts[0]).toMatchObject({ severity: 'medium', confidence: 0.4 });
    expect(stage.alerts[0].against).toContain('dropbox');
  });

  it('miss: downloads, serving, inside, groups, little, spread over hours', () => {
    const stage = new Stage(exfilVolume);
    stage.flow('ended', { to: '203.0.114.9', oBytesSince: 1e6, rBytesSince: 900e6 });
    stage.flow('ended', { from: '203.0.114.9', to: '10.0.0.1', oBytesSince: 1e6, rBytesSince: 900e6 });
    stage.flow('ended', { ...out(900e6), to: '10.0.0.9' });
    stage.flow('ended', { ...out(900e6), to: '232.1.1.1' });
    for (let i = 0; i < 20; i++) stage.flow('ended', { ...out(40e6), to: `203.0.114.${i}` });
    for (let i = 0; i < 20; i++) stage.flow('ended', { ...out(45e6), to: '203.0.115.1' }).wait(1800);
    expect(stage.alerts).toEqual([]);
  });
});
