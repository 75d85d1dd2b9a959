// What somebody set once and finds again: kept in the browser, where that is allowed.

import { effect, type Signal, signal } from '@preact/signals';

/** @param read a value from its text; undefined where that is none */
export function remembered<T extends string>(name: string, first: T, read: (text: string) => T | undefined): Signal<T> {
  const key = `taplight.${name}`;
  let text: string | null = null;
  try {
    text = localStorage.getItem(key);
  } catch {
    // Not allowed: it is as at first.
  }
  const value = signal<T>((text === null ? undefined : read(text)) ?? first);
  effect(() => {
    try {
      localStorage.setItem(key, value.value);
    } catch {
      // Not allowed: it is forgotten with the tab.
    }
  });
  return value;
}
