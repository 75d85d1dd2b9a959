// Proves that self-signed certificates are told by where they are shown, and certificates of an authority are not.

import { describe, expect, it } from 'vitest';
import { Stage } from '../golden/stage.ts';
import { selfSigned } from './self-signed.ts';

const own = { isSelfSigned: true, subject: 'CN=box' };

describe('tls.self-signed', () => {
  it('hit: medium on the web outside, low on other ports, a remark inside and where nobody checks', () => {
    const stage = new Stage(selfSigned)
      .event('tls', own, { to: '93.184.216.34', sPort: 443 })
      .event('tls', own, { to: '93.184.216.34', sPort: 4444 })
      .event('tls', own, { to: '93.184.216.34', sPort: 25, packet: 9 })
      .event('tls', { ...own, fromProto: 'smtp' }, { to: '93.184.216.40', sPort: 25 })
      .event('tls', own, { sPort: 443 });
    expect(stage.alerts.map(({ severity }) => severity)).toEqual(['medium', 'low', 'low', 'info', 'info']);
  });

  it('miss: signed by an authority, or no certificate at all', () => {
    const stage = new Stage(selfSigned).event('tls', { isSelfSigned: false }, { to: '93.184.216.34', sPort: 443 });
    expect(stage.event('tls', {}, { to: '93.184.216.34' }).alerts).toEqual([]);
  });
});
