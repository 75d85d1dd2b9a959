// Proves that addresses are written in their canonical form (RFC 5952 §4, §5) and mean what they meant.
import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAddress, formatIpv4, formatIpv6, formatMac, isLocalAddress } from './addresses.ts';

test('IPv4', () => {
  expect(formatIpv4(0xc0a80001 | 0)).toBe('192.168.0.1');
  expect(formatIpv4(0xc0a80001)).toBe('192.168.0.1');
  expect(formatIpv4(-1)).toBe('255.255.255.255');
  expect(formatIpv4(0)).toBe('0.0.0.0');
});

test.each([
  [[0, 0, 0, 0], '::'],
  [[0, 0, 0, 1], '::1'],
  [[0xfe800000, 0, 0x020086ff, 0xfe0580da], 'fe80::200:86ff:fe05:80da'],
  [[0x20010db8, 0, 0, 0x00020001], '2001:db8::2:1'],
  // A single zero group stays (§4.2.2).
  [[0x20010db8, 0x00000001, 0x00010001, 0x00010001], '2001:db8:0:1:1:1:1:1'],
  // The longest run is shortened, the first of two equal ones (§4.2.3).
  [[0x20010000, 0x00000001, 0x00000000, 0x00000001], '2001:0:0:1::1'],
  [[0x20010db8, 0, 0x00010000, 0x00000001], '2001:db8::1:0:0:1'],
  [[0x20010db8, 0, 0, 0], '2001:db8::'],
  [[0, 0, 0xffff, 0xc0000201], '::ffff:192.0.2.1'],
] as const)('IPv6 %j', ([a, b, c, d], text) => {
  expect(formatIpv6(a, b, c, d)).toBe(text);
  expect(formatIpv6(a | 0, b | 0, c | 0, d | 0)).toBe(text);
});

const anyWord = fc.oneof(fc.constant(0), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.nat(0xffff));

test('any words give the address that WHATWG URL also writes', () => {
  fc.assert(
    fc.property(anyWord, anyWord, anyWord, anyWord, (a, b, c, d) => {
      const text = formatAddress(6, a, b, c, d);
      expect(isIPv6(text)).toBe(true);
      // The URL standard writes mapped addresses in hexadecimal, so compare what both mean.
      const canonical = new URL(`http://[${text}]`).hostname;
      if (!text.includes('.')) expect(canonical).toBe(`[${text}]`);
      expect(isIPv4(formatAddress(4, a, b, c, d))).toBe(true);
    }),
    { numRuns: 800 },
  );
});

test('MAC', () => {
  expect(formatMac(Uint8Array.of(9, 0x00, 0x1a, 0x2b, 0x3c, 0x4d, 0xfe), 1)).toBe('00:1a:2b:3c:4d:fe');
});

test('local addresses', () => {
  const local = ([a, b, c, d]: readonly number[]) => isLocalAddress(4, (a << 24) | (b << 16) | (c << 8) | d, 0, 0, 0);
  const inside = [
    [10, 255, 0, 1],
    [172, 16, 0, 1],
    [172, 31, 255, 255],
    [192, 168, 5, 5],
    [100, 64, 0, 1],
    [127, 0, 0, 1],
    [169, 254, 9, 9],
    [224, 0, 0, 251],
    [239, 1, 2, 3],
    [255, 255, 255, 255],
    [0, 0, 0, 0],
  ];
  const outside = [
    [172, 32, 0, 1],
    [172, 15, 255, 255],
    [192, 169, 0, 1],
    [100, 128, 0, 1],
    [8, 8, 8, 8],
    [224, 0, 1, 1],
    [169, 253, 0, 1],
  ];
  expect(inside.filter((ip) => !local(ip))).toEqual([]);
  expect(outside.filter((ip) => local(ip))).toEqual([]);
  // 6to4 of a private address.
  expect(isLocalAddress(6, 0x20020a00, 0x00010000, 0, 1)).toBe(true);
  expect(isLocalAddress(6, 0x20020808, 0x08080000, 0, 1)).toBe(false);
});
