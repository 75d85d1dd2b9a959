// Protocol Independent Multicast: its Register messages are a tunnel to the rendezvous point (RFC 7761 §4.9.3).

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';
import { problemCode } from '../../../core/problems.ts';
import type { Header } from '../tables.ts';
import { openTunnel, plausibleIp } from './open-tunnel.ts';

const truncated = problemCode('pim.truncated');

/** Version 2 in the high half, type Register in the low one. */
const register = 0x21;

//  |version|  type |   reserved    |           checksum            |  0
//  |B|N|                  reserved (Register)                      |  4
//  |  multicast datagram (Register) …                              |  8

/** Reads the header; the datagram in a Register is a tunnel, unless it is the bare header of a Null-Register (N). */
function readPim(p: Packet, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 4) {
    setProblem(p, truncated, at, 4, end - at);
    return verdict.leaf;
  }
  p.l4At = at;
  p.l4Ok = 1;
  p.payloadAt = at + 4;
  p.payloadLen = p.l3At + p.ipLen - at - 4;
  if (b[at] !== register || end - at < 8 || (b[at + 4] & 0x40) !== 0) return verdict.leaf;
  const ip = plausibleIp(p, at + 8, end, p.payloadLen - 4);
  return ip === 0 ? verdict.leaf : openTunnel(p, at + 8, ip);
}

export const pim: Header = {
  name: 'pim',
  title: 'Protocol Independent Multicast',
  standard: 'RFC 7761 §4.9',
  after: { ipProtocol: [103] },
  read: readPim,
};
