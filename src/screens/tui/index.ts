/**
 * The terminal screen: keys in, lines out.
 *
 * Guarantees: the terminal is given back as it was on every way out that can be noticed; at most four frames a second
 * are drawn while data changes, twenty while somebody types, and of each only the lines that are new; text from the
 * network reaches the terminal only through `frame/lines.ts`; state is plain data, and what a key does to it is pure.
 */

export { type ScreenEnd, Shell, type ShellParts } from './shell/shell.ts';
export type { FilterWords } from './shell/typing/filter-edit.ts';
export { spelledOut } from './shell/typing/path-line.ts';
export type { Card } from './start/card-lines.ts';
export type { PickerRow } from './start/picker-state.ts';
export { type Started, StartPage } from './start/start-page.ts';
export type { TerminalPorts } from './terminal/ports.ts';
export { openSurface, type Surface } from './terminal/surface.ts';
export { views } from './views/index.ts';
