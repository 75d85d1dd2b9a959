// Who began a conversation whose first packet is this one (detection.md §1.0); a handshake seen later decides anew.

import { ipProto, type Packet } from '../../core/index.ts';
import { isIcmpRequest, isOneWayIcmp } from './icmp-key.ts';
import { serverSide } from './ports.ts';

/** Index into originRules: the ports told, or who spoke first. */
export const byPorts = 1;
export const byFirst = 2;

/** Which rule tells the originator: {@link byPorts} where exactly one side uses a service's port. */
export function originRule(p: Packet): number {
  return hasPorts(p.proto) && serverSide(p.srcPort, p.dstPort) !== 0 ? byPorts : byFirst;
}

/** Whether the packet's source is the originator. */
export function isFromOriginator(p: Packet): boolean {
  if (hasPorts(p.proto)) return serverSide(p.srcPort, p.dstPort) >= 0;
  if (p.proto !== ipProto.icmp && p.proto !== ipProto.icmpv6) return true;
  // An answer whose question was not seen: the other side asked.
  return p.l4Ok === 0 || isOneWayIcmp(p) || isIcmpRequest(p.proto, p.icmpType);
}

function hasPorts(proto: number): boolean {
  return proto === ipProto.tcp || proto === ipProto.udp || proto === ipProto.sctp;
}
