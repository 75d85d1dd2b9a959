// Other addresses for those of a capture: the same one each time, with equal beginnings where the originals had them
// (after Xu, Fan, Ammar, Moon 2002), private ones stay private, and what has a meaning of its own stays what it is.

import { createHmac } from 'node:crypto';
import { isIP } from 'node:net';

/** Bits of a block in the tree of prefixes are turned over by what a keyed hash of the bits before says. */
function turned(bits: bigint, width: number, kept: number, key: Buffer): bigint {
  let result = bits >> BigInt(width - kept);
  for (let at = kept; at < width; at++) {
    const before = bits >> BigInt(width - at);
    const hash = createHmac('sha256', key)
      .update(`${width}:${at}:${before.toString(16)}`)
      .digest();
    const bit = (bits >> BigInt(width - 1 - at)) & 1n;
    result = (result << 1n) | (bit ^ BigInt(hash[0] & 1));
  }
  return result;
}

const v4Value = (text: string): bigint => text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(Number(part)), 0n);
const v4Text = (value: bigint): string => [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');

/** Networks whose addresses stay within: network, bits. */
const v4Kept: readonly (readonly [bigint, number])[] = (
  [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['169.254.0.0', 16],
    ['100.64.0.0', 10],
  ] as const
).map(([net, bits]) => [v4Value(net), bits]);

/** Loopback, all groups, everybody, nobody: the same for everyone. */
export function isCommon(ip: string): boolean {
  if (isIP(ip) === 4) return /^(127\.|0\.0\.0\.0$|22[4-9]\.|23\d\.|255\.255\.255\.255$)/.test(ip);
  return /^(::1?|ff0[0-9a-f]::([0-9a-f]{1,2}|1:[0-9a-f]))$/i.test(ip);
}

function v4Home(value: bigint): number {
  return v4Kept.find(([net, bits]) => value >> BigInt(32 - bits) === net >> BigInt(32 - bits))?.[1] ?? 0;
}

function otherV4(ip: string, key: Buffer): string {
  const value = v4Value(ip);
  const kept = v4Home(value);
  let other = turned(value, 32, kept, key);
  // What is public stays public: on until it is, which is the same way each time.
  while (kept === 0 && (v4Home(other) !== 0 || isCommon(v4Text(other)))) other = turned(other, 32, 0, key);
  return v4Text(other);
}

function v6Value(ip: string): bigint {
  const [head, tail] = ip.includes('::') ? ip.split('::') : [ip, null];
  const groups = (text: string): string[] =>
    text === ''
      ? []
      : text.split(':').flatMap((group) => {
          if (!group.includes('.')) return [group];
          const value = v4Value(group);
          return [(value >> 16n).toString(16), (value & 0xffffn).toString(16)];
        });
  const [front, back] = [groups(head), tail === null ? [] : groups(tail)];
  const all = [...front, ...new Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back];
  return all.reduce((sum, group) => (sum << 16n) | BigInt(Number.parseInt(group, 16)), 0n);
}

function v6Text(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const zeros = groups.join(':').match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? [];
  const longest = zeros.sort((a, b) => b.length - a.length)[0];
  if (longest === undefined) return groups.join(':');
  return groups
    .join(':')
    .replace(longest, ':')
    .replace(/^:(?!:)/, '::')
    .replace(/([^:]):$/, '$1::')
    .replace(/:{3,}/, '::');
}

/** Bits that say what kind of address it is: link-local, unique local, group, all others. */
function v6Kept(value: bigint): number {
  const top = Number(value >> 112n);
  if (top >> 6 === 0xfe80 >> 6) return 64;
  if (top >> 9 === 0xfc00 >> 9) return 8;
  if (top >> 8 === 0xff) return 96;
  return 3;
}

function otherV6(ip: string, key: Buffer): string {
  const value = v6Value(ip);
  // An IPv4 address in the words of IPv6.
  if (value >> 32n === 0xffffn) return `::ffff:${otherV4(v4Text(value & 0xffffffffn), key)}`;
  return v6Text(turned(value, 128, v6Kept(value), key));
}

/** Another address of the same kind. */
export function otherAddress(ip: string, key: Buffer): string {
  if (isCommon(ip)) return ip;
  return isIP(ip) === 4 ? otherV4(ip, key) : otherV6(ip, key);
}

/** Groups stay groups, addresses that were given by hand stay that; everything else is another. */
export function otherMac(mac: string, key: Buffer): string {
  const hex = mac.toLowerCase().replace(/[^0-9a-f]/g, '');
  if (hex === 'ffffffffffff' || hex === '000000000000') return mac.toLowerCase();
  const hash = createHmac('sha256', key).update(`mac:${hex}`).digest();
  const first = (hash[0] & 0xfc) | (Number.parseInt(hex.slice(0, 2), 16) & 3);
  return [first, ...hash.subarray(1, 6)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** The address as everybody writes it, so that two ways of writing it are one. */
export function plainAddress(text: string): string {
  return isIP(text) === 6 ? v6Text(v6Value(text)) : text;
}
