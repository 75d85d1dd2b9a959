// A terminal with pages on it: one at a time is shown and hears the keys. Draws when something changed, and not more
// often than people can read.

import { lineOf, span } from '../frame/lines.ts';
import type { Line, Look, Room } from '../frame/view.ts';
import { Keyboard } from './keyboard.ts';
import { isLight, lookOf } from './look.ts';
import { Paper } from './paper.ts';
import type { TerminalPorts } from './ports.ts';
import type { Pressed } from './pressed.ts';
import { askBackground, openTerminal, type Terminal } from './terminal.ts';

export interface Page {
  /** Exactly as many lines as the room has, at the most. */
  draw(room: Room, look: Look): readonly Line[];
  press(key: Pressed, room: Room): void;
  /** Called about ten times a second; true: it wants to be drawn. */
  tick?(nowMs: number): boolean;
}

export interface Surface {
  show(page: Page): void;
  /** Something changed: the page is drawn soon. */
  changed(): void;
  /** Text for the clipboard of whoever sits at the terminal (OSC 52), also through ssh. */
  copy(text: string): void;
  room(): Room;
  /** Draws for a light background instead of a dark one, or the other way round. */
  turnBackground(): void;
  /** Resolves when the terminal has gone away. */
  readonly gone: Promise<void>;
  close(): void;
}

export const leastRoom: Room = { columns: 80, rows: 24 };
/** Frames while data changes, and while somebody types: people see at once what they press. */
const frameMs = 250;
const keyFrameMs = 50;
const tickMs = 50;
/** OSC 52 is not for more than terminals take. */
const mostCopied = 74_000;

/** Opens a screen, or gives null where the terminal takes no single keys. Loads Ink. */
export async function openSurface(ports: TerminalPorts, allowsColour: boolean): Promise<Surface | null> {
  const { openInk } = await import('./ink-root.ts');
  let page: Page | null = null;
  let light: boolean | null = null;
  let isDirty = true;
  let isTyped = false;
  let drawnMs = Number.NEGATIVE_INFINITY;
  let goneAway: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    goneAway = resolve;
  });
  const keyboard = new Keyboard({
    paste: (text) => pressed({ name: 'paste', shift: false, text }),
    background: (red, green, blue) => {
      light = isLight(red, green, blue);
      isDirty = true;
    },
  });
  const terminal = openTerminal(ports, { data: (data) => keyboard.feed(data), gone: () => goneAway() });
  const paper = new Paper((text) => terminal.write(text));
  const room = (): Room => ({ columns: ports.stdout.columns || 80, rows: ports.stdout.rows || 24 });
  const pressed = (key: Pressed): void => {
    if (key.name === 'ctrl+z') {
      suspend();
      return;
    }
    if (key.name === 'ctrl+l') paper.forget();
    isDirty = true;
    isTyped = true;
    page?.press(key, room());
  };
  if (!terminal.enter()) {
    terminal.close();
    return null;
  }
  if (ports.environment.TERM !== 'linux') terminal.write(askBackground);
  const ink = openInk(paper, keyboard.input, pressed);
  const draw = (): void => {
    const space = room();
    const look = lookOf(ports.environment, allowsColour, light, space.columns);
    drawnMs = ports.nowMs();
    isDirty = false;
    isTyped = false;
    if (page !== null && paper.take(drawIn(page, space, look))) ink.draw(space.rows);
  };
  const tick = (): void => {
    const nowMs = ports.nowMs();
    if (page?.tick?.(nowMs) === true) isDirty = true;
    if (isDirty && !terminal.isBusy() && nowMs - drawnMs >= (isTyped ? keyFrameMs : frameMs)) draw();
  };
  const again = (): void => {
    paper.forget();
    isDirty = true;
    isTyped = true;
  };
  const offs = [ports.every(tickMs, tick), ...jobControl(ports, terminal, again), ports.onSignal('SIGWINCH', again)];
  return {
    show: (next) => {
      page = next;
      again();
      draw();
    },
    changed: () => {
      isDirty = true;
    },
    copy: (text) => {
      const shown = Buffer.from(text).toString('base64');
      if (shown.length <= mostCopied) terminal.write(`\u001b]52;c;${shown}\u0007`);
    },
    room,
    turnBackground: () => {
      light = lookOf(ports.environment, allowsColour, light, 0).background === 'dark';
      isDirty = true;
    },
    gone,
    close: () => {
      for (const off of offs) off();
      terminal.leave();
      ink.unmount();
      terminal.close();
    },
  };
}

/** To the background with Ctrl+Z, as the shell expects it, and back with `fg`. */
function suspend(): void {
  process.kill(0, 'SIGTSTP');
}

function jobControl(ports: TerminalPorts, terminal: Terminal, again: () => void): (() => void)[] {
  if (process.platform === 'win32') return [];
  return [
    ports.onSignal('SIGTSTP', () => {
      terminal.leave();
      process.kill(process.pid, 'SIGSTOP');
    }),
    ports.onSignal('SIGCONT', () => {
      if (terminal.enter()) again();
    }),
  ];
}

function drawIn(page: Page, room: Room, look: Look): readonly Line[] {
  const { columns, rows } = leastRoom;
  if (room.columns >= columns && room.rows >= rows) return page.draw(room, look).slice(0, room.rows);
  const words = [
    `This terminal has ${room.columns} columns and ${room.rows} rows.`,
    `The screen needs ${columns} and ${rows}.`,
    'Make it larger, or press q.',
  ];
  return words.slice(0, room.rows).map((each) => lineOf([span(each)], room.columns, look));
}
