// TCP with its options, UDP, ICMP; other protocols by their name.

import { ipProto, ipProtoName, type Packet, tcpFlag } from '../../../../core/index.ts';
import type { PacketLayer } from '../../../../screens/api/index.ts';
import { hexNumber } from './link-layers.ts';

type Fields = [name: string, value: string][];

const u16 = (b: Uint8Array, at: number): number => (b[at] << 8) | b[at + 1];
const u32 = (b: Uint8Array, at: number): number => u16(b, at) * 65_536 + u16(b, at + 2);

const flagWords = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'AE'];
const flagBits = [
  tcpFlag.fin,
  tcpFlag.syn,
  tcpFlag.rst,
  tcpFlag.psh,
  tcpFlag.ack,
  tcpFlag.urg,
  tcpFlag.ece,
  tcpFlag.cwr,
  tcpFlag.ae,
];

/** `SYN ACK`. */
export function flagNames(flags: number): string {
  const names = flagWords.filter((_, i) => (flags & flagBits[i]) !== 0);
  return names.length === 0 ? 'no flags' : names.join(' ');
}

/** The transport header of the level in `p`; null where there is none. */
export function transportLayer(p: Packet): PacketLayer | null {
  if (p.l4At < 0 || p.l4Ok === 0) return null;
  const { l4At: from } = p;
  const to = p.payloadAt >= from ? p.payloadAt : Math.min(p.end, p.l3End);
  switch (p.proto) {
    case ipProto.tcp:
      return { name: 'TCP', from, to, fields: tcpFields(p) };
    case ipProto.udp:
    case ipProto.udpLite:
      return { name: ipProtoName(p.proto), from, to, fields: udpFields(p) };
    case ipProto.icmp:
    case ipProto.icmpv6:
      return { name: p.proto === ipProto.icmp ? 'ICMP' : 'ICMPv6', from, to, fields: icmpFields(p) };
    default:
      return { name: ipProtoName(p.proto), from, to, fields: [['Bytes', String(to - from)]] };
  }
}

function tcpFields(p: Packet): Fields {
  const { bytes: b, l4At: at } = p;
  const fields: Fields = [
    ['Source port', String(p.srcPort)],
    ['Destination port', String(p.dstPort)],
    ['Sequence number', String(p.seq >>> 0)],
    ['Acknowledgement', String(p.ack >>> 0)],
    ['Header length', `${p.tcpHeaderLen} bytes`],
    ['Flags', flagNames(p.tcpFlags)],
    ['Window', String(p.window)],
    ['Checksum', hexNumber(u16(b, at + 16), 4)],
  ];
  if ((p.tcpFlags & tcpFlag.urg) !== 0) fields.push(['Urgent pointer', String(u16(b, at + 18))]);
  return [...fields, ...tcpOptions(b, at + 20, Math.min(p.end, at + p.tcpHeaderLen))];
}

/** Options that tell something; padding is left out. */
function tcpOptions(b: Uint8Array, from: number, end: number): Fields {
  const fields: Fields = [];
  for (let at = from; at < end && b[at] !== 0; ) {
    if (b[at] === 1) {
      at++;
      continue;
    }
    const length = b[at + 1];
    if (at + 1 >= end || length < 2 || at + length > end) break;
    fields.push(tcpOption(b, at, length));
    at += length;
  }
  return fields;
}

function tcpOption(b: Uint8Array, at: number, length: number): [string, string] {
  const kind = b[at];
  if (kind === 2 && length === 4) return ['Maximum segment size', String(u16(b, at + 2))];
  if (kind === 3 && length === 3) return ['Window scale', `${b[at + 2]} (times ${2 ** Math.min(14, b[at + 2])})`];
  if (kind === 4) return ['Selective acknowledgement', 'permitted'];
  if (kind === 5) {
    const blocks: string[] = [];
    for (let i = at + 2; i + 8 <= at + length; i += 8) blocks.push(`${u32(b, i)} to ${u32(b, i + 4)}`);
    return ['Selective acknowledgement', blocks.join(', ')];
  }
  if (kind === 8 && length === 10) return ['Time stamps', `${u32(b, at + 2)}, echo ${u32(b, at + 6)}`];
  return [`Option ${kind}`, `${length} bytes`];
}

function udpFields(p: Packet): Fields {
  return [
    ['Source port', String(p.srcPort)],
    ['Destination port', String(p.dstPort)],
    ['Length', String(u16(p.bytes, p.l4At + 4))],
    ['Checksum', hexNumber(u16(p.bytes, p.l4At + 6), 4)],
  ];
}

const icmpTypes: Readonly<Record<number, string>> = {
  0: 'echo reply',
  3: 'destination unreachable',
  5: 'redirect',
  8: 'echo request',
  11: 'time exceeded',
  12: 'parameter problem',
};
const icmpv6Types: Readonly<Record<number, string>> = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  4: 'parameter problem',
  128: 'echo request',
  129: 'echo reply',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbour solicitation',
  136: 'neighbour advertisement',
  137: 'redirect',
};

function icmpFields(p: Packet): Fields {
  const { bytes: b, l4At: at } = p;
  const names = p.proto === ipProto.icmp ? icmpTypes : icmpv6Types;
  const fields: Fields = [
    ['Type', `${p.icmpType} ${names[p.icmpType] ?? ''}`.trim()],
    ['Code', String(p.icmpCode)],
    ['Checksum', hexNumber(u16(b, at + 2), 4)],
  ];
  const isEcho = p.proto === ipProto.icmp ? [0, 8].includes(p.icmpType) : [128, 129].includes(p.icmpType);
  if (isEcho && at + 8 <= p.end) {
    fields.push(['Identifier', String(u16(b, at + 4))], ['Sequence number', String(u16(b, at + 6))]);
  }
  return fields;
}
