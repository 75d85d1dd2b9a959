// Columns of live hosts: those of the store's `hosts`, under the same names, and what only the present has.

import { type Column, hosts, type Table } from '../../../../output/store/index.ts';
import { NumberSlots, SmallSlots, TextSlots, WordSlots } from '../slots/slot-columns.ts';

const sum = (name: string, title: string): Column => ({ name, kind: 'u64', title, filters: [name] });

export const liveHostColumns: readonly Column[] = [
  { name: 'name', kind: 'text', title: 'Best name' },
  sum('bytes_in', 'Bytes to it'),
  sum('bytes_out', 'Bytes it sent'),
  sum('bytes', 'Bytes both ways'),
  sum('packets', 'Packets both ways'),
  sum('flows', 'Flows'),
  { name: 'rate_in', kind: 'real', title: 'Bytes a second to it now', filters: ['rate_in'] },
  { name: 'rate_out', kind: 'real', title: 'Bytes a second it sends now', filters: ['rate_out'] },
  sum('peers', 'Hosts it had to do with, about'),
  { name: 'country', kind: 'word', title: 'Country', filters: ['country'] },
  { name: 'asn', kind: 'text', title: 'Network', filters: ['asn', 'as'] },
];

/** The table `hosts` as live rows have it, for filters. */
export const liveHosts: Table = { ...hosts, columns: [...hosts.columns, ...liveHostColumns] };

export const hostSums = [
  'flows_out',
  'flows_in',
  'pkts_tx',
  'pkts_rx',
  'bytes_tx',
  'bytes_rx',
  'repeated',
  'peers',
  'alerts',
] as const;
const times = ['first_ts', 'last_ts', 'rate_in', 'rate_out', 'mark_us', 'mark_tx', 'mark_rx'] as const;
export type HostNumber = (typeof hostSums)[number] | (typeof times)[number];

/** Memory of all rows. */
export class HostSlots {
  readonly ip = new WordSlots(4);
  readonly number = Object.fromEntries([...hostSums, ...times].map((name) => [name, new NumberSlots()])) as Record<
    HostNumber,
    NumberSlots
  >;
  readonly local = new SmallSlots();
  readonly country = new TextSlots();
  readonly asn = new TextSlots();
  readonly name = new TextSlots();
  /** What it speaks and how many bytes of it; the largest are kept. */
  readonly apps: Map<string, number>[] = [];
  readonly macs: string[][] = [];

  grow(capacity: number): void {
    const all = [this.ip, this.local, this.country, this.asn, this.name, ...Object.values(this.number)];
    for (const each of all) each.grow(capacity);
  }

  clear(slot: number): void {
    for (const each of Object.values(this.number)) each.values[slot] = 0;
    for (const each of [this.country, this.asn, this.name]) each.values[slot] = '';
    this.local.values[slot] = 0;
    this.apps[slot] = new Map();
    this.macs[slot] = [];
  }
}
