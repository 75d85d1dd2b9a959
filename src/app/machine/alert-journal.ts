// Alerts of past runs, for `taplight alerts` and `taplight explain`: a file per run in the user's state directory (XDG).

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Alert, type DetectionState, Failure, type HostRisk, type Incident } from '../../core/index.ts';

/** What one run found. */
export interface JournalEntry {
  /** When the run began, milliseconds since the epoch, and its process: the file's name. */
  readonly startedMs: number;
  readonly source: string;
  readonly version: string;
  readonly alerts: readonly Alert[];
  readonly incidents: readonly Incident[];
  readonly risks: readonly HostRisk[];
  readonly exceptions: DetectionState['exceptions'];
}

/** Runs kept; the oldest go first. */
const runLimit = 50;
/** A larger file was not written by us. */
const sizeLimit = 64 << 20;

/** Where the journal of a person lies. */
export function journalFolder(home: string, stateHome: string | undefined): string {
  // The XDG specification has relative paths ignored.
  return join(stateHome?.startsWith('/') ? stateHome : join(home, '.local/state'), 'taplight/alerts');
}

/** Writes or rewrites the file of a run. Throws WRITE_FAILED. */
export function writeJournal(folder: string, entry: JournalEntry): void {
  const path = join(folder, `${String(entry.startedMs).padStart(14, '0')}-${process.pid}.json`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.part`, JSON.stringify(entry), { mode: 0o600 });
    renameSync(`${path}.part`, path);
    const old = runsIn(folder).slice(0, -runLimit);
    for (const name of old) rmSync(join(folder, name), { force: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // fs throws nothing else
    throw new Failure('WRITE_FAILED', `cannot keep the alerts in ${folder} (${code})`, 'Check the path and the disk.');
  }
}

/** All runs that can be read, newest first; files that are damaged are passed over. */
export function readJournal(folder: string): JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (const name of runsIn(folder).reverse()) {
    try {
      const text = readFileSync(join(folder, name), 'utf8');
      if (text.length <= sizeLimit) entries.push(JSON.parse(text) as JournalEntry); // written by writeJournal
    } catch {
      // Half a file of a machine that went down: the others are still worth reading.
    }
  }
  return entries;
}

function runsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+-\d+\.json$/.test(name))
      .sort();
  } catch {
    // Nothing was ever written.
    return [];
  }
}
