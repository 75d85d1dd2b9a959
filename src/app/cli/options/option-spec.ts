// What an option is, and which commands and groups there are.

import type { Value } from './values.ts';

export const optionGroups = {
  input: 'Where packets come from',
  limit: 'Which packets, and how long',
  show: 'What is shown',
  write: 'What is written',
  detect: 'What is suspicious',
  store: 'What is kept',
  ask: 'What is asked for',
  serve: 'Who may ask',
  tune: 'How it works',
} as const;

/** Commands with a name; `capture` has none. */
export const commandNames = [
  'capture',
  'demo',
  'interfaces',
  'doctor',
  'alerts',
  'explain',
  'except',
  'detectors',
  'test-detector',
  'rows',
  'top',
  'series',
  'query',
  'diff',
  'packets',
  'report',
  'sensors',
  'runs',
  'store',
  'serve',
] as const;
export type CommandName = (typeof commandNames)[number];

export interface OptionSpec<T> {
  /** As commander reads it: `-c, --count <n>`; a flag that turns off begins with `--no-`. */
  readonly flags: string;
  readonly group: keyof typeof optionGroups;
  readonly value: Value<T>;
  readonly fallback: T;
  /** The default in words; empty: there is none worth a word. */
  readonly unset: string;
  /** One line for `--help`, without a final stop. */
  readonly help: string;
  /** The same for commands other than capture, where it differs. */
  readonly helpElsewhere?: string;
  /** A sentence or two more, for the documentation. */
  readonly more?: string;
  /** In the short help, too. */
  readonly common?: boolean;
  /**
   * Commands that know the option; `capture` when not given. What it knows, `serve` knows, and `demo`, but for what says
   * where packets come from.
   */
  readonly commands?: readonly CommandName[];
  /** Where a default may come from; everywhere when not given. */
  readonly from?: readonly ('environment' | 'config')[];
  /** Of a flag that begins with `--no-`: it can be given without that, too, and then insists. */
  readonly insists?: boolean;
}
