// Keys as Ink tells them, under the names that views and shell know.

import type { Key } from '../frame/view.ts';

/** A key, or text that was pasted (`name` is then `paste`). */
export interface Pressed extends Key {
  /** What it writes; empty for keys that write nothing. */
  readonly text: string;
}

/** Of what Ink tells, the part that is looked at. */
export interface InkKey {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly pageUp: boolean;
  readonly pageDown: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly return: boolean;
  readonly escape: boolean;
  readonly tab: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly shift: boolean;
}

const named: readonly (readonly [keyof InkKey, string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['tab', 'tab'],
  // Most terminals send for the backspace key what Ink calls delete.
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
];

const controls: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  ' ': 'space',
};

/** Several keys where they came so fast that Ink took them for one. */
export function pressedOf(input: string, key: InkKey): Pressed[] {
  const name = named.find(([flag]) => key[flag] === true)?.[1];
  if (name !== undefined) return [{ name, shift: key.shift, text: '' }];
  if (key.ctrl) return [{ name: `ctrl+${input}`, shift: false, text: '' }];
  // Alt with a letter, and sequences of keys that nobody knows here.
  if (key.meta || (input.length > 1 && /^[[O]/.test(input) && /[A-Za-z~]$/.test(input))) return [];
  return [...input].flatMap(letterOf);
}

function letterOf(letter: string): Pressed[] {
  const name = controls[letter];
  if (name === 'space') return [{ name, shift: false, text: letter }];
  if (name !== undefined) return [{ name, shift: false, text: '' }];
  if (/\p{Cc}/u.test(letter)) return [];
  return [{ name: letter, shift: letter !== letter.toLowerCase(), text: letter }];
}
