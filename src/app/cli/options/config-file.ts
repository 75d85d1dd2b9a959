// The configuration file: TOML 1.0 in the XDG configuration directory of the person who runs the program; under sudo
// that is the person who called sudo, because root would otherwise follow a file somebody else wrote.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../../core/index.ts';
import type { HostUser } from '../host.ts';
import type { ConfigValues } from './settings.ts';

/** Whose configuration is read. */
export interface ConfigOwner {
  /** null where the system has no numeric users. */
  readonly uid: number | null;
  readonly home: string;
  /** `$XDG_CONFIG_HOME`, when it is theirs to set. */
  readonly configHome: string | undefined;
}

/** The owner for a run: under sudo the person who called it. */
export function configOwner(user: HostUser, environment: Readonly<Record<string, string | undefined>>): ConfigOwner {
  return {
    uid: user.sudo?.uid ?? user.uid,
    home: user.sudo?.home ?? user.home,
    configHome: environment.XDG_CONFIG_HOME,
  };
}

/** Where the configuration of `owner` lies. */
export function configPath(owner: ConfigOwner): string {
  // The XDG specification has relative paths ignored.
  const base = owner.configHome?.startsWith('/') ? owner.configHome : join(owner.home, '.config');
  return join(base, 'taplight', 'config.toml');
}

/**
 * Reads the file that was asked for, or the owner's when it exists; null when there is none.
 * Rejects with BAD_CONFIG when it cannot be read, is not TOML, or is not the owner's alone to write.
 */
export async function readConfigFile(asked: string | undefined, owner: ConfigOwner): Promise<ConfigValues | null> {
  const path = asked ?? configPath(owner);
  let text: string;
  try {
    refuseStrangers(path, owner);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { code: reason, syscall } = error as NodeJS.ErrnoException; // fs throws nothing else
    if (asked === undefined && (reason === 'ENOENT' || reason === 'ENOTDIR')) return null;
    // A home one may not look into is somebody else's: sudo leaves HOME with root when it starts us as another user.
    if (asked === undefined && reason === 'EACCES' && syscall === 'stat') return null;
    throw new Failure('BAD_CONFIG', `${path} cannot be read (${reason})`, 'Check the path and who may read it.');
  }
  // Most starts find no file, and then load no parser.
  const { parse, TomlError } = await import('smol-toml');
  try {
    return { path, values: parse(text) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const what = error.message.split('\n')[0].replace(/^Invalid TOML document: /, '');
    throw new Failure(
      'BAD_CONFIG',
      `${path}, line ${error.line}: ${what}`,
      'The file must be valid TOML (https://toml.io).',
    );
  }
}

function refuseStrangers(path: string, owner: ConfigOwner): void {
  const info = statSync(path);
  if (owner.uid === null || !info.isFile()) return;
  if (info.uid !== owner.uid && info.uid !== 0) {
    throw new Failure(
      'BAD_CONFIG',
      `${path} belongs to another user (uid ${info.uid})`,
      `Give it to its owner: chown ${owner.uid} ${path}`,
    );
  }
  if ((info.mode & 0o002) !== 0) {
    throw new Failure('BAD_CONFIG', `${path} can be written by everyone`, `Take that away: chmod o-w ${path}`);
  }
}
