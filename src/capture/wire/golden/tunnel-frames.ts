// Golden frames of the tunnels, and of traffic on their ports that is none. All come as raw IPv4.

import { verdict } from '../../../core/packet.ts';
import { be16, be32, ethernet, hex, ipv4, ipv6, plainTcp, plainUdp6, udp, vlan } from './build.ts';
import type { GoldenFrame, Said } from './expectation.ts';

const { leaf, tunnel, noFlow } = verdict;
const tcpInside: Said = { level: 1, ipVersion: 4, proto: 6, srcPort: 40000, dstPort: 443, payloadLen: 5, l4Ok: 1 };

function opens(name: string, bytes: readonly number[], first: Said = {}, last: Said = {}): GoldenFrame {
  return { name, linkType: 228, bytes, verdicts: [tunnel, leaf], first, last: { ...tcpInside, ...last } };
}

/** Ordinary traffic on a tunnel's port: a leaf, and no problem. */
function staysShut(name: string, port: number, payload: readonly number[]): GoldenFrame {
  const last = { level: 0, proto: 17, dstPort: port, innerAt: -1, tunnelId: -1, l4Ok: 1, payloadLen: payload.length };
  return { name, linkType: 228, bytes: ipv4(17, udp(9999, port, payload)), verdicts: [leaf], last };
}

const frame = ethernet(0x0800, plainTcp);
const gre = (flags: number, version: number, protocol: number, rest: readonly number[]) =>
  ipv4(47, [flags, version, ...be16(protocol), ...rest]);
const over = (port: number, payload: readonly number[]) => ipv4(17, udp(50000, port, payload));
const vni = [0x12, 0x34, 0x56, 0];
const teredoAddress = patchTeredo();
const dns = hex('1a2b 0100 0001 0000 0000 0000 03 777777 07 6578616d706c65 03 636f6d 00 0001 0001');

/** The plain IPv6 datagram with a Teredo source; its UDP checksum is not the point here. */
function patchTeredo(): number[] {
  const bytes = [...plainUdp6];
  bytes.splice(8, 4, 0x20, 1, 0, 0);
  return bytes;
}

function nested(times: number): number[] {
  let bytes = [...plainTcp];
  for (let i = 0; i < times; i++) bytes = ipv4(4, bytes);
  return bytes;
}

export const tunnelFrames: readonly GoldenFrame[] = [
  opens('ipip', ipv4(4, plainTcp), { proto: 4, payloadAt: 20, payloadLen: 45, level: 0 }, { l3At: 20 }),
  opens(
    '6in4',
    ipv4(41, plainUdp6),
    { proto: 41 },
    { ipVersion: 6, proto: 17, srcPort: 5353, dstPort: 53, payloadLen: 3 },
  ),
  opens('etherip', ipv4(97, [0x30, 0, ...frame])),
  opens('mpls in ip', ipv4(137, [0, 1, 0x01, 64, ...plainTcp])),
  opens('pim register', ipv4(103, [0x21, 0, 0, 0, 0, 0, 0, 0, ...plainTcp]), { proto: 103 }),
  {
    name: 'pim null register',
    linkType: 228,
    bytes: ipv4(103, [0x21, 0, 0, 0, 0x40, 0, 0, 0, ...plainTcp]),
    verdicts: [leaf],
    last: { level: 0, proto: 103, l4Ok: 1, innerAt: -1 },
  },
  {
    name: 'pim hello',
    linkType: 228,
    bytes: ipv4(103, [0x20, 0, 0, 0, 0, 1, 0, 2, 0, 105]),
    verdicts: [leaf],
    last: { level: 0, proto: 103, l4Ok: 1, innerAt: -1, payloadLen: 6 },
  },
  opens('gre', gre(0, 0, 0x0800, plainTcp), { proto: 47, tunnelId: -1, payloadAt: 24, l4At: 20 }),
  opens('gre, checksum, key, sequence', gre(0xb0, 0, 0x0800, [0, 0, 0, 0, ...be32(7), ...be32(1), ...plainTcp]), {
    tunnelId: 7,
    payloadAt: 36,
  }),
  opens('gre, routing', gre(0x40, 0, 0x0800, [0, 0, 0, 0, 0, 2, 0, 2, 9, 9, 0, 0, 0, 0, ...plainTcp])),
  opens(
    'nvgre',
    gre(0x20, 0, 0x6558, [0, 0x10, 0, 0, ...frame]),
    { tunnelId: 0x00100000 },
    { etherType: -1, srcMacAt: -1 },
  ),
  opens('gre, mpls', gre(0, 0, 0x8847, [0, 1, 0x01, 64, ...plainTcp])),
  opens('gre, vlan', gre(0, 0, 0x6558, ethernet(0x8100, vlan(5, 0x0800, plainTcp))), {}, { vlanTags: 0 }),
  opens(
    'pptp',
    gre(0x30, 0x81, 0x880b, [...be16(49), ...be16(17), ...be32(1), ...be32(2), 0xff, 3, 0, 0x21, ...plainTcp]),
    { tunnelId: 17 },
  ),
  {
    name: 'pptp acknowledgment',
    linkType: 228,
    bytes: gre(0x20, 0x81, 0x880b, [0, 0, 0, 17, ...be32(2)]),
    verdicts: [leaf],
    last: { tunnelId: 17, proto: 47 },
  },
  { name: 'gre, cdp', linkType: 228, bytes: gre(0, 0, 0x2000, [1, 2, 3]), verdicts: [leaf], last: { payloadLen: 3 } },
  {
    name: 'gre, version 3',
    linkType: 228,
    bytes: gre(0, 3, 0x0800, plainTcp),
    verdicts: [leaf],
    last: { l4Ok: 0 },
    problem: 'gre.version',
  },
  {
    name: 'gre, key beyond the datagram',
    linkType: 228,
    bytes: gre(0x20, 0, 0x0800, []),
    verdicts: [leaf],
    last: { l4Ok: 0 },
    problem: 'gre.length',
  },
  {
    name: 'gre, arp inside',
    linkType: 228,
    bytes: gre(0, 0, 0x6558, ethernet(0x0806, new Array(28).fill(1))),
    verdicts: [tunnel, noFlow],
    last: { net: 4, ipVersion: 0, level: 1 },
  },
  opens('erspan i', gre(0, 0, 0x88be, frame)),
  opens('erspan ii', gre(0x10, 0, 0x88be, [...be32(1), 0x10, 1, 0, 0x64, ...be32(0), ...frame]), { tunnelId: 100 }),
  opens('erspan iii', gre(0x10, 0, 0x22eb, [...be32(1), 0x20, 1, 0, 5, ...be32(0), 0, 0, 0, 0, ...frame]), {
    tunnelId: 5,
  }),
  opens(
    'erspan iii with platform header',
    gre(0x10, 0, 0x22eb, [...be32(1), 0x20, 1, 0, 5, ...be32(0), 0, 0, 0, 1, ...new Array(8).fill(0), ...frame]),
  ),
  opens('wccp', gre(0, 0, 0x883e, [0, 0x32, 0, 0, ...plainTcp])),
  opens('vxlan', over(4789, [8, 0, 0, 0, ...vni, ...frame]), { tunnelId: 0x123456, dstPort: 4789 }),
  opens('vxlan with policy', over(8472, [0x88, 0x40, 0, 9, ...vni, ...frame]), { tunnelId: 0x123456 }),
  opens('vxlan-gpe on the vxlan port', over(4789, [0x0c, 0, 0, 3, ...vni, ...frame]), { tunnelId: 0x123456 }),
  opens('ethernet in ip', ipv4(143, frame)),
  opens('gre in udp', over(4754, [0x20, 0, 8, 0, ...be32(7), ...plainTcp]), { tunnelId: 7, l4At: 20, dstPort: 4754 }),
  staysShut('dns on the gre port', 4754, dns),
  opens('vxlan-gpe', over(4790, [0x0c, 0, 0, 1, ...vni, ...plainTcp]), { tunnelId: 0x123456 }),
  opens('geneve', over(6081, [2, 0, 0x65, 0x58, ...vni, 1, 2, 3, 1, 9, 9, 9, 9, ...frame]), { tunnelId: 0x123456 }),
  opens('gtp-u', over(2152, [0x30, 0xff, ...be16(plainTcp.length), ...be32(0x77), ...plainTcp]), { tunnelId: 0x77 }),
  opens(
    'gtp-u with extension',
    over(2152, [0x34, 0xff, ...be16(plainTcp.length + 8), ...be32(0x77), 0, 0, 0, 0x85, 1, 0, 9, 0, ...plainTcp]),
    { tunnelId: 0x77 },
  ),
  opens(
    'teredo',
    over(3544, teredoAddress),
    {},
    { ipVersion: 6, proto: 17, srcPort: 5353, dstPort: 53, payloadLen: 3 },
  ),
  opens(
    'teredo, authentication and origin',
    over(3544, [0, 1, 1, 1, 5, 6, ...new Array(9).fill(0), 0, 0, 1, 2, 3, 4, 5, 6, ...teredoAddress]),
    {},
    { ipVersion: 6, proto: 17, srcPort: 5353, dstPort: 53, payloadLen: 3 },
  ),
  opens('l2tp', over(1701, [0x00, 2, 0, 1, 0, 2, 0xff, 3, 0, 0x21, ...plainTcp]), { tunnelId: 0x00010002 }),
  opens(
    'l2tp, length, sequence, offset',
    over(1701, [0x4a, 2, ...be16(16 + 2 + plainTcp.length), 0, 1, 0, 2, 0, 0, 0, 0, 0, 2, 9, 9, 0, 0x21, ...plainTcp]),
  ),
  staysShut('dns on the vxlan port', 4789, dns),
  staysShut('dns on the other vxlan port', 8472, dns),
  staysShut('dns on the vxlan-gpe port', 4790, dns),
  staysShut('dns on the geneve port', 6081, dns),
  staysShut('dns on the gtp-u port', 2152, dns),
  staysShut('dns on the teredo port', 3544, dns),
  staysShut('dns on the l2tp port', 1701, dns),
  staysShut('gtp-u echo', 2152, [0x32, 1, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0]),
  staysShut('l2tp control', 1701, [0xc8, 2, 0, 12, 0, 1, 0, 0, 0, 0, 0, 0]),
  staysShut('ipv6 elsewhere on the teredo port', 3544, ipv6(59, []).fill(0x3f, 8, 40)),
  staysShut('udp-encapsulated esp', 4500, hex('00000101 00000001 aabbccdd')),
  {
    name: 'seven levels inside',
    linkType: 228,
    bytes: nested(7),
    verdicts: [...new Array(7).fill(tunnel), leaf],
    last: { level: 7, dstPort: 443 },
  },
  {
    name: 'eight levels inside',
    linkType: 228,
    bytes: nested(8),
    verdicts: [...new Array(8).fill(tunnel), noFlow],
    last: { level: 7, ipVersion: 0 },
    problem: 'tunnel.depth',
  },
];
