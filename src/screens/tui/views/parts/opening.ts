// What is opened over a view: a flow, its packets, a host, a protocol, an alert. Each is a page of its own, the same in
// every view, and Esc leads back to where the cursor was.

import type { SceneAbout } from '../../../api/index.ts';
import type { Act, Key, Known, Line, Look, Place, Room, View, Wants } from '../../frame/view.ts';
import { back } from './moving.ts';

/** What one kind of thing looks like when it is opened. */
export interface Page {
  wants(id: string, place: Place, room: Room, about?: SceneAbout): Wants;
  draw(id: string, known: Known, place: Place, room: Room, look: Look): readonly Line[];
  act(id: string, key: Key, known: Known, place: Place, room: Room): Act | null;
  readonly keys: View['keys'];
  keyAt?(id: string, known: Known, place: Place, index: number): string | null;
}

/** `host:10.0.0.5` in its two parts. */
function openedPage(place: Place, pages: Readonly<Record<string, Page>>): { page: Page; id: string } | null {
  const last = place.opened.at(-1);
  if (last === undefined) return null;
  const at = last.indexOf(':');
  const page = pages[at < 0 ? last : last.slice(0, at)];
  return page === undefined ? null : { page, id: at < 0 ? '' : last.slice(at + 1) };
}

/** The view, with all pages that can be opened over it. */
export function withPages(view: View, pages: Readonly<Record<string, Page>>): View {
  return {
    ...view,
    wants: (place, room, about) => {
      const opened = openedPage(place, pages);
      return opened === null ? view.wants(place, room, about) : opened.page.wants(opened.id, place, room, about);
    },
    draw: (known, place, room, look) => {
      const opened = openedPage(place, pages);
      if (opened === null) return view.draw(known, place, room, look);
      return opened.page.draw(opened.id, known, place, room, look);
    },
    keyAt: (known, place, index) => {
      const opened = openedPage(place, pages);
      if (opened === null) return view.keyAt?.(known, place, index) ?? null;
      return opened.page.keyAt?.(opened.id, known, place, index) ?? null;
    },
    keysOf: (place) => openedPage(place, pages)?.page.keys ?? view.keys,
    act: (key, known, place, room) => {
      const opened = openedPage(place, pages);
      if (opened === null) return view.act(key, known, place, room);
      if (key.name === 'escape') return back(place);
      return opened.page.act(opened.id, key, known, place, room);
    },
  };
}

/** Run and number of `flow:3:17`, from the latest of what was opened. */
export function openedFlow(place: Place): { run: number; flowId: number } | null {
  const thing = place.opened.findLast((each) => each.startsWith('flow:'));
  const [, run, flowId] = /^flow:(\d+):(\d+)$/.exec(thing ?? '') ?? [];
  return run === undefined ? null : { run: Number(run), flowId: Number(flowId) };
}
