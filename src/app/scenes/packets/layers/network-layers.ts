// IPv4 and IPv6 with what follows their fixed header.

import { formatAddress, ipProtoName, type Packet } from '../../../../core/index.ts';
import type { PacketLayer } from '../../../../screens/api/index.ts';
import { hexNumber } from './link-layers.ts';

type Fields = [name: string, value: string][];

const protocolText = (proto: number): string => `${proto} ${ipProtoName(proto)}`;
const u16 = (b: Uint8Array, at: number): number => (b[at] << 8) | b[at + 1];

/** `p` holds a level with an IP header. */
export function networkLayers(p: Packet): PacketLayer[] {
  return p.ipVersion === 4 ? [ipv4Layer(p)] : ipv6Layers(p);
}

function addresses(p: Packet): Fields {
  return [
    ['Source', formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3)],
    ['Destination', formatAddress(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3)],
  ];
}

const serviceText = (tos: number): string => `DSCP ${tos >>> 2}, ECN ${tos & 3}`;

function ipv4Layer(p: Packet): PacketLayer {
  const { bytes: b, l3At: at } = p;
  const headerBytes = (b[at] & 15) * 4;
  const word = u16(b, at + 6);
  const flags = [(word & 0x4000) !== 0 ? 'do not fragment' : '', (word & 0x2000) !== 0 ? 'more fragments' : ''];
  const fields: Fields = [
    ['Version', '4'],
    ['Header length', `${headerBytes} bytes`],
    ['Service', serviceText(b[at + 1])],
    ['Total length', String(u16(b, at + 2))],
    ['Identification', hexNumber(u16(b, at + 4), 4)],
    ['Flags', flags.filter((flag) => flag !== '').join(', ') || 'none'],
    ['Fragment offset', String((word & 0x1fff) * 8)],
    ['Time to live', String(b[at + 8])],
    ['Protocol', protocolText(b[at + 9])],
    ['Checksum', hexNumber(u16(b, at + 10), 4)],
    ...addresses(p),
  ];
  if (headerBytes > 20) fields.push(['Options', `${headerBytes - 20} bytes`]);
  return { name: 'IPv4', from: at, to: Math.min(p.end, at + headerBytes), fields };
}

function ipv6Layers(p: Packet): PacketLayer[] {
  const { bytes: b, l3At: at } = p;
  const fields: Fields = [
    ['Version', '6'],
    ['Service', serviceText(p.tos)],
    ['Flow label', hexNumber(((b[at + 1] & 15) << 16) | u16(b, at + 2), 5)],
    ['Payload length', String(u16(b, at + 4))],
    ['Next header', protocolText(b[at + 6])],
    ['Hop limit', String(b[at + 7])],
    ...addresses(p),
  ];
  const layers: PacketLayer[] = [{ name: 'IPv6', from: at, to: at + 40, fields }];
  const more: Fields = [['Next header', protocolText(p.proto)]];
  if (p.isFragment === 1) {
    more.push(['Fragment offset', String(p.fragOffset)], ['More fragments', p.moreFragments === 1 ? 'yes' : 'no']);
    more.push(['Identification', hexNumber(p.fragId >>> 0, 8)]);
  }
  if (p.l4At > at + 40) layers.push({ name: 'IPv6 extensions', from: at + 40, to: p.l4At, fields: more });
  return layers;
}
