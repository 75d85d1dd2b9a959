// What is seen before there is a scene: the question where to listen, the path of a file, or what permission is missing.

import { wrap } from '../../present/index.ts';
import { heading, rowsOf } from '../frame/boxes.ts';
import { linesOf, nothing, type Spans, span } from '../frame/lines.ts';
import type { Line, Look, Room } from '../frame/view.ts';
import { edited, type LineEdit, lineWith } from '../shell/typing/line-edit.ts';
import { completedPath, pathsLike } from '../shell/typing/path-line.ts';
import { pathSpans } from '../shell/typing/path-lines.ts';
import type { Pressed } from '../terminal/pressed.ts';
import type { Page, Surface } from '../terminal/surface.ts';
import { type Card, cardRows } from './card-lines.ts';
import { pickerRows } from './picker-lines.ts';
import { looked, movedBy, type PickerRow, type PickerState, startPicker } from './picker-state.ts';

export type Started =
  | { readonly is: 'interface'; readonly name: string }
  | { readonly is: 'file'; readonly path: string }
  | { readonly is: 'demo' | 'browser' }
  | { readonly is: 'quit'; readonly code: 0 | 130 };

export interface StartParts {
  /** Interfaces with the rates since the call before. */
  readonly look: () => readonly PickerRow[];
  /** What is missing; null: the question is asked. */
  readonly card: Card | null;
  /** Told in the last line but one: why the last try failed. */
  readonly trouble: string;
}

const lookMs = 1000;
/** A folder is on the way to a file. */
const isFilePath = (path: string): boolean => path !== '' && !path.endsWith('/');

type Mode = 'pick' | 'card' | 'file' | 'help';

export class StartPage implements Page {
  readonly answered: Promise<Started>;
  readonly #parts: StartParts;
  readonly #surface: Surface;
  #answer: (started: Started) => void = () => {};
  #mode: Mode;
  #picker: PickerState;
  #path: LineEdit = lineWith('');
  #chosen = 0;
  #notice = '';
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(parts: StartParts, surface: Surface) {
    this.#parts = parts;
    this.#surface = surface;
    this.#mode = parts.card === null ? 'pick' : 'card';
    this.#picker = startPicker(parts.card === null ? parts.look() : []);
    this.#notice = parts.trouble;
    this.answered = new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  /** A path is being written: nothing is to come between. */
  isBusy(): boolean {
    return this.#mode === 'file';
  }

  tick(nowMs: number): boolean {
    if (this.#mode !== 'pick' || nowMs - this.#lookedMs < lookMs) return false;
    this.#lookedMs = nowMs;
    this.#picker = looked(this.#picker, this.#parts.look());
    return true;
  }

  press(key: Pressed): void {
    this.#notice = '';
    if (key.name === 'ctrl+c') this.#answer({ is: 'quit', code: 130 });
    else if (this.#mode === 'file') this.#inFile(key);
    else if (this.#mode === 'help') this.#mode = this.#home();
    else this.#inList(key);
  }

  #home(): Mode {
    return this.#parts.card === null ? 'pick' : 'card';
  }

  #inFile(key: Pressed): void {
    const path = this.#path.text.trim();
    if (key.name === 'escape') this.#mode = this.#home();
    else if (key.name === 'enter' && isFilePath(path)) this.#answer({ is: 'file', path });
    else if (key.name === 'tab') this.#path = completedPath(this.#path, pathsLike);
    else this.#path = edited(this.#path, key) ?? this.#path;
  }

  #inList(key: Pressed): void {
    const isCard = this.#mode === 'card';
    const moves: Readonly<Record<string, number>> = { up: -1, k: -1, down: 1, j: 1, home: -1000, end: 1000 };
    const by = moves[key.name];
    if (key.name === 'q' || key.name === 'ctrl+d') this.#answer({ is: 'quit', code: 0 });
    else if (key.name === 'o') this.#mode = 'file';
    else if (key.name === 'd') this.#answer({ is: 'demo' });
    else if (key.name === '?') this.#mode = 'help';
    else if (isCard) this.#inCard(key, by);
    else if (key.name === 'w') this.#answer({ is: 'browser' });
    else if (by !== undefined) this.#picker = movedBy(this.#picker, by);
    else if (key.name === 'enter' && this.#picker.selected !== '') {
      this.#answer({ is: 'interface', name: this.#picker.selected });
    }
  }

  #inCard(key: Pressed, by: number | undefined): void {
    const ways = this.#parts.card?.ways ?? [];
    if (by !== undefined) this.#chosen = Math.max(0, Math.min(ways.length - 1, this.#chosen + by));
    if (/^[1-9]$/.test(key.name) && Number(key.name) <= ways.length) this.#chosen = Number(key.name) - 1;
    if (key.name !== 'c') return;
    this.#surface.copy((ways[this.#chosen]?.lines ?? []).join('\n'));
    this.#notice = 'copied, where the terminal allows that (OSC 52)';
  }

  draw(room: Room, look: Look): readonly Line[] {
    const { columns, rows } = room;
    const head: Spans[] = [
      [span(' taplight', 'strong'), span('  see your network, understand it, be warned', 'muted')],
      nothing,
    ];
    const body = rowsOf(this.#body({ columns, rows: rows - 4 }, look), rows - 4);
    const notice: Spans = [span(` ${this.#notice}`, 'focus')];
    return linesOf([...head, ...body, notice, this.#keys()], columns, rows, look);
  }

  #body(room: Room, look: Look): Spans[] {
    const { card } = this.#parts;
    if (this.#mode === 'file')
      return [
        heading('Open a capture file', room.columns, look),
        nothing,
        ...pathSpans(this.#path, pathsLike(this.#path.text)),
      ];
    if (this.#mode === 'help') return helpRows(room.columns, look);
    if (this.#mode === 'card' && card !== null) return cardRows(card, this.#chosen, room);
    return pickerRows(this.#picker, room, look);
  }

  #keys(): Spans {
    const keys: Readonly<Record<Mode, readonly (readonly [string, string])[]>> = {
      pick: [
        ['↑↓', 'choose'],
        ['Enter', 'listen'],
        ['o', 'file'],
        ['d', 'demo'],
        ['w', 'browser'],
        ['?', 'what is this'],
        ['q', 'quit'],
      ],
      card: [
        ['↑↓', 'choose'],
        ['c', 'copy the command'],
        ['d', 'demo'],
        ['o', 'file'],
        ['?', 'what is this'],
        ['q', 'quit'],
      ],
      file: [
        ['Enter', 'open'],
        ['Tab', 'complete'],
        ['Esc', 'back'],
      ],
      help: [['any key', 'back']],
    };
    return keys[this.#mode].flatMap(([key, does]) => [span(` ${key}`, 'strong'), span(` ${does}  `, 'muted')]);
  }
}

const helpWords = [
  'An interface is where your machine meets a network: a cable, Wi-Fi, a container’s bridge, or the machine itself (lo).',
  'Choose one and press Enter: Taplight then shows who talks to whom, how much and how well, and warns of what looks wrong.',
  'Nothing is sent, and nothing leaves this machine. Listening needs permission; rates in this list do not.',
  'A capture file (pcap, pcapng, also .gz and .zst) needs no permission, and neither does the demo.',
];

function helpRows(columns: number, look: Look): Spans[] {
  return [
    heading('What is this', columns, look),
    nothing,
    ...helpWords.flatMap((words) => [...wrapped(words, columns), nothing]),
  ];
}

const wrapped = (words: string, columns: number): Spans[] =>
  wrap(words, Math.min(columns - 6, 100)).map((line) => [span(`   ${line}`)]);
