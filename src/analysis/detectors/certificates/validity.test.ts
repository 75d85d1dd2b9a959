// Proves that certificates out of their time are told once a server, by packet time, and that good ones are not.

import { describe, expect, it } from 'vitest';
import type { AnyEvent } from '../../../core/index.ts';
import { Stage } from '../golden/stage.ts';
import { expired, expiring, longValid, notYetValid } from './validity.ts';

/** The stage plays in November 2023. */
const session = (more: AnyEvent): AnyEvent => ({
  sni: 'www.example.org',
  validity: 'valid',
  notBefore: '2023-06-01T00:00:00',
  notAfter: '2024-06-01T00:00:00',
  ...more,
});
const old = session({ validity: 'expired', notAfter: '2023-11-01T00:00:00' });
const world = { to: '93.184.216.34', sPort: 443 };

describe('tls.expired', () => {
  it('hit: one alert for a server, a remark outside as inside', () => {
    const stage = new Stage(expired)
      .event('tls', old, world)
      .event('tls', old, world)
      .event('tls', old, { sPort: 443 });
    expect(stage.alerts.map(({ severity, key, count }) => [severity, key, count])).toEqual([
      ['info', '93.184.216.34:443', 2],
      ['info', '10.0.0.2:443', 1],
    ]);
    expect(stage.alerts[0].explain).toContain('ran out 13 days ago');
  });

  it('miss: a good one, and one whose end is not known', () => {
    expect(new Stage(expired).event('tls', session({}), world).event('tls', {}, world).alerts).toEqual([]);
  });
});

describe('tls.not-yet-valid', () => {
  it('hit: begins next year; only a remark when the clock must be wrong', () => {
    const next = session({ validity: 'not yet valid', notBefore: '2024-01-01T00:00:00' });
    const far = session({ validity: 'not yet valid', notBefore: '2040-01-01T00:00:00' });
    const stage = new Stage(notYetValid).event('tls', next, world).event('tls', far, { ...world, sPort: 8443 });
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['low', 'info']);
  });

  it('miss: clocks a few minutes apart', () => {
    const soon = session({ validity: 'not yet valid', notBefore: '2023-11-14T22:20:00' });
    expect(new Stage(notYetValid).event('tls', soon, world).alerts).toEqual([]);
  });
});

describe('tls.expiring', () => {
  it('hit: ten days left', () => {
    const stage = new Stage(expiring).event('tls', session({ notAfter: '2023-11-25T00:00:00' }), world);
    expect(stage.alerts.map(({ severity, observed }) => [severity, observed])).toEqual([['info', 10]]);
  });

  it('miss: half a year left, and ten days of a certificate made for six weeks', () => {
    const short = session({ notBefore: '2023-10-20T00:00:00', notAfter: '2023-11-25T00:00:00' });
    expect(new Stage(expiring).event('tls', session({}), world).event('tls', short, world).alerts).toEqual([]);
  });
});

describe('tls.long-valid', () => {
  it('hit: ten years, and without an end', () => {
    const long = session({ notAfter: '2033-06-01T00:00:00' });
    const endless = session({ notAfter: undefined });
    const stage = new Stage(longValid).event('tls', long, world).event('tls', endless, { to: '93.184.216.35' });
    expect(stage.alerts).toHaveLength(2);
    expect(stage.alerts[1].explain).toContain('without end');
  });

  it('miss: a year; three years when that was allowed', () => {
    const three = session({ notBefore: '2016-06-01T00:00:00', notAfter: '2019-06-01T00:00:00' });
    expect(new Stage(longValid).event('tls', session({}), world).event('tls', three, world).alerts).toEqual([]);
  });
});
