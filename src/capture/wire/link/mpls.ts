// MPLS label stack (RFC 3032), with what follows it by heuristic: IP, or Ethernet with or without a control word (RFC 4448).

import { net, type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import { byEtherType, type Header } from '../tables.ts';
import { readEtherType } from './ether-types.ts';

const truncated = problemCode('mpls.truncated');

//  |            label, 20 bits             | class |S|     ttl       |   … until S, bottom of stack, is 1

/** Walks to the bottom of the stack. The stack itself does not name its payload: the first nibble does. */
export function readMpls(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  let next = at;
  do {
    if (end - next < 4) {
      setProblem(p, truncated, at, next + 4 - at, end - at);
      return verdict.noFlow;
    }
    next += 4;
  } while ((b[next - 2] & 1) === 0);
  if (p.level === 0 && p.mplsLabel < 0) p.mplsLabel = (b[at] << 12) | (b[at + 1] << 4) | (b[at + 2] >>> 4);
  return readBehindStack(p, next, end);
}

function readBehindStack(p: Packet, at: number, end: number): number {
  if (at >= end) return verdict.noFlow;
  const b = p.bytes;
  const nibble = b[at] >>> 4;
  const looksIp = nibble === 4 ? (b[at] & 15) >= 5 : nibble === 6;
  if (looksIp && !(isIpTooLong(p, at, end, nibble) && isEthernet(p, at, end))) {
    return readEtherType(p, nibble === 4 ? 0x0800 : 0x86dd, at, end);
  }
  // A control word begins with a zero nibble; so do many MAC addresses, hence the second look without one.
  if (nibble === 0 && isEthernet(p, at + 4, end)) return readEtherType(p, 0x6558, at + 4, end);
  if (isEthernet(p, at, end)) return readEtherType(p, 0x6558, at, end);
  if (p.level === 0) p.net = net.other;
  return verdict.noFlow;
}

/** True when an IP length exceeds what is here and was not cut: more likely a MAC address that begins with 4 or 6. */
function isIpTooLong(p: Packet, at: number, end: number, version: number): boolean {
  const b = p.bytes;
  if (end - at < 8 || p.end - p.at < p.wireLen) return false;
  const length = version === 4 ? (b[at + 2] << 8) | b[at + 3] : 40 + ((b[at + 4] << 8) | b[at + 5]);
  return length > end - at;
}

/** True when an Ethernet header with a type we know, or a fitting 802.3 length with LLC, is at `at`. */
function isEthernet(p: Packet, at: number, end: number): boolean {
  const b = p.bytes;
  if (end - at < 17) return false;
  const type = (b[at + 12] << 8) | b[at + 13];
  if (type >= 0x0600) return byEtherType[type] !== 0;
  return type >= 3 && type <= end - at - 14 && (b[at + 16] & 3) === 3;
}

export const mpls: Header = {
  name: 'mpls',
  title: 'MPLS label stack',
  standard: 'RFC 3032, RFC 4448',
  after: { etherType: [0x8847, 0x8848], pppProtocol: [0x0281, 0x0283] },
  read: readMpls,
};
