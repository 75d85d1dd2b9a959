// A flow in the words of other tools, to be copied: each finds the same conversation there.

/** Columns of a row of `flows` that name the conversation. */
export interface CopiedFlow {
  readonly run: number;
  readonly flow_id: number;
  readonly src_ip: string;
  readonly dst_ip: string;
  readonly src_port: number;
  readonly dst_port: number;
  /** Number of the IP protocol. */
  readonly proto: number;
}

/** Protocols with ports: their name in Wireshark and in pcap-filter(7). */
const withPorts: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp' };
/** Others with a name in Wireshark. */
const named: Readonly<Record<number, string>> = { 1: 'icmp', 2: 'igmp', 47: 'gre', 50: 'esp', 51: 'ah', 58: 'icmpv6' };

/** Wireshark display filter, pcap-filter(7), SQL of the store, and our own filter. */
export function copyWords(flow: CopiedFlow): {
  readonly wireshark: string;
  readonly bpf: string;
  readonly sql: string;
  readonly filter: string;
} {
  const { run, flow_id, src_ip, dst_ip, src_port, dst_port, proto } = flow;
  const isV6 = src_ip.includes(':');
  const ports = withPorts[proto];
  const addr = isV6 ? 'ipv6.addr' : 'ip.addr';
  const last =
    ports === undefined
      ? (named[proto] ?? `${isV6 ? 'ipv6.nxt' : 'ip.proto'} == ${proto}`)
      : `${ports}.port == ${src_port} && ${ports}.port == ${dst_port}`;
  const bpfLast =
    ports === undefined
      ? `${isV6 ? 'ip6' : 'ip'} proto ${proto}`
      : `${ports} port ${src_port} and ${ports} port ${dst_port}`;
  const ownLast = ports === undefined ? '' : ` and port == ${src_port} and port == ${dst_port}`;
  return {
    wireshark: `${addr} == ${src_ip} && ${addr} == ${dst_ip} && ${last}`,
    bpf: `host ${src_ip} and host ${dst_ip} and ${bpfLast}`,
    sql: `SELECT * FROM flows WHERE run = ${run} AND flow_id = ${flow_id}`,
    filter: `ip == ${src_ip} and ip == ${dst_ip} and proto == ${proto}${ownLast}`,
  };
}

/** A request that a shell can repeat; the cookie of the session is left for whoever has it. */
export function curlWords(url: string): string {
  return `curl -H "Authorization: Bearer $TAPLIGHT_TOKEN" '${url.replaceAll("'", '%27')}'`;
}
