// Packets of a flow, one line each.

import { cellText, clockTime, formatDuration } from '../../../present/index.ts';
import { heading } from '../../frame/boxes.ts';
import { fit, linesOf, type Spans, span } from '../../frame/lines.ts';
import { firstShown, listRow } from '../../frame/table.ts';
import type { Act, Key, Known, Line, Look, Place, Room } from '../../frame/view.ts';
import { ownActs } from '../flows/keys.ts';
import { told } from '../parts/empty.ts';
import { moved, opened } from '../parts/moving.ts';
import { openedFlow, type Page } from '../parts/opening.ts';
import { detailsOf } from './flow.ts';

const above = 2;

function draw(known: Known, place: Place, { columns, rows }: Room, look: Look): readonly Line[] {
  const { packets, trouble } = known;
  if (packets === null || packets.length === 0) {
    const none = [
      'No packet of this flow is kept any more.',
      'With --keep-packets SIZE, packets stay on disk until SIZE is full.',
    ];
    const words =
      trouble !== null ? [`Packets could not be had: ${trouble}`] : packets === null ? ['Reading packets…'] : none;
    return linesOf([heading('Packets', columns, look), ...told(words, columns)], columns, rows, look);
  }
  const selected = Math.min(place.selected, packets.length - 1);
  const first = firstShown(place.first, selected, rows - above);
  const startUs = packets[0].timeUs;
  const names = fit([span('  Number  '), span('       After  '), span('     Length  What it says')], columns - 3, look);
  const head: Spans = [span('   '), ...names.map((each) => ({ ...each, ink: 'muted' as const }))];
  const list = packets.slice(first, first + rows - above).map((packet, i): Spans => {
    const after = packet.timeUs === startUs ? '0' : `+${formatDuration((packet.timeUs - startUs) / 1e6)}`;
    const number =
      packet.number === 0 ? String(first + i + 1) : cellText({ name: 'number', kind: 'u64' }, packet.number);
    const row: Spans = [
      ...fit([span(number, 'muted')], 9, look, 'right'),
      ...fit([span(after)], 12, look, 'right'),
      span(packet.isForward ? '  ↑' : '  ↓', packet.isForward ? 'out' : 'in'),
      ...fit([span(cellText({ name: 'bytes', kind: 'u64' }, packet.wireLen))], 10, look, 'right'),
      span(`  ${packet.summary}`),
    ];
    return listRow(row, first + i === selected, columns, look);
  });
  const note = `${selected + 1} of ${packets.length}${packets.length >= 200 ? ' first' : ''}`;
  const title = heading('Packets', columns, look, [span(`from ${clockTime(startUs)}`, 'muted')], note);
  return linesOf([title, head, ...list], columns, rows, look);
}

function act(key: Key, known: Known, place: Place, room: Room): Act | null {
  const count = known.packets?.length ?? 0;
  if (key.name === 'enter') return count === 0 ? null : opened(place, `packet:${Math.min(place.selected, count - 1)}`);
  const details = detailsOf(known, place);
  return (
    moved(key, place, count, Math.max(1, room.rows - above)) ??
    (details === null ? null : ownActs(key, details.flow, known))
  );
}

export const packetsPage: Page = {
  wants: (_, place) => ({ flow: openedFlow(place) ?? { run: 0, flowId: 0 }, packets: true }),
  draw: (_, known, place, room, look) => draw(known, place, room, look),
  act: (_, key, known, place, room) => act(key, known, place, room),
  keys: [
    ['enter', 'layers and bytes'],
    ['x', 'save packets'],
  ],
};
