// Settings from four places: flags before environment before configuration file before what is built in.

import { Failure } from '../../../core/index.ts';
import type { Arguments } from './arguments.ts';
import {
  type CommandName,
  comesFrom,
  configKey,
  environmentName,
  isKnownTo,
  longFlag,
  type OptionName,
  type OptionSpec,
  optionRows,
  type Settings,
} from './table.ts';

export type Origin = 'flag' | 'environment' | 'config' | 'built in';

export interface ReadSettings {
  readonly settings: Settings;
  readonly origin: Readonly<Record<OptionName, Origin>>;
  /** The configuration file, for what is a table in it. */
  readonly config: ConfigValues | null;
}

/** Keys and values of a configuration file, and its path for messages. */
export interface ConfigValues {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface SettingSources {
  readonly command: CommandName;
  readonly given: Arguments['given'];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly config: ConfigValues | null;
  /** Separates the files of a list in an environment variable. */
  readonly listSeparator: string;
}

/** Puts all settings together. Throws BAD_OPTION or BAD_CONFIG for a value that is none. */
export function readSettings(sources: SettingSources): ReadSettings {
  if (sources.config !== null) refuseUnknownKeys(sources.config);
  const settings: Record<string, unknown> = {};
  const origin: Record<string, Origin> = {};
  for (const [name, spec] of optionRows) {
    const found = isKnownTo(spec, sources.command) ? findTexts(name, spec, sources) : null;
    origin[name] = found === null ? 'built in' : found.origin;
    settings[name] = found === null ? spec.fallback : readTexts(spec, found);
  }
  // Both records were filled from every row of the table.
  return {
    settings: settings as unknown as Settings,
    origin: origin as Record<OptionName, Origin>,
    config: sources.config,
  };
}

interface Found {
  readonly origin: Exclude<Origin, 'built in'>;
  /** How to call it in a message. */
  readonly called: string;
  readonly texts: readonly string[];
}

function findTexts(name: OptionName, spec: OptionSpec<unknown>, sources: SettingSources): Found | null {
  const given = sources.given[name];
  if (given !== undefined) return { origin: 'flag', called: longFlag(spec), texts: given };

  const variable = environmentName(spec);
  const value = comesFrom(spec, 'environment') ? sources.environment[variable] : undefined;
  if (value !== undefined && value !== '') {
    const texts = spec.value.shape === 'list' ? value.split(sources.listSeparator) : [value];
    return { origin: 'environment', called: variable, texts };
  }

  const key = configKey(spec);
  if (sources.config === null || !comesFrom(spec, 'config') || !Object.hasOwn(sources.config.values, key)) return null;
  const entry = sources.config.values[key];
  const texts = (Array.isArray(entry) && spec.value.shape === 'list' ? entry : [entry]).map(textOfEntry);
  return { origin: 'config', called: `'${key}' in ${sources.config.path}`, texts };
}

/** TOML numbers and booleans read as their text; tables and dates as a text no option accepts. */
function textOfEntry(entry: unknown): string {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof entry) ? String(entry) : '';
}

function readTexts(spec: OptionSpec<unknown>, found: Found): unknown {
  const read = found.texts.map((words) => {
    const value = spec.value.read(words);
    if (value !== null) return value;
    const message = `${found.called}: '${words}' is not ${spec.value.expects}`;
    if (found.origin === 'config') throw new Failure('BAD_CONFIG', message, 'Correct the line, or remove it.');
    const hint =
      found.origin === 'environment' ? `Correct or unset ${found.called}.` : '`taplight --help` lists the options.';
    throw new Failure('BAD_OPTION', message, hint);
  });
  // A flag or value given twice means its last.
  return spec.value.shape === 'list' ? read.flat() : read.at(-1);
}

/** Keys that hold tables; who uses them reads them. */
const tables: readonly string[] = ['detectors', 'exceptions'];

function refuseUnknownKeys(config: ConfigValues): void {
  const known = optionRows.filter(([, spec]) => comesFrom(spec, 'config')).map(([, spec]) => configKey(spec));
  for (const key of Object.keys(config.values)) {
    if (tables.includes(key)) continue;
    if (known.includes(key)) continue;
    const near = known.find((name) => name.startsWith(key) || key.startsWith(name));
    const hint = near === undefined ? `Known settings are ${known.join(', ')}.` : `Did you mean '${near}'?`;
    throw new Failure('BAD_CONFIG', `${config.path}: there is no setting '${key}'`, hint);
  }
}
