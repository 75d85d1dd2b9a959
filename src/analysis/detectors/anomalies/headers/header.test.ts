// Proves that headers that contradict themselves make an alert, and that what the capture cut off makes none.

import { describe, expect, it } from 'vitest';
import { ethernet, ipv4, plainTcp, tcp } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { header } from './header.ts';

describe('proto.header', () => {
  it('hit: five datagrams that say they are longer than the frame', () => {
    const stage = new Stage(header);
    for (let i = 0; i < 6; i++) stage.frame(ethernet(0x0800, ipv4(6, tcp([1, 2]), { totalLength: 999 })));
    expect(stage.alerts).toMatchObject([{ severity: 'info', key: '10.0.0.1', packet: 5 }]);
    expect(stage.alerts[0].explain).toContain('ipv4.length');
  });

  it('miss: sound frames, frames cut short, and four in a minute', () => {
    const stage = new Stage(header);
    for (let i = 0; i < 20; i++) stage.frame(ethernet(0x0800, plainTcp)).frame(ethernet(0x0800, plainTcp.slice(0, 12)));
    for (let i = 0; i < 4; i++) stage.frame(ethernet(0x0800, ipv4(6, tcp([1, 2]), { totalLength: 999 })));
    expect(stage.alerts).toEqual([]);
  });
});
