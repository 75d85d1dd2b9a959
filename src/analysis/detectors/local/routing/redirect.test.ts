// Proves that redirects of strangers are told, more so when they lead to their sender, and those of the gateway are
// not.

import { describe, expect, it } from 'vitest';
import { internetChecksum, ipv4 } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { announces, frame, icmp6, local6, macOf, sentBy, sentTo } from '../golden/frames.ts';
import { icmpRedirect } from './redirect.ts';

/** Station n, in the name of 10.0.0.`as`, tells station 5 to go through 10.0.0.`way`. */
function redirect(n: number, as: number, way: number): number[] {
  const inner = ipv4(6, [0, 80, 0, 80, 0, 0, 0, 0]);
  const message = [5, 1, 0, 0, 10, 0, 0, way, ...inner];
  const sum = internetChecksum(message);
  message.splice(2, 2, sum >>> 8, sum & 255);
  const packet = ipv4(1, message);
  packet.splice(12, 8, 10, 0, 0, as, 10, 0, 0, 5);
  return frame(macOf(n), macOf(5), 0x0800, packet);
}

/** Station 1 carries what host 5 sends. */
function carried(): Stage {
  const stage = new Stage(icmpRedirect).frame(announces(1)).frame(announces(66));
  for (const to of ['8.8.8.8', '9.9.9.9'])
    stage.flow('answered', { from: '10.0.0.5', to, ...sentBy(macOf(1)), ...sentTo(macOf(5)) });
  return stage;
}

describe('l2.redirect', () => {
  it('hit: a stranger, and a stranger who names himself in the name of the gateway', () => {
    const stage = carried().frame(redirect(66, 70, 71));
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([['10.0.0.70', 'medium']]);
    const self = carried().frame(redirect(66, 1, 66));
    expect(self.alerts.map(({ key, severity }) => [key, severity])).toEqual([['10.0.0.1', 'high']]);
  });

  it('hit: low where no gateway is known, IPv6 as well', () => {
    const stage = new Stage(icmpRedirect).frame(redirect(66, 66, 71));
    stage.frame(icmp6(macOf(66), local6(0x66), 137, [0, 0, 0, 0, ...local6(7), ...local6(8)]));
    expect(stage.alerts.map(({ key, severity }) => [key, severity])).toEqual([
      ['10.0.0.66', 'low'],
      ['fe80::66', 'low'],
    ]);
  });

  it('miss: the gateway names a better way', () => {
    expect(carried().frame(redirect(1, 1, 2)).alerts).toEqual([]);
  });
});
