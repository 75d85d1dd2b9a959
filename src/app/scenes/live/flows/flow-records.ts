// Flow records out of a batch, into live rows: the same columns, whatever a batch keeps them as.

import { flowEnd, flowEnds } from '../../../../core/index.ts';
import { type Batch, type FixedData, flows, type ReadValue, valueReader } from '../../../../output/store/index.ts';
import { noWhole } from '../slots/slot-columns.ts';
import {
  type FlowNumber,
  type FlowSlots,
  type FlowSmall,
  type FlowText,
  type FlowWhole,
  summed,
} from './flow-columns.ts';

/** Reads flow rows of one batch. */
export class FlowRecords {
  readonly rows: number;
  readonly #readers: ReadonlyMap<string, ReadValue>;
  readonly #addresses: readonly [DataView, DataView];
  readonly #community: DataView;

  constructor(batch: Batch) {
    this.rows = batch.rows;
    const at = (name: string): number => flows.columns.findIndex((column) => column.name === name);
    const view = (name: string): DataView => {
      const { values } = batch.columns[at(name)] as FixedData; // both kinds have a fixed width
      return new DataView(values.buffer, values.byteOffset, values.byteLength);
    };
    this.#readers = new Map(
      flows.columns.map(({ name, kind }, i) => [name, valueReader(kind, batch.columns[i])] as const),
    );
    this.#addresses = [view('src_ip'), view('dst_ip')];
    this.#community = view('community');
  }

  number(row: number, name: string): number {
    const value = this.#reader(name)(row);
    return value === null ? Number.NaN : Number(value);
  }

  text(row: number, name: string): string {
    return String(this.#reader(name)(row));
  }

  /** More of the conversation is to come. */
  isPart(row: number): boolean {
    return this.text(row, 'end_reason') === flowEnds[flowEnd.activeTimeout];
  }

  counters(row: number, into: Float64Array): void {
    for (const [i, name] of summed.entries()) into[i] = this.number(row, name);
  }

  /** What a flow has from its first packet on. */
  setIdentity(slots: FlowSlots, slot: number, row: number): void {
    for (const [which, words] of [slots.src, slots.dst].entries()) {
      const view = this.#addresses[which];
      const [a, b, c, d] = [0, 4, 8, 12].map((offset) => view.getInt32(row * 16 + offset));
      words.setAddress(slot, a, b, c, d);
    }
    slots.community.words[slot * 2] = this.#community.getInt32(row * 8 + 4, true);
    slots.community.words[slot * 2 + 1] = this.#community.getInt32(row * 8, true);
    for (const name of identityNumbers) slots.number[name].values[slot] = this.number(row, name);
    for (const name of identitySmalls) slots.small[name].values[slot] = this.#small(row, name);
    for (const name of identityTexts) slots.text[name].set(slot, this.text(row, name));
  }

  /** What may change with every packet, besides counters. */
  setState(slots: FlowSlots, slot: number, row: number): void {
    slots.number.end_ts.values[slot] = this.number(row, 'end_ts');
    for (const name of stateWholes) {
      const value = this.#reader(name)(row);
      slots.whole[name].values[slot] = value === null ? noWhole : Number(value);
    }
    for (const name of stateSmalls) slots.small[name].values[slot] = this.#small(row, name);
    for (const name of stateTexts) {
      const text = this.text(row, name);
      if (text !== '') slots.text[name].set(slot, text);
    }
  }

  #small(row: number, name: string): number {
    const value = this.#reader(name)(row);
    return value === null ? -1 : Number(value);
  }

  #reader(name: string): ReadValue {
    return this.#readers.get(name) as ReadValue; // names are those of the table
  }
}

const identityNumbers: readonly FlowNumber[] = ['flow_id', 'start_ts', 'outer_id'];
const identitySmalls: readonly FlowSmall[] = ['src_port', 'dst_port', 'proto', 'vlan', 'direction'];
const identityTexts: readonly FlowText[] = ['iface', 'src_mac', 'dst_mac'];
const stateWholes: readonly FlowWhole[] = [
  'rtt_us',
  'server_rtt_us',
  'client_rtt_us',
  'responses',
  'response_us',
  'response_most_us',
];
const stateSmalls: readonly FlowSmall[] = ['part', 'flags_fwd', 'flags_rev', 'verdict_percent', 'alerted', 'ttl'];
const stateTexts: readonly FlowText[] = [
  'conn_state',
  'end_reason',
  'state',
  'app',
  'service',
  'host',
  'ja4',
  'verdict',
];
