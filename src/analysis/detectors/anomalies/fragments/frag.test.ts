// Proves that odd fragments make one alert that names what is odd, and that sound fragments and mere repetitions make none.

import { describe, expect, it } from 'vitest';
import { addresses6, be16, ethernet, icmpEcho, ipv4, ipv6, tcp, udp } from '../../../../capture/wire/golden/build.ts';
import { Stage } from '../../golden/stage.ts';
import { frag } from './frag.ts';
import { teardrop } from './teardrop.ts';

const data = (length: number): number[] => Array.from({ length }, (_, i) => i & 255);
/** An IPv6 fragment header. */
const header6 = (next: number, offset: number, more: boolean): number[] => [
  next,
  0,
  ...be16(offset | (more ? 1 : 0)),
  0,
  0,
  0,
  7,
];
const more = 0x2000;

describe('proto.frag', () => {
  it('hit: a first fragment that cuts the TCP header, and the second one inside it', () => {
    const stage = new Stage(frag);
    stage.frame(ethernet(0x0800, ipv4(6, tcp([]).slice(0, 8), { fragment: more })));
    stage.frame(ethernet(0x0800, ipv4(6, tcp([1, 2, 3, 4]).slice(8), { fragment: 1 })));
    const [alert] = stage.alerts;
    expect([stage.alerts.length, alert.key, alert.severity, alert.packet, alert.observed]).toEqual([
      1,
      '10.0.0.1',
      'medium',
      1,
      2,
    ]);
    expect(alert.explain).toContain('inside the TCP header');
  });

  it('hit: two fragment headers, no header behind one, neighbour discovery, a length not of eight', () => {
    const frames: [string, number[]][] = [
      ['two fragment headers', [...header6(44, 0, false), ...header6(58, 0, false), ...icmpEcho(data(32))]],
      ['without the transport header', header6(6, 0, false)],
      ['neighbour discovery', [...header6(58, 0, true), 134, ...data(31)]],
      ['multiple of eight', [...header6(17, 408, true), ...data(13)]],
    ];
    for (const [words, payload] of frames) {
      const stage = new Stage(frag).frame(ethernet(0x86dd, ipv6(44, payload)));
      expect(stage.alerts.map(({ explain }) => explain)).toEqual([expect.stringContaining(words)]);
      expect(stage.alerts[0].severity).toBe('medium');
    }
    expect(addresses6).toHaveLength(32);
  });

  it('hit: a single one of IPv4 is a remark, odd in two ways it is not', () => {
    const cut = ethernet(0x0800, ipv4(6, tcp([]).slice(0, 8), { fragment: more }));
    expect(new Stage(frag).frame(cut).alerts.map(({ severity }) => severity)).toEqual(['info']);
    const both = ethernet(0x0800, ipv4(6, tcp([]).slice(0, 7), { fragment: more }));
    expect(new Stage(frag).frame(both).alerts.map(({ severity }) => severity)).toEqual(['medium']);
  });

  it('hit: overlaps that reassembly tells; a single one of IPv4 may be chance', () => {
    const stage = new Stage(frag).odd('fragment.conflict', { proto: 17 }).odd('fragment.conflict', { proto: 17 });
    expect(stage.alerts.map(({ severity, observed }) => [severity, observed])).toEqual([['low', 2]]);
    stage.odd('fragment.conflict').odd('fragment.conflict');
    expect(stage.alerts.map(({ severity, observed }) => [severity, observed])).toEqual([['medium', 4]]);
    const six = new Stage(frag).odd('fragment.overlap', { from: '2001:db8::1', to: '2001:db8::2' });
    expect(six.alerts[0].severity).toBe('medium');
    expect(six.alerts[0].filter).toBe('ipv6.src == 2001:db8::1 && ipv6.fraghdr');
  });

  it('miss: a sound datagram in fragments, an atomic fragment, a datagram that never became whole', () => {
    const stage = new Stage([teardrop, frag]);
    stage.frame(ethernet(0x0800, ipv4(17, udp(1000, 53, data(64)), { fragment: more })));
    stage.frame(ethernet(0x0800, ipv4(17, data(40), { fragment: more | 9 })));
    stage.frame(ethernet(0x0800, ipv4(17, data(13), { fragment: 14 })));
    stage.frame(ethernet(0x86dd, ipv6(44, [...header6(58, 0, false), ...icmpEcho(data(32))])));
    stage.frame(ethernet(0x86dd, ipv6(44, [...header6(17, 0, true), ...udp(1, 2, data(64), 6)])));
    stage.frame(ethernet(0x86dd, ipv6(44, [...header6(17, 72, false), ...data(5)])));
    stage.odd('fragment.timeout');
    expect(stage.alerts).toEqual([]);
  });
});

describe('proto.teardrop', () => {
  it('hit: a last fragment inside a first one of odd length, and ends that reassembly tells; one alert of one detector', () => {
    const stage = new Stage([teardrop, frag]);
    stage.frame(ethernet(0x0800, ipv4(17, udp(1, 2, data(28)), { fragment: more })));
    stage.frame(ethernet(0x0800, ipv4(17, data(4), { fragment: 3 })));
    stage.odd('fragment.end', { proto: 17 }).odd('fragment.end', { proto: 17 });
    expect(stage.alerts.filter(({ detector }) => detector === 'proto.teardrop')).toMatchObject([
      { severity: 'high', observed: 2, key: '10.0.0.1', packet: 2 },
    ]);
  });

  it('miss: a last fragment behind the first', () => {
    const stage = new Stage([teardrop, frag]);
    stage.frame(ethernet(0x0800, ipv4(17, udp(1, 2, data(32)), { fragment: more })));
    stage.frame(ethernet(0x0800, ipv4(17, data(4), { fragment: 5 })));
    expect(stage.alerts).toEqual([]);
  });
});
