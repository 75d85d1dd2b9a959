// The two lines the console promises to the letter: one per packet, one per source that sends too much.

import {
  asciiBytes,
  ipProtoName,
  type PacketLine,
  printable,
  writeAddress,
  writeBytes,
  writeHexByte,
  writeInteger,
  writeMac,
} from '../../core/index.ts';

const parts = {
  sourceIp: asciiBytes('Source IP: '),
  destinationIp: asciiBytes(', Destination IP: '),
  sourceMac: asciiBytes('Source MAC: '),
  destinationMac: asciiBytes(', Destination MAC: '),
  noMacs: asciiBytes('Source MAC: unknown, Destination MAC: unknown'),
  protocol: asciiBytes(', Protocol: '),
  length: asciiBytes(', Packet Length: '),
  end: asciiBytes(' bytes'),
  hex: asciiBytes('0x'),
  llc: asciiBytes('LLC'),
  unknown: asciiBytes('unknown'),
};

/** `6 (TCP)` for every number. */
const ipProtocols = Array.from({ length: 256 }, (_, number) => asciiBytes(`${number} (${ipProtoName(number)})`));

/** Names of EtherTypes (IANA "IEEE 802 Numbers") that carry no IP header or were cut before it. */
const etherTypes = new Map<number, Uint8Array>(
  (
    [
      [0x0800, 'IPv4'],
      [0x0806, 'ARP'],
      [0x0842, 'Wake-on-LAN'],
      [0x22f0, 'AVTP'],
      [0x22f3, 'TRILL'],
      [0x6003, 'DECnet'],
      [0x8035, 'RARP'],
      [0x809b, 'AppleTalk'],
      [0x80f3, 'AARP'],
      [0x8100, 'VLAN'],
      [0x8137, 'IPX'],
      [0x86dd, 'IPv6'],
      [0x8808, 'Ethernet flow control'],
      [0x8809, 'Slow Protocols'],
      [0x8847, 'MPLS'],
      [0x8848, 'MPLS multicast'],
      [0x8863, 'PPPoE Discovery'],
      [0x8864, 'PPPoE Session'],
      [0x887b, 'HomePlug'],
      [0x888e, 'EAPOL'],
      [0x8892, 'PROFINET'],
      [0x88a2, 'ATA over Ethernet'],
      [0x88a4, 'EtherCAT'],
      [0x88a8, 'QinQ'],
      [0x88ab, 'POWERLINK'],
      [0x88b8, 'GOOSE'],
      [0x88ba, 'Sampled Values'],
      [0x88cc, 'LLDP'],
      [0x88e1, 'HomePlug AV'],
      [0x88e3, 'MRP'],
      [0x88e5, 'MACsec'],
      [0x88e7, 'PBB'],
      [0x88f7, 'PTP'],
      [0x8902, 'CFM'],
      [0x8906, 'FCoE'],
      [0x8914, 'FIP'],
      [0x9000, 'Loopback'],
      [0x9100, 'QinQ'],
    ] as const
  ).map(([type, name]) => [type, asciiBytes(` (${name})`)]),
);

/** Protocol of a frame without an IP header: its EtherType, or LLC where the field is a length (IEEE 802.3). */
function writeLinkProtocol(out: Uint8Array, at: number, line: PacketLine): number {
  const type = line.etherType;
  if (type < 0x600) return writeBytes(out, at, line.hasMac || type >= 0 ? parts.llc : parts.unknown);
  at = writeBytes(out, at, parts.hex);
  at = writeHexByte(out, at, type >>> 8);
  at = writeHexByte(out, at, type & 255);
  const name = etherTypes.get(type);
  return name === undefined ? at : writeBytes(out, at, name);
}

/** Room that {@link writePacketLine} may need, bytes. */
export const packetLineBytes = 256;

/**
 * Writes the line of one packet and a line feed.
 *
 * @param out has {@link packetLineBytes} bytes of room from `at`.
 * @returns the position after the line.
 */
export function writePacketLine(out: Uint8Array, at: number, line: PacketLine): number {
  if (line.ipVersion !== 0) {
    at = writeBytes(out, at, parts.sourceIp);
    at = writeAddress(out, at, line.ipVersion, line.src0, line.src1, line.src2, line.src3);
    at = writeBytes(out, at, parts.destinationIp);
    at = writeAddress(out, at, line.ipVersion, line.dst0, line.dst1, line.dst2, line.dst3);
    at = writeBytes(out, at, parts.protocol);
    at = writeBytes(out, at, line.proto < 0 ? parts.unknown : ipProtocols[line.proto & 255]);
  } else {
    if (line.hasMac) {
      at = writeMac(out, writeBytes(out, at, parts.sourceMac), line.mac, 0);
      at = writeMac(out, writeBytes(out, at, parts.destinationMac), line.mac, 6);
    } else at = writeBytes(out, at, parts.noMacs);
    at = writeLinkProtocol(out, writeBytes(out, at, parts.protocol), line);
  }
  at = writeInteger(out, writeBytes(out, at, parts.length), line.wireLen);
  at = writeBytes(out, at, parts.end);
  out[at] = 0x0a;
  return at + 1;
}

const scratch = new Uint8Array(packetLineBytes);

/**
 * The line of one packet, without a line feed:
 * `Source IP: 192.168.1.1, Destination IP: 192.168.1.2, Protocol: 6 (TCP), Packet Length: 64 bytes`.
 */
export function seedPacketLine(line: PacketLine): string {
  const end = writePacketLine(scratch, 0, line) - 1;
  return String.fromCharCode.apply(null, scratch.subarray(0, end) as unknown as number[]); // any array-like does
}

/** `Anomaly Detected! IP 192.168.1.1 sent 120 packets.` */
export function anomalyLine(ip: string, packets: number): string {
  return `Anomaly Detected! IP ${printable(ip)} sent ${packets} packets.`;
}
