// Dark, light or with more contrast: what the system asks for, until somebody chooses.

import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Theme } from '../shell/screen.ts';
import { remembered } from './remembered.ts';

export type ThemeChoice = Theme | 'system';
const choices: readonly ThemeChoice[] = ['system', 'dark', 'light', 'contrast'];

/** True while the media query matches. */
function matching(query: string): ReadonlySignal<boolean> {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener('change', () => {
    matches.value = list.matches;
  });
  return matches;
}

/** Drawing glides, or, where that disturbs, is done once a second. */
export const wantsLittleMotion = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

export function chosenTheme(): { readonly theme: ReadonlySignal<Theme>; readonly choice: Signal<ThemeChoice> } {
  const choice = remembered<ThemeChoice>('theme', 'system', (text) => choices.find((each) => each === text));
  const isLight = matching('(prefers-color-scheme: light)');
  const wantsContrast = matching('(prefers-contrast: more)');
  const theme = computed<Theme>(() => {
    if (choice.value !== 'system') return choice.value;
    return wantsContrast.value ? 'contrast' : isLight.value ? 'light' : 'dark';
  });
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
  });
  return { theme, choice };
}

export const nextChoice = (choice: ThemeChoice): ThemeChoice => choices[(choices.indexOf(choice) + 1) % choices.length];
