// From --detect, the configuration's tables and the exceptions file to what the detectors are asked to do.

import { resolve } from 'node:path';
import { Failure, isNamed } from '../../../../core/index.ts';
import type { DetectOptions } from '../../../pipeline/index.ts';
import type { ConfigOwner } from '../config-file.ts';
import type { ReadSettings } from '../settings.ts';
import { exceptionWords, readExceptions, readyException } from './exceptions-file.ts';

interface Asked {
  readonly settings: Record<string, Record<string, number>>;
  readonly on: string[];
  readonly off: string[];
  isNone: boolean;
  /** There are detectors of the user's own, whose names are not known yet. */
  readonly hasOwn: boolean;
}

/** What detectors are to do; null: none. Rejects with BAD_OPTION or BAD_CONFIG. */
export async function detectSettings(
  { settings, config }: ReadSettings,
  owner: ConfigOwner,
  own: readonly string[] = [],
): Promise<DetectOptions | null> {
  const asked: Asked = {
    settings: {},
    on: [],
    off: [],
    isNone: false,
    hasOwn: own.length + settings.detectors.length > 0,
  };
  if (config !== null) await readTables(config.values.detectors, config.path, asked);
  for (const words of settings.detect.flatMap((list) => list.split(','))) await readWords(words.trim(), asked);
  if (asked.isNone) return null;
  const written = config === null ? [] : exceptionWords(config.values.exceptions ?? [], config.path);
  const exceptions = [...written, ...(await readExceptions(owner))].map(readyException);
  return {
    memoryBytes: settings.detectMemory,
    settings: asked.settings,
    on: asked.on,
    off: asked.off,
    exceptions,
    modules: [...settings.detectors, ...own].map((path) => resolve(path)),
    intel: settings.intel.map((path) => resolve(path)),
    evidence: settings.evidence,
  };
}

/** `none`, `off:NAME`, `on:NAME`, `NAME.OPTION=NUMBER`. */
async function readWords(words: string, asked: Asked): Promise<void> {
  if (words === '') return;
  const refuse = (what: string): never => {
    throw new Failure('BAD_OPTION', `--detect: ${what}`, '`taplight detectors` lists names, options and defaults.');
  };
  if (words === 'none') {
    asked.isNone = true;
    return;
  }
  const [, verb, name] = /^(on|off):(.+)$/.exec(words) ?? [];
  if (verb !== undefined) {
    if (!(await isKnown(name, asked))) return refuse(`there is no detector '${name}'`);
    (verb === 'on' ? asked.on : asked.off).push(name);
    return;
  }
  const [, detector, option, value] = /^([^=]+)\.([A-Za-z]+)=(\S+)$/.exec(words) ?? [];
  if (detector === undefined) return refuse(`'${words}' is none of none, on:NAME, off:NAME, NAME.OPTION=NUMBER`);
  const problem = await setOption(asked, detector, option, Number(value));
  if (problem !== null) refuse(problem);
}

/** `[detectors."scan.vertical"]` with numbers, `off = true` or `on = true`. */
async function readTables(value: unknown, path: string, asked: Asked): Promise<void> {
  if (value === undefined) return;
  const refuse = (what: string): never => {
    throw new Failure('BAD_CONFIG', `${path}: ${what}`, '`taplight detectors` lists names, options and defaults.');
  };
  if (typeof value !== 'object' || value === null) return refuse("'detectors' is no table");
  for (const [name, table] of Object.entries(value)) {
    if (typeof table !== 'object' || table === null) return refuse(`'detectors.${name}' is no table`);
    if (!(await isKnown(name, asked))) return refuse(`there is no detector '${name}'`);
    for (const [option, given] of Object.entries(table)) {
      if ((option === 'on' || option === 'off') && typeof given === 'boolean') {
        if (given) asked[option].push(name);
        continue;
      }
      const problem = await setOption(asked, name, option, typeof given === 'number' ? given : Number.NaN);
      if (problem !== null) refuse(problem);
    }
  }
}

/** The list of detectors is loaded only where their names are written. */
const list = async () => (await import('../../../pipeline/detection/detector-list.ts')).detectorList;

/** A detector's name, a group of them, or one of the user's own, whose names are not known yet. */
async function isKnown(name: string, asked: Asked): Promise<boolean> {
  return asked.hasOwn || (await list()).some((each) => isNamed(each.name, name));
}

/** Sets one option; gives what is wrong with it. */
async function setOption(asked: Asked, name: string, option: string, value: number): Promise<string | null> {
  const detector = (await list()).find((each) => each.name === name);
  if (detector === undefined) {
    if (!asked.hasOwn) return `there is no detector '${name}'`;
    asked.settings[name] = { ...asked.settings[name], [option]: value };
    return null;
  }
  if (!Object.hasOwn(detector.options, option)) return `'${name}' has no option '${option}'`;
  const { least, most } = detector.options[option];
  if (!Number.isFinite(value) || value < least || value > most)
    return `${name}.${option} is a number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''}`;
  asked.settings[name] = { ...asked.settings[name], [option]: value };
  return null;
}
