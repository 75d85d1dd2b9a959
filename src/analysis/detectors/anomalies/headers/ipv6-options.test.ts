// Proves that options with hidden bytes make an alert, and that the usual ones (router alert, empty padding) make none.

import { describe, expect, it } from 'vitest';
import { ethernet, icmpEcho, ipv6 } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { ipv6Options } from './ipv6-options.ts';

/** A destination options header of sixteen bytes with so many bytes of one option. */
const options = (kind: number, bytes: number[]): number[] =>
  ethernet(0x86dd, ipv6(60, [58, 1, kind, 12, ...bytes, ...new Array(12 - bytes.length).fill(0), ...icmpEcho([])]));

describe('proto.ipv6-options', () => {
  it('hit: three packets with an option that nobody knows', () => {
    const stage = new Stage(ipv6Options);
    for (let i = 0; i < 5; i++) stage.frame(options(0x10, [1, 2, 3, i]));
    expect(stage.alerts).toMatchObject([{ severity: 'medium', packet: 3, observed: 3 }]);
    expect(stage.alerts[0].explain).toContain('12 bytes in the latest');
  });

  it('hit: padding that says something', () => {
    const stage = new Stage(ipv6Options);
    for (let i = 0; i < 3; i++) stage.frame(options(1, [72, 105, 33, 33, 33, 33]));
    expect(stage.alerts).toHaveLength(1);
  });

  it('miss: empty padding, a home address, and no options at all', () => {
    const stage = new Stage(ipv6Options);
    for (let i = 0; i < 9; i++)
      stage
        .frame(options(1, []))
        .frame(options(0xc9, [1, 2, 3]))
        .frame(ethernet(0x86dd, ipv6(58, icmpEcho([]))));
    expect(stage.alerts).toEqual([]);
  });
});
