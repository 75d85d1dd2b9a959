// From an IP protocol number to the header it announces: TCP and UDP are called directly, others through the table.

import { type Packet, verdict } from '../../../core/packet.ts';
import { byIpProtocol, readers } from '../tables.ts';
import { readTcp } from '../transport/tcp.ts';
import { readUdp } from '../transport/udp.ts';

/** Reads what follows the IP header and its extensions; `end` is `p.l3End`. Sets `p.proto`. */
export function readIpPayload(p: Packet, proto: number, at: number, end: number): number {
  p.proto = proto;
  if (p.isFragment !== 0) return readFragment(p, proto, at, end);
  if (proto === 6) return readTcp(p, at, end);
  if (proto === 17) return readUdp(p, at, end);
  return readOther(p, proto, at, end);
}

function readOther(p: Packet, proto: number, at: number, end: number): number {
  markPayload(p, at, end);
  const reader = byIpProtocol[proto];
  return reader === 0 ? verdict.leaf : readers[reader](p, at, end);
}

/** Everything behind the IP header is payload, until a transport header says otherwise. */
function markPayload(p: Packet, at: number, end: number): void {
  const said = p.l3At + p.ipLen - at;
  p.payloadAt = Math.min(at, end);
  p.payloadEnd = end;
  p.payloadLen = Math.max(said, 0);
}

/**
 * Only the first fragment has a transport header, and it counts only when it is whole: a cut one is not a problem here,
 * reassembly will show it. A tunnel is opened in the reassembled datagram, never in a fragment.
 */
function readFragment(p: Packet, proto: number, at: number, end: number): number {
  markPayload(p, at, end);
  if (p.fragOffset !== 0) return verdict.leaf;
  const problemBefore = p.problem;
  if (proto === 6) readTcp(p, at, end);
  else if (proto === 17) readUdp(p, at, end);
  else if (byIpProtocol[proto] !== 0) readers[byIpProtocol[proto]](p, at, end);
  p.innerAt = -1;
  p.innerAs = 0;
  p.tunnelId = -1;
  if (p.l4Ok === 1) return verdict.leaf;
  p.problem = problemBefore;
  p.l4At = -1;
  p.l4Ok = 0;
  p.srcPort = 0;
  p.dstPort = 0;
  p.tcpFlags = 0;
  p.icmpType = 0;
  p.icmpCode = 0;
  markPayload(p, at, end);
  return verdict.leaf;
}
