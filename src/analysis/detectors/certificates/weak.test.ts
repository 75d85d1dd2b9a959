// Proves that old TLS is told by what was known at its time, and that good TLS is not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { weak } from './weak.ts';

const world = { to: '93.184.216.34', sPort: 443 };
const good = { version: 'TLS 1.2', cipher: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', keyType: 'rsa', keyBits: 2048 };

describe('tls.weak', () => {
  it('hit: an old version and RC4 in 2023, all in one alert', () => {
    const stage = new Stage(weak);
    for (let i = 0; i < 5; i++)
      stage.event('tls', { version: 'TLSv1', cipher: 'TLS_ECDHE_RSA_WITH_RC4_128_SHA' }, world);
    expect(stage.alerts.map(({ severity, observed, count }) => [severity, observed, count])).toEqual([['low', 2, 4]]);
  });

  it('hit: an anonymous suite and a short key whenever it was; inside it is a remark', () => {
    const anonymous = { version: 'TLS 1.2', cipher: 'TLS_DH_anon_WITH_AES_128_CBC_SHA', keyType: 'rsa', keyBits: 512 };
    const stage = new Stage(weak).event('tls', anonymous, world).event('tls', anonymous);
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['low', 'info']);
  });

  it('hit: one weakness of its time is a remark, an anonymous suite alone is low', () => {
    const stage = new Stage(weak).event('tls', { ...good, version: 'TLS 1.1' }, world);
    stage.event('tls', { ...good, cipher: 'TLS_DH_anon_WITH_AES_128_CBC_SHA' }, { ...world, sPort: 8443 });
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['info', 'low']);
  });

  it('miss: TLS 1.2 with forward secrecy; TLS 1.0 in 2012 is only a remark', () => {
    expect(new Stage(weak).event('tls', good, world).event('tls', {}, world).alerts).toEqual([]);
    const stage = new Stage(weak);
    stage.timeUs = Date.UTC(2012, 1, 1) * 1000;
    stage.event('tls', { version: 'TLSv1', cipher: 'TLS_ECDHE_RSA_WITH_RC4_128_SHA' }, world);
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['info']);
  });
});
