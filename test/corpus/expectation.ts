// What the summary of a capture must say, out of what TShark and capinfos say of it, and where the two may be compared.
//
// The protocol hierarchy has a row for every chain of layers a frame begins with:
//
//   eth                      frames:10
//     ip                     frames:9      link.ipv4: the outermost network layer of the chain
//       udp                  frames:5      ip.UDP: the layer behind it, extension headers looked through
//         vxlan … ip … tcp   frames:3      a tunnel: further in, so of no matter here
//       data                 frames:4      fragments, which a summary counts under the protocol their header names,
//                                          and protocols that TShark does not know

import type { Layers, Reference, Tables } from './captures.ts';

/** The keys of `--summary json` that are compared. */
export interface Summary {
  readonly packets: number;
  readonly bytes: number;
  readonly captured_bytes: number;
  readonly first_ts: string | null;
  readonly last_ts: string | null;
  readonly truncated_input: boolean;
  readonly flows: { readonly tcp: number; readonly udp: number };
  readonly tcp: Readonly<Record<string, unknown>>;
  readonly protocols: {
    readonly link: Readonly<Record<string, { readonly packets: number; readonly bytes: number }>>;
    readonly ip: Readonly<Record<string, { readonly packets: number }>>;
  };
}

/** One number compared. */
export interface Compared {
  readonly field: string;
  readonly ours: unknown;
  readonly theirs: unknown;
  readonly isEqual: boolean;
}

const tcpFields: Readonly<Record<string, string>> = {
  retransmissions: 'retransmission',
  fast_retransmissions: 'fast_retransmission',
  spurious_retransmissions: 'spurious_retransmission',
  out_of_order: 'out_of_order',
  duplicate_acks: 'duplicate_ack',
  zero_windows: 'zero_window',
  lost_segments: 'lost_segment',
  keep_alives: 'keep_alive',
};

/** TShark's name of a network layer, and ours. */
const networks: Readonly<Record<string, string>> = { ip: 'ipv4', ipv6: 'ipv6', arp: 'arp' };

/** The same of what lies on IP; TShark shows the protocols that ride on IGMP in its place. */
const payloads: Readonly<Record<string, string>> = {
  tcp: 'TCP',
  udp: 'UDP',
  icmp: 'ICMP',
  icmpv6: 'IPv6-ICMP',
  sctp: 'SCTP',
  gre: 'GRE',
  igmp: 'IGMP',
  dvmrp: 'IGMP',
  mrdisc: 'IGMP',
  msnip: 'IGMP',
  rgmp: 'IGMP',
  esp: 'ESP',
};
const payloadNames = [...new Set(Object.values(payloads))];

const extensions = new Set(['ipv6.hopopts', 'ipv6.fraghdr', 'ipv6.routing', 'ipv6.dstopts', 'ah']);

/** Compares all fields that the peer says something about. */
export function compare(summary: Summary, reference: Reference, tables: Tables | null): Compared[] {
  // Link types that TShark refuses were counted by the list's second reader only.
  const isRefused = /network type \d+ unknown/.test(reference.stderr ?? '');
  const packets = isRefused ? reference.own_parser_packets : reference.packets;
  if (isRefused) return [row('packets', summary.packets, packets)];
  const rows = [
    row('packets', summary.packets, packets),
    row('bytes', summary.bytes, reference.bytes),
    row('captured_bytes', summary.captured_bytes, reference.captured_bytes),
    row('first_ts', summary.first_ts, isoTime(reference.first_ts)),
    row('last_ts', summary.last_ts, isoTime(reference.last_ts)),
    row('truncated_input', summary.truncated_input, reference.exit_code === 2),
    eitherRow('flows.tcp', summary.flows.tcp, reference.tcp_streams, tables?.tcp),
    eitherRow('flows.udp', summary.flows.udp, reference.udp_streams, tables?.udp),
  ];
  for (const [ours, theirs] of Object.entries(tcpFields)) {
    rows.push(row(`tcp.${ours}`, summary.tcp[ours], reference.tcp_analysis[theirs] ?? 0));
  }
  if (tables !== null && tables.hierarchy.length > 0) rows.push(...compareProtocols(summary, tables.hierarchy));
  return rows;
}

function row(field: string, ours: unknown, theirs: unknown): Compared {
  return { field, ours, theirs, isEqual: ours === theirs };
}

/**
 * Streams are numbered also for headers that an ICMP error quotes, and anew when another dissector (SNMP, RPC, SDP …) laid
 * hands on the conversation; TShark's conversation tables have neither. Agreement with one of the two is asked for.
 */
function eitherRow(field: string, ours: number, streams: number, inTable: number | undefined): Compared {
  return { field, ours, theirs: streams, isEqual: ours === streams || ours === inTable };
}

/** `2023-09-18T06:13:21.216460Z` of `1695017601.216460123`: cut, not rounded, as in the summary. */
function isoTime(text: string | null): string | null {
  if (text === null) return null;
  const [seconds, fraction] = text.split('.');
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return text;
  return `${date.toISOString().slice(0, 19)}.${fraction.slice(0, 6)}Z`;
}

function compareProtocols(summary: Summary, hierarchy: readonly Layers[]): Compared[] {
  const { link, ip } = summary.protocols;
  const theirs = outermost(hierarchy);
  const rows: Compared[] = [];
  for (const name of Object.values(networks)) {
    rows.push(row(`link.${name}.packets`, link[name]?.packets ?? 0, theirs.packets.get(name) ?? 0));
    rows.push(row(`link.${name}.bytes`, link[name]?.bytes ?? 0, theirs.bytes.get(name) ?? 0));
  }
  const excess = (name: string): number => (ip[name]?.packets ?? 0) - (theirs.packets.get(name) ?? 0);
  const total = payloadNames.reduce((sum, name) => sum + excess(name), 0);
  const areFragments = total <= theirs.unnamed && payloadNames.every((name) => excess(name) >= 0);
  for (const name of payloadNames) {
    const one = row(`ip.${name}`, ip[name]?.packets ?? 0, theirs.packets.get(name) ?? 0);
    rows.push(areFragments ? { ...one, isEqual: true } : one);
  }
  return rows;
}

/** Frames by the outermost network layer and by what lies on it, under our names; `unnamed` are those TShark calls data. */
function outermost(hierarchy: readonly Layers[]): {
  packets: Map<string, number>;
  bytes: Map<string, number>;
  unnamed: number;
} {
  const packets = new Map<string, number>();
  const bytes = new Map<string, number>();
  let unnamed = 0;
  const add = (map: Map<string, number>, key: string, n: number) => map.set(key, (map.get(key) ?? 0) + n);
  for (const { path, frames, bytes: frameBytes } of hierarchy) {
    const at = path.findIndex((layer) => layer in networks);
    const last = path.length - 1;
    if (at < 0) continue;
    if (at === last) {
      add(packets, networks[path[at]], frames);
      add(bytes, networks[path[at]], frameBytes);
    } else if (path[at] !== 'arp' && path.slice(at + 1, last).every((layer) => extensions.has(layer))) {
      if (path[last] in payloads) add(packets, payloads[path[last]], frames);
      if (path[last] === 'data') unnamed += frames;
    }
  }
  return { packets, bytes, unnamed };
}
