// Values to propose while a filter is written: of what the screen has at hand, which is bounded.

import { printable } from '../../../../core/index.ts';
import type { Known } from '../../frame/view.ts';

const mostValues = 20;

/** Text that begins so, in these columns of the rows at hand and in the snapshot. */
export function knownValues(
  { snapshot, window }: Pick<Known, 'snapshot' | 'window'>,
  columns: readonly string[],
  beginning: string,
): string[] {
  const begins = beginning.toLowerCase();
  const found = new Set<string>();
  const add = (value: unknown): void => {
    if (typeof value !== 'string' || value === '' || !value.toLowerCase().startsWith(begins)) return;
    // What would look different in the line is not put there.
    if (printable(value) === value) found.add(value);
  };
  for (const column of columns) {
    if (column === 'app' || column === 'apps') Object.keys(snapshot?.apps ?? {}).forEach(add);
    if (/(^|_)ip$/.test(column)) for (const { ip } of snapshot?.talkers ?? []) add(ip);
    if (/(^|_)(host|name|names)$/.test(column)) Object.values(snapshot?.names ?? {}).forEach(add);
    const at = window?.columns.findIndex(({ name }) => name === column) ?? -1;
    if (at < 0) continue;
    for (const { [at]: cell } of window?.rows ?? []) {
      if (Array.isArray(cell)) cell.forEach(add);
      else add(cell);
    }
  }
  return [...found].sort().slice(0, mostValues);
}
