// Proves that a certificate for another name is told, and one that fits, a self-signed one, or a front's is not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { nameMismatch } from './name-mismatch.ts';

const world = { to: '93.184.216.34', sPort: 443 };
const other = { sni: 'www.example.org', sniMatches: false, alternativeNames: ['shop.example.net'] };

describe('tls.name-mismatch', () => {
  it('hit', () => {
    const [alert] = new Stage(nameMismatch).event('tls', other, world).alerts;
    expect(alert.severity).toBe('low');
    expect(alert.explain).toContain('(www.example.org) shows a certificate for shop.example.net');
  });

  it('miss', () => {
    const stage = new Stage(nameMismatch)
      .event('tls', { ...other, sniMatches: true }, world)
      .event('tls', { ...other, isSelfSigned: true }, world)
      .event('tls', { ...other, hasEch: true }, world)
      .event('tls', { alternativeNames: 7 }, world);
    expect(stage.alerts).toEqual([]);
  });
});
