// Groups and their sums as a batch of a rollup's table.

import type { Batch, ColumnData } from '../../batches/batch.ts';
import type { Rollup } from '../../tables/rollups.ts';
import type { Sums } from './sums.ts';

/** Where the fields of each kind of rollup lie: words of the key, and sums. */
export const rollupLayouts = {
  flow: { words: 7, sums: ['flows', 'records', 'pkts', 'bytes_fwd', 'bytes_rev', 'repeated'] },
  'local host': { words: 9, sums: ['flows_out', 'flows_in', 'pkts', 'bytes_tx', 'bytes_rx', 'repeated'] },
  rtt: { words: 10, sums: ['count'] },
} as const;

export function rollupBatch(rollup: Rollup, sums: Sums, sensors: readonly string[], apps: readonly string[]): Batch {
  const { groups } = sums;
  const names: readonly string[] = rollupLayouts[rollup.by].sums;
  const word = (at: number) => (group: number) => sums.word(group, at);
  const keys: Readonly<Record<string, () => ColumnData>> = {
    ts: () =>
      integers(groups, (group) => 1e6 * rollup.bucketSec * (sums.word(group, 0) + (sums.word(group, 1) | 0) * 2 ** 32)),
    run: () => integers(groups, (group) => sums.word(group, 2) + sums.word(group, 3) * 2 ** 32),
    sensor: () => ({
      shape: 'word',
      words: sensors,
      indexes: Uint32Array.from({ length: groups }, (_, i) => sums.word(i, 4)),
    }),
    proto: () => bytes(groups, word(5)),
    app: () => ({
      shape: 'word',
      words: apps,
      indexes: Uint32Array.from({ length: groups }, (_, i) => sums.word(i, 6)),
    }),
    ip: () => addresses(sums),
    server: () => addresses(sums),
    bucket: () => bytes(groups, word(9)),
  };
  const columns = rollup.columns.map(({ name }) => {
    const at = names.indexOf(name);
    if (at >= 0) return integers(groups, (group) => sums.sums[names.length * group + at]);
    const make = keys[name];
    if (make === undefined) throw new Error(`rollup ${rollup.name}: nothing is known of column ${name}`);
    return make();
  });
  return { table: rollup.name, rows: groups, columns };
}

/** 64-bit integers. */
function integers(groups: number, value: (group: number) => number): ColumnData {
  const words = new Uint32Array(2 * groups);
  for (let group = 0; group < groups; group++) {
    const number = value(group);
    words[2 * group] = number;
    words[2 * group + 1] = Math.floor(number / 2 ** 32);
  }
  return { shape: 'fixed', values: new Uint8Array(words.buffer), missing: null };
}

function bytes(groups: number, value: (group: number) => number): ColumnData {
  return { shape: 'fixed', values: Uint8Array.from({ length: groups }, (_, i) => value(i)), missing: null };
}

function addresses(sums: Sums): ColumnData {
  const words = new Uint32Array(4 * sums.groups);
  for (let group = 0; group < sums.groups; group++) {
    for (let i = 0; i < 4; i++) words[4 * group + i] = sums.word(group, 5 + i);
  }
  return { shape: 'fixed', values: new Uint8Array(words.buffer), missing: null };
}
