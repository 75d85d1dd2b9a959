// How long things took, over time: one row for a range of times, the denser the more.

import { formatDuration } from '../../../present/index.ts';
import { fit, type Spans, span } from '../../frame/lines.ts';
import { shade } from '../../frame/spark.ts';
import type { Look } from '../../frame/view.ts';

const labelCells = 8;

/** Sums of stretches of columns, so that each takes one cell. */
function gathered(columns: readonly (readonly number[])[], cells: number, bins: number): number[][] {
  const count = Math.min(cells, columns.length);
  return Array.from({ length: count }, (_, x) => {
    const sums = Array<number>(bins).fill(0);
    const from = Math.floor((x * columns.length) / count);
    const to = Math.max(from + 1, Math.floor(((x + 1) * columns.length) / count));
    for (let i = from; i < to; i++) for (let bin = 0; bin < bins; bin++) sums[bin] += columns[i][bin] ?? 0;
    return sums;
  });
}

/** Slow above, quick below. Only bins that hold anything are shown, several to a row where there are more than rows. */
export function heatRows(
  columns: readonly (readonly number[])[],
  boundsUs: readonly number[],
  cells: number,
  rows: number,
  look: Look,
): Spans[] {
  if (rows === 0) return [];
  const bins = boundsUs.length + 1;
  const grid = gathered(columns, Math.max(1, cells - labelCells - 2), bins);
  const used = Array.from({ length: bins }, (_, bin) => grid.some((sums) => sums[bin] > 0));
  const low = used.indexOf(true);
  if (low < 0) return [];
  const high = used.lastIndexOf(true);
  const each = Math.max(1, Math.round((high - low + 1) / rows));
  const count = Math.min(rows, Math.ceil((high - low + 1) / each));
  // The row above all takes what is left over.
  const upTo = (row: number): number => (row === 0 ? high + 1 : low + (count - row) * each);
  const values = Array.from({ length: count }, (_, row) => {
    const from = low + (count - 1 - row) * each;
    return grid.map((sums) => sums.slice(from, upTo(row)).reduce((sum, value) => sum + value, 0));
  });
  const most = Math.max(1, ...values.flat());
  return values.map((row, i) => {
    const upper = boundsUs[upTo(i) - 1];
    const label = upper === undefined ? 'more' : `≤${formatDuration(upper / 1e6).replace('.0 ', ' ')}`;
    const picture = row.map((value) => shade(value / most, look)).join('');
    return [...fit([span(label, 'muted')], labelCells, look, 'right'), span(' '), span(picture, 'text')];
  });
}
