// Proves that a datagram put together from fragments decodes as the whole it was, at its level.

import { describe, expect, it } from 'vitest';
import { Packet, verdict } from '../../core/packet.ts';
import { be16, ethernet, ipv4, ipv6, tcp, udp } from './golden/build.ts';
import { decode, decodeInner, decodeIp, fragmentDataAt } from './index.ts';

function frameOf(bytes: readonly number[], linkType: number): Packet {
  const p = new Packet();
  p.bytes = Uint8Array.from(bytes);
  p.end = bytes.length;
  p.wireLen = bytes.length;
  p.linkType = linkType;
  return p;
}

describe('decodeIp', () => {
  it('reads a reassembled datagram in another buffer and keeps the link of the frame', () => {
    const segment = tcp(new Array(48).fill(7));
    const p = frameOf(ethernet(0x0800, ipv4(6, segment.slice(24), { fragment: 3 })), 1);
    expect(decode(p)).toBe(verdict.leaf);
    expect(p.bytes[fragmentDataAt(p)]).toBe(segment[24]);
    const whole = ipv4(6, segment);
    p.bytes = Uint8Array.from([0, 0, 0, ...whole]);
    expect(decodeIp(p, 3, 3 + whole.length)).toBe(verdict.leaf);
    expect(p).toMatchObject({ isFragment: 0, srcPort: 40000, payloadLen: 48, level: 0, net: 4, etherType: 0x0800 });
  });

  it('reads on into a tunnel', () => {
    const p = frameOf(ipv4(4, [1, 2, 3], { fragment: 1 }), 101);
    decode(p);
    const whole = ipv4(41, ipv6(17, udp(1, 2, [5], 6)));
    p.bytes = Uint8Array.from(whole);
    expect(decodeIp(p, 0, whole.length)).toBe(verdict.tunnel);
    expect(decodeInner(p)).toBe(verdict.leaf);
    expect(p).toMatchObject({ level: 1, ipVersion: 6, dstPort: 2 });
  });

  it('takes an ipv6 fragment header without offset for no fragment', () => {
    const header = [60, 0, 0, 1, 0, 0, 0, 9];
    const data = [6, 0, 1, 4, 0, 0, 0, 0, ...tcp([1, 2, 3], 6)];
    const p = frameOf(ipv6(0, [44, 0, 1, 4, 0, 0, 0, 0, ...header, ...data]), 101);
    decode(p);
    expect(p.isFragment).toBe(1);
    expect(fragmentDataAt(p)).toBe(56);
    p.bytes[51] = 0;
    expect(decodeIp(p, 0, p.bytes.length)).toBe(verdict.leaf);
    expect(p).toMatchObject({ isFragment: 0, proto: 6, payloadLen: 3, l4Ok: 1 });
    expect(fragmentDataAt(p)).toBe(-1);
  });

  it('refuses what is no IP', () => {
    const p = frameOf(be16(0x1234), 101);
    decode(p);
    expect(decodeIp(p, 0, 2)).toBe(verdict.noFlow);
    expect(decodeIp(p, 2, 2)).toBe(verdict.noFlow);
  });
});
