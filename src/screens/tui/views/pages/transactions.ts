// What was said in a flow: one line each, and all that is known of the one under the cursor.

import type { FlowDetails, Row } from '../../../api/index.ts';
import { cellText, clockTime, unknown } from '../../../present/index.ts';
import { beside, betweenCells, heading, rowsOf, sideHeading } from '../../frame/boxes.ts';
import { fit, nothing, type Spans, span } from '../../frame/lines.ts';
import { firstShown, listRow } from '../../frame/table.ts';
import type { Known, Look, Place, Room } from '../../frame/view.ts';
import { appInk, protocolsByName, protocolTitle } from '../parts/names.ts';
import { numberAt } from '../parts/rows.ts';

/** Values of all declared fields. */
export function fieldValues(table: string, row: Row, known: Known): (readonly [title: string, value: string])[] {
  const declared = protocolsByName(known.protocols).get(table)?.fields ?? [];
  return declared.map(({ column, kind, title, unit }) => [
    title,
    cellText({ name: column, kind, unit }, row[column] ?? null),
  ]);
}

/** Time, protocol, and the first few values: enough to tell one from another. */
function summary(table: string, row: Row, known: Known, cells: number, look: Look): Spans {
  const time = numberAt(row, 'ts') ?? numberAt(row, 'start_ts');
  const words = fieldValues(table, row, known)
    .filter(([, value]) => value !== unknown)
    .slice(0, 4)
    .map(([, value]) => value);
  return fit(
    [
      span(time === null ? '' : `${clockTime(time)}  `, 'muted'),
      ...fit([span(protocolTitle(table, known), appInk(table, known))], 7, look),
      span(words.join('  ')),
    ],
    cells,
    look,
  );
}

function fieldRows({ transactions }: FlowDetails, known: Known, selected: number, cells: number, look: Look): Spans[] {
  const said = transactions[selected];
  if (said === undefined) return [];
  const values = fieldValues(said.table, said.row, known);
  const longest = Math.max(8, ...values.map(([title]) => title.length));
  const label = Math.min(longest + 1, Math.max(12, Math.floor(cells * 0.55)));
  return values.map(([title, value]) => [
    ...fit([span(` ${title}`, 'muted')], label, look),
    span('  '),
    span(value, value === unknown ? 'muted' : 'text'),
  ]);
}

export function transactionPart(details: FlowDetails, known: Known, place: Place, room: Room, look: Look): Spans[] {
  const { columns, rows } = room;
  const { transactions } = details;
  const note =
    transactions.length === 0 ? '' : `${Math.min(transactions.length, place.selected + 1)} of ${transactions.length}`;
  if (transactions.length === 0) {
    const why = 'Nothing of what was said in it could be read: it is encrypted, or nobody here speaks it.';
    return [heading('What was said', columns, look), nothing, [span('   '), span(why, 'muted')]];
  }
  const isWide = columns >= 100;
  const left = isWide ? Math.floor(columns * 0.5) : columns;
  const shown = isWide ? rows - 1 : Math.max(1, Math.min(transactions.length, Math.floor((rows - 2) / 2)));
  const selected = Math.min(place.selected, transactions.length - 1);
  const first = firstShown(place.first, selected, shown);
  const list = transactions
    .slice(first, first + shown)
    .map(({ table, row }, i) =>
      listRow(summary(table, row, known, left - 3, look), first + i === selected, left, look),
    );
  if (!isWide) {
    const fields = fieldRows(details, known, selected, columns, look);
    return [heading('What was said', columns, look, nothing, note), ...list, nothing, ...fields];
  }
  const right = columns - left - betweenCells;
  const fields = [sideHeading('All of it', right, look), ...fieldRows(details, known, selected, right, look)];
  const parts = [heading('What was said', left, look, nothing, note), ...list];
  return beside([rowsOf(parts, rows), left], [fields, right], rows, look);
}
