// Flows that go on and flows that are over, one row each, updated in place: bounded, those that are over give way first.

import type { Flow } from '../../../../core/index.ts';
import { type Batch, flows, type RowPlace, type Table, type Value } from '../../../../output/store/index.ts';
import type { ReadColumn } from '../live-table.ts';
import { Silence } from '../silence.ts';
import { SlotChain } from '../slots/slot-chain.ts';
import type { NumberSlots, SlotColumn } from '../slots/slot-columns.ts';
import { type SlotRows, SlotWindows } from '../slots/slot-windows.ts';
import { FlowSlots, liveFlowColumns, summed } from './flow-columns.ts';
import { countersOf, setIdentity, setState } from './flow-facts.ts';
import { FlowRecords } from './flow-records.ts';
import { ToldNames } from './told-names.ts';

/** What else is known of the two ends of a flow. */
export interface FlowSurroundings {
  /** Name of an interface by its index; empty for files. */
  interfaceName(index: number): string;
  /** What a row has counted since the update before, in the order of `summed`. @param isNew the conversation begins */
  counted(slots: FlowSlots, slot: number, added: Float64Array, isNew: boolean): void;
  /** Best name of one end. */
  nameOf(slots: FlowSlots, slot: number, end: 'src' | 'dst'): string;
  /** Country and network of a new row's outer end. */
  locate(slots: FlowSlots, slot: number): void;
}

const leastCapacity = 1024;
/** Rates are taken over so long at least. */
const leastRateUs = 2e5;
/** Flows that go on and had to give way: they come back only when they are over. */
const mostLost = 65_536;
const mostEarly = 4096;

export class LiveFlows implements SlotRows {
  readonly columns: readonly SlotColumn[];
  readonly windows: SlotWindows;
  readonly #bound: number;
  readonly #around: FlowSurroundings;
  readonly #slots = new FlowSlots();
  readonly #byId = new Map<number, number>();
  readonly #arrived = new SlotChain();
  readonly #ended = new SlotChain();
  /** Rows with a rate, in the order it was told. */
  readonly #busy = new SlotChain();
  #isBusy = new Uint8Array(0);
  generations = new Uint32Array(0);
  #capacity = 0;
  #used = 0;
  #forgotten = 0;
  #place: RowPlace = { run: 0, sensor: '' };
  #clockUs = 0;
  readonly #silence = new Silence();
  readonly #lost = new Set<number>();
  readonly #told: ToldNames;
  /** What was counted of a record whose row did not come yet, though a later part of it did. */
  readonly #early = new Map<string, Float64Array>();
  /** Of records that are over: what counters begin with, of flows that have several. */
  readonly #before = new Map<number, Float64Array>();
  readonly #counters: readonly NumberSlots[];
  readonly #now = new Float64Array(summed.length);
  readonly #added = new Float64Array(summed.length);

  constructor(bound: number, tables: readonly Table[], around: FlowSurroundings, nowMs?: () => number) {
    this.#bound = bound;
    this.#told = new ToldNames(tables);
    this.#counters = summed.map((name) => this.#slots.number[name]);
    this.#around = around;
    this.#grow(Math.min(bound, leastCapacity));
    this.columns = [...flows.columns.map((column) => this.#columnOf(column)), ...this.#liveColumns()];
    this.windows = new SlotWindows(this, nowMs);
  }

  get kept(): number {
    return this.#arrived.size;
  }

  get forgotten(): number {
    return this.#forgotten;
  }

  get capacity(): number {
    return this.#capacity;
  }

  newestFirst(): Int32Array {
    return this.#arrived.latestFirst();
  }

  place(place: RowPlace): void {
    this.#place = place;
  }

  /** Packet time goes on: flows of which nothing is heard any more are silent. */
  clock(us: number): void {
    if (us > this.#clockUs) this.#clockUs = us;
    const silentUs = this.#silence.after(this.#clockUs);
    const { mark_us, rate_fwd, rate_rev } = this.#slots.number;
    for (let slot = this.#busy.first; slot >= 0; slot = this.#busy.first) {
      if (this.#clockUs - mark_us.values[slot] <= silentUs) return;
      rate_fwd.values[slot] = 0;
      rate_rev.values[slot] = 0;
      this.#rest(slot);
      this.windows.changed(slot);
    }
  }

  /** A flow that goes on, as it is now. */
  open(flow: Flow): void {
    if (this.#lost.has(flow.id)) return;
    const slots = this.#slots;
    let slot = this.#byId.get(flow.id) ?? -1;
    // Its record came already: what is told now is older.
    if (slot >= 0 && flow.part < slots.small.records.values[slot]) return;
    const isNew = slot < 0;
    if (slot < 0) {
      slot = this.#make(flow.id);
      setIdentity(slots, slot, flow, this.#around.interfaceName(flow.iface));
      this.#around.locate(slots, slot);
      this.#toldTo(slot, flow.id);
      slots.small.part.values[slot] = flow.part;
      slots.number.mark_us.values[slot] = flow.firstUs;
    }
    this.#reopen(slot);
    if (flow.part > slots.small.part.values[slot]) this.#nextPart(slot, flow.id, flow.part);
    setState(slots, slot, flow);
    if (flow.lastUs > this.#clockUs) this.#clockUs = flow.lastUs;
    countersOf(flow, this.#now);
    this.#count(slot, isNew && flow.part === 0);
    this.#rate(slot);
    this.windows.changed(slot);
  }

  /** Rows of the table `flows`. */
  records(batch: Batch): void {
    const records = new FlowRecords(batch);
    for (let row = 0; row < records.rows; row++) this.#record(records, row);
  }

  /** Rows of events: what the client asked for is the name of its flow. */
  events(batch: Batch): void {
    this.#told.hear(batch, (id) => {
      const slot = this.#byId.get(id);
      if (slot === undefined) return true;
      const before = this.#slots.text.host.values[slot] + this.#slots.text.ja4.values[slot];
      const isWaiting = before === '';
      if (isWaiting) this.#toldTo(slot, id);
      // Filters may ask for what the event says.
      this.windows.changed(slot);
      return isWaiting;
    });
  }

  /** The slot of a flow; -1 where it is not kept. Rows that were told before the run was known have run 0. */
  find(run: number, id: number): number {
    const { run: own } = this.#place;
    return run === own || run === 0 || own === 0 ? (this.#byId.get(id) ?? -1) : -1;
  }

  /** For filters that ask of events what their flow has. */
  rowsOfFlow(run: number, id: number): readonly ReadColumn[] {
    const slot = this.find(run, id);
    return slot < 0 ? [] : [(name) => this.windows.valueAt(slot, name)];
  }

  /** All columns of a row. */
  row(slot: number): Record<string, Value> {
    return Object.fromEntries(this.columns.map((column) => [column.name, column.read(slot)]));
  }

  #record(records: FlowRecords, row: number): void {
    const slots = this.#slots;
    const id = records.number(row, 'flow_id');
    const part = records.number(row, 'part');
    let slot = this.#byId.get(id) ?? -1;
    const isNew = slot < 0;
    if (slot < 0) {
      slot = this.#make(id);
      records.setIdentity(slots, slot, row);
      this.#around.locate(slots, slot);
      this.#toldTo(slot, id);
      slots.small.records.values[slot] = part;
      slots.number.mark_us.values[slot] = records.number(row, 'start_ts');
    } else if (part < slots.small.records.values[slot]) return;
    records.counters(row, this.#now);
    const isPast = !isNew && part < slots.small.part.values[slot];
    slots.small.records.values[slot] = part + 1;
    if (isPast) this.#correct(slot, this.#takeEarly(id, part));
    else {
      this.#reopen(slot);
      if (part > slots.small.part.values[slot]) this.#nextPart(slot, id, part);
      records.setState(slots, slot, row);
      const isFirst = isNew && part === 0 && !this.#lost.has(id);
      if (this.#lost.has(id)) this.#countSilently(slot);
      else this.#count(slot, isFirst);
    }
    if (!records.isPart(row) && !isPast) this.#end(slot, id);
    this.windows.changed(slot);
  }

  /** What was told of a record becomes what the next one begins with. */
  #nextPart(slot: number, id: number, part: number): void {
    const { small } = this.#slots;
    const counted = Float64Array.from(this.#counters, ({ values }) => values[slot]);
    const before = this.#before.get(slot);
    this.#before.set(slot, counted);
    // Its own row is still to come.
    if (small.records.values[slot] >= part) return;
    if (this.#early.size >= mostEarly) this.#early.delete(this.#early.keys().next().value ?? '');
    const taken = counted.map((value, i) => value - (before?.[i] ?? 0));
    this.#early.set(`${id} ${small.part.values[slot]}`, taken);
  }

  /** What was taken for a record whose row comes only now; nothing where the flow was first heard of in a later part. */
  #takeEarly(id: number, part: number): Float64Array {
    const key = `${id} ${part}`;
    const counted = this.#early.get(key) ?? new Float64Array(summed.length);
    this.#early.delete(key);
    return counted;
  }

  /** Counters of the record at hand are `#now`. */
  #count(slot: number, isNew: boolean): void {
    const before = this.#before.get(slot);
    for (let i = 0; i < summed.length; i++) {
      const { values } = this.#counters[i];
      const total = this.#now[i] + (before === undefined ? 0 : before[i]);
      this.#added[i] = total - values[slot];
      values[slot] = total;
    }
    this.#around.counted(this.#slots, slot, this.#added, isNew);
  }

  /** The flow had a row before, and most of this was counted with it. */
  #countSilently(slot: number): void {
    for (let i = 0; i < summed.length; i++) this.#counters[i].values[slot] = this.#now[i];
  }

  /** A record that came late says exactly what had been taken for it. */
  #correct(slot: number, taken: Float64Array): void {
    const before = this.#before.get(slot) ?? new Float64Array(summed.length);
    for (let i = 0; i < summed.length; i++) {
      this.#added[i] = this.#now[i] - taken[i];
      this.#counters[i].values[slot] += this.#added[i];
      before[i] += this.#added[i];
    }
    this.#before.set(slot, before);
    this.#around.counted(this.#slots, slot, this.#added, false);
  }

  #rate(slot: number): void {
    const { mark_us, mark_fwd, mark_rev, rate_fwd, rate_rev, bytes_fwd, bytes_rev } = this.#slots.number;
    const tookUs = this.#clockUs - mark_us.values[slot];
    if (tookUs < leastRateUs) return;
    const isFirst = mark_fwd.values[slot] + mark_rev.values[slot] === 0;
    const sec = (isFirst ? Math.max(tookUs, 1e6) : tookUs) / 1e6;
    rate_fwd.values[slot] = Math.max(0, bytes_fwd.values[slot] - mark_fwd.values[slot]) / sec;
    rate_rev.values[slot] = Math.max(0, bytes_rev.values[slot] - mark_rev.values[slot]) / sec;
    mark_fwd.values[slot] = bytes_fwd.values[slot];
    mark_rev.values[slot] = bytes_rev.values[slot];
    mark_us.values[slot] = this.#clockUs;
    if (this.#isBusy[slot] === 1) this.#busy.remove(slot);
    this.#busy.push(slot);
    this.#isBusy[slot] = 1;
  }

  #rest(slot: number): void {
    if (this.#isBusy[slot] === 0) return;
    this.#busy.remove(slot);
    this.#isBusy[slot] = 0;
  }

  #reopen(slot: number): void {
    const open = this.#slots.small.is_open;
    if (open.values[slot] === 1) return;
    this.#ended.remove(slot);
    open.values[slot] = 1;
  }

  #end(slot: number, id: number): void {
    this.#slots.small.is_open.values[slot] = 0;
    this.#ended.push(slot);
    this.#rest(slot);
    this.#slots.number.rate_fwd.values[slot] = 0;
    this.#slots.number.rate_rev.values[slot] = 0;
    this.#lost.delete(id);
  }

  #toldTo(slot: number, id: number): void {
    const told = this.#told.take(id);
    if (told === null) return;
    const { host, ja4 } = this.#slots.text;
    if (host.values[slot] === '') host.set(slot, told.host);
    if (ja4.values[slot] === '') ja4.set(slot, told.ja4);
  }

  /** A slot for a new row that is open. */
  #make(id: number): number {
    if (this.#used === this.#capacity && this.#capacity < this.#bound)
      this.#grow(Math.min(this.#bound, this.#capacity * 2));
    const slot = this.#used < this.#capacity ? this.#used++ : this.#giveWay();
    this.#slots.clear(slot);
    this.#before.delete(slot);
    this.#slots.small.is_open.values[slot] = 1;
    this.generations[slot]++;
    this.#arrived.push(slot);
    this.#byId.set(id, slot);
    return slot;
  }

  #giveWay(): number {
    const ended = this.#ended.first;
    const slot = ended >= 0 ? ended : this.#arrived.first;
    const id = this.#slots.number.flow_id.values[slot];
    if (ended >= 0) this.#ended.remove(slot);
    else {
      if (this.#lost.size >= mostLost) this.#lost.delete(this.#lost.keys().next().value ?? 0);
      this.#lost.add(id);
      this.#rest(slot);
    }
    this.#arrived.remove(slot);
    this.#byId.delete(id);
    this.#forgotten++;
    return slot;
  }

  #grow(capacity: number): void {
    this.#capacity = capacity;
    this.#slots.grow(capacity);
    for (const chain of [this.#arrived, this.#ended, this.#busy]) chain.grow(capacity);
    const [generations, isBusy] = [new Uint32Array(capacity), new Uint8Array(capacity)];
    generations.set(this.generations);
    isBusy.set(this.#isBusy);
    this.generations = generations;
    this.#isBusy = isBusy;
  }

  #columnOf({ name, kind }: (typeof flows.columns)[number]): SlotColumn {
    if (name === 'run') return { name, kind, read: () => this.#place.run };
    if (name === 'sensor') return { name, kind, read: () => this.#place.sensor };
    const { start_ts, end_ts } = this.#slots.number;
    if (name === 'duration_us') {
      const read = (slot: number): number => Math.max(0, end_ts.values[slot] - start_ts.values[slot]);
      return { name, kind, read, rank: read };
    }
    const column = this.#slots.column({ name, kind, title: '' });
    if (column === null) throw new Error(`live flows have no place for ${name}`);
    return column;
  }

  #liveColumns(): SlotColumn[] {
    const { number } = this.#slots;
    const both = (forward: (typeof summed)[number], backward: (typeof summed)[number]) => {
      const [a, b] = [number[forward], number[backward]];
      return (slot: number): number => a.values[slot] + b.values[slot];
    };
    const sums: Readonly<Record<string, (slot: number) => number>> = {
      bytes: both('bytes_fwd', 'bytes_rev'),
      packets: both('pkts_fwd', 'pkts_rev'),
      repeated: both('repeated_fwd', 'repeated_rev'),
    };
    return liveFlowColumns.map((column): SlotColumn => {
      const { name, kind } = column;
      if (Object.hasOwn(sums, name)) return { name, kind, read: sums[name], rank: sums[name] };
      const end = name === 'src_name' ? 'src' : name === 'dst_name' ? 'dst' : null;
      if (end !== null) return { name, kind, read: (slot) => this.#around.nameOf(this.#slots, slot, end) };
      return this.#columnOf(column);
    });
  }
}
