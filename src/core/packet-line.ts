// What the console says of one packet: the little that a printed line needs, as one reused record of numbers.

export class PacketLine {
  number = 0;
  timeUs = 0;
  /** Bytes on the wire. */
  wireLen = 0;
  /** 4 or 6, or 0 when the frame has no IP header. */
  ipVersion = 0;
  src0 = 0;
  src1 = 0;
  src2 = 0;
  src3 = 0;
  dst0 = 0;
  dst1 = 0;
  dst2 = 0;
  dst3 = 0;
  /** Protocol of the outermost IP header's payload, -1 when there is no IP header. */
  proto = -1;
  /** -1 when the link has none. */
  etherType = -1;
  srcPort = 0;
  dstPort = 0;
  tcpFlags = 0;
  /** MAC addresses, source first; `hasMac` false when the link has none. */
  readonly mac = new Uint8Array(12);
  hasMac = false;
}
