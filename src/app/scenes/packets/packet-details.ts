// One packet in words: its layers with their fields, where each lies in its bytes, and one line that sums it up.

import { decode, decodeInner } from '../../../capture/wire/index.ts';
import {
  type FrameBatch,
  formatAddress,
  hexText,
  icmpCounterpart,
  ipProto,
  ipProtoName,
  net,
  Packet,
  type Source,
  verdict,
} from '../../../core/index.ts';
import type { PacketDetails, PacketLayer } from '../../../screens/api/index.ts';
import { linkLayers } from './layers/link-layers.ts';
import { networkLayers } from './layers/network-layers.ts';
import { flagNames, transportLayer } from './layers/transport-layers.ts';

const packet = new Packet();

/** @param number in the capture, from 1; 0 when not known */
export function packetDetails(
  source: Pick<Source, 'interfaces'>,
  batch: FrameBatch,
  i: number,
  number: number,
  isForward: boolean,
): PacketDetails {
  const [at, capLen] = [batch.at[i], batch.capLen[i]];
  // A frame of its own: places in it count from its first byte.
  const bytes = batch.bytes.slice(at, at + capLen);
  const p = packet;
  p.bytes = bytes;
  p.at = 0;
  p.end = capLen;
  p.wireLen = batch.wireLen[i];
  p.timeUs = batch.timeUs[i];
  p.linkType = source.interfaces[batch.iface[i]].linkType;
  const { layers, summary } = readLayers(p);
  return {
    number,
    timeUs: batch.timeUs[i],
    wireLen: batch.wireLen[i],
    hex: hexText(bytes, 0, capLen),
    summary,
    isForward,
    layers,
  };
}

function readLayers(p: Packet): { readonly layers: PacketLayer[]; readonly summary: string } {
  const layers: PacketLayer[] = [];
  let summary = '';
  let from = p.at;
  for (let state = decode(p); ; state = decodeInner(p)) {
    if (p.level === 0) layers.push(...linkLayers(p));
    else if (p.l3At > from) layers.push(tunnelLayer(p, from));
    from = reach(layers, from);
    if (p.l3At >= 0 && p.ipVersion !== 0) {
      layers.push(...networkLayers(p));
      const transport = transportLayer(p);
      if (transport !== null) layers.push(transport);
      summary = summaryOf(p);
      from = reach(layers, from);
    } else if (summary === '') summary = p.net === net.arp ? 'ARP' : 'no IP packet';
    if (state !== verdict.tunnel) break;
  }
  const rest = restOf(p, from);
  return { layers: rest === null ? layers : [...layers, ...rest], summary };
}

const reach = (layers: readonly PacketLayer[], from: number): number => Math.max(from, layers.at(-1)?.to ?? 0);

/** What stands between an outer level and the one inside: VXLAN, GRE and the like, and the link headers they carry. */
function tunnelLayer(p: Packet, from: number): PacketLayer {
  return { name: 'Tunnel', from, to: p.l3At, fields: [['Bytes', String(p.l3At - from)]] };
}

/** Payload, and what is behind the datagram. */
function restOf(p: Packet, from: number): PacketLayer[] | null {
  const layers: PacketLayer[] = [];
  const end = p.l3End >= from ? p.l3End : p.end;
  if (end > from) {
    const missing = p.ipVersion !== 0 && p.payloadAt >= 0 ? Math.max(0, p.payloadLen - (end - from)) : 0;
    const fields: [string, string][] = [['Bytes', String(end - from)]];
    if (missing > 0) fields.push(['Not captured', String(missing)]);
    layers.push({ name: 'payload', from, to: end, fields });
  }
  if (p.end > end) layers.push({ name: 'trailer', from: end, to: p.end, fields: [['Bytes', String(p.end - end)]] });
  return layers.length === 0 ? null : layers;
}

/** `10.0.0.5:50000 → 93.184.216.34:443 TCP SYN, 0 bytes`. */
function summaryOf(p: Packet): string {
  const source = formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
  const target = formatAddress(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
  const name = ipProtoName(p.proto);
  if (p.isFragment === 1 && p.fragOffset > 0) return `${source} → ${target} ${name} fragment at byte ${p.fragOffset}`;
  if (p.l4Ok === 0) return `${source} → ${target} ${name}`;
  if (p.proto === ipProto.icmp || p.proto === ipProto.icmpv6) {
    const isAnswered = icmpCounterpart(p.proto === ipProto.icmpv6 ? 6 : 4, p.icmpType) >= 0;
    return `${source} → ${target} ${name} type ${p.icmpType}${isAnswered ? '' : ` code ${p.icmpCode}`}`;
  }
  const isV6 = p.ipVersion === 6;
  const end = (ip: string, port: number): string => (isV6 ? `[${ip}]:${port}` : `${ip}:${port}`);
  const flags = p.proto === ipProto.tcp ? ` ${flagNames(p.tcpFlags)}` : '';
  return `${end(source, p.srcPort)} → ${end(target, p.dstPort)} ${name}${flags}, ${p.payloadLen} bytes`;
}
