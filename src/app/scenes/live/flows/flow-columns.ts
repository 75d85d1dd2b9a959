// Columns of live flows: those of the table `flows`, and what only a flow that goes on has.

import { type Column, flows, type Table } from '../../../../output/store/index.ts';
import {
  NumberSlots,
  noWhole,
  type SlotColumn,
  SmallSlots,
  TextSlots,
  WholeSlots,
  WordSlots,
} from '../slots/slot-columns.ts';

/** Counters that are added up over the records of a conversation. */
export const summed = [
  'pkts_fwd',
  'pkts_rev',
  'bytes_fwd',
  'bytes_rev',
  'payload_fwd',
  'payload_rev',
  'repeated_fwd',
  'repeated_rev',
] as const;

const count = (name: string, title: string, unit?: string): Column => ({
  name,
  kind: 'u64',
  title,
  ...(unit === undefined ? {} : { unit }),
});

/** What live flows have besides. `bytes`, `packets` and `repeated` are names of the filter language anyway. */
export const liveFlowColumns: readonly Column[] = [
  count('bytes', 'Bytes both ways', 'bytes'),
  count('packets', 'Packets both ways'),
  count('repeated', 'TCP bytes sent again, both ways', 'bytes'),
  { name: 'rate_fwd', kind: 'real', title: 'Bytes a second of the originator now', filters: ['rate_fwd'] },
  { name: 'rate_rev', kind: 'real', title: 'Bytes a second of the responder now', filters: ['rate_rev'] },
  { name: 'is_open', kind: 'flag', title: 'It goes on', filters: ['open'] },
  { name: 'src_name', kind: 'text', title: 'Name of the originator', filters: ['src.name'] },
  { name: 'dst_name', kind: 'text', title: 'Name of the responder', filters: ['dst.name'] },
  { name: 'country', kind: 'word', title: 'Country of the side that is outside', filters: ['country'] },
  { name: 'asn', kind: 'text', title: 'Network of the side that is outside', filters: ['asn', 'as'] },
];

/** The table `flows` as live rows have it, for filters. */
export const liveFlows: Table = { ...flows, columns: [...flows.columns, ...liveFlowColumns] };

const texts = ['iface', 'state', 'conn_state', 'end_reason', 'app', 'service', 'host', 'ja4', 'verdict'] as const;
const smalls = ['src_port', 'dst_port', 'proto', 'part', 'vlan', 'direction', 'flags_fwd', 'flags_rev'] as const;
/** Hidden: `records` that are over, rows of both hosts in the table of hosts. */
const moreSmalls = ['verdict_percent', 'alerted', 'ttl', 'is_open', 'records', 'src_host', 'dst_host'] as const;
const numbers = ['flow_id', 'start_ts', 'end_ts', 'outer_id', 'rate_fwd', 'rate_rev'] as const;
/** Of 32 bits. */
const wholes = ['rtt_us', 'server_rtt_us', 'client_rtt_us', 'responses', 'response_us', 'response_most_us'] as const;
/** Hidden: bytes when the rate was last told, and when that was. */
const hidden = ['mark_fwd', 'mark_rev', 'mark_us'] as const;

export type FlowText = (typeof texts)[number] | 'src_mac' | 'dst_mac' | 'country' | 'asn';
export type FlowSmall = (typeof smalls)[number] | (typeof moreSmalls)[number];
export type FlowWhole = (typeof wholes)[number];
export type FlowNumber = (typeof numbers)[number] | (typeof summed)[number] | (typeof hidden)[number];

const made = <K extends string, V>(names: readonly K[], make: () => V): Record<K, V> =>
  Object.fromEntries(names.map((name) => [name, make()])) as Record<K, V>;

/** Memory of all rows. */
export class FlowSlots {
  readonly src = new WordSlots(4);
  readonly dst = new WordSlots(4);
  readonly community = new WordSlots(2);
  readonly text: Record<FlowText, TextSlots> = made(
    [...texts, 'src_mac', 'dst_mac', 'country', 'asn'],
    () => new TextSlots(),
  );
  readonly small: Record<FlowSmall, SmallSlots> = made([...smalls, ...moreSmalls], () => new SmallSlots());
  readonly number: Record<FlowNumber, NumberSlots> = made([...numbers, ...summed, ...hidden], () => new NumberSlots());

  readonly whole: Record<FlowWhole, WholeSlots> = made(wholes, () => new WholeSlots());

  grow(capacity: number): void {
    const { src, dst, community, text, small, number, whole } = this;
    const all = [
      src,
      dst,
      community,
      ...Object.values(text),
      ...Object.values(small),
      ...Object.values(number),
      ...Object.values(whole),
    ];
    for (const each of all) each.grow(capacity);
  }

  /** A new row: nothing is known. */
  clear(slot: number): void {
    for (const each of Object.values(this.text)) each.values[slot] = '';
    for (const each of Object.values(this.small)) each.values[slot] = 0;
    for (const each of Object.values(this.number)) each.values[slot] = 0;
    this.whole.responses.values[slot] = 0;
    for (const name of ['vlan', 'src_host', 'dst_host'] as const) this.small[name].values[slot] = -1;
    for (const name of ['rtt_us', 'server_rtt_us', 'client_rtt_us', 'response_us', 'response_most_us'] as const)
      this.whole[name].values[slot] = noWhole;
  }

  /** Columns that are kept as they are; the others are made of them. */
  column({ name, kind }: Column): SlotColumn | null {
    if (name === 'src_ip') return this.src.addressColumn(name);
    if (name === 'dst_ip') return this.dst.addressColumn(name);
    if (name === 'community') return this.community.hashColumn(name);
    if (Object.hasOwn(this.text, name)) return this.text[name as FlowText].column(name, kind);
    if (Object.hasOwn(this.small, name)) return this.small[name as FlowSmall].column(name, kind);
    if (Object.hasOwn(this.whole, name)) return this.whole[name as FlowWhole].column(name, kind);
    if (Object.hasOwn(this.number, name)) return this.number[name as FlowNumber].column(name, kind);
    return null;
  }
}
