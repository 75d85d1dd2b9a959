// One line of text that is written, with a cursor in it.

import type { Pressed } from '../../terminal/pressed.ts';

export interface LineEdit {
  readonly text: string;
  /** Place of the cursor, UTF-16 units. */
  readonly cursor: number;
}

/** Longer lines are no filters and no paths. */
const mostLetters = 4000;

export const lineWith = (text: string): LineEdit => ({ text, cursor: text.length });

/** Puts text where the cursor is, in place of `length` letters from `at`. */
export function replaced({ text }: LineEdit, at: number, length: number, put: string): LineEdit {
  const next = text.slice(0, at) + put + text.slice(at + length);
  return next.length > mostLetters ? { text, cursor: at + length } : { text: next, cursor: at + put.length };
}

/** Where the letter before `at` begins: two units for letters beyond the first plane. */
function before(text: string, at: number): number {
  const isPair = /[\uDC00-\uDFFF]/.test(text[at - 1] ?? '') && /[\uD800-\uDBFF]/.test(text[at - 2] ?? '');
  return Math.max(0, at - (isPair ? 2 : 1));
}

function after(text: string, at: number): number {
  return Math.min(text.length, at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1));
}

/** The line after a key; null: a key that edits nothing. */
export function edited(line: LineEdit, key: Pressed): LineEdit | null {
  const { text, cursor } = line;
  switch (key.name) {
    case 'backspace': {
      const from = before(text, cursor);
      return replaced(line, from, cursor - from, '');
    }
    case 'left':
      return { text, cursor: before(text, cursor) };
    case 'right':
      return { text, cursor: after(text, cursor) };
    case 'home':
    case 'ctrl+a':
      return { text, cursor: 0 };
    case 'end':
    case 'ctrl+e':
      return { text, cursor: text.length };
    case 'ctrl+u':
      return replaced(line, 0, cursor, '');
    case 'ctrl+w': {
      const kept = text.slice(0, cursor).replace(/\S+\s*$/, '').length;
      return replaced(line, kept, cursor - kept, '');
    }
  }
  return key.text === '' ? null : replaced(line, cursor, 0, key.text);
}
