// The table of flows: one row per flow record, originator as `src`, responder as `dst`.

import type { Column, Table } from './column.ts';

/** Columns that rows of flows and of events begin with. */
export const placeColumns: readonly Column[] = [
  { name: 'run', kind: 'u64', title: 'Run that saw it: a capture, or a file that was imported' },
  { name: 'sensor', kind: 'word', title: 'Sensor that saw it', filters: ['sensor'] },
  {
    name: 'flow_id',
    kind: 'u64',
    title: 'Number of the flow within its run',
    filters: ['flow.id'],
  },
  { name: 'src_ip', kind: 'address', title: 'Originator', filters: ['ip.src', 'ipv6.src', 'src'] },
  { name: 'dst_ip', kind: 'address', title: 'Responder', filters: ['ip.dst', 'ipv6.dst', 'dst'] },
  { name: 'src_port', kind: 'u16', title: 'Port of the originator', filters: ['srcport'] },
  { name: 'dst_port', kind: 'u16', title: 'Port of the responder', filters: ['dstport'] },
  { name: 'proto', kind: 'u8', title: 'Number of the IP protocol', filters: ['ip.proto', 'proto'] },
];

const count = (name: string, title: string, filters: readonly string[] = []): Column => ({
  name,
  kind: 'u64',
  title,
  filters,
});

export const flows: Table = {
  name: 'flows',
  title: 'Flows',
  time: 'end_ts',
  keep: 'raw',
  columns: [
    ...placeColumns,
    { name: 'part', kind: 'u16', title: 'Records of the conversation that were written before' },
    // A long conversation comes in several records: each begins with the whole, and counts what it adds.
    { name: 'start_ts', kind: 'time', title: 'First packet of the conversation', filters: ['start'] },
    { name: 'end_ts', kind: 'time', title: 'Last packet', filters: ['end'] },
    {
      name: 'duration_us',
      kind: 'u64',
      title: 'Duration of the conversation up to here',
      unit: 'us',
      filters: ['duration'],
    },
    { name: 'iface', kind: 'word', title: 'Interface', filters: ['iface'] },
    { name: 'vlan', kind: 'u16', title: 'Outer VLAN', nullable: true, filters: ['vlan.id', 'vlan'] },
    // Which side is in the networks of the house: 0 both, 1 the originator, 2 the responder, 3 none. A group is outside.
    { name: 'direction', kind: 'u8', title: 'Direction: 0 inside, 1 out, 2 in, 3 outside' },
    count('pkts_fwd', 'Packets of the originator'),
    count('pkts_rev', 'Packets of the responder'),
    count('bytes_fwd', 'Bytes of the originator'),
    count('bytes_rev', 'Bytes of the responder'),
    count('payload_fwd', 'Payload bytes of the originator'),
    count('payload_rev', 'Payload bytes of the responder'),
    { name: 'repeated_fwd', kind: 'u64', title: 'TCP bytes the originator sent again', unit: 'bytes' },
    { name: 'repeated_rev', kind: 'u64', title: 'TCP bytes the responder sent again', unit: 'bytes' },
    { name: 'flags_fwd', kind: 'u8', title: 'TCP flags of the originator' },
    { name: 'flags_rev', kind: 'u8', title: 'TCP flags of the responder' },
    { name: 'state', kind: 'word', isLowerCase: true, title: 'TCP state', filters: ['state', 'tcp.state'] },
    { name: 'conn_state', kind: 'word', title: 'State in Zeek’s words' },
    { name: 'end_reason', kind: 'word', isLowerCase: true, title: 'Why the record was written', filters: ['reason'] },
    { name: 'app', kind: 'word', isLowerCase: true, title: 'What it speaks', filters: ['app'] },
    { name: 'service', kind: 'word', title: 'Service by server name', filters: ['service'] },
    {
      name: 'host',
      kind: 'text',
      isLowerCase: true,
      title: 'Name the client asked for',
      filters: ['host.name', 'name'],
    },
    { name: 'ja4', kind: 'word', isLowerCase: true, title: 'JA4 of the client', filters: ['ja4'] },
    { name: 'rtt_us', kind: 'u32', title: 'Handshake', unit: 'us', nullable: true, filters: ['rtt'] },
    { name: 'server_rtt_us', kind: 'u32', title: 'SYN to SYN-ACK', unit: 'us', nullable: true },
    { name: 'client_rtt_us', kind: 'u32', title: 'SYN-ACK to ACK', unit: 'us', nullable: true },
    { name: 'responses', kind: 'u32', title: 'Answers that were timed' },
    {
      name: 'response_us',
      kind: 'u32',
      title: 'Mean time to an answer',
      unit: 'us',
      nullable: true,
      filters: ['response'],
    },
    { name: 'response_most_us', kind: 'u32', title: 'Longest time to an answer', unit: 'us', nullable: true },
    { name: 'verdict', kind: 'word', isLowerCase: true, title: 'What it waited for', filters: ['verdict'] },
    { name: 'verdict_percent', kind: 'u8', title: 'Share of its time it waited for that' },
    { name: 'alerted', kind: 'flag', title: 'An alert names it', filters: ['alerted'] },
    { name: 'ttl', kind: 'u8', title: 'Lowest TTL of the originator' },
    { name: 'src_mac', kind: 'word', isLowerCase: true, title: 'MAC address of the originator', filters: ['eth.src'] },
    { name: 'dst_mac', kind: 'word', isLowerCase: true, title: 'MAC address of the responder', filters: ['eth.dst'] },
    { name: 'outer_id', kind: 'u64', title: 'Flow of the tunnel around it, 0 for none' },
    { name: 'community', kind: 'hash', title: 'First 64 bits of the Community ID' },
  ],
};
