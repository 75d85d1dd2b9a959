// One world, written to a store and asked about.

import type { Result, Scope, Store, Value } from '../../../src/output/store/index.ts';
import { type History, openHistory } from '../../../src/output/store/index.ts';
import type { TestedEngine } from './engines.ts';
import { beginUs, makeWorld, minuteUs, tables, worldBatches } from './history-data.ts';
import type { StoreRow } from './store-rows.ts';

export const world = makeWorld();
export const hour: Scope = { fromUs: beginUs + 10 * minuteUs, toUs: beginUs + 70 * minuteUs };

export const valuesOf = (rows: readonly StoreRow[], columns: readonly string[]): Value[][] =>
  rows.map((row) => columns.map((name) => row[name]));
export const namesOf = (result: Result): string[] => result.columns.map(({ name }) => name);

export const namedInDns = ({ run, flow_id }: StoreRow, part: string): boolean =>
  world.dns.some((row) => row.run === run && row.flow_id === flow_id && String(row.query).includes(part));

/** Rows with numbers that are sums of fractions told to 9 digits. */
export const rounded = (rows: readonly (readonly Value[])[]): Value[][] =>
  rows.map((row) =>
    row.map((value) => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(9)) : value)),
  );

/** A store with the world in it, and its history. */
export async function openWorld({ open }: TestedEngine): Promise<{ readonly store: Store; readonly history: History }> {
  const store = await open();
  // Several writes, so that partial sums and versions lie apart.
  for (const batch of worldBatches(world)) await store.write([batch]);
  return { store, history: openHistory(store, tables) };
}
