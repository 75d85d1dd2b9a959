// How the question is drawn: interfaces on the left, other ways on the right or below.

import { formatBitRate } from '../../present/index.ts';
import { heading } from '../frame/boxes.ts';
import { cellsOf, fit, nothing, type Spans, selected, span } from '../frame/lines.ts';
import { spark } from '../frame/spark.ts';
import type { Look, Room } from '../frame/view.ts';
import type { PickerRow, PickerState } from './picker-state.ts';

const ways: readonly (readonly [string, string])[] = [
  ['o', 'open a capture file…'],
  ['d', 'demo: a small office, nothing to set up'],
  ['w', 'the same in the browser'],
];
const waysCells = 46;

/** @param rows that may be filled */
export function pickerRows(state: PickerState, { columns, rows }: Room, look: Look): Spans[] {
  const isWide = columns >= 150;
  const cells = isWide ? columns - waysCells - 2 : columns;
  const room = isWide ? rows - 1 : rows - ways.length - 3;
  const list = listRows(state, cells, Math.max(1, room), look);
  const others = ways.map(([key, does]): Spans => [span(`   ${key}  `, 'strong'), span(does)]);
  const left = [heading('Where to listen', cells, look), ...list];
  if (!isWide) return [...left, nothing, heading('Or', columns, look), ...others];
  const right = [heading('Or', waysCells, look), ...others];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => [
    ...fit(left[i] ?? nothing, cells, look),
    span('  '),
    ...(right[i] ?? nothing),
  ]);
}

function listRows(state: PickerState, cells: number, most: number, look: Look): Spans[] {
  if (state.rows.length === 0) return [[span('   This machine shows no interfaces.', 'muted')]];
  const at = state.rows.findIndex(({ name }) => name === state.selected);
  const first = Math.max(0, Math.min(at - most + 1, state.rows.length - most));
  const shown = state.rows.slice(first, first + most);
  const nameCells = Math.min(20, Math.max(6, ...shown.map(({ name }) => cellsOf(name))));
  return shown.map((row) => {
    const spans = rowSpans(row, state, nameCells, cells, look);
    return row.name === state.selected ? selected(fit(spans, cells, look)) : spans;
  });
}

function rowSpans(row: PickerRow, state: PickerState, nameCells: number, cells: number, look: Look): Spans {
  const isSelected = row.name === state.selected;
  const past = state.past.get(row.name);
  const sparkCells = cells >= 96 ? 12 : 4;
  const rate = (value: number | null): string => (value === null ? '…' : formatBitRate(value * 8));
  const ink = row.isUp ? 'text' : 'muted';
  const begin: Spans = [
    span(isSelected ? ' ▌ ' : '   ', 'focus'),
    ...fit([span(row.name, isSelected ? 'strong' : ink)], nameCells, look),
    span('  '),
  ];
  const rates: Spans = [
    span('↓ ', 'in'),
    ...fit([span(rate(row.inRate))], 9, look, 'right'),
    span(' '),
    spark(past?.in ?? [], sparkCells, look, 'in'),
    span('  '),
    span('↑ ', 'out'),
    ...fit([span(rate(row.outRate))], 9, look, 'right'),
    span(' '),
    spark(past?.out ?? [], sparkCells, look, 'out'),
  ];
  const note = row.isDefault ? '  ← default' : row.isUp ? '' : '  down';
  const ratesCells = rates.reduce((sum, { text }) => sum + cellsOf(text), 0);
  const room = Math.max(0, cells - 3 - nameCells - 2 - ratesCells - 11);
  const words = row.address === '' ? row.kind : `${fit([span(row.kind)], 8, look)[0].text.padEnd(8)} ${row.address}`;
  return [...begin, ...fit([span(words, 'muted')], room, look), ...rates, span(note, row.isUp ? 'good' : 'muted')];
}
