// Hosts, one row each, out of what flows count: bounded, those that are quiet and small give way.

import type { Value } from '../../../../output/store/index.ts';
import { asnText, type Geo } from '../../geo/geo.ts';
import type { FlowSlots } from '../flows/flow-columns.ts';
import { Silence } from '../silence.ts';
import { SlotChain } from '../slots/slot-chain.ts';
import { addressText, type SlotColumn } from '../slots/slot-columns.ts';
import { type SlotRows, SlotWindows } from '../slots/slot-windows.ts';
import { type HostNumber, HostSlots, liveHosts } from './host-columns.ts';
import type { NameBook } from './name-book.ts';

const leastCapacity = 1024;
const mostApps = 8;
/** Protocols counted while they may yet be among the largest. */
const mostCountedApps = 16;
const mostMacs = 4;
/** Pairs of hosts that are remembered to count peers; the oldest are forgotten, and may count twice. */
const mostPairs = 131_072;
/** Rows that are looked at to find one that gives way. */
const looked = 16;
const quietUs = 60e6;
const rateUs = 9e5;

/** Which side of a flow a host is: where that stands in the row of the flow and in what it counted. */
const sides = {
  src: { flows: 'flows_out', packets: 0, bytes: 2, repeated: 6, mac: 'src_mac', hint: 'src_host', locals: [0, 1] },
  dst: { flows: 'flows_in', packets: 1, bytes: 3, repeated: 7, mac: 'dst_mac', hint: 'dst_host', locals: [0, 2] },
} as const;
type Side = keyof typeof sides;

export class LiveHosts implements SlotRows {
  readonly columns: readonly SlotColumn[];
  readonly windows: SlotWindows;
  readonly #bound: number;
  readonly #geo: Geo | null;
  readonly #names: NameBook;
  readonly #slots = new HostSlots();
  readonly #byAddress = new Map<string, number>();
  /** In the order in which something was last heard of them. */
  readonly #heard = new SlotChain();
  readonly #busy = new SlotChain();
  #isBusy = new Uint8Array(0);
  readonly #pairs = new Set<number>();
  generations = new Uint32Array(0);
  #capacity = 0;
  #used = 0;
  #forgotten = 0;
  #hand = 0;
  #clockUs = 0;
  readonly #silence = new Silence();

  constructor(bound: number, names: NameBook, geo: Geo | null, nowMs?: () => number) {
    this.#bound = bound;
    this.#names = names;
    this.#geo = geo;
    this.#grow(Math.min(bound, leastCapacity));
    this.columns = liveHosts.columns.map((column) => this.#columnOf(column.name, column.kind));
    this.windows = new SlotWindows(this, nowMs);
  }

  get kept(): number {
    return this.#heard.size;
  }

  get forgotten(): number {
    return this.#forgotten;
  }

  get capacity(): number {
    return this.#capacity;
  }

  newestFirst(): Int32Array {
    return this.#heard.latestFirst();
  }

  clock(us: number): void {
    if (us > this.#clockUs) this.#clockUs = us;
    const silentUs = this.#silence.after(this.#clockUs);
    const { mark_us, rate_in, rate_out } = this.#slots.number;
    for (let slot = this.#busy.first; slot >= 0; slot = this.#busy.first) {
      if (this.#clockUs - mark_us.values[slot] <= silentUs) return;
      this.#busy.remove(slot);
      this.#isBusy[slot] = 0;
      rate_in.values[slot] = 0;
      rate_out.values[slot] = 0;
      this.windows.changed(slot);
    }
  }

  /** What the row of a flow has counted since the update before. @param isNew the conversation begins */
  counted(flow: FlowSlots, row: number, added: Float64Array, isNew: boolean): void {
    const source = this.#side(flow, row, 'src', added, isNew);
    const target = this.#side(flow, row, 'dst', added, isNew);
    if (!isNew || source === target) return;
    const pair = Math.min(source, target) * 0x1000000 + Math.max(source, target);
    if (this.#pairs.has(pair)) return;
    if (this.#pairs.size >= mostPairs) this.#pairs.delete(this.#pairs.keys().next().value ?? 0);
    this.#pairs.add(pair);
    this.#slots.number.peers.values[source]++;
    this.#slots.number.peers.values[target]++;
  }

  /** Its names are others now. */
  named(ip: string): void {
    const slot = this.#byAddress.get(ip);
    if (slot === undefined) return;
    this.#slots.name.set(slot, this.#names.best(ip));
    this.windows.changed(slot);
  }

  /** How many alerts name each address. */
  alerted(counts: ReadonlyMap<string, number>): void {
    const { alerts } = this.#slots.number;
    for (const [ip, slot] of this.#byAddress) {
      const count = counts.get(ip) ?? 0;
      if (alerts.values[slot] === count) continue;
      alerts.values[slot] = count;
      this.windows.changed(slot);
    }
  }

  /** Best name of one end of a flow. */
  nameOf(flow: FlowSlots, row: number, end: Side): string {
    const words = flow[end];
    const at = row * 4;
    const [w0, w1, w2, w3] = [words.words[at], words.words[at + 1], words.words[at + 2], words.words[at + 3]];
    const hint = flow.small[sides[end].hint].values[row];
    if (hint >= 0 && this.#slots.ip.isAddress(hint, w0, w1, w2, w3)) return this.#slots.name.values[hint];
    return this.#names.best(addressText(w0, w1, w2, w3));
  }

  #side(flow: FlowSlots, row: number, end: Side, added: Float64Array, isNew: boolean): number {
    const side = sides[end];
    const slot = this.#slotOf(flow, row, end);
    const { number } = this.#slots;
    const other = end === 'src' ? 1 : -1;
    number.pkts_tx.values[slot] += added[side.packets];
    number.pkts_rx.values[slot] += added[side.packets + other];
    number.bytes_tx.values[slot] += added[side.bytes];
    number.bytes_rx.values[slot] += added[side.bytes + other];
    number.repeated.values[slot] += added[side.repeated];
    if (isNew) number[side.flows].values[slot]++;
    const start = flow.number.start_ts.values[row];
    if (number.first_ts.values[slot] === 0 || start < number.first_ts.values[slot])
      number.first_ts.values[slot] = start;
    const last = flow.number.end_ts.values[row];
    if (last > number.last_ts.values[slot]) number.last_ts.values[slot] = last;
    if (last > this.#clockUs) this.#clockUs = last;
    if ((side.locals as readonly number[]).includes(flow.small.direction.values[row]))
      this.#slots.local.values[slot] = 1;
    this.#speaks(slot, flow.text.app.values[row], added[2] + added[3]);
    this.#hasMac(slot, flow.text[side.mac].values[row]);
    this.#rate(slot);
    this.#heard.remove(slot);
    this.#heard.push(slot);
    this.windows.changed(slot);
    return slot;
  }

  #slotOf(flow: FlowSlots, row: number, end: Side): number {
    const at = row * 4;
    const { words } = flow[end];
    const [w0, w1, w2, w3] = [words[at], words[at + 1], words[at + 2], words[at + 3]];
    const hints = flow.small[sides[end].hint];
    const hint = hints.values[row];
    if (hint >= 0 && this.#slots.ip.isAddress(hint, w0, w1, w2, w3)) return hint;
    const ip = addressText(w0, w1, w2, w3);
    let slot = this.#byAddress.get(ip) ?? -1;
    if (slot < 0) {
      slot = this.#make(ip);
      this.#slots.ip.setAddress(slot, w0, w1, w2, w3);
    }
    hints.values[row] = slot;
    return slot;
  }

  #speaks(slot: number, app: string, bytes: number): void {
    if (app === '') return;
    const apps = this.#slots.apps[slot];
    apps.set(app, (apps.get(app) ?? 0) + bytes);
    if (apps.size <= mostCountedApps) return;
    const [smallest] = [...apps].reduce((a, b) => (b[1] < a[1] ? b : a));
    apps.delete(smallest);
  }

  #hasMac(slot: number, mac: string): void {
    const macs = this.#slots.macs[slot];
    if (mac !== '' && macs.length < mostMacs && !macs.includes(mac)) macs.push(mac);
  }

  #rate(slot: number): void {
    const { mark_us, mark_tx, mark_rx, rate_in, rate_out, bytes_tx, bytes_rx } = this.#slots.number;
    if (mark_us.values[slot] === 0) mark_us.values[slot] = this.#slots.number.first_ts.values[slot];
    const tookUs = this.#clockUs - mark_us.values[slot];
    if (tookUs < rateUs) return;
    rate_out.values[slot] = Math.max(0, bytes_tx.values[slot] - mark_tx.values[slot]) / (tookUs / 1e6);
    rate_in.values[slot] = Math.max(0, bytes_rx.values[slot] - mark_rx.values[slot]) / (tookUs / 1e6);
    mark_tx.values[slot] = bytes_tx.values[slot];
    mark_rx.values[slot] = bytes_rx.values[slot];
    mark_us.values[slot] = this.#clockUs;
    if (this.#isBusy[slot] === 1) this.#busy.remove(slot);
    this.#busy.push(slot);
    this.#isBusy[slot] = 1;
  }

  #make(ip: string): number {
    if (this.#used === this.#capacity && this.#capacity < this.#bound)
      this.#grow(Math.min(this.#bound, this.#capacity * 2));
    const slot = this.#used < this.#capacity ? this.#used++ : this.#giveWay();
    this.#slots.clear(slot);
    this.generations[slot]++;
    this.#heard.push(slot);
    this.#byAddress.set(ip, slot);
    this.#slots.name.set(slot, this.#names.best(ip));
    const place = this.#geo?.look(ip) ?? null;
    this.#slots.country.set(slot, place?.country ?? '');
    this.#slots.asn.set(slot, asnText(place));
    return slot;
  }

  /** Of a few rows one after the other, the quiet one that is smallest; of none quiet, the smallest. */
  #giveWay(): number {
    const { last_ts, bytes_tx, bytes_rx } = this.#slots.number;
    let found = this.#hand;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < looked; i++) {
      const slot = (this.#hand + i) % this.#capacity;
      const isQuiet = this.#clockUs - last_ts.values[slot] > quietUs;
      const weight = bytes_tx.values[slot] + bytes_rx.values[slot] + (isQuiet ? 0 : 2 ** 52);
      if (weight >= least) continue;
      least = weight;
      found = slot;
    }
    this.#hand = (this.#hand + looked) % this.#capacity;
    this.#byAddress.delete(this.#slots.ip.text(found));
    this.#heard.remove(found);
    if (this.#isBusy[found] === 1) this.#busy.remove(found);
    this.#isBusy[found] = 0;
    this.#forgotten++;
    return found;
  }

  #grow(capacity: number): void {
    this.#capacity = capacity;
    this.#slots.grow(capacity);
    this.#heard.grow(capacity);
    this.#busy.grow(capacity);
    const [generations, isBusy] = [new Uint32Array(capacity), new Uint8Array(capacity)];
    generations.set(this.generations);
    isBusy.set(this.#isBusy);
    this.generations = generations;
    this.#isBusy = isBusy;
  }

  #columnOf(name: string, kind: SlotColumn['kind']): SlotColumn {
    const slots = this.#slots;
    const { number } = slots;
    const total = (...of: readonly HostNumber[]): SlotColumn => {
      const [a, b] = [number[of[0]], number[of[1] ?? of[0]]];
      const read = (slot: number): number => (a === b ? a.values[slot] : a.values[slot] + b.values[slot]);
      return { name, kind, read, rank: read };
    };
    if (name === 'ip') return slots.ip.addressColumn(name);
    if (name === 'local') return slots.local.column(name, kind);
    if (name === 'name' || name === 'country' || name === 'asn') return slots[name].column(name, kind);
    if (name === 'names') return { name, kind, read: (slot) => this.#names.all(slots.ip.text(slot)) };
    if (name === 'macs') return { name, kind, read: (slot) => slots.macs[slot] };
    if (name === 'apps') return { name, kind, read: (slot) => largestApps(slots.apps[slot]) };
    const made: Readonly<Record<string, readonly HostNumber[]>> = {
      bytes_in: ['bytes_rx'],
      bytes_out: ['bytes_tx'],
      bytes: ['bytes_tx', 'bytes_rx'],
      packets: ['pkts_tx', 'pkts_rx'],
      flows: ['flows_out', 'flows_in'],
    };
    if (Object.hasOwn(made, name)) return total(...made[name]);
    return number[name as HostNumber].column(name, kind);
  }
}

function largestApps(apps: ReadonlyMap<string, number>): Value {
  return [...apps]
    .sort((a, b) => b[1] - a[1])
    .slice(0, mostApps)
    .map(([app]) => app);
}
