// A flow as a line of conn.log (Zeek, base/protocols/conn/main).

import { type Flow, formatAddress, ipProto, isLocalAddress } from '../../../core/index.ts';
import { zeekUid } from './zeek-ids.ts';
import type { ZeekValue } from './zeek-text.ts';

/**
 * Protocols that Zeek has no line for: tunnels, whose contents have lines of their own (IPv4, IPv6, GRE), and IPv6 without
 * a next header (Teredo's bubbles).
 */
const silent = new Set([4, 41, 47, 59]);

/** Zeek's word for the transport. */
export function transport(proto: number): string {
  if (proto === ipProto.tcp) return 'tcp';
  if (proto === ipProto.udp) return 'udp';
  return proto === ipProto.icmp || proto === ipProto.icmpv6 ? 'icmp' : 'unknown_transport';
}

/** Words that differ by transport, where Zeek has an analyzer for each. */
const overUdp: Readonly<Record<string, string>> = { ldap_tcp: 'ldap_udp', krb_tcp: 'krb', dnp3_tcp: 'dnp3_udp' };
const overTcp: Readonly<Record<string, string>> = { syslog: 'syslog_tcp' };

/** Protocols of which Zeek believes the client alone: some only when it saw the connection from its beginning. */
const isAskedFor = (word: string, { history }: Flow): boolean =>
  word === 'ldap_tcp' || ((word === 'http' || word === 'syslog') && /^\^?[Ssh]/.test(history));

/**
 * Zeek's words for what a connection speaks; undefined for none. It takes the word of both sides for it, but for channels
 * that another connection announced.
 */
function services(flow: Flow): string | undefined {
  const { zeekServices: words, proto } = flow;
  if (words === '') return undefined;
  const isTcp = proto === ipProto.tcp;
  const isOneSided = flow.oPayloadBytes === 0 || flow.rPayloadBytes === 0;
  if (isTcp && isOneSided && !words.endsWith('-data') && !isAskedFor(words, flow)) return undefined;
  const others = isTcp ? overTcp : overUdp;
  return words
    .split(',')
    .map((word) => others[word] ?? word)
    .join(',');
}

/** Whether Zeek has a line for the flow. */
export const isConnection = (flow: Flow): boolean => !silent.has(flow.proto);

/** Values in the order of the columns. */
export function connValues(flow: Flow): ZeekValue[] {
  const { ipVersion: v } = flow;
  // What trails behind the end of a connection does not lengthen it.
  const lasted = (flow.closedUs > 0 ? Math.min(flow.lastUs, flow.closedUs) : flow.lastUs) - flow.firstUs;
  const isIcmp = flow.proto === ipProto.icmp || flow.proto === ipProto.icmpv6;
  const isTcp = flow.proto === ipProto.tcp;
  // Zeek reads nothing of other protocols than these: no ports, no state, no payload.
  const isOther = transport(flow.proto) === 'unknown_transport';
  const missed = isTcp
    ? Math.max(0, flow.oSeqBytes - flow.oPayloadBytes) + Math.max(0, flow.rSeqBytes - flow.rPayloadBytes)
    : 0;
  const values: ZeekValue[] = [
    flow.firstUs,
    zeekUid(flow.id),
    formatAddress(v, flow.o0, flow.o1, flow.o2, flow.o3),
    isOther ? 0 : flow.oPort,
    formatAddress(v, flow.r0, flow.r1, flow.r2, flow.r3),
    isOther ? 0 : flow.rPort,
    transport(flow.proto),
    services(flow),
    lasted > 0 ? lasted : undefined,
    lasted > 0 ? (isOther ? 0 : isTcp ? flow.oSeqBytes : flow.oPayloadBytes) : undefined,
    lasted > 0 ? (isOther ? 0 : isTcp ? flow.rSeqBytes : flow.rPayloadBytes) : undefined,
    isOther ? 'OTH' : flow.connState,
    isLocalAddress(v, flow.o0, flow.o1, flow.o2, flow.o3),
    isLocalAddress(v, flow.r0, flow.r1, flow.r2, flow.r3),
    missed,
    flow.history === '' || isOther || isIcmp ? undefined : flow.history,
    flow.oPackets,
    flow.oIpBytes,
    flow.rPackets,
    flow.rIpBytes,
    flow.outerId === 0 ? undefined : [zeekUid(flow.outerId)],
    flow.proto,
  ];
  if (isIcmp && flow.oPackets === 0) turnRound(values);
  return values;
}

/** Pairs of columns, originator's and responder's. */
const pairs = [
  [2, 4],
  [3, 5],
  [9, 10],
  [12, 13],
  [16, 18],
  [17, 19],
] as const;

/** An answer whose question was not seen: for Zeek, who spoke is the originator. */
function turnRound(values: ZeekValue[]): void {
  for (const [o, r] of pairs) [values[o], values[r]] = [values[r], values[o]];
}
