// Proves that answers beyond what the client takes are told when there are many, and those within it never.

import { describe, expect, it } from 'vitest';
import { ethernet, ipv4 } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { answer, ask, drawn } from '../golden/asked.ts';
import { oversize } from './oversize.ts';

/** A first fragment of UDP from port 53, 192.168.0.1 to 192.168.0.2. */
function fragment(): number[] {
  const packet = ipv4(17, [0, 53, 0x9c, 0x40, 8, 0, 0, 0, ...Array.from({ length: 24 }, () => 0)]);
  packet[6] = 0x20;
  return ethernet(0x0800, packet);
}

describe('dns.oversize', () => {
  it('hit: ten answers of 2,000 bytes to a client that takes 1,232', () => {
    const stage = new Stage(oversize);
    for (let i = 0; i < 12; i++) {
      ask(stage, 'example.com', { type: 'ANY', event: { ednsBytes: 1232 } });
      answer(stage, 'example.com', [drawn(2000, i)], { type: 'TXT' }).wait(1);
    }
    expect(stage.alerts).toHaveLength(1);
    expect(stage.alerts[0]).toMatchObject({ severity: 'low', observed: 10, key: '10.0.0.1 ← 10.0.0.53' });
  });

  it('hit: fragments from port 53', () => {
    const stage = new Stage(oversize);
    for (let i = 0; i < 12; i++) stage.frame(fragment()).wait(1);
    expect(stage.alerts).toHaveLength(1);
  });

  it('miss: large answers that were asked for, and few of others', () => {
    const stage = new Stage(oversize);
    for (let i = 0; i < 50; i++) {
      ask(stage, 'example.com', { event: { ednsBytes: 4096 } });
      answer(stage, 'example.com', [drawn(2000, i)], { type: 'TXT' }).wait(1);
      answer(stage, 'example.com', [drawn(900, i)], { type: 'TXT', from: '10.0.0.9' });
    }
    for (let i = 0; i < 8; i++) stage.frame(fragment()).wait(10);
    expect(stage.alerts).toEqual([]);
  });
});
