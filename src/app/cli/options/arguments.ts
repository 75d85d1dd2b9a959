// Words of the command line, sorted into a command, options that were given, and the rest; commander does the reading.

import { Command, CommanderError, Option } from 'commander';
import { Failure } from '../../../core/index.ts';
import { tableOfWord } from './store/table-words.ts';
import { type CommandName, commandNames, isKnownTo, longFlag, type OptionName, optionRows } from './table.ts';

export interface Arguments {
  readonly command: CommandName;
  /** `short` for -h, `long` for --help and the word `help`. */
  readonly help: 'short' | 'long' | null;
  readonly version: boolean;
  /** What was given, still as text: `yes` and `no` for flags, a list for each option that takes a value. */
  readonly given: Readonly<Partial<Record<OptionName, readonly string[]>>>;
  /** Words that are neither options nor their values, and those after `--`. */
  readonly words: readonly string[];
  readonly afterDashes: readonly string[];
}

const seeHelp = '`taplight --help` lists the options.';

/** Reads the words after the program's name. Throws BAD_OPTION for what is not understood. */
export function readArguments(argv: readonly string[]): Arguments {
  const dashes = argv.indexOf('--');
  const before = dashes < 0 ? [...argv] : argv.slice(0, dashes);
  const afterDashes = dashes < 0 ? [] : argv.slice(dashes + 1);
  const isHelpWord = before[0] === 'help';
  if (isHelpWord) before.shift();
  const command = commandOf(before[0]);
  // The name of a table stays: it is what is asked for.
  if (command !== 'capture' && command === before[0]) before.shift();

  const given: Partial<Record<OptionName, string[]>> = {};
  const program = buildProgram(command, given);
  try {
    program.parse(before, { from: 'user' });
  } catch (error) {
    throw toFailure(error);
  }
  const { h, help, version } = program.opts<{ h?: boolean; help?: boolean; version?: boolean }>();
  const wanted = help === true || isHelpWord ? 'long' : h === true ? 'short' : null;
  return { command, help: wanted, version: version === true, given, words: program.args, afterDashes };
}

function commandOf(word: string | undefined): CommandName {
  const named = commandNames.find((name) => name === word && name !== 'capture');
  if (named !== undefined) return named;
  return word !== undefined && tableOfWord(word) !== null ? 'rows' : 'capture';
}

function buildProgram(command: CommandName, given: Partial<Record<OptionName, string[]>>): Command {
  const program = new Command('taplight')
    .helpOption(false)
    .allowExcessArguments(true)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} });
  for (const [name, spec] of optionRows) {
    if (!isKnownTo(spec, command)) continue;
    const take = (word: string) => {
      given[name] ??= [];
      given[name].push(word);
    };
    for (const flags of spec.insists ? [spec.flags, spec.flags.replace('no-', '')] : [spec.flags]) {
      const option = new Option(flags);
      program.addOption(option);
      const word = option.negate ? 'no' : 'yes';
      program.on(`option:${option.name()}`, (value?: string | null) =>
        take(spec.value.shape === 'flag' ? word : (value ?? '')),
      );
    }
  }
  program.option('-h').option('--help').option('-V, --version');
  return program;
}

/** One line from commander's message: `error: unknown option '--x'\n(Did you mean --y?)`. */
function toFailure(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  const [first, guess] = error.message.replace(/^error: /, '').split('\n');
  const nearest = /Did you mean (?:one of )?([^?]+)\?/.exec(guess ?? '')?.[1];
  return new Failure('BAD_OPTION', first, nearest === undefined ? seeHelp : `Did you mean ${nearest}? ${seeHelp}`);
}

/** How the user gave an option, for messages: `--threshold`. */
export function flagOf(name: OptionName): string {
  const row = optionRows.find(([key]) => key === name);
  return row === undefined ? name : longFlag(row[1]);
}
