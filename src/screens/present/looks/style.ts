// Whether and how text is coloured (https://no-color.org, https://force-color.org); the environment is passed in.

import { type Role, roles } from './tokens.ts';

/** How text is to be made for one terminal, file or pipe. */
export interface Style {
  /** Cells in a line. */
  readonly width: number;
  readonly colour: boolean;
  readonly unicode: boolean;
}

export interface TerminalSigns {
  readonly isTty: boolean;
  /** Given on the command line: `--no-color` is false. */
  readonly asked?: boolean | undefined;
  /** Environment: NO_COLOR, FORCE_COLOR, TERM, and the first set one of LC_ALL, LC_CTYPE, LANG. */
  readonly noColor?: string | undefined;
  readonly forceColor?: string | undefined;
  readonly term?: string | undefined;
  readonly locale?: string | undefined;
}

/** The command line decides, then FORCE_COLOR, then NO_COLOR, then what the terminal is. */
export function wantsColour(signs: TerminalSigns): boolean {
  if (signs.asked !== undefined) return signs.asked;
  const { forceColor } = signs;
  if (forceColor === '0' || forceColor === 'false') return false;
  if (forceColor !== undefined && forceColor !== '') return true;
  if (signs.noColor !== undefined && signs.noColor !== '') return false;
  return signs.isTty && signs.term !== 'dumb';
}

/** Whether block characters can be shown: not on the Linux console, nor where the locale names another character set. */
export function wantsUnicode(signs: TerminalSigns): boolean {
  if (signs.term === 'linux' || signs.term === 'dumb') return false;
  if (signs.locale === undefined || signs.locale === '') return true;
  return /utf-?8/i.test(signs.locale);
}

/** Text in the colour of a role; the text itself when there is no colour. */
export function paint(text: string, role: Role, style: { readonly colour: boolean }): string {
  return style.colour && text !== '' ? `\u001b[${roles[role]}m${text}\u001b[0m` : text;
}

const ascii: Record<string, string> = {
  '–': '-',
  µ: 'u',
  '·': '|',
  '…': '...',
  '→': '->',
  '×': 'x',
  '─': '-',
  '’': "'",
};

/** Our own punctuation without anything beyond ASCII, where the terminal has no more. */
export function plainMarks(text: string, style: { readonly unicode: boolean }): string {
  return style.unicode ? text : text.replace(/[–µ·…→×─’]/g, (mark) => ascii[mark]);
}
