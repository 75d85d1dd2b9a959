// Golden frames of the network and transport layers, sound and damaged. All come as raw IP: the link is not the point.

import { verdict } from '../../../core/packet.ts';
import {
  be16,
  be32,
  hex,
  icmpEcho,
  ipv4,
  ipv6,
  neighbourSolicitation,
  plainTcp,
  plainUdp6,
  tcp,
  udp,
} from './build.ts';
import type { GoldenFrame, Said } from './expectation.ts';

const { leaf, noFlow } = verdict;

function says(name: string, bytes: readonly number[], last: Said, problem?: string, end: number = leaf): GoldenFrame {
  const base = { name, linkType: bytes[0] >>> 4 === 4 ? 228 : 229, bytes, verdicts: [end], last };
  return problem === undefined ? base : { ...base, problem };
}

const ports: Said = { srcPort: 40000, dstPort: 443 };
const segment = tcp([1, 2, 3, 4, 5]);
const timestamps = hex('0101080a 00000001 00000002');
const patched = (bytes: readonly number[], at: number, ...values: number[]) =>
  bytes.map((b, i) => (i >= at && i < at + values.length ? values[i - at] : b));
const ext = (next: number, words = 0) => [next, words, 1, 4 + words * 8, ...new Array(4 + words * 8).fill(0)];
const fragmentHeader = (next: number, offset: number, more: number) => [next, 0, ...be16(offset | more), 0, 0, 0, 42];
const tcp6 = tcp([1, 2, 3, 4, 5], 6);
const ahHead = (next: number) => [next, 4, 0, 0, ...be32(0x1234), ...be32(1), ...new Array(12).fill(7)];
const jumboOption = (next: number, size: number) => [next, 0, 0xc2, 4, ...be32(size)];
const bigUdp = [...be16(1), ...be16(2), 0, 0, 0, 0, ...new Array(65536).fill(5)];

export const ipFrames: readonly GoldenFrame[] = [
  says('tcp', plainTcp, {
    ...ports,
    l3At: 0,
    l3End: 45,
    ipLen: 45,
    ttl: 64,
    tos: 0x10,
    proto: 6,
    fragId: 0x1234,
    isFragment: 0,
    src0: 0x0a000001,
    dst0: 0xc0a801fe | 0,
    src1: 0,
    l4At: 20,
    l4Ok: 1,
    seq: 0x89abcdef | 0,
    ack: 7,
    tcpFlags: 0x18,
    window: 0x2000,
    tcpHeaderLen: 20,
    payloadAt: 40,
    payloadLen: 5,
    payloadEnd: 45,
  }),
  says('udp over ipv6', plainUdp6, {
    ipLen: 51,
    ttl: 63,
    tos: 0xab,
    proto: 17,
    src0: 0x20010db8,
    src3: 1,
    dst0: 0xfe800000 | 0,
    dst2: 0x02000000,
    dst3: -2,
    l4At: 40,
    payloadAt: 48,
    payloadLen: 3,
    payloadEnd: 51,
  }),
  says('ipv4 options', ipv4(6, segment, { options: hex('01 94 04 0000 00 0000') }), {
    ...ports,
    l4At: 28,
    payloadLen: 5,
  }),
  says(
    'ipv4 option of length 1',
    ipv4(6, segment, { options: hex('94 01 00 00') }),
    { ...ports, l4Ok: 1 },
    'ipv4.malformed',
  ),
  says('ipv4 option beyond the header', ipv4(6, segment, { options: hex('94 09 00 00') }), ports, 'ipv4.malformed'),
  says('ipv4, cut', plainTcp.slice(0, 19), { ipVersion: 0 }, 'ipv4.truncated', noFlow),
  says(
    'ipv4 options, cut',
    ipv4(6, segment, { options: new Array(8).fill(1) }).slice(0, 24),
    { proto: 6, l4At: -1, src0: 0x0a000001 },
    'ipv4.length',
  ),
  says('ipv4 header length 16', patched(plainTcp, 0, 0x44), { ipVersion: 0 }, 'ipv4.length', noFlow),
  {
    name: 'ipv4 version',
    linkType: 228,
    bytes: patched(plainTcp, 0, 0x75),
    verdicts: [noFlow],
    last: { ipVersion: 0 },
    problem: 'ipv4.version',
  },
  {
    name: 'ipv6 version',
    linkType: 229,
    bytes: plainTcp,
    verdicts: [noFlow],
    last: { ipVersion: 0 },
    problem: 'ipv6.version',
  },
  says('ipv4 total length below header', patched(plainTcp, 2, 0, 19), { ipVersion: 0 }, 'ipv4.length', noFlow),
  says(
    'ipv4 total length beyond the frame',
    patched(plainTcp, 2, 1, 0),
    { ...ports, ipLen: 256, l3End: 45, payloadLen: 5, payloadEnd: 45 },
    'ipv4.length',
  ),
  says('ipv4 total length 0, offload', patched(plainTcp, 2, 0, 0), { ...ports, ipLen: 45, payloadLen: 5 }),
  says('ipv4 trailer', [...plainTcp, 9, 9, 9], { ...ports, l3End: 45, payloadEnd: 45 }),
  says('ipv4 first fragment', ipv4(6, segment, { fragment: 0x2000 }), {
    ...ports,
    isFragment: 1,
    moreFragments: 1,
    fragOffset: 0,
    l4Ok: 1,
  }),
  says('ipv4 later fragment', ipv4(6, segment, { fragment: 0x0003 }), {
    srcPort: 0,
    l4At: -1,
    isFragment: 1,
    moreFragments: 0,
    fragOffset: 24,
    payloadAt: 20,
    payloadLen: 25,
  }),
  says('ipv4 tiny first fragment', ipv4(6, segment.slice(0, 8), { fragment: 0x2000 }), {
    srcPort: 0,
    l4Ok: 0,
    l4At: -1,
    payloadAt: 20,
    payloadLen: 8,
  }),
  says('ipv4 first fragment of a tunnel', ipv4(4, plainTcp, { fragment: 0x2000 }), { innerAt: -1, payloadLen: 45 }),
  says('udp first fragment', ipv4(17, udp(1, 2, new Array(40).fill(1)).slice(0, 24), { fragment: 0x2000 }), {
    dstPort: 2,
    payloadLen: 16,
    l4Ok: 1,
  }),
  says('tcp timestamps', ipv4(6, tcp([1], 4, timestamps)), { tcpHeaderLen: 32, payloadLen: 1, payloadAt: 52 }),
  says('tcp options', ipv4(6, tcp([1], 4, hex('020405b4 01030307'))), { tcpHeaderLen: 28, payloadLen: 1 }),
  says('tcp option beyond the header', ipv4(6, tcp([1], 4, hex('0209 05b4'))), { ...ports, l4Ok: 1 }, 'tcp.malformed'),
  says('tcp data offset 4', ipv4(6, patched(segment, 12, 0x40)), { ...ports, l4Ok: 2, payloadLen: 0 }, 'tcp.length'),
  says('tcp data offset beyond the datagram', ipv4(6, patched(segment, 12, 0xf0)), { ...ports, l4Ok: 2 }, 'tcp.length'),
  says('tcp in 8 bytes', ipv4(6, segment.slice(0, 8)), { ...ports, l4Ok: 2, payloadLen: 0 }, 'tcp.length'),
  says('udp', ipv4(17, udp(68, 67, [1, 2])), { srcPort: 68, dstPort: 67, payloadAt: 28, payloadLen: 2 }),
  says('udp shorter than ip', ipv4(17, [...udp(68, 67, [1, 2]), 7, 7]), { payloadLen: 2, payloadEnd: 30 }),
  says('udp length 7', ipv4(17, patched(udp(68, 67, [1]), 4, 0, 7)), { srcPort: 68, l4Ok: 2 }, 'udp.length'),
  says('udp length beyond ip', ipv4(17, patched(udp(68, 67, [1]), 4, 0, 99)), { srcPort: 68, l4Ok: 2 }, 'udp.length'),
  says('udp in 3 bytes', ipv4(17, [0, 68, 0]), { srcPort: 0, l4Ok: 0 }, 'udp.length'),
  says('udp-lite', ipv4(136, [...be16(7), ...be16(9), 0, 8, 0, 0, 1]), {
    srcPort: 7,
    dstPort: 9,
    payloadLen: 1,
    l4Ok: 1,
  }),
  says(
    'udp-lite coverage 3',
    ipv4(136, [...be16(7), ...be16(9), 0, 3, 0, 0]),
    { srcPort: 7, l4Ok: 2 },
    'udp-lite.length',
  ),
  says('sctp', ipv4(132, [...be16(36412), ...be16(36413), 0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 0, 4]), {
    srcPort: 36412,
    dstPort: 36413,
    payloadLen: 4,
  }),
  says('dccp', ipv4(33, [...be16(5001), ...be16(5002), 4, 0, 0, 0, 0, 0, 0, 0, ...be32(0), 1, 2]), {
    srcPort: 5001,
    payloadLen: 2,
    payloadAt: 36,
  }),
  says(
    'dccp data offset 1',
    ipv4(33, [...be16(5001), ...be16(5002), 1, ...new Array(7).fill(0)]),
    { srcPort: 5001, l4Ok: 2 },
    'dccp.length',
  ),
  says('icmp echo', ipv4(1, icmpEcho([1, 2, 3])), {
    icmpType: 8,
    icmpCode: 0,
    payloadAt: 28,
    payloadLen: 3,
    l4Ok: 1,
    srcPort: 0,
  }),
  says('icmp error, the quote is no level', ipv4(1, [3, 3, 0, 0, 0, 0, 0, 0, ...plainTcp]), {
    icmpType: 3,
    icmpCode: 3,
    srcPort: 0,
    level: 0,
    proto: 1,
  }),
  says('icmp in 4 bytes', ipv4(1, [8, 0, 0, 0]), { icmpType: 8, l4Ok: 0 }, 'icmp.length'),
  says('icmpv6 neighbour solicitation', ipv6(58, neighbourSolicitation()), { icmpType: 135, payloadLen: 16, l4At: 40 }),
  says('igmp', ipv4(2, hex('16 00 09 04 e0 00 00 fb'), { options: hex('94 04 00 00') }), {
    icmpType: 0x16,
    payloadLen: 0,
    l4Ok: 1,
  }),
  says('esp', ipv4(50, hex('00000101 00000001 aabbccdd')), { proto: 50, srcPort: 0, payloadLen: 4, l4Ok: 1 }),
  says('ah in ipv4', ipv4(51, [...ahHead(6), ...segment]), { ...ports, proto: 6, payloadLen: 5 }),
  says('ah of length 4', ipv4(51, [6, 0, ...new Array(20).fill(0)]), { proto: 51 }, 'ah.length'),
  says('ospf', ipv4(89, new Array(24).fill(1)), { proto: 89, payloadLen: 24, l4At: -1 }),
  says('ipv6, cut', plainUdp6.slice(0, 39), { ipVersion: 0 }, 'ipv6.truncated', noFlow),
  says('ipv6 payload beyond the frame', patched(plainUdp6, 4, 1, 0), { ipLen: 296, srcPort: 5353 }, 'ipv6.length'),
  says('ipv6 payload length 0, offload', patched(ipv6(6, tcp6), 4, 0, 0), { ...ports, ipLen: 65, payloadLen: 5 }),
  says('ipv6 without next header', ipv6(59, [1, 2, 3]), { proto: 59, payloadLen: 3 }),
  says(
    'ipv6 hop-by-hop, options, routing',
    ipv6(0, [...ext(60), ...ext(43, 1), ...patched(ext(6), 2, 4, 0), ...tcp6]),
    { ...ports, proto: 6, l4At: 72 },
  ),
  says('ipv6 ah', ipv6(51, [...ahHead(6), ...tcp6]), { ...ports, proto: 6 }),
  says('ipv6 mobility', ipv6(135, [59, 0, 5, 0, 0, 0, 0, 0]), { proto: 135 }),
  says('ipv6 hip', ipv6(139, [59, 1, ...new Array(14).fill(1)]), { proto: 139 }),
  says('ipv6 shim6 with payload', ipv6(140, [6, 0, 0x80, 0, 0, 0, 0, 0, ...tcp6]), { ...ports, proto: 6 }),
  says(
    'ipv6 extension beyond the datagram',
    ipv6(60, [6, 9, 1, 4, 0, 0, 0, 0]),
    { proto: 60, l4At: -1 },
    'ipv6.length',
  ),
  says('ipv6 option beyond its header', ipv6(0, [6, 0, 1, 9, 0, 0, 0, 0, ...tcp6]), ports, 'ipv6.malformed'),
  says('ipv6 option without a length', ipv6(0, [59, 0, 1, 3, 0, 0, 0, 5]), { proto: 59 }, 'ipv6.malformed'),
  says(
    'ipv6 endless chain',
    ipv6(60, new Array(30).fill([60, 0, 1, 4, 0, 0, 0, 0]).flat()),
    { proto: 60 },
    'ipv6.depth',
  ),
  says('ipv6 first fragment', ipv6(44, [...fragmentHeader(6, 0, 1), ...tcp6]), {
    ...ports,
    isFragment: 1,
    moreFragments: 1,
    fragId: 42,
    proto: 6,
  }),
  says('ipv6 later fragment', ipv6(44, [...fragmentHeader(6, 1448, 0), 1, 2, 3]), {
    srcPort: 0,
    isFragment: 1,
    fragOffset: 1448,
    proto: 6,
    payloadAt: 48,
    payloadLen: 3,
  }),
  says('ipv6 atomic fragment', ipv6(44, [...fragmentHeader(6, 0, 0), ...tcp6]), {
    ...ports,
    isFragment: 0,
    payloadLen: 5,
  }),
  says('ipv6 jumbogram', ipv6(0, [...jumboOption(17, 8 + bigUdp.length), ...bigUdp], 0), {
    ipLen: 48 + bigUdp.length,
    srcPort: 1,
    dstPort: 2,
    payloadLen: 65536,
  }),
  says('ipv6 jumbo option with a length', ipv6(0, [...jumboOption(6, 70000), ...tcp6]), ports, 'ipv6.malformed'),
];
