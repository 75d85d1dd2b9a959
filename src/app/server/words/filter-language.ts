// The filter language as the server needs it: examined and completed while it is typed. Scenes and the store match.

import { type Completion, completeFilter, examineFilter, type FilterField } from '../../../core/index.ts';
import { filterFields, type Table } from '../../../output/store/index.ts';
import type { Scene } from '../../../screens/api/index.ts';
import { liveFlows, liveHosts } from '../../scenes/index.ts';
import type { FilterLanguage } from '../parts.ts';

/** Newest rows that are looked at for values: what is seen there is what people are likely to ask for. */
const lookedAt = 200;
const mostValues = 20;

export function filterLanguage(tables: readonly Table[]): FilterLanguage {
  // Rows of a scene that is read know more than those of the store: rates, countries, whether a flow goes on.
  const live = [...tables.map((table) => (table.name === 'flows' ? liveFlows : table)), liveHosts];
  const fieldsOf = (table: Table, scene: Scene | null) =>
    scene === null || scene.about.kind === 'store'
      ? filterFields(table, tables)
      : filterFields(live.find(({ name }) => name === table.name) ?? table, live);
  return {
    examine: (text, table, scene) => examineFilter(text, fieldsOf(table, scene)),
    complete: (text, cursor, table, scene) => completed(text, cursor, fieldsOf(table, scene), scene),
  };
}

/** Where a value is expected, those that rows of the scene have are proposed, too. */
async function completed(
  text: string,
  cursor: number,
  fields: ReturnType<typeof filterFields>,
  scene: Scene | null,
): Promise<Completion> {
  const asked: FilterField[] = [];
  const plain = completeFilter(text, cursor, fields, (field) => {
    asked.push(field);
    return [];
  });
  const [wanted] = asked;
  if (wanted === undefined || scene === null) return plain;
  const values = await valuesIn(scene, wanted);
  if (values.length === 0) return plain;
  return completeFilter(text, cursor, fields, (_, beginning) => {
    const low = beginning.toLowerCase();
    return values.filter((value) => value.toLowerCase().startsWith(low)).slice(0, mostValues);
  });
}

/** The commonest first. */
async function valuesIn(scene: Scene, { name, places }: FilterField): Promise<string[]> {
  const counts = new Map<string, number>();
  if (name === 'app') for (const [app, { flows }] of Object.entries(scene.latest()?.apps ?? {})) counts.set(app, flows);
  const asked = places
    .filter(({ kind, guard }) => (kind === 'word' || kind === 'text') && guard === undefined)
    .slice(0, 4)
    .map(async ({ table, columns }) => {
      const { rows } = await scene.rows({ table, columns, from: 0, count: lookedAt });
      for (const cell of rows.flat()) {
        if (typeof cell === 'string' && cell !== '' && cell.length < 80) counts.set(cell, (counts.get(cell) ?? 0) + 1);
      }
    });
  // A table that the scene does not have has no values.
  await Promise.allSettled(asked);
  return [...counts].sort(([, a], [, b]) => b - a).map(([value]) => value);
}
