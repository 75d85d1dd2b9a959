// Files are imported once: whether a store has them, and what is left of an import that was cut short.

import type { Engine } from '../../../output/store/index.ts';
import { contentHash, endsHash } from './file-mark.ts';

export interface FileMark {
  /** Run that holds these files already; null: none does. */
  readonly known: { readonly run: number; readonly beganUs: number } | null;
  /** Imports of the same files that were cut short: to be forgotten. */
  readonly broken: readonly number[];
  readonly endsHash: string;
  /** Of all bytes; read while the import goes on where the ends tell already that the files are new. */
  readonly hash: Promise<string>;
}

interface RunMark {
  readonly run: number;
  readonly hash: string;
  readonly state: string;
  readonly beganUs: number;
}

/** Looks for files in a store. Throws NO_SUCH_FILE, FILE_UNREADABLE, STORE_FAILED. */
export async function markFiles(paths: readonly string[], engine: Engine): Promise<FileMark> {
  const ends = await endsHash(paths);
  const candidates = await runsWith(engine, ends);
  const hash = contentHash(paths);
  hash.catch(() => {}); // Told to whoever awaits it.
  if (candidates.length === 0) return { known: null, broken: [], endsHash: ends, hash };
  const text = await hash;
  // An import that was cut short may not have come to its hash; its ends and its state tell enough to do it anew.
  const broken = candidates.filter(({ state }) => state !== 'done').map(({ run }) => run);
  const known = candidates.find((each) => each.state === 'done' && each.hash === text) ?? null;
  return { known, broken, endsHash: ends, hash };
}

async function runsWith(engine: Engine, ends: string): Promise<RunMark[]> {
  const sql =
    'SELECT run, hash, state, began_ts FROM runs WHERE ends_hash = $1 ' +
    'QUALIFY row_number() OVER (PARTITION BY run ORDER BY version DESC) = 1';
  const kinds = { run: 'u64', hash: 'text', state: 'word', began_ts: 'time' } as const;
  const { rows } = await engine.select({ sql, params: [{ kind: 'text', value: ends }] }, { kinds });
  return rows.map(([run, hash, state, began]) => ({
    run: Number(run),
    hash: String(hash),
    state: String(state),
    beganUs: Number(began),
  }));
}
