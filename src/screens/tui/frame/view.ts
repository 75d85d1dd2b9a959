// What a view of the terminal is: a pure function of what is known and how much room there is, and what its keys do.

import type { Pulse, TrafficSeries } from '../../../core/index.ts';
import type {
  FlowDetails,
  PacketDetails,
  ProtocolInfo,
  RowWindow,
  SceneAbout,
  SceneSnapshot,
} from '../../api/index.ts';
import type { Style } from '../../present/index.ts';

/** Cells of the room a view may fill. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
}

/** How the terminal can be drawn on: 256 colours, 16, or none; the background decides which palette. */
export interface Look extends Style {
  readonly depth: 256 | 16 | 0;
  readonly background: 'dark' | 'light';
}

/** One line, with SGR colours, never wider than the room; made by `frame/` only from printable text. */
export type Line = string;

/** What is known at this moment; views read nothing else. */
export interface Known {
  readonly about: SceneAbout;
  readonly protocols: readonly ProtocolInfo[];
  readonly snapshot: SceneSnapshot | null;
  readonly pulse: Pulse | null;
  readonly recent: TrafficSeries | null;
  readonly whole: TrafficSeries | null;
  /** Answer to a question of the view; null until the first came. */
  readonly window: RowWindow | null;
  /** The question that `window` answers, so that rows are found while the next answer is on its way. */
  readonly asked: Wants | null;
  readonly flow: FlowDetails | null;
  readonly packets: readonly PacketDetails[] | null;
  /** What went wrong with the latest question; null: nothing. */
  readonly trouble: string | null;
}

/** Where the person is: the same for all views, kept when they are left. */
export interface Place {
  /** Row under the cursor, and the first row shown. */
  readonly selected: number;
  readonly first: number;
  /** Column and direction; null: the view's own order. */
  readonly sort: { readonly column: string; readonly descending: boolean } | null;
  /** What was opened, outermost first: `['flow:3:17', 'packet:4']`, `['host:10.0.0.5']`, `['protocol:dns']`, `['alert:abc']`. */
  readonly opened: readonly string[];
  readonly filter: string;
  /** Second part of a view on small terminals, reached by Tab; in tables the column under the cursor. */
  readonly pane: number;
  /** Where the cursor was on each page that `opened` leads back to. */
  readonly trail?: readonly {
    readonly selected: number;
    readonly first: number;
    readonly pane: number;
    readonly sort?: Place['sort'];
  }[];
}

/** What a view wants to know to be drawn; asked again about once a second while it goes on. */
export interface Wants {
  readonly table?: string;
  readonly filter?: string;
  readonly sort?: { readonly column: string; readonly descending: boolean };
  readonly from?: number;
  readonly count?: number;
  readonly flow?: { readonly run: number; readonly flowId: number };
  readonly packets?: boolean;
}

/** What a key does beyond moving about; the shell does it. */
export type Act =
  | { readonly do: 'place'; readonly place: Place }
  | { readonly do: 'view'; readonly view: string; readonly place?: Partial<Place> }
  /** A term of the filter language to add: only this, or not this. */
  | { readonly do: 'narrow'; readonly term: string; readonly isNot: boolean }
  | { readonly do: 'copy'; readonly text: string; readonly what: string }
  | { readonly do: 'save packets'; readonly run: number; readonly flowId: number }
  | { readonly do: 'acknowledge'; readonly run: number; readonly alertId: string };

export interface Key {
  /** `up`, `down`, `left`, `right`, `pageup`, `pagedown`, `home`, `end`, `enter`, `escape`, `tab`, or the letter. */
  readonly name: string;
  readonly shift: boolean;
}

export interface View {
  /** The key that opens it. */
  readonly key: string;
  readonly name: string;
  readonly title: string;
  /**
   * Rows that fit into the room for a window, besides headings: how much to ask for.
   *
   * @param about what is looked at; left out: a capture that goes on
   */
  wants(place: Place, room: Room, about?: SceneAbout): Wants;
  /** Exactly `room.rows` lines at the most. */
  draw(known: Known, place: Place, room: Room, look: Look): readonly Line[];
  /** Null: not a key of this view. */
  act(key: Key, known: Known, place: Place, room: Room): Act | null;
  /** What the row at this place of the list is known by while the order changes; left out: places are all there is. */
  keyAt?(known: Known, place: Place, index: number): string | null;
  /** Keys for the line at the bottom and for help: `['enter', 'open']`. */
  readonly keys: readonly (readonly [key: string, does: string])[];
  /** The same where something is opened; left out: they stay the same. */
  keysOf?(place: Place): View['keys'];
}
