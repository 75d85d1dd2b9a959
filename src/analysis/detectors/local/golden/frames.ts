// Frames of a small network for this family's tests: station n has MAC 00:1b:21:00:00:n and 10.0.0.n.

import { type Bytes, be16, hex } from '../../../../capture/wire/golden/build.ts';
import { macHighOf, macLowOf } from '../mac.ts';

export const macOf = (n: number): string => `00:1b:21:00:00:${n.toString(16).padStart(2, '0')}`;
export const everyone = 'ff:ff:ff:ff:ff:ff';
export const bytesOf = (mac: string): number[] => hex(mac.replaceAll(':', ''));
const ip4 = (text: string): number[] => text.split('.').map(Number);

export function frame(from: string, to: string, type: number, payload: Bytes): number[] {
  return [...bytesOf(to), ...bytesOf(from), ...be16(type), ...payload];
}

export interface Arp {
  readonly from: string;
  readonly ip: string;
  /** To one station, else to all. */
  readonly to?: string;
  readonly target: string;
  /** What the message says when it is not what the frame says. */
  readonly claims?: string;
}

const arp = (operation: number, { from, ip, to = everyone, target, claims = from }: Arp): number[] =>
  frame(from, to, 0x0806, [
    ...hex('0001 0800 0604'),
    ...be16(operation),
    ...bytesOf(claims),
    ...ip4(ip),
    ...(to === everyone ? [0, 0, 0, 0, 0, 0] : bytesOf(to)),
    ...ip4(target),
  ]);

export const ask = (message: Arp): number[] => arp(1, message);
export const reply = (message: Arp): number[] => arp(2, message);

/** Station n asks for an address, or announces itself. */
export const asks = (n: number, target: string): number[] => ask({ from: macOf(n), ip: `10.0.0.${n}`, target });
export const announces = (n: number, ip = `10.0.0.${n}`): number[] => ask({ from: macOf(n), ip, target: ip });

/** Station n answers station m. */
export const answers = (n: number, m: number, ip = `10.0.0.${n}`): number[] =>
  reply({ from: macOf(n), ip, to: macOf(m), target: `10.0.0.${m}` });

/** fe80::n, 16 bytes; 0 is the unspecified address. */
export const local6 = (n: number): number[] =>
  n === 0
    ? new Array(16).fill(0)
    : hex(
        `fe80${'0'.repeat(24)}${be16(n)
          .map((b) => b.toString(16).padStart(2, '0'))
          .join('')}`,
      );

/** An ICMPv6 message of one link. */
export function icmp6(from: string, source: Bytes, type: number, body: Bytes): number[] {
  const payload = [type, 0, 0, 0, ...body];
  return frame(from, '33:33:00:00:00:01', 0x86dd, [
    ...hex('60000000'),
    ...be16(payload.length),
    58,
    255,
    ...source,
    ...hex(`ff02${'0'.repeat(27)}1`),
    ...payload,
  ]);
}

/** Router advertisement with prefixes 2001:db8:n::/64. */
export function advertisement(
  from: string,
  source: Bytes,
  { lifetimeSec = 1800, preference = 0, prefixes = [1] as readonly number[] } = {},
): number[] {
  const options = prefixes.flatMap((n) => [
    ...hex('03 04 40 c0 00278d00 00093a80 00000000'),
    ...hex('20010db8'),
    ...be16(n),
    ...new Array(10).fill(0),
  ]);
  return icmp6(from, source, 134, [64, preference << 3, ...be16(lifetimeSec), ...new Array(8).fill(0), ...options]);
}

export const solicits = (from: string, source: Bytes, target: Bytes): number[] =>
  icmp6(from, source, 135, [0, 0, 0, 0, ...target]);

export const advertises = (from: string, target: Bytes): number[] =>
  icmp6(from, target, 136, [0x20, 0, 0, 0, ...target, 2, 1, ...bytesOf(from)]);

/** A bridge protocol data unit of RSTP. */
export function bpdu(from: string, root: string, { priority = 0x8000, hasChange = false } = {}): number[] {
  const unit = [
    ...hex('424203 0000 02 02'),
    hasChange ? 0x7d : 0x7c,
    ...be16(priority),
    ...bytesOf(root),
    ...hex('00000000 8000'),
    ...bytesOf(from),
    ...hex('8001 0000 1400 0200 0f00 00'),
  ];
  return frame(from, '01:80:c2:00:00:00', unit.length, unit);
}

/** MAC words of a flow signal. */
export const sentBy = (mac: string) => ({ srcMac0: macHighOf(mac), srcMac1: macLowOf(mac) });
export const sentTo = (mac: string) => ({ dstMac0: macHighOf(mac), dstMac1: macLowOf(mac) });
