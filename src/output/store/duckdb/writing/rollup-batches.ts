// Rollups of flows: what tables/rollups.ts says, computed from the columns of the flows themselves. That costs a tenth
// of asking the engine for it, and the rows go in with the flows, in one transaction.

import type { Batch } from '../../batches/batch.ts';
import type { Table } from '../../tables/column.ts';
import { isRollup, type Rollup } from '../../tables/rollups.ts';
import { type FlowColumns, flowColumns, SharedWords } from './flow-columns.ts';
import { rollupBatch, rollupLayouts } from './rollup-columns.ts';
import { Sums } from './sums.ts';

/** Places of a key's words; an address or what stands in its place follows behind the sensor. */
const keyWords = { ts: 0, run: 2, sensor: 4, rest: 5 } as const;

/** Makes the rows of rollups; one for a store, used again for every write. */
export class RollupMaker {
  readonly #flows: Table;
  readonly #rollups: readonly { readonly rollup: Rollup; readonly sums: Sums }[];

  constructor(tables: readonly Table[]) {
    const flows = tables.find(({ name }) => name === 'flows');
    const rollups = tables.filter(isRollup);
    this.#flows = flows ?? { name: 'flows', title: '', time: '', columns: [], keep: 'raw' };
    this.#rollups = (flows === undefined ? [] : rollups).map((rollup) => {
      const { words, sums } = rollupLayouts[rollup.by];
      return { rollup, sums: new Sums(words, sums.length) };
    });
  }

  /** One batch per rollup that has rows. */
  make(batches: readonly Batch[]): Batch[] {
    const flows = batches.filter(({ table }) => table === 'flows');
    if (flows.length === 0) return [];
    const sensors = new SharedWords();
    const apps = new SharedWords();
    const columns = flows.map((batch) => flowColumns(this.#flows, batch, sensors, apps));
    const made: Batch[] = [];
    for (const { rollup, sums } of this.#rollups) {
      sums.clear();
      for (const each of columns) add[rollup.by](sums, each, rollup.bucketSec);
      if (sums.groups > 0) made.push(rollupBatch(rollup, sums, sensors.words, apps.words));
    }
    return made;
  }
}

const add: Readonly<Record<Rollup['by'], (sums: Sums, flows: FlowColumns, bucketSec: number) => void>> = {
  flow: addByFlow,
  'local host': addByHost,
  rtt: addByRtt,
};

function setPlace(key: Uint32Array, flows: FlowColumns, row: number, bucketUs: number): void {
  const bucket = Math.floor(flows.endUs[row] / bucketUs);
  key[keyWords.ts] = bucket;
  key[keyWords.ts + 1] = Math.floor(bucket / 4294967296);
  key[keyWords.run] = flows.run[2 * row];
  key[keyWords.run + 1] = flows.run[2 * row + 1];
  key[keyWords.sensor] = flows.sensor[row];
}

function addByFlow(sums: Sums, flows: FlowColumns, bucketSec: number): void {
  const { key } = sums;
  for (let row = 0; row < flows.rows; row++) {
    setPlace(key, flows, row, bucketSec * 1e6);
    key[keyWords.rest] = flows.proto[row];
    key[keyWords.rest + 1] = flows.app[row];
    const at = sums.find();
    const to = sums.sums;
    to[at] += flows.isFirst[row];
    to[at + 1]++;
    to[at + 2] += flows.pkts[row];
    to[at + 3] += flows.bytesFwd[row];
    to[at + 4] += flows.bytesRev[row];
    to[at + 5] += flows.repeatedFwd[row] + flows.repeatedRev[row];
  }
}

function setAddress(key: Uint32Array, ips: Uint32Array, row: number): void {
  for (let i = 0; i < 4; i++) key[keyWords.rest + i] = ips[4 * row + i];
}

function addByHost(sums: Sums, flows: FlowColumns, bucketSec: number): void {
  const { key } = sums;
  for (let row = 0; row < flows.rows; row++) {
    const direction = flows.direction[row];
    if (direction > 2) continue;
    setPlace(key, flows, row, bucketSec * 1e6);
    if (direction !== 2) {
      setAddress(key, flows.srcIp, row);
      const at = sums.find();
      sums.sums[at] += flows.isFirst[row];
      addBytes(sums.sums, at, flows, row, flows.bytesFwd, flows.bytesRev, flows.repeatedFwd);
    }
    if (direction !== 1) {
      setAddress(key, flows.dstIp, row);
      const at = sums.find();
      sums.sums[at + 1] += flows.isFirst[row];
      addBytes(sums.sums, at, flows, row, flows.bytesRev, flows.bytesFwd, flows.repeatedRev);
    }
  }
}

function addBytes(
  to: Float64Array,
  at: number,
  flows: FlowColumns,
  row: number,
  sent: Float64Array,
  received: Float64Array,
  repeated: Float64Array,
): void {
  to[at + 2] += flows.pkts[row];
  to[at + 3] += sent[row];
  to[at + 4] += received[row];
  to[at + 5] += repeated[row];
}

function addByRtt(sums: Sums, flows: FlowColumns, bucketSec: number): void {
  const { key } = sums;
  for (let row = 0; row < flows.rows; row++) {
    if (flows.hasNoRtt !== null && flows.hasNoRtt[row] !== 0) continue;
    const rttUs = flows.rttUs[row];
    setPlace(key, flows, row, bucketSec * 1e6);
    setAddress(key, flows.dstIp, row);
    key[keyWords.rest + 4] = rttUs === 0 ? 0 : Math.min(255, Math.floor(8 * Math.log(rttUs)));
    sums.sums[sums.find()]++;
  }
}
