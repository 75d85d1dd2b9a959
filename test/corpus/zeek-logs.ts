// Zeek's own logs of the corpus, and ours of the same captures: read, row by row.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openZeek } from '../../src/output/sinks/index.ts';
import { analyse } from './analyse.ts';
import { corpusFolder } from './captures.ts';

export type Row = Readonly<Record<string, string>>;

/** Rows of a log file by column: as Zeek writes it, or as `zeek-cut -m` cuts it, whose first line names the columns. */
export function readLog(path: string): Row[] {
  const rows: Row[] = [];
  let fields: string[] | null = null;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.startsWith('#fields\t')) fields = line.split('\t').slice(1);
    if (line === '' || line.startsWith('#')) continue;
    const values = line.split('\t');
    if (fields === null) {
      fields = values;
      continue;
    }
    const row: Record<string, string> = {};
    for (const [i, field] of fields.entries()) row[field] = values[i] ?? '-';
    rows.push(row);
  }
  return rows;
}

/** A capture with what a test of Zeek expects of it. */
export interface ZeekCase {
  readonly capture: string;
  readonly test: string;
  /** Only what the test's own script loads speaks: connections lack the names of all other protocols. */
  readonly isBare: boolean;
  /** Rows by log. */
  readonly logs: ReadonlyMap<string, readonly Row[]>;
}

interface ListedTest {
  readonly test: string;
  readonly cmd: readonly string[];
  readonly script_modified: boolean;
}

const reads = /zeek\b[^|;&]*\s-\w*r\s+(\S+)/;

/**
 * Cases with logs. A script of the test's own may change columns, filters or ports: such cases are only taken when `own`
 * allows.
 */
export function zeekCases(own: boolean): ZeekCase[] {
  const listed = JSON.parse(readFileSync(join(corpusFolder, 'tests.json'), 'utf8')) as Record<string, ListedTest[]>;
  const cases: ZeekCase[] = [];
  for (const [capture, tests] of Object.entries(listed)) {
    if (!capture.startsWith('zeek/') || !existsSync(join(corpusFolder, capture))) continue;
    for (const { test, cmd, script_modified: isOwn } of tests) {
      // Of tests that read several captures in a row only the last logs are left.
      const read = new Set(cmd.map((line) => reads.exec(line)?.[1]).filter((name) => name !== undefined));
      if ((isOwn && !own) || read.size !== 1) continue;
      const folder = join(corpusFolder, 'zeek/expected', test);
      const logs = existsSync(folder) ? logsOf(folder) : new Map<string, Row[]>();
      const isBare = cmd.some((line) => /zeek\b.* -\w*b/.test(line));
      if (logs.size > 0) cases.push({ capture, test, isBare, logs });
    }
  }
  return cases;
}

function logsOf(folder: string): Map<string, Row[]> {
  const logs = new Map<string, Row[]>();
  for (const name of readdirSync(folder)) {
    const log = /^(\w+)(?:\.log|\.log\.cut|\.cut)$/.exec(name)?.[1];
    if (log === undefined) continue;
    const rows = readLog(join(folder, name));
    if (rows.length > 0) logs.set(log, rows);
  }
  return logs;
}

/** Our logs of a capture. */
export async function ourLogs(capture: string): Promise<Map<string, Row[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'taplight-zeek-'));
  try {
    const sink = openZeek({ path: folder });
    await analyse(capture, 10_000, { flow: (flow) => sink.write(flow), event: (event) => sink.event?.(event) });
    sink.close();
    return new Map(readdirSync(folder).map((name) => [name.slice(0, -4), readLog(join(folder, name))]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
