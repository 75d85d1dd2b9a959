// Golden frames of the link layers: each header of `link` carries a datagram once, and refuses once where it can.

import { net, verdict } from '../../../core/packet.ts';
import { be16, ethernet, hex, ipv4, le16, macs, plainTcp, plainUdp6, snap, tcp, vlan } from './build.ts';
import type { GoldenFrame, Said } from './expectation.ts';

const { leaf, noFlow } = verdict;
const tcpInside: Said = { ipVersion: 4, proto: 6, srcPort: 40000, dstPort: 443, l4Ok: 1, payloadLen: 5, net: net.ipv4 };
const udpInside: Said = { ipVersion: 6, proto: 17, srcPort: 5353, dstPort: 53, l4Ok: 1, payloadLen: 3, net: net.ipv6 };

function carries(name: string, linkType: number, bytes: readonly number[], more: Said = {}): GoldenFrame {
  return { name, linkType, bytes, verdicts: [leaf], last: { ...tcpInside, ...more } };
}

function carries6(name: string, linkType: number, bytes: readonly number[], more: Said = {}): GoldenFrame {
  return { name, linkType, bytes, verdicts: [leaf], last: { ...udpInside, ...more } };
}

function refuses(name: string, linkType: number, bytes: readonly number[], last: Said, problem?: string): GoldenFrame {
  const base = { name, linkType, bytes, verdicts: [noFlow], last: { ipVersion: 0, ...last } };
  return problem === undefined ? base : { ...base, problem };
}

const arpRequest = hex('0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002');
const frame = ethernet(0x0800, plainTcp);
const label = (number: number, isBottom: boolean) => [
  number >>> 12,
  (number >>> 4) & 255,
  ((number & 15) << 4) | (isBottom ? 1 : 0),
  64,
];
const wireless = (control: number, flags: number, extra: readonly number[], body: readonly number[]) => [
  ...[control, flags, 0, 0],
  ...hex('0a0000000001 0a0000000002 0a0000000003'),
  ...[0x10, 0],
  ...extra,
  ...body,
];
const snapTcp = snap(0x0800, plainTcp);
const pppoeHead = (code: number, size: number) => [0x11, code, 0x12, 0x34, ...be16(size)];
const padded60 = [...ethernet(0x0800, ipv4(6, tcp([]))), ...new Array(6).fill(0)];

export const linkFrames: readonly GoldenFrame[] = [
  carries('ethernet, ipv4', 1, frame, {
    dstMacAt: 0,
    srcMacAt: 6,
    etherType: 0x0800,
    l3At: 14,
    l4At: 34,
    payloadAt: 54,
  }),
  carries6('ethernet, ipv6', 1, ethernet(0x86dd, plainUdp6), { etherType: 0x86dd, l3At: 14, l4At: 54, payloadAt: 62 }),
  carries('ethernet padding is no payload', 1, padded60, { payloadLen: 0, payloadAt: 54, payloadEnd: 54, l3End: 54 }),
  refuses('arp', 1, ethernet(0x0806, arpRequest), { net: net.arp, etherType: 0x0806, l3At: 14, l3End: 42 }),
  refuses('arp, cut', 1, ethernet(0x0806, arpRequest.slice(0, 20)), { net: net.arp }, 'arp.truncated'),
  refuses('lldp', 1, ethernet(0x88cc, [2, 7, 4]), { net: net.other, etherType: 0x88cc }),
  refuses('ethernet, cut', 1, macs, { net: net.none }, 'ethernet.truncated'),
  refuses('802.3 with spanning tree', 1, ethernet(7, hex('42 42 03 00 00 00 00 00 00 00')), { net: net.other }),
  carries('802.3 with snap', 1, ethernet(snapTcp.length, snapTcp), { etherType: 0x0800, l3At: 22 }),
  carries('802.3 with ip sap', 1, ethernet(plainTcp.length + 3, [6, 6, 3, ...plainTcp])),
  refuses('802.3 length beyond the frame', 1, ethernet(1000, [0x42, 0x42, 3]), { net: net.other }, 'ethernet.length'),
  refuses('snap of another organization', 1, ethernet(10, hex('aaaa03 00000c 2000 0102')), { net: net.other }),
  carries('802.1q', 1, ethernet(0x8100, vlan(0x6064, 0x0800, plainTcp)), {
    vlanTags: 1,
    vlanOuter: 100,
    vlanInner: 100,
    etherType: 0x0800,
  }),
  carries6('802.1ad, 802.1q', 1, ethernet(0x88a8, vlan(200, 0x8100, vlan(7, 0x86dd, plainUdp6))), {
    vlanTags: 2,
    vlanOuter: 200,
    vlanInner: 7,
  }),
  carries('q-in-q 9100', 1, ethernet(0x9100, vlan(1, 0x8100, vlan(2, 0x0800, plainTcp))), {
    vlanOuter: 1,
    vlanInner: 2,
  }),
  carries('802.1q with snap', 1, ethernet(0x8100, vlan(5, snapTcp.length, snapTcp)), { vlanTags: 1 }),
  refuses('802.1q, cut', 1, ethernet(0x8100, [0, 5]), { vlanTags: 0, net: net.other }, 'vlan.truncated'),
  carries('mpls, ipv4', 1, ethernet(0x8847, [...label(16000, false), ...label(77, true), ...plainTcp]), {
    mplsLabel: 16000,
    etherType: 0x0800,
  }),
  carries6('mpls, ipv6', 1, ethernet(0x8847, [...label(2, true), ...plainUdp6]), { mplsLabel: 2 }),
  carries('mpls, ethernet with control word', 1, ethernet(0x8847, [...label(300, true), 0, 0, 0, 9, ...frame]), {
    mplsLabel: 300,
    dstMacAt: 0,
  }),
  carries('mpls, ethernet without control word', 1, ethernet(0x8847, [...label(300, true), ...frame]), {
    mplsLabel: 300,
    dstMacAt: 0,
    vlanTags: 0,
  }),
  refuses(
    'mpls without bottom',
    1,
    ethernet(0x8847, [...label(1, false), ...label(2, false)]),
    { net: net.other },
    'mpls.truncated',
  ),
  carries('pppoe session', 1, ethernet(0x8864, [...pppoeHead(0, plainTcp.length + 2), 0, 0x21, ...plainTcp]), {
    pppoeSession: 0x1234,
  }),
  carries(
    'pppoe session shorter than the datagram says',
    1,
    ethernet(0x8864, [...pppoeHead(0, plainTcp.length), 0, 0x21, ...plainTcp]),
    { payloadLen: 3, l3End: 22 + plainTcp.length - 2 },
  ),
  refuses('pppoe discovery', 1, ethernet(0x8863, [...pppoeHead(0x65, 4), 1, 1, 0, 0]), {
    pppoeSession: 0x1234,
    net: net.other,
  }),
  refuses('pppoe lcp', 1, ethernet(0x8864, [...pppoeHead(0, 6), 0xc0, 0x21, 9, 1, 0, 4]), { net: net.other }),
  carries('provider backbone', 1, ethernet(0x88e7, [0, 0, 0, 1, ...frame])),
  carries(
    'macsec, integrity only',
    1,
    ethernet(0x88e5, [0x20, 0, ...be16(0), 0, 1, ...macs.slice(0, 6), 0, 1, 8, 0, ...plainTcp]),
  ),
  refuses('macsec, encrypted', 1, ethernet(0x88e5, [0x0c, 0, 0, 0, 0, 1, 9, 9, 9, 9]), { net: net.other }),
  carries('fabric path', 1, ethernet(0x8903, [0, 1, ...frame])),
  carries('802.11 behind ethernet', 1, ethernet(0x2452, wireless(8, 1, [], snapTcp)), {
    dstMacAt: 0,
    etherType: 0x0800,
  }),
  refuses('rarp', 1, ethernet(0x8035, arpRequest), { net: net.arp, etherType: 0x8035 }),
  carries('cisco under ppp', 9, [0x8f, 0, 8, 0, ...plainTcp]),
  carries('redundancy tag', 1, ethernet(0xf1c1, [0, 0, 0, 9, 8, 0, ...plainTcp])),
  carries('nsh', 1, ethernet(0x894f, [0x0f, 0xc2, 2, 1, 0, 0, 1, 255, ...plainTcp]), { etherType: 0x0800 }),
  carries('raw, ipv4', 101, plainTcp, { etherType: -1, l3At: 0 }),
  carries6('raw, ipv6', 12, plainUdp6, { etherType: -1 }),
  refuses('raw, neither', 101, [0x50, 0, 0, 0], { net: net.none }, 'raw.version'),
  carries('ipv4 link', 228, plainTcp, { net: net.ipv4 }),
  carries6('ipv6 link', 229, plainUdp6, { net: net.ipv6 }),
  carries('loopback, little-endian', 0, [2, 0, 0, 0, ...plainTcp]),
  carries6('loopback, big-endian', 0, [0, 0, 0, 30, ...plainUdp6]),
  carries6('loop', 108, [0, 0, 0, 24, ...plainUdp6]),
  refuses('loopback, osi', 0, [7, 0, 0, 0, 1, 2], { net: net.other }),
  carries('pflog', 117, [61, 2, ...new Array(62).fill(0), ...plainTcp]),
  carries('enc', 109, [2, 0, 0, 0, ...new Array(8).fill(0), ...plainTcp]),
  carries6('ipnet', 226, [1, 26, ...new Array(22).fill(0), ...plainUdp6]),
  carries('slip', 8, [0, ...new Array(15).fill(0), ...plainTcp]),
  refuses('slip, compressed', 8, [0, ...new Array(15).fill(0), 0x80, 1, 2], { net: net.other }),
  carries('sll', 113, [0, 0, 0, 1, 0, 6, ...macs.slice(6), 0, 0, 8, 0, ...plainTcp], {
    srcMacAt: 6,
    dstMacAt: -1,
    l3At: 16,
  }),
  carries('sll with vlan', 113, [0, 0, 0, 1, 0, 6, ...macs.slice(6), 0, 0, 0x81, 0, ...vlan(9, 0x0800, plainTcp)], {
    vlanOuter: 9,
  }),
  refuses('sll, netlink', 113, [0, 4, ...be16(824), 0, 0, ...new Array(8).fill(0), 8, 0, 1, 2], { net: net.other }),
  carries6('sll2', 276, [0x86, 0xdd, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, ...macs.slice(6), 0, 0, ...plainUdp6], {
    srcMacAt: 12,
    l3At: 20,
  }),
  carries('ppp', 9, [0xff, 3, 0, 0x21, ...plainTcp]),
  carries('ppp, compressed', 9, [0x21, ...plainTcp]),
  carries6('ppp hdlc', 50, [0xff, 3, 0, 0x57, ...plainUdp6]),
  carries('cisco under ppp hdlc', 50, [0x0f, 0, 8, 0, ...plainTcp]),
  carries('ppp with direction', 204, [1, 0xff, 3, 0, 0x21, ...plainTcp]),
  carries('ppp, mpls', 9, [2, 0x81, ...label(9, true), ...plainTcp], { mplsLabel: 9 }),
  refuses('ppp, cut', 9, [0xff, 3, 0], {}, 'ppp.truncated'),
  carries('pppoe link', 51, [...pppoeHead(0, plainTcp.length + 2), 0, 0x21, ...plainTcp]),
  carries('cisco hdlc', 104, [0x0f, 0, 8, 0, ...plainTcp]),
  carries6('cisco hdlc with direction', 205, [0, 0x8f, 0, 0x86, 0xdd, ...plainUdp6]),
  carries('802.11, from the distribution system', 105, wireless(8, 2, [], snapTcp), {
    dstMacAt: 4,
    srcMacAt: 16,
    l3At: 32,
  }),
  carries('802.11, four addresses and qos', 105, wireless(0x88, 3, [...macs.slice(0, 6), 0, 0], snapTcp), {
    dstMacAt: 16,
    srcMacAt: 24,
  }),
  carries('802.11, qos and ht control', 105, wireless(0x88, 0x81, [0, 0, 0, 0, 0, 0], snapTcp), {
    dstMacAt: 16,
    srcMacAt: 10,
  }),
  carries(
    '802.11, aggregate',
    105,
    wireless(0x88, 1, [0x80, 0], [...macs, ...be16(snapTcp.length), ...snapTcp, 1, 2, 3]),
    { dstMacAt: 26, srcMacAt: 32 },
  ),
  refuses('802.11, protected', 105, wireless(8, 0x41, [], snapTcp), { net: net.other }),
  carries('802.11 behind ethernet, decrypted', 1, ethernet(0x2452, wireless(8, 0x41, [1, 2, 3, 0], snapTcp))),
  refuses('cisco hdlc, slarp', 104, [0x8f, 0, 0x80, 0x35, ...new Array(14).fill(0)], { net: net.other }),
  refuses('802.11, beacon', 105, wireless(0x80, 0, [], [0, 0, 0]), { net: net.none }),
  refuses('802.11, null data', 105, wireless(0x48, 1, [], []), { net: net.none }),
  carries(
    'radiotap with check sequence',
    127,
    [0, 0, ...le16(17), 3, 0, 0, 0, ...new Array(8).fill(0), 0x10, ...wireless(8, 1, [], snapTcp), 1, 2, 3, 4],
    { l3End: 17 + 32 + 45 },
  ),
  carries('radiotap, padded header, two present words', 127, [
    0,
    0,
    ...le16(13),
    2,
    0,
    0,
    0x80,
    0,
    0,
    0,
    0,
    0x20,
    ...wireless(0x88, 1, [0, 0, 0, 0], snapTcp),
  ]),
  refuses('radiotap, version 1', 127, [1, 0, 8, 0, 0, 0, 0, 0], {}, 'radiotap.version'),
  carries('prism', 119, [0, 0, 0, 0x44, ...le16(144), 0, 0, ...new Array(136).fill(0), ...wireless(8, 1, [], snapTcp)]),
  carries('avs', 163, [0x80, 0x21, 0x10, 1, 0, 0, 0, 64, ...new Array(56).fill(0), ...wireless(8, 1, [], snapTcp)]),
  carries('ppi', 192, [0, 0, ...le16(8), 105, 0, 0, 0, ...wireless(8, 1, [], snapTcp)]),
  carries('pktap', 258, [...le16(108), 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, ...new Array(96).fill(0), ...frame], {
    dstMacAt: 108,
  }),
  carries('pktap under its former number', 149, [...le16(12), 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, ...frame]),
  carries('atm, ip alone', 106, plainTcp),
  carries('atm, ip alone, former number', 19, plainTcp),
  carries('atm, ip with llc', 106, snapTcp, { l3At: 8 }),
  refuses('atm, neither', 106, [0, 1, 2, 3], {}, 'clip.version'),
  carries6('nflog of a bridge', 239, [
    ...[7, 0, 0, 0, 8, 0, 1, 0, 0x86, 0xdd, 0, 0],
    ...[...le16(4 + plainUdp6.length), 9, 0, ...plainUdp6],
  ]),
  carries('nflog', 239, [2, 0, 0, 0, ...le16(5), 10, 0, 0, 0, 0, 0, ...le16(4 + plainTcp.length), 9, 0, ...plainTcp]),
  refuses('nflog, record of length 0', 239, [2, 0, 0, 0, 0, 0, 9, 0], {}, 'nflog.length'),
  carries('juniper ethernet', 178, [0x4d, 0x47, 0x43, 0x80, 0, 2, 1, 2, ...frame], { dstMacAt: 8 }),
  carries('frame relay', 107, [0x18, 0x41, 3, 0xcc, ...plainTcp]),
  carries6('frame relay, cisco', 107, [0x18, 0x41, 0x86, 0xdd, ...plainUdp6]),
  carries('frame relay, snap', 107, [0x18, 0x41, 3, 0, 0x80, 0, 0, 0, 8, 0, ...plainTcp]),
  carries('frame relay with direction', 206, [0, 0x18, 0x41, 3, 0xcc, ...plainTcp]),
  carries('multilink frame relay', 182, [0xc0, 1, 0x18, 0x41, 3, 0xcc, ...plainTcp]),
  carries('token ring with route', 6, [0x10, 0x40, 2, 0, 0, 0, 0, 2, 0x82, 0, 0, 0, 0, 1, 4, 0, 1, 1, ...snapTcp], {
    srcMacAt: 8,
  }),
  carries('fddi', 10, [0x50, ...macs, ...snapTcp], { dstMacAt: 1 }),
  carries('sunatm', 123, [2, 0, 0, 32, ...snapTcp]),
  carries('arcnet', 129, [1, 2, 0, 0, 212, 0, 0, 1, ...plainTcp]),
  carries('ip over infiniband', 242, [...new Array(40).fill(0), 8, 0, 0, 0, ...plainTcp]),
  carries('ip over firewire', 138, [...new Array(16).fill(0), 8, 0, ...plainTcp]),
  carries('llc over atm', 106, snapTcp),
  carries('switch tag', 284, [...macs, 0xc0, 0, 0, 1, 8, 0, ...plainTcp], { dstMacAt: 0 }),
  carries('switch tag with type', 285, [...macs, 0xda, 0xda, 0, 0, 0xc0, 0, 0, 1, 8, 0, ...plainTcp]),
  carries('switch tag before the frame', 282, [0, 0, 0, 8, ...frame], { dstMacAt: 4 }),
  refuses('unknown link type', 147, [1, 2, 3], { net: net.none }, 'linktype.unknown'),
];
