// How a terminal can be drawn on, as it says itself.

import { wantsColour, wantsUnicode } from '../../present/index.ts';
import type { Look } from '../frame/view.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Terminals with 256 colours that do not say so in TERM. */
const rich = /256|direct|kitty|alacritty|ghostty|wezterm|foot|contour|truecolor|24bit|^tmux|^rio/i;

/** @param allowsColour the setting; @param isLight what the terminal answered, null when it did not */
export function lookOf(environment: Environment, allowsColour: boolean, isLight: boolean | null, width: number): Look {
  const { TERM: term, COLORTERM: more, NO_COLOR: noColor, FORCE_COLOR: forceColor } = environment;
  const locale = [environment.LC_ALL, environment.LC_CTYPE, environment.LANG].find((name) => (name ?? '') !== '');
  const signs = { isTty: true, asked: allowsColour ? undefined : false, noColor, forceColor, term, locale };
  const colour = wantsColour(signs);
  const isRich = rich.test(term ?? '') || rich.test(more ?? '') || environment.WT_SESSION !== undefined;
  return {
    width,
    colour,
    unicode: wantsUnicode(signs),
    depth: !colour ? 0 : isRich ? 256 : 16,
    background: (isLight ?? isLightByName(environment)) ? 'light' : 'dark',
  };
}

/** `COLORFGBG=0;15`: ink and ground as numbers of the 16 colours; 7 and 15 are white. */
function isLightByName({ COLORFGBG: colours }: Environment): boolean {
  const ground = colours?.split(';').at(-1);
  return ground === '7' || ground === '15';
}

/** As WCAG weighs colours; half of white is light. */
export function isLight(red: number, green: number, blue: number): boolean {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5;
}
