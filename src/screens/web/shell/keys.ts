// Keys that work everywhere on the screen; the same as in the terminal.

import type { Signal } from '@preact/signals';
import { nextChoice } from '../look/theme.ts';
import { rangeNow, shifted } from './header/range-menu.tsx';
import type { Shell } from './open-screen.ts';
import { views } from './views.ts';

export interface KeyHooks {
  /** Single letters can be switched off (WCAG 2.1.4). */
  readonly isOn: Signal<'on' | 'off'>;
  help(): void;
}

/** Where letters are written, or where a key means something already. */
function takesKeys(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input:not([type=checkbox]), select, textarea, [contenteditable], dialog') !== null) return true;
  return (key === ' ' || key === 'Enter') && target.closest('button, a, summary, input, [role=slider]') !== null;
}

/** Gives what ends it. */
export function listenToKeys(shell: Shell, hooks: KeyHooks): () => void {
  const heard = (event: KeyboardEvent): void => {
    const { key } = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (takesKeys(event.target, key)) return;
    if (key !== 'Escape' && hooks.isOn.peek() === 'off') return;
    if (act(shell, hooks, key)) event.preventDefault();
  };
  window.addEventListener('keydown', heard);
  return () => window.removeEventListener('keydown', heard);
}

/** True: the key did something. */
function act(shell: Shell, hooks: KeyHooks, key: string): boolean {
  const view = views.find((each) => each.key === key);
  if (view !== undefined) shell.go(view.name);
  else if (key === '/') document.getElementById('filter')?.focus();
  else if (key === ' ') shell.setPaused(!shell.isPaused.peek());
  else if (key === '?') hooks.help();
  else if (key === 't') shell.themeChoice.value = nextChoice(shell.themeChoice.peek());
  else if (key === 'Escape') return shell.stepBack();
  else if (key === '[' || key === ']') shift(shell, key === ']' ? 1 : -1);
  else if (['j', 'k', 'ArrowDown', 'ArrowUp'].includes(key)) return focusTable();
  else return false;
  return true;
}

function shift(shell: Shell, direction: 1 | -1): void {
  const lastUs = shell.newestUs.peek();
  const range = shell.range.peek() ?? (lastUs === null ? null : rangeNow(lastUs));
  if (range !== null) shell.setRange(shifted(range, direction));
}

/** Arrows begin in the table, unless something else has the focus. */
function focusTable(): boolean {
  const active = document.activeElement;
  if (active !== null && active !== document.body && active.id !== 'view') return false;
  const grid = document.querySelector<HTMLElement>('[role=grid]');
  grid?.focus();
  return grid !== null;
}
