// Proves that pings that carry packets, words or answers nobody asked for make one alert, and that pings make none.

import { describe, expect, it } from 'vitest';
import { be16, ethernet, ipv4, plainTcp } from '../../../capture/wire/golden/build.ts';
import { Stage } from '../golden/stage.ts';
import { icmpTunnel } from './icmp.ts';

const rising = (length: number): number[] => Array.from({ length }, (_, i) => (i + 8) & 255);
const text = (words: string): number[] => [...words].map((c) => c.charCodeAt(0));

/** An echo request of 10.0.0.1 to 192.168.1.254, or the reply to it. */
function echo(isReply: boolean, sequence: number, data: readonly number[], id = 7): number[] {
  const packet = ipv4(1, [isReply ? 0 : 8, 0, 0, 0, ...be16(id), ...be16(sequence), ...data]);
  if (isReply) packet.splice(12, 8, ...packet.slice(16, 20), ...packet.slice(12, 16));
  return ethernet(0x0800, packet);
}

describe('tunnel.icmp', () => {
  it('hit: answers that nobody asked for, as ptunnel sends them', () => {
    const stage = new Stage(icmpTunnel).frame(echo(false, 0, rising(28))).frame(echo(true, 0, rising(28)));
    for (let i = 0; i < 20; i++) stage.frame(echo(true, i, [...rising(67), i]));
    expect(stage.alerts).toMatchObject([
      { severity: 'high', packet: 7, observed: 20, key: '192.168.1.254 ↔ 10.0.0.1' },
    ]);
    expect(stage.alerts[0].explain).toContain('19 replies answer no request');
  });

  it('hit: echoes that carry IP packets', () => {
    const stage = new Stage(icmpTunnel);
    for (let i = 0; i < 5; i++) stage.frame(echo(false, 0, plainTcp));
    expect(stage.alerts).toMatchObject([{ severity: 'high', packet: 3 }]);
  });

  it('hit: words, with little certainty', () => {
    const stage = new Stage(icmpTunnel).frame(
      echo(false, 1, [0, 0, 9, 200, ...text('Transfer all of the funds to account number 1192828231-0      ')]),
    );
    expect(stage.alerts).toMatchObject([{ severity: 'low', confidence: 0.5 }]);
  });

  it('miss: pings of Unix, Windows and monitoring systems, losses, answers without a request in sight, large ones', () => {
    const stage = new Stage(icmpTunnel);
    const windows = text('abcdefghijklmnopqrstuvwabcdefghi');
    const monitor = text('WhatsUp - A Network Monitoring Tool from Ipswitch, Inc. for you');
    for (let i = 0; i < 60; i++) {
      for (const [id, data] of [rising(56), windows, monitor, rising(1400), text('X'.repeat(56))].entries()) {
        stage.frame(echo(false, i, data, id));
        if (i % 7 !== 0) stage.frame(echo(true, i, data, id));
      }
      stage.frame(echo(true, i, rising(90 + i), 99)).wait(1);
    }
    expect(stage.alerts).toEqual([]);
  });
});
