// The packet that an ICMP error quotes (RFC 792, RFC 4443 §3): who sent it, to whom, and its ports.

import { FlowSignal, ipProto, type Packet } from '../../../core/index.ts';

const unreachable4 = 3;
const exceeded4 = 11;
const unreachable6 = 1;
const exceeded6 = 3;

/** Whether a packet says that no program listens on a port. */
export function isPortUnreachable(p: Packet): boolean {
  if (p.proto === ipProto.icmp) return p.icmpType === unreachable4 && p.icmpCode === 3;
  return p.proto === ipProto.icmpv6 && p.icmpType === unreachable6 && p.icmpCode === 4;
}

/** Whether a packet says that another has travelled too far. */
export function isTimeExceeded(p: Packet): boolean {
  if (p.icmpCode !== 0) return false;
  return p.proto === ipProto.icmp ? p.icmpType === exceeded4 : p.proto === ipProto.icmpv6 && p.icmpType === exceeded6;
}

const quoted = new FlowSignal();

/** The quoted packet as a flow's signal, reused; null when it is cut short or was not sent by who gets the error. */
export function readQuoted(p: Packet): FlowSignal | null {
  if (p.l4Ok === 0 || p.payloadAt < 0) return null;
  const portsAt = p.ipVersion === 4 ? readIpv4(p) : readIpv6(p);
  if (portsAt < 0 || portsAt + 4 > p.payloadEnd) return null;
  if (quoted.o0 !== p.dst0 || quoted.o1 !== p.dst1 || quoted.o2 !== p.dst2 || quoted.o3 !== p.dst3) return null;
  const b = p.bytes;
  quoted.ipVersion = p.ipVersion;
  quoted.oPort = (b[portsAt] << 8) | b[portsAt + 1];
  quoted.rPort = (b[portsAt + 2] << 8) | b[portsAt + 3];
  quoted.timeUs = p.timeUs;
  quoted.firstUs = p.timeUs;
  quoted.packet = p.number;
  quoted.firstPacket = p.number;
  return quoted;
}

function readIpv4(p: Packet): number {
  const b = p.bytes;
  const at = p.payloadAt;
  if (at + 20 > p.payloadEnd || b[at] >> 4 !== 4) return -1;
  quoted.proto = b[at + 9];
  quoted.o0 = wordAt(b, at + 12);
  quoted.r0 = wordAt(b, at + 16);
  quoted.o1 = quoted.o2 = quoted.o3 = quoted.r1 = quoted.r2 = quoted.r3 = 0;
  return at + (b[at] & 15) * 4;
}

function readIpv6(p: Packet): number {
  const b = p.bytes;
  const at = p.payloadAt;
  if (at + 40 > p.payloadEnd || b[at] >> 4 !== 6) return -1;
  quoted.proto = b[at + 6];
  quoted.o0 = wordAt(b, at + 8);
  quoted.o1 = wordAt(b, at + 12);
  quoted.o2 = wordAt(b, at + 16);
  quoted.o3 = wordAt(b, at + 20);
  quoted.r0 = wordAt(b, at + 24);
  quoted.r1 = wordAt(b, at + 28);
  quoted.r2 = wordAt(b, at + 32);
  quoted.r3 = wordAt(b, at + 36);
  return at + 40;
}

function wordAt(b: Uint8Array, at: number): number {
  return (b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3];
}
