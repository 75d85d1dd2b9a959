// One packet: its layers, what the chosen one says, and its bytes with those of that layer set off.

import type { PacketDetails, PacketLayer } from '../../../api/index.ts';
import { cellText, isoTime } from '../../../present/index.ts';
import { beside, betweenCells, heading, rowsOf, sideHeading } from '../../frame/boxes.ts';
import { fit, linesOf, nothing, type Span, type Spans, span } from '../../frame/lines.ts';
import { listRow } from '../../frame/table.ts';
import type { Act, Key, Known, Line, Look, Place, Room } from '../../frame/view.ts';
import { told } from '../parts/empty.ts';
import { moved, put } from '../parts/moving.ts';
import { openedFlow, type Page } from '../parts/opening.ts';

/** Cells of a line of the dump with 16 bytes: place, digits, letters. */
const wideDump = 75;

/** The dump from the row where the layer begins, where not all of it can be seen. */
function dumpRows(
  packet: PacketDetails,
  layer: PacketLayer | undefined,
  cells: number,
  count: number,
  look: Look,
): Spans[] {
  const each = cells >= wideDump ? 16 : 8;
  const length = packet.hex.length >> 1;
  const lines = Math.ceil(length / each);
  const wanted = layer === undefined ? 0 : Math.max(0, Math.floor(layer.from / each) - 1);
  const first = Math.max(0, Math.min(wanted, lines - count));
  return Array.from({ length: Math.max(0, Math.min(count, lines - first)) }, (_, i) =>
    dumpRow(packet.hex, (first + i) * each, each, layer, look),
  );
}

function dumpRow(hex: string, from: number, each: number, layer: PacketLayer | undefined, look: Look): Spans {
  const row: Span[] = [span(` ${from.toString(16).padStart(4, '0')} `, 'muted')];
  const letters: Span[] = [span('  ')];
  const isIn = (at: number): boolean => layer !== undefined && at >= layer.from && at < layer.to && at * 2 < hex.length;
  for (let at = from; at < from + each; at++) {
    const digits = hex.slice(at * 2, at * 2 + 2);
    // Without colour, brackets tell where the layer begins and ends.
    const edge = look.depth > 0 || isIn(at) === (at > from && isIn(at - 1)) ? ' ' : isIn(at) ? '[' : ']';
    const isBoth = isIn(at) && at > from && isIn(at - 1);
    row.push(mark(edge, isBoth), mark(digits.padEnd(2), isIn(at)));
    const code = Number.parseInt(digits, 16);
    letters.push(mark(digits === '' ? ' ' : code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '.', isIn(at)));
  }
  row.push(span(look.depth === 0 && isIn(from + each - 1) ? ']' : ' '));
  return [...row, ...letters];
}

const mark = (text: string, isIn: boolean): Span =>
  isIn ? { text, ink: 'strong', isSelected: true } : span(text, 'text');

function layerRows(packet: PacketDetails, selected: number, cells: number, look: Look): Spans[] {
  return packet.layers.map(({ name, from, to }, i) =>
    listRow(
      [...fit([span(name, 'strong')], Math.max(8, cells - 22), look), span(`bytes ${from}–${to - 1}`, 'muted')],
      i === selected,
      cells,
      look,
    ),
  );
}

function fieldRows(layer: PacketLayer | undefined, look: Look): Spans[] {
  const fields = layer?.fields ?? [];
  const label = Math.min(24, Math.max(6, ...fields.map(([name]) => name.length)) + 5);
  return fields.map(([name, value]) => [...fit([span(`   ${name}`, 'muted')], label, look), span(value)]);
}

function draw(id: string, known: Known, place: Place, room: Room, look: Look): readonly Line[] {
  const { columns, rows } = room;
  const packet = known.packets?.[Number(id)];
  if (packet === undefined)
    return linesOf([heading('Packet', columns, look), ...told(['Reading packets…'], columns)], columns, rows, look);
  const selected = Math.min(place.selected, packet.layers.length - 1);
  const layer = packet.layers[selected];
  const captured = packet.hex.length >> 1;
  const size = cellText({ name: 'bytes', kind: 'u64' }, packet.wireLen);
  const cutOff = captured < packet.wireLen ? `, first ${captured} captured` : '';
  const head = heading(
    `Packet ${packet.number || Number(id) + 1}`,
    columns,
    look,
    [span(`${isoTime(packet.timeUs)}  ${size}${cutOff}`, 'muted')],
    `${Number(id) + 1} of ${known.packets?.length ?? 0}`,
  );
  const line: Spans = [span(packet.isForward ? ' ↑ ' : ' ↓ ', packet.isForward ? 'out' : 'in'), span(packet.summary)];
  const left = rows - 2;
  if (columns >= 112) {
    const side = columns >= 150 ? 60 : columns - wideDump - betweenCells - 1;
    const layers = [
      heading('Layers', side, look),
      ...layerRows(packet, selected, side, look),
      nothing,
      ...fieldRows(layer, look),
    ];
    const wide = columns - side - betweenCells;
    const bytes = [sideHeading('Bytes', wide, look, `${captured}`), ...dumpRows(packet, layer, wide, left - 1, look)];
    return linesOf([head, line, ...beside([layers, side], [bytes, wide], left, look)], columns, rows, look);
  }
  const layers = layerRows(packet, selected, columns, look);
  const fields = fieldRows(layer, look).slice(0, Math.max(2, Math.floor((left - layers.length) / 3)));
  const upper = [head, line, ...layers, ...fields, heading('Bytes', columns, look)];
  return linesOf(
    [...rowsOf(upper, Math.min(upper.length, rows)), ...dumpRows(packet, layer, columns, rows - upper.length, look)],
    columns,
    rows,
    look,
  );
}

function act(id: string, key: Key, known: Known, place: Place, room: Room): Act | null {
  const packets = known.packets ?? [];
  const at = Number(id);
  const layers = packets[at]?.layers.length ?? 0;
  const step = key.name === 'left' ? -1 : key.name === 'right' ? 1 : 0;
  if (step !== 0) {
    const to = Math.max(0, Math.min(packets.length - 1, at + step));
    return put({ ...place, opened: [...place.opened.slice(0, -1), `packet:${to}`] });
  }
  if (key.name === 'enter') return null;
  return moved(key, place, layers, room.rows);
}

export const packetPage: Page = {
  wants: (_, place) => ({ flow: openedFlow(place) ?? { run: 0, flowId: 0 }, packets: true }),
  draw,
  act,
  keys: [
    ['↑↓', 'layer'],
    ['←→', 'packet'],
  ],
};
