/**
 * What is kept: tables and their columns, declared once for every engine.
 *
 * Guarantees: columns of events come from the fields that protocols declare, so a new field has a column without a
 * second place; tables and columns are only ever added.
 */
import type { FactKind } from '../../../core/index.ts';
import type { Table } from './column.ts';
import { eventTable } from './events.ts';
import { flows } from './flows.ts';
import { alerts, names, runs, sensors } from './kept.ts';
import { rollups } from './rollups.ts';

export * from './column.ts';
export { eventPlaces, eventTable, fieldColumn } from './events.ts';
export { flows } from './flows.ts';
export { alerts, merges, names, runs, sensors } from './kept.ts';
export * from './rollups.ts';

/** All tables of a store that keeps events of these kinds; a kind without fields has a name only, and no events. */
export function storeTables(kinds: readonly FactKind[]): readonly Table[] {
  const told = kinds.filter(({ fields }) => Object.keys(fields).length > 0);
  return [flows, ...told.map(eventTable), alerts, runs, names, sensors, ...rollups];
}
