// Proves that source routes of IPv4 and IPv6 make an alert, and that other options and routing headers make none.

import { describe, expect, it } from 'vitest';
import { ethernet, icmpEcho, ipv4, ipv6 } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { sourceRoute } from './source-route.ts';

const withOptions = (options: number[]): number[] => ethernet(0x0800, ipv4(1, icmpEcho([]), { options }));
const withRoute = (type: number): number[] =>
  ethernet(0x86dd, ipv6(43, [58, 2, type, 1, 0, 0, 0, 0, ...new Array(16).fill(32), ...icmpEcho([])]));

describe('proto.source-route', () => {
  it('hit: a loose source route, and a routing header of type 0', () => {
    const loose = new Stage(sourceRoute).frame(withOptions([131, 7, 4, 10, 9, 9, 9, 0]));
    expect(loose.alerts).toMatchObject([{ severity: 'info' }]);
    const stage = new Stage(sourceRoute);
    for (let i = 0; i < 16; i++) stage.frame(withRoute(0));
    expect(stage.alerts).toMatchObject([{ severity: 'medium', packet: 1, observed: 16 }]);
  });

  it('miss: router alert, a record of the route, segment routing', () => {
    const stage = new Stage(sourceRoute)
      .frame(withOptions([148, 4, 0, 0]))
      .frame(withOptions([7, 7, 4, 0, 0, 0, 0, 0]));
    expect(stage.frame(withRoute(4)).alerts).toEqual([]);
  });
});
