// Linux cooked captures, versions 1 and 2 (LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2).

import { net, type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { readEtherType } from './ether-types.ts';
import { readLlc } from './llc.ts';

const truncated = problemCode('linux-sll.truncated');
const truncated2 = problemCode('linux-sll2.truncated');

/** ARPHRD_NETLINK: the protocol field is a netlink family. */
const netlinkDevice = 824;

//  SLL    | packet type | device type | address length | address, 8 bytes | protocol |
//  SLL2   | protocol | zero | interface, 4 bytes | device type | packet type, 1 | address length, 1 | address, 8 bytes |

function readSll(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 16) {
    setProblem(p, truncated, at, 16, end - at);
    return verdict.noFlow;
  }
  if (b[at + 4] === 0 && b[at + 5] === 6) p.srcMacAt = at + 6;
  return readProtocol(p, (b[at + 2] << 8) | b[at + 3], (b[at + 14] << 8) | b[at + 15], at + 16, end);
}

function readSll2(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 20) {
    setProblem(p, truncated2, at, 20, end - at);
    return verdict.noFlow;
  }
  if (b[at + 11] === 6) p.srcMacAt = at + 12;
  return readProtocol(p, (b[at + 8] << 8) | b[at + 9], (b[at] << 8) | b[at + 1], at + 20, end);
}

/** Numbers below 0x600 are Linux's own: 4 is 802.2 LLC, the others (Novell 802.3, CAN …) have no IP in them. */
function readProtocol(p: Packet, device: number, protocol: number, at: number, end: number): number {
  p.net = net.other;
  if (device === netlinkDevice) return verdict.noFlow;
  if (protocol >= 0x0600) return readEtherType(p, protocol, at, end);
  return protocol === 4 ? readLlc(p, at, end) : verdict.noFlow;
}

export const linuxSll: Header = {
  name: 'linux-sll',
  title: 'Linux cooked capture',
  standard: 'LINKTYPE_LINUX_SLL',
  after: { linkType: [113] },
  read: readSll,
};

export const linuxSll2: Header = {
  name: 'linux-sll2',
  title: 'Linux cooked capture, version 2',
  standard: 'LINKTYPE_LINUX_SLL2',
  after: { linkType: [276] },
  read: readSll2,
};
