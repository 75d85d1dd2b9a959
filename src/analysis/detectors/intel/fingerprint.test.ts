// Proves that listed fingerprints of TLS, QUIC and SSH are told at medium severity, and others never.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { intelFingerprint } from './fingerprint.ts';
import { listed } from './golden/listed.ts';

const md5 = '72a589da586844d7f0818ce684948eea';
const ja4 = 't13d1516h2_8daaf6152771_e5627efa2ab1';
const bad = listed(md5, ja4);

describe('intel.fingerprint', () => {
  it('hit: JA3, JA3S, JA4, HASSH', () => {
    const stage = new Stage(intelFingerprint, {}, bad);
    stage.event('tls', { ja3: md5 }).event('quic', { ja4, ja3: { hash: '00' } }, { from: '10.0.0.2' });
    stage.event('tls', { ja3s: md5 }, { from: '10.0.0.3' });
    stage.event('ssh', { client: { hassh: { hash: md5 } } }, { from: '10.0.0.4' });
    expect(stage.alerts.map(({ sources, severity }) => [sources[0], severity])).toEqual([
      ['10.0.0.1', 'medium'],
      ['10.0.0.2', 'medium'],
      ['10.0.0.2', 'medium'],
      ['10.0.0.4', 'medium'],
    ]);
  });

  it('miss: others, and events without', () => {
    const stage = new Stage(intelFingerprint, {}, bad);
    stage.event('tls', { ja3: '00'.repeat(16), ja4: 't13d1516h2_000000000000_e5627efa2ab1' }).event('tls', {});
    stage.event('ssh', {}).event('quic', { ja3: null, ja4: 5 });
    expect(stage.alerts).toEqual([]);
  });
});
