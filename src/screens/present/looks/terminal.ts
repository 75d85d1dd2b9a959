// Colours of the terminal screen by meaning, as SGR parameters (ECMA-48 §8.3.117): for 256 colours, for 16, for none.

import type { Family, Severity } from '../../../core/index.ts';
import { directionPaint, familyPaint, type Paint, severityPaint } from './palette.ts';

/** What text is, in the words of design: ink of prose and lines, protocol families, severities, directions. */
export type Ink =
  | 'text'
  | 'strong'
  | 'muted'
  | 'line'
  | 'focus'
  | 'good'
  | 'underlined'
  | 'in'
  | 'out'
  | Family
  | Severity;

/** What colours a terminal has; the background decides which of two palettes is read well. */
export interface TerminalColours {
  readonly depth: 256 | 16 | 0;
  readonly background: 'dark' | 'light';
}

/** The eight families and the severities with the 16 colours that every terminal names itself. */
const sixteen: Readonly<Record<Ink, string>> = {
  text: '',
  strong: '1',
  muted: '2',
  line: '2',
  focus: '1;36',
  good: '32',
  underlined: '1;4',
  in: '36',
  out: '33',
  'web-secret': '94',
  quic: '35',
  'web-clear': '33',
  names: '32',
  remote: '31',
  'mail-files': '95',
  local: '96',
  other: '2',
  info: '34',
  low: '36',
  medium: '33',
  high: '91',
  severe: '91',
  critical: '1;91',
};

/** Prose in 256 colours: on a dark and on a light background. */
const prose: Readonly<Partial<Record<Ink, readonly [dark: string, light: string]>>> = {
  text: ['', ''],
  strong: ['1', '1'],
  muted: ['38;5;248', '38;5;241'],
  line: ['38;5;240', '38;5;250'],
  focus: ['1;38;5;75', '1;38;5;25'],
  good: ['38;5;79', '38;5;23'],
  underlined: ['1;4', '1;4'],
};

const paints: Readonly<Record<string, Paint>> = { ...familyPaint, ...severityPaint, ...directionPaint };

/** Parameters of SGR for an ink; empty: as it comes. */
export function inkCode(ink: Ink, { depth, background }: TerminalColours): string {
  if (depth === 0) return '';
  if (depth === 16) return sixteen[ink];
  const isLight = background === 'light';
  const own = prose[ink];
  if (own !== undefined) return own[isLight ? 1 : 0];
  const { ansi, ansiLight } = paints[ink];
  return `38;5;${isLight ? ansiLight : ansi}`;
}

/** Parameters of SGR for the row under the cursor: a bar of another shade, or reverse video. */
export function selectionCode({ depth, background }: TerminalColours): string {
  if (depth === 0) return '';
  if (depth === 16) return '7';
  return background === 'light' ? '48;5;254' : '48;5;236';
}
