// Proves that right checksums pass, each damaged one is named, and those left to the network card are told apart.

import { describe, expect, it } from 'vitest';
import { Packet, verdict } from '../../core/packet.ts';
import { crc32c } from './crc32c.ts';
import {
  addresses4,
  be16,
  hex,
  icmpEcho,
  internetChecksum,
  ipv4,
  ipv6,
  neighbourSolicitation,
  pseudo,
  tcp,
  udp,
} from './golden/build.ts';
import { checksumBit, decode, decodeInner, verifyChecksums } from './index.ts';

function verify(bytes: readonly number[], wireLen = bytes.length): number {
  const p = new Packet();
  p.bytes = Uint8Array.from(bytes);
  p.end = bytes.length;
  p.wireLen = wireLen;
  p.linkType = 101;
  let result = decode(p);
  while (result === verdict.tunnel) result = decodeInner(p);
  return verifyChecksums(p);
}

function flip(bytes: readonly number[], at: number): number[] {
  return bytes.map((b, i) => (i === at ? b ^ 0x40 : b));
}

/** Puts the pseudo-header's sum, not complemented, into a segment's field, as a host does for its card. */
function offload(segment: readonly number[], at: number, proto: number, size: number): number[] {
  const sum = 0xffff - internetChecksum(pseudo(4, proto, size));
  return segment.map((b, i) => (i === at ? sum >>> 8 : i === at + 1 ? sum & 255 : b));
}

/** SCTP packet with its CRC. */
function sctp(): number[] {
  const bytes = [...be16(7), ...be16(9), 1, 2, 3, 4, 0, 0, 0, 0, 3, 0, 0, 16, ...hex('00010203 04050607 08090a0b')];
  const crc = crc32c(Uint8Array.from(bytes), 0, bytes.length, 8);
  for (let i = 0; i < 4; i++) bytes[8 + i] = (crc >>> (8 * i)) & 255;
  return bytes;
}

const odd = [1, 2, 3, 4, 5];
const long = new Array(1003).fill(0xff);

describe('checksums', () => {
  it.each([
    ['tcp', ipv4(6, tcp(odd)), 44, checksumBit.tcp],
    ['tcp, long', ipv4(6, tcp(long)), 500, checksumBit.tcp],
    ['tcp over ipv6', ipv6(6, tcp(odd, 6)), 64, checksumBit.tcp],
    ['udp', ipv4(17, udp(1, 2, odd)), 30, checksumBit.udp],
    ['udp over ipv6', ipv6(17, udp(1, 2, odd, 6)), 50, checksumBit.udp],
    ['icmp', ipv4(1, icmpEcho(odd)), 30, checksumBit.icmp],
    ['icmpv6', ipv6(58, neighbourSolicitation()), 60, checksumBit.icmpv6],
    ['sctp', ipv4(132, sctp()), 40, checksumBit.sctp],
    ['ipv4 header', ipv4(89, odd), 8, checksumBit.ipv4],
    ['inner level', ipv4(4, ipv4(6, tcp(odd))), 64, checksumBit.tcp],
  ])('%s', (_, bytes, at, bit) => {
    expect(verify(bytes)).toBe(0);
    expect(verify(flip(bytes, at))).toBe(bit);
  });

  it('computes the CRC32c of its standard', () => {
    // Check value of the polynomial over the digits 1 to 9, as published with the iSCSI test vectors.
    const digits = Uint8Array.from([...'123456789'].map((c) => c.charCodeAt(0)));
    expect(crc32c(digits, 0, 9, 100) >>> 0).toBe(0xe3069283);
  });

  it('covers with udp-lite what the coverage says', () => {
    const head = [...be16(7), ...be16(9), 0, 8, 0, 0];
    const sum = internetChecksum([...pseudo(4, 136, 13), ...head]);
    const sound = ipv4(136, [...head.slice(0, 6), ...be16(sum), ...odd]);
    expect(verify(sound)).toBe(0);
    expect(verify(flip(sound, 30))).toBe(0);
    expect(verify(flip(sound, 20))).toBe(checksumBit.udp);
  });

  it('takes udp checksum 0 for none over ipv4, and for bad over ipv6', () => {
    expect(verify(ipv4(17, [0, 1, 0, 2, 0, 9, 0, 0, 1]))).toBe(0);
    expect(verify(ipv6(17, [0, 1, 0, 2, 0, 9, 0, 0, 1]))).toBe(checksumBit.udp);
  });

  it('recognises what was left to the card', () => {
    const segment = tcp(odd);
    expect(verify(ipv4(6, offload(segment, 16, 6, segment.length)))).toBe(checksumBit.offloaded);
    expect(verify(ipv4(6, offload(segment, 16, 6, 0)))).toBe(checksumBit.offloaded);
    const datagram = udp(1, 2, odd);
    expect(verify(ipv4(17, offload(datagram, 6, 17, datagram.length)))).toBe(checksumBit.offloaded);
    expect(verify(ipv4(6, flip(tcp(new Array(3000).fill(1)), 100)))).toBe(checksumBit.offloaded);
    const noHeaderSum = ipv4(6, segment).map((b, i) => (i === 10 || i === 11 ? 0 : b));
    expect(verify(noHeaderSum)).toBe(checksumBit.offloaded);
    const noLength = ipv4(6, segment).map((b, i) => (i === 2 || i === 3 ? 0 : b));
    expect(verify(noLength)).toBe(checksumBit.offloaded);
    expect(verify(ipv4(132, [...be16(7), ...be16(9), 1, 2, 3, 4, 0, 0, 0, 0]))).toBe(checksumBit.offloaded);
  });

  it('leaves alone what cannot be checked', () => {
    const damaged = flip(tcp(odd), 22);
    const whole = ipv4(6, damaged);
    expect(verify(whole.slice(0, -1), whole.length)).toBe(0);
    expect(verify(ipv4(6, damaged, { fragment: 0x2000 }))).toBe(0);
    // A loose source route with a hop left: the pseudo-header's destination is not the header's.
    expect(verify(ipv4(6, damaged, { options: [131, 7, 4, ...addresses4.slice(0, 4), 0] }))).toBe(0);
    expect(verify(ipv6(43, [6, 0, 4, 1, 0, 0, 0, 0, ...flip(tcp(odd, 6), 22)]))).toBe(0);
    expect(verify(ipv6(43, [6, 0, 4, 0, 0, 0, 0, 0, ...flip(tcp(odd, 6), 22)]))).toBe(checksumBit.tcp);
  });
});
