// What flows that have not ended add to counters by name and by host: both learn the whole when flows end.

import * as row from '../../../analysis/flows/flow-row.ts';
import type { FlowTable } from '../../../analysis/flows/index.ts';
import {
  type AppCounts,
  type HostTable,
  type OpenTraffic,
  openField,
  openWidth,
} from '../../../analysis/stats/index.ts';
import { nameBits, type Talks } from '../../../analysis/talks/index.ts';
import { untoldPackets } from './flow-hosts.ts';

/** Names of open rows are looked up once and then known by the number of this and when the flow began. */
const nameMask = (1 << nameBits) - 1;

export class OpenCounts {
  readonly #table: FlowTable;
  readonly #talks: Talks;
  readonly #hosts: HostTable;
  /** By host row; used again each time, as far as there are hosts. */
  readonly #open: OpenTraffic;
  /** By row: the name of a flow that nobody reads any more, for as long as it began at the same time (0: not known). */
  readonly #names: Int32Array;

  constructor(table: FlowTable, talks: Talks, hosts: HostTable) {
    this.#table = table;
    this.#talks = talks;
    this.#hosts = hosts;
    this.#open = new Float64Array(hosts.capacity * openWidth);
    this.#names = new Int32Array(table.capacity);
  }

  /** One pass over the table. @param apps gets what open flows speak; @returns what they bring each host, until the next call */
  count(apps: AppCounts): OpenTraffic {
    const { words: w, doubles: d, highWater } = this.#table;
    const open = this.#open;
    open.fill(0, 0, this.#hosts.highWater * openWidth);
    for (let r = 0; r < highWater; r++) {
      const o = r * row.ROW_WORDS;
      const q = r * row.ROW_DOUBLES;
      const state = w[o + row.W_STATE];
      if (!row.isOpen(state)) continue;
      const low = w[o + row.W_HOSTS] * openWidth;
      const high = w[o + row.W_HOSTS + 1] * openWidth;
      const up = w[o + row.W_PACKETS] >>> 0;
      const down = w[o + row.W_PACKETS + 1] >>> 0;
      const upBytes = d[q + row.D_BYTES];
      const downBytes = d[q + row.D_BYTES + 1];
      open[low + openField.packetsOut] += untoldPackets(w, o, 0);
      open[low + openField.bytesOut] += upBytes;
      open[low + openField.packetsIn] += down;
      open[low + openField.bytesIn] += downBytes;
      open[high + openField.packetsOut] += untoldPackets(w, o, 1);
      open[high + openField.bytesOut] += downBytes;
      open[high + openField.packetsIn] += up;
      open[high + openField.bytesIn] += upBytes;
      const isFirst = w[o + row.W_IFACE] >>> 16 === 0;
      apps.add(this.#nameOf(r, state, d[q + row.D_FIRST_US] | 0), isFirst ? 1 : 0, up + down, upBytes + downBytes);
    }
    return open;
  }

  #nameOf(r: number, state: number, firstUs: number): number {
    const known = this.#names[r];
    // The name in the low bits, some bits of the time in the others.
    const mark = (firstUs << nameBits) | 0;
    if (state >= 0 && known !== 0 && (known & ~nameMask) === mark) return known & nameMask;
    const name = this.#talks.nameWord(r) & nameMask;
    if (state >= 0) this.#names[r] = mark | name;
    return name;
  }
}
