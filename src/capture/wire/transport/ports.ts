// What is left of a transport header that the capture or its container cut: the ports, when 4 bytes are there.

import { type Packet, setProblem, verdict } from '../../../core/packet.ts';

/**
 * Notes why a header of `need` bytes is incomplete and fills the ports when they were captured: `l4Ok` becomes 2, ports
 * only. A header that does not fit the IP datagram is a `length` problem, one that does not fit the capture `truncated`.
 */
export function readCutPorts(
  p: Packet,
  at: number,
  end: number,
  need: number,
  truncated: number,
  length: number,
): number {
  const b = p.bytes;
  const said = p.l3At + p.ipLen - at;
  p.payloadAt = end;
  p.payloadEnd = end;
  if (said < need) {
    setProblem(p, length, at, need, said);
  } else {
    setProblem(p, truncated, at, need, end - at);
    p.payloadLen = said - need;
  }
  if (end - at >= 4) {
    p.l4At = at;
    p.l4Ok = 2;
    p.srcPort = (b[at] << 8) | b[at + 1];
    p.dstPort = (b[at + 2] << 8) | b[at + 3];
  }
  return verdict.leaf;
}
