// A page that is longer than the room: from the row that was scrolled to, and how much is below.

import { type Spans, span } from '../../frame/lines.ts';
import type { Place } from '../../frame/view.ts';

/** As many rows as there is room for; the last one tells where there is more. */
export function scrolled(body: readonly Spans[], place: Place, rows: number): Spans[] {
  const most = Math.max(0, body.length - rows);
  const first = Math.min(place.selected, most);
  const shown = body.slice(first, first + rows);
  if (first < most && shown.length > 0)
    shown[shown.length - 1] = [span(` ↓ ${body.length - first - rows + 1} lines more`, 'muted')];
  return shown;
}
