// The decoded view of one frame: offsets and numbers, no objects, reused for every packet.

/** Network layer found, as counted under `protocols.link`. */
export const net = { none: 0, ipv4: 4, ipv6: 6, arp: 1, other: 2 } as const;

/** How decoding of a level ended. */
export const verdict = {
  /** A level is complete: addresses and, where there are any, ports are set; nothing is inside that we look into. */
  leaf: 0,
  /** A level is complete and a tunnel payload begins at `innerAt`: count this level, then call decodeInner. */
  tunnel: 1,
  /** No IP level in this frame (ARP, LLC, an unknown link type …): nothing to make a flow of. */
  noFlow: 2,
} as const;

/** TCP flag bits as on the wire (RFC 9293 §3.1); NS/AE is bit 8. */
export const tcpFlag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128, ae: 256 } as const;

/**
 * One frame and the level that was decoded last. All offsets are absolute positions in `bytes`; -1 means absent.
 * Fields of one level stay valid until the next decode call. Everything is a number, so one hidden class serves all.
 */
export class Packet {
  // --- the frame -----------------------------------------------------------------------------------------------
  bytes: Uint8Array = new Uint8Array(0);
  /** First byte of the frame. */
  at = 0;
  /** One past the last captured byte. */
  end = 0;
  /** Length on the wire, bytes, link header included. */
  wireLen = 0;
  /** Whole microseconds since the epoch. */
  timeUs = 0.5;
  /** Packet number in the input, from 1. */
  number = 0.5;
  linkType = 0;
  iface = 0;

  // --- link ----------------------------------------------------------------------------------------------------
  /** One of `net`, of the innermost recognised network layer tag of the outermost level. */
  net = 0;
  /** EtherType (or the equivalent) that selected the network layer; -1 when the link has none. */
  etherType = -1;
  /** Offset of the 6-byte source and destination MAC address; -1 when the link has none. */
  srcMacAt = -1;
  dstMacAt = -1;
  /** Number of VLAN tags, and the outermost and innermost VLAN id (-1 when untagged). */
  vlanTags = 0;
  vlanOuter = -1;
  vlanInner = -1;
  /** Top MPLS label, -1 when none. */
  mplsLabel = -1;
  /** PPPoE session id, -1 when none. */
  pppoeSession = -1;

  // --- network (the level decoded last) --------------------------------------------------------------------------
  /** Nesting level: 0 for the outermost IP header of the frame. */
  level = 0;
  /** 4, 6, or 0 when there is no IP header. */
  ipVersion = 0;
  l3At = -1;
  /** One past the last byte of the IP datagram that was captured: min(end, l3At + ipLen). */
  l3End = -1;
  /** Length of the IP datagram from its header (IPv6: 40 + payload length), bytes; wire bytes when it is 0 by offload. */
  ipLen = 0;
  ttl = 0;
  /** DSCP and ECN byte. */
  tos = 0;
  /** Payload protocol after all extension headers (IANA number); -1 when there is no IP header. */
  proto = -1;
  /** Address words as signed 32-bit integers in network order; IPv4 uses word 0, the others are 0. */
  src0 = 0;
  src1 = 0;
  src2 = 0;
  src3 = 0;
  dst0 = 0;
  dst1 = 0;
  dst2 = 0;
  dst3 = 0;
  /** Fragment: 1 when the datagram is one, with offset in bytes, more-fragments bit and identification. */
  isFragment = 0;
  fragOffset = 0;
  moreFragments = 0;
  fragId = 0;

  // --- transport (the level decoded last) ------------------------------------------------------------------------
  l4At = -1;
  /** 1 when the transport header was complete and sound: ports, flags, icmp fields below are valid. */
  l4Ok = 0;
  srcPort = 0;
  dstPort = 0;
  tcpFlags = 0;
  /** Unsigned 32 bits, kept as a signed integer; use >>> 0. */
  seq = 0;
  ack = 0;
  window = 0;
  /** Offset of the first option byte is l4At + 20. */
  tcpHeaderLen = 0;
  icmpType = 0;
  icmpCode = 0;
  /** First payload byte, and payload length in bytes as the headers say (not as captured). */
  payloadAt = -1;
  payloadLen = 0;
  /** One past the last captured payload byte: never beyond l3End. */
  payloadEnd = -1;

  // --- flow key of this level, set by orderKey of analysis/flows --------------------------------------------------
  /** 0 when the packet goes from the lower to the higher endpoint, 1 the other way. */
  keyDir = 0;
  keyLow = 0;
  keyHigh = 0;
  keyPorts = 0;
  keyKind = 0;
  keyHash = 0;

  // --- tunnel inside this level ----------------------------------------------------------------------------------
  /** Where the inner header begins and how to read it (an index that only the wire room interprets). */
  innerAt = -1;
  innerAs = 0;
  /** Tunnel identifier (VNI, GRE key, TEID, GENEVE VNI), -1 when none. */
  tunnelId = -1;

  // --- problem ---------------------------------------------------------------------------------------------------
  /** Number from problems.ts, 0 when none; the first problem of the frame is kept. */
  problem = 0;
  /** Offset of the layer from the start of the frame. */
  problemAt = 0;
  problemNeed = 0;
  problemHave = 0;
}

/** Records the first problem of a frame; later ones are consequences and are not kept. */
export function setProblem(p: Packet, code: number, layerAt: number, need: number, have: number): void {
  if (p.problem !== 0) return;
  p.problem = code;
  p.problemAt = layerAt - p.at;
  p.problemNeed = need;
  p.problemHave = have;
}

/** Gives `to` the problem of `from`. */
export function copyProblem(from: Packet, to: Packet): void {
  to.problem = from.problem;
  to.problemAt = from.problemAt;
  to.problemNeed = from.problemNeed;
  to.problemHave = from.problemHave;
}
