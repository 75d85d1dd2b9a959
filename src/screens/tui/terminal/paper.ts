// The lines that stand on the terminal, and what Ink writes to: only lines that changed are laid out by Ink, and each is
// put into its row. So a frame costs what changed in it, a screen may fill the last row without scrolling, and nothing
// is erased that stays.

/** Begin and end of a frame that the terminal shows at once; others ignore it. */
const begin = '\u001b[?2026h';
const end = '\u001b[?2026l';

/** What Ink needs of a stream; it asks for no more in its debug mode, which writes each frame whole. */
export interface InkStream {
  readonly columns: number;
  readonly rows: number;
  readonly isTTY: boolean;
  write(text: string, done?: () => void): boolean;
  on(): void;
  off(): void;
}

export class Paper {
  #lines: readonly string[] = [];
  #changed: readonly number[] = [];
  #isFresh = true;
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** The whole terminal is to be written with the next frame. */
  forget(): void {
    this.#isFresh = true;
  }

  /** Takes the next frame. False: nothing of it is new. */
  take(lines: readonly string[]): boolean {
    const old = this.#lines;
    const changed: number[] = [];
    const most = Math.max(lines.length, old.length);
    for (let row = 0; row < most; row++) if (this.#isFresh || lines[row] !== old[row]) changed.push(row);
    this.#lines = lines;
    this.#changed = changed;
    return changed.length > 0;
  }

  /** What Ink is to lay out in this row: nothing where it stands already. */
  textAt(row: number): string {
    return this.#changed.includes(row) ? (this.#lines[row] ?? '') : '';
  }

  /** Where Ink writes its frames to. One column: lines are as wide as they should be, Ink is not to fill them up. */
  stream(): InkStream {
    return {
      columns: 1,
      rows: 1,
      isTTY: false,
      write: (text, done) => {
        this.#place(text.split('\n'));
        done?.();
        return true;
      },
      on: () => {},
      off: () => {},
    };
  }

  #place(laidOut: readonly string[]): void {
    if (this.#changed.length === 0) return;
    let text = this.#isFresh ? `${begin}\u001b[0m\u001b[2J` : begin;
    for (const row of this.#changed) {
      text += `\u001b[${row + 1};1H${this.#isFresh ? '' : '\u001b[2K'}${laidOut[row] ?? ''}`;
    }
    this.#changed = [];
    this.#isFresh = false;
    this.#write(text + end);
  }
}
