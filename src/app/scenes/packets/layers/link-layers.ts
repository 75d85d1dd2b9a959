// Layers below IP: Ethernet with its tags, ARP, and other links by their name.

import { formatIpv4, formatMac, linkTypeName, net, type Packet } from '../../../../core/index.ts';
import type { PacketLayer } from '../../../../screens/api/index.ts';

type Fields = [name: string, value: string][];

const etherTypes: Readonly<Record<number, string>> = {
  2048: 'IPv4',
  2054: 'ARP',
  33024: 'VLAN',
  34525: 'IPv6',
  34958: 'EAPOL',
  34984: 'VLAN (802.1ad)',
  34887: 'MPLS',
  34916: 'PPPoE',
  35020: 'LLDP',
};

export const hexNumber = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;

const u16 = (b: Uint8Array, at: number): number => (b[at] << 8) | b[at + 1];

const isTag = (type: number): boolean => [0x8100, 0x88a8, 0x9100, 0x9200].includes(type);

function typeText(type: number): string {
  if (type < 0x0600) return `${type} bytes (IEEE 802.3)`;
  const name = etherTypes[type];
  return name === undefined ? hexNumber(type, 4) : `${hexNumber(type, 4)} ${name}`;
}

/** `p` holds the outermost level. */
export function linkLayers(p: Packet): PacketLayer[] {
  const layers = p.linkType === 1 ? ethernetLayers(p) : otherLink(p);
  if (p.net === net.arp && p.l3At >= 0) layers.push(arpLayer(p));
  return layers;
}

function otherLink(p: Packet): PacketLayer[] {
  const to = p.l3At >= 0 ? p.l3At : p.end;
  if (to <= p.at) return [];
  return [{ name: linkTypeName(p.linkType), from: p.at, to, fields: [['Bytes', String(to - p.at)]] }];
}

function ethernetLayers(p: Packet): PacketLayer[] {
  const { bytes: b, at, end } = p;
  if (end - at < 14) return [];
  let type = u16(b, at + 12);
  const fields: Fields = [
    ['Destination', formatMac(b, at)],
    ['Source', formatMac(b, at + 6)],
    ['Type', typeText(type)],
  ];
  const layers: PacketLayer[] = [{ name: 'Ethernet', from: at, to: at + 14, fields }];
  let next = at + 14;
  while (isTag(type) && end - next >= 4) {
    const tag = u16(b, next);
    type = u16(b, next + 2);
    const tagFields: Fields = [
      ['VLAN', String(tag & 0xfff)],
      ['Priority', String(tag >>> 13)],
      ['Type', typeText(type)],
    ];
    layers.push({ name: 'VLAN', from: next, to: next + 4, fields: tagFields });
    next += 4;
  }
  // MPLS, PPPoE, LLC and others: what they are is said by the type.
  if (p.l3At > next) layers.push({ name: 'link', from: next, to: p.l3At, fields: [['Bytes', String(p.l3At - next)]] });
  return layers;
}

const operations: Readonly<Record<number, string>> = {
  1: 'who has',
  2: 'is at',
  3: 'reverse request',
  4: 'reverse reply',
};

function arpLayer(p: Packet): PacketLayer {
  const { bytes: b, l3At: at, l3End } = p;
  const operation = u16(b, at + 6);
  const fields: Fields = [
    ['Operation', `${operation} ${operations[operation] ?? ''}`.trim()],
    ['Hardware type', String(u16(b, at))],
    ['Protocol type', typeText(u16(b, at + 2))],
  ];
  if (b[at + 4] === 6 && b[at + 5] === 4) {
    const ip = (from: number): string => formatIpv4((u16(b, from) << 16) | u16(b, from + 2));
    fields.push(['Sender MAC', formatMac(b, at + 8)], ['Sender IP', ip(at + 14)]);
    fields.push(['Target MAC', formatMac(b, at + 18)], ['Target IP', ip(at + 24)]);
  }
  return { name: 'ARP', from: at, to: l3End, fields };
}
