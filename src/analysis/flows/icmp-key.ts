// What stands in the place of ports for ICMP: the type, and its counterpart or the code, as Community ID has it.

import { icmpCounterpart, ipProto, type Packet } from '../../core/index.ts';

/** Second "port": the type that answers, or the code where nothing answers. */
export function icmpSecond(p: Packet): number {
  const counterpart = icmpCounterpart(p.proto === ipProto.icmpv6 ? 6 : 4, p.icmpType);
  return counterpart >= 0 ? counterpart : p.icmpCode;
}

/** Whether nothing answers this type: such packets make a flow for each way. */
export function isOneWayIcmp(p: Packet): boolean {
  return icmpCounterpart(p.proto === ipProto.icmpv6 ? 6 : 4, p.icmpType) < 0;
}

/** Types that ask (echo, timestamp, information, mask, router and neighbour solicitation, multicast queries, node information). */
export function isIcmpRequest(proto: number, type: number): boolean {
  if (proto === ipProto.icmp) return type === 8 || type === 10 || type === 13 || type === 15 || type === 17;
  return type === 128 || type === 130 || type === 133 || type === 135 || type === 139 || type === 144;
}
