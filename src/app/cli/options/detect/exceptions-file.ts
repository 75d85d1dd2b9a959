// Exceptions that `taplight except` keeps: exceptions.toml beside the configuration file, `[[exceptions]]` tables as in it.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../../../../core/index.ts';
import type { Exception } from '../../../pipeline/index.ts';
import { type ConfigOwner, configPath } from '../config-file.ts';

/** An exception in the words of the file. */
export interface ExceptionWords {
  readonly who: string;
  readonly what: string;
  readonly until?: string;
  readonly why: string;
}

const opening =
  '# Written by `taplight except`. Whom alerts are not told about: who, what, until when (packet time), why.\n\n';

export const exceptionsPath = (owner: ConfigOwner): string => join(dirname(configPath(owner)), 'exceptions.toml');

/** The exceptions of an owner, none when there is no file. Rejects with BAD_CONFIG. */
export async function readExceptions(owner: ConfigOwner): Promise<ExceptionWords[]> {
  const path = exceptionsPath(owner);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // fs throws nothing else
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return [];
    throw new Failure('BAD_CONFIG', `${path} cannot be read (${code})`, 'Check the path and who may read it.');
  }
  const { parse } = await import('smol-toml');
  try {
    return exceptionWords(parse(text).exceptions ?? [], path);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('BAD_CONFIG', `${path} is not valid TOML`, 'Correct it, or remove it.', error);
  }
}

/** Replaces the file. Rejects with WRITE_FAILED. */
export async function writeExceptions(owner: ConfigOwner, exceptions: readonly ExceptionWords[]): Promise<void> {
  const path = exceptionsPath(owner);
  const { stringify } = await import('smol-toml');
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.part`, `${opening}${stringify({ exceptions })}\n`, { mode: 0o600 });
    renameSync(`${path}.part`, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // fs throws nothing else
    throw new Failure('WRITE_FAILED', `cannot write ${path} (${code})`, 'Check the path and the disk.', error);
  }
}

/** The words of `[[exceptions]]` tables. Throws BAD_CONFIG for what is none. */
export function exceptionWords(value: unknown, path: string): ExceptionWords[] {
  const refuse = (what: string): never => {
    const hint = 'An exception has who, what and why, and may have until: all in quotes.';
    throw new Failure('BAD_CONFIG', `${path}: ${what}`, hint);
  };
  if (!Array.isArray(value)) return refuse("'exceptions' is no list of tables");
  return value.map((entry: Record<string, unknown>, i) => {
    const { who, what, until, why } = entry;
    if (typeof who !== 'string' || typeof what !== 'string' || typeof why !== 'string' || why.trim() === '')
      return refuse(`exception ${i + 1} lacks who, what or why`);
    const date = until instanceof Date ? until.toISOString() : until;
    if (date === undefined) return { who, what, why };
    if (typeof date !== 'string' || untilUs(date) === null) return refuse(`exception ${i + 1}: 'until' is no date`);
    return { who, what, until: date, why };
  });
}

/** Microseconds since the epoch of a date or time; of a date its end, in UTC. Null when it is none. */
export function untilUs(text: string): number | null {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text);
  const ms = Date.parse(isDate ? `${text}T23:59:59.999Z` : text);
  return Number.isNaN(ms) || !/^\d{4}-\d\d-\d\d/.test(text) ? null : ms * 1000;
}

export const readyException = ({ who, what, until, why }: ExceptionWords): Exception => ({
  who,
  what,
  why,
  untilUs: until === undefined ? null : untilUs(until),
});
