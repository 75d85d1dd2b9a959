// Proves that fragments that never fit, or of very many senders, make one alert, and that whole datagrams of a few make
// none.

import { describe, expect, it } from 'vitest';
import { ethernet, ipv4 } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { fragmentFlood } from './fragment-flood.ts';

/** A fragment of 64 bytes at an offset in units of 8 bytes. */
function fragment(from: number, offset: number, isLast: boolean): number[] {
  const packet = ipv4(17, new Array(64).fill(7));
  packet.splice(6, 2, (isLast ? 0 : 0x20) | (offset >>> 8), offset & 255);
  packet.splice(12, 8, 10, 1, from >>> 8, from & 255, 10, 0, 0, 2);
  return ethernet(0x0800, packet);
}

describe('flood.fragments', () => {
  it('hit: pieces without an end', () => {
    const stage = new Stage(fragmentFlood);
    for (let n = 0; n < 800; n++) stage.frame(fragment(1, 0, false)).wait(0.001);
    expect(stage.alerts.map(({ key, packet }) => [key, packet])).toEqual([['10.0.0.2', 500]]);
  });

  it('hit: hundreds of senders, though their datagrams are whole', () => {
    const stage = new Stage(fragmentFlood);
    for (let n = 0; n < 400; n++)
      stage
        .frame(fragment(n, 0, false))
        .frame(fragment(n, 8, true))
        .wait(0.01);
    expect(stage.alerts).toHaveLength(1);
  });

  it('miss: a file server whose datagrams fit, and few pieces', () => {
    const stage = new Stage(fragmentFlood);
    for (let n = 0; n < 2000; n++)
      stage
        .frame(fragment(1, 0, false))
        .frame(fragment(1, 8, true))
        .wait(0.0005);
    for (let n = 0; n < 400; n++) stage.frame(fragment(3, 0, false)).wait(0.5);
    expect(stage.alerts).toEqual([]);
  });
});
