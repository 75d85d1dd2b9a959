// View 4: what is spoken, by family; Enter opens a protocol.

import { type AppVolume, type Family, families } from '../../../../core/index.ts';
import { familyTitle, formatBytes, formatCount, formatPercent } from '../../../present/index.ts';
import { heading } from '../../frame/boxes.ts';
import { fit, linesOf, type Spans, span } from '../../frame/lines.ts';
import { barSpans } from '../../frame/spark.ts';
import { firstShown, listRow } from '../../frame/table.ts';
import type { Act, Key, Known, Line, Look, Place, Room, View } from '../../frame/view.ts';
import { told, waiting } from '../parts/empty.ts';
import { isKey, moved, opened } from '../parts/moving.ts';
import { familyOfApp, protocolsByName, protocolTitle } from '../parts/names.ts';
import { narrow, term } from '../parts/terms.ts';

interface Spoken {
  readonly app: string;
  readonly family: Family;
  readonly volume: AppVolume;
}

/** Protocols that were seen: families by bytes, protocols in them by bytes. */
function spokenOf(known: Known): Spoken[] {
  const all = Object.entries(known.snapshot?.apps ?? {})
    .filter(([, { packets, flows }]) => packets + flows > 0)
    .map(([app, volume]): Spoken => ({ app, volume, family: familyOfApp(app, known) }));
  const bytesOf = new Map<Family, number>(families.map((family) => [family, 0]));
  for (const { family, volume } of all) bytesOf.set(family, (bytesOf.get(family) ?? 0) + volume.bytes);
  return all.sort(
    (a, b) =>
      (bytesOf.get(b.family) ?? 0) - (bytesOf.get(a.family) ?? 0) ||
      families.indexOf(a.family) - families.indexOf(b.family) ||
      b.volume.bytes - a.volume.bytes ||
      (a.app < b.app ? -1 : 1),
  );
}

/** A line of a family, or of a protocol with its place in the list. */
type Entry =
  | { readonly family: Family; readonly bytes: number; readonly count: number }
  | { readonly spoken: Spoken; readonly at: number };

function entriesOf(spoken: readonly Spoken[]): Entry[] {
  const entries: Entry[] = [];
  let latest: Family | null = null;
  for (const [at, each] of spoken.entries()) {
    if (each.family !== latest) {
      latest = each.family;
      const own = spoken.filter(({ family }) => family === each.family);
      entries.push({
        family: each.family,
        bytes: own.reduce((sum, { volume }) => sum + volume.bytes, 0),
        count: own.length,
      });
    }
    entries.push({ spoken: each, at });
  }
  return entries;
}

const above = 2;

function draw(known: Known, place: Place, { columns, rows }: Room, look: Look): readonly Line[] {
  const spoken = spokenOf(known);
  const note = spoken.length === 0 ? '' : `${Math.min(spoken.length, place.selected + 1)} of ${spoken.length}`;
  const title = heading('Protocols', columns, look, [span('by bytes', 'muted')], note);
  if (spoken.length === 0) return linesOf([title, ...told(waiting(known), columns)], columns, rows, look);
  const entries = entriesOf(spoken);
  const selected = Math.min(place.selected, spoken.length - 1);
  const row = entries.findIndex((entry) => 'spoken' in entry && entry.at === selected);
  // The family of the first protocol is seen with it.
  const first = row <= 1 ? 0 : firstShown(Math.min(place.first + 1, Math.max(0, row - 1)), row, rows - above);
  const total = spoken.reduce((sum, { volume }) => sum + volume.bytes, 0);
  const most = Math.max(1, ...spoken.map(({ volume }) => volume.bytes));
  const layout = layoutOf(columns);
  const list = entries.slice(first, first + rows - above).map((entry) => {
    if (!('spoken' in entry)) return familyRow(entry, total, columns, layout, look);
    return listRow(spokenRow(entry.spoken, total, most, layout, known, look), entry.at === selected, columns, look);
  });
  return linesOf([title, headOf(layout, look), ...list], columns, rows, look);
}

interface Widths {
  readonly name: number;
  readonly bar: number;
  readonly hasPackets: boolean;
}

function layoutOf(columns: number): Widths {
  const hasPackets = columns >= 90;
  const name = Math.max(8, Math.min(22, Math.floor(columns * 0.22)));
  return {
    name,
    hasPackets,
    bar: Math.max(0, Math.min(80, columns - 3 - 2 - name - 9 - 9 - 10 - (hasPackets ? 14 : 0) - 3)),
  };
}

function numbers(
  bytes: string,
  share: string,
  flows: string,
  packets: string,
  { hasPackets }: Widths,
  look: Look,
): Spans {
  const cell = (words: string, cells: number): Spans => fit([span(words)], cells, look, 'right');
  return [...cell(share, 9), ...cell(bytes, 9), ...cell(flows, 10), ...(hasPackets ? cell(packets, 14) : [])];
}

function headOf(widths: Widths, look: Look): Spans {
  const row = [
    ...fit([span('     Protocol')], 5 + widths.name + 1 + widths.bar, look),
    ...numbers('Bytes', 'Share', 'Flows', 'Packets', widths, look),
  ];
  return row.map((each) => ({ ...each, ink: 'muted' as const }));
}

function familyRow(
  entry: { family: Family; bytes: number },
  total: number,
  columns: number,
  widths: Widths,
  look: Look,
): Spans {
  const { family, bytes } = entry;
  const name = [span('   '), span(look.unicode ? '■ ' : '# ', family), span(familyTitle[family], 'strong')];
  const row = [
    ...fit(name, 3 + 2 + widths.name + 1 + widths.bar, look),
    ...fit([span(formatPercent(bytes, total), 'strong')], 9, look, 'right'),
  ];
  return fit(row, columns, look);
}

function spokenRow(
  { app, family, volume }: Spoken,
  total: number,
  most: number,
  widths: Widths,
  known: Known,
  look: Look,
): Spans {
  return [
    span('  '),
    ...fit([span(protocolTitle(app, known))], widths.name, look),
    span(' '),
    ...barSpans(volume.bytes / most, widths.bar, look, family),
    ...numbers(
      formatBytes(volume.bytes),
      formatPercent(volume.bytes, total),
      formatCount(volume.flows),
      formatCount(volume.packets),
      widths,
      look,
    ),
  ];
}

function act(key: Key, known: Known, place: Place, room: Room): Act | null {
  const spoken = spokenOf(known);
  const move = moved(key, place, spoken.length, Math.max(1, room.rows - above));
  if (move !== null) return move;
  const chosen = spoken[Math.min(place.selected, spoken.length - 1)];
  if (chosen === undefined) return null;
  if (key.name === 'enter') {
    const hasTable = (protocolsByName(known.protocols).get(chosen.app)?.fields.length ?? 0) > 0;
    return opened(place, `${hasTable ? 'protocol' : 'spoken'}:${chosen.app}`);
  }
  if (isKey(key, 'f') || isKey(key, 'F')) return narrow(term('app', chosen.app), isKey(key, 'F'));
  return null;
}

export const protocolsView: View = {
  key: '4',
  name: 'protocols',
  title: 'Protocols',
  wants: () => ({}),
  draw,
  act,
  keys: [
    ['enter', 'open'],
    ['f', 'only this'],
    ['F', 'not this'],
  ],
};
