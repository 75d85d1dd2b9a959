// Our Zeek logs against Zeek's: rows paired, columns compared.

import { zeekColumns } from '../../src/output/sinks/zeek/zeek-logs.ts';
import { ourLogs, type Row, type ZeekCase, zeekCases } from './zeek-logs.ts';

/** Columns that are masked in what Zeek's tests expect, or name the program. */
const unlike = new Set(['ts', 'peer']);
/** Columns of ids that each program makes up anew: how many there are is compared. */
const isId = (column: string): boolean => /^(?:.+_)?f?uids?$/.test(column) || column === 'tunnel_parents';
const countOf = (ids: string): number => (ids === '-' || ids === '(empty)' ? 0 : ids.split(',').length);
/** Sets, whose order says nothing. */
const sets = new Set(['service', 'tags', 'rcptto', 'to', 'cc', 'analyzers', 'proxied']);
const masked = /X{8}/;

export interface Difference {
  readonly capture: string;
  readonly test: string;
  readonly log: string;
  /** `(row)` for a row that we have not, `(extra)` for one that Zeek has not. */
  readonly column: string;
  readonly zeek: string;
  readonly ours: string;
}

export interface LogCount {
  rows: number;
  found: number;
  equal: number;
  extra: number;
  /** Values by column: compared, and equal. */
  readonly columns: Map<string, { compared: number; equal: number }>;
}

export interface Comparison {
  readonly logs: ReadonlyMap<string, LogCount>;
  readonly differences: readonly Difference[];
}

/** Whether a log of a test, or a column of it, is not compared. */
export type Leaves = (test: string, log: string, column?: string) => boolean;

const ends = ['proto', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p'];
/** Whether both rows are of the same flow, as far as the columns tell. */
function isSame(a: Row, b: Row): boolean {
  return ends.every((column) => a[column] === undefined || b[column] === undefined || a[column] === b[column]);
}

const sorted = (value: string): string => value.split(',').sort().join();

function equals(column: string, zeek: string, ours: string, isBare: boolean): boolean {
  if (zeek === ours || masked.test(zeek)) return true;
  if (isId(column)) return countOf(zeek) === countOf(ours);
  if (!sets.has(column)) return false;
  if (sorted(zeek) === sorted(ours)) return true;
  // Zeek's tests load few protocols: what it names we name, too.
  return (
    column === 'service' && isBare && (zeek === '-' || zeek.split(',').every((name) => ours.split(',').includes(name)))
  );
}

export async function compareLogs(options: {
  readonly own: boolean;
  readonly leaves: Leaves;
  readonly wants?: (one: ZeekCase, log: string) => boolean;
}): Promise<Comparison> {
  const logs = new Map<string, LogCount>();
  const differences: Difference[] = [];
  const known = new Map<string, Map<string, Row[]>>();
  for (const one of zeekCases(options.own)) {
    const wanted = [...one.logs].filter(
      ([log]) => !options.leaves(one.test, log) && (options.wants?.(one, log) ?? true),
    );
    if (wanted.length === 0) continue;
    let ours = known.get(one.capture);
    if (ours === undefined) {
      ours = await ourLogs(one.capture);
      known.set(one.capture, ours);
    }
    for (const [log, rows] of wanted) {
      let count = logs.get(log);
      if (count === undefined) {
        count = { rows: 0, found: 0, equal: 0, extra: 0, columns: new Map() };
        logs.set(log, count);
      }
      compareRows(one, log, rows, ours.get(log) ?? [], count, differences, options.leaves);
    }
  }
  return { logs, differences };
}

function compareRows(
  one: ZeekCase,
  log: string,
  zeek: readonly Row[],
  ours: readonly Row[],
  count: LogCount,
  differences: Difference[],
  leaves: Leaves,
): void {
  const { capture, test, isBare } = one;
  const written = new Set(zeekColumns(log)?.map(({ name }) => name));
  const columns = Object.keys(zeek[0]).filter((c) => written.has(c) && !unlike.has(c) && !leaves(test, log, c));
  const differing = (a: Row, b: Row): string[] => columns.filter((c) => !equals(c, a[c], b[c] ?? '-', isBare));
  const left = new Set(ours);
  const unpaired: Row[] = [];
  const tell = (column: string, a: string, b: string): void => {
    differences.push({ capture, test, log, column, zeek: a, ours: b });
  };
  const took = (column: string, isEqual: boolean): void => {
    const counted = count.columns.get(column) ?? { compared: 0, equal: 0 };
    count.columns.set(column, counted);
    counted.compared++;
    if (isEqual) counted.equal++;
  };
  for (const row of zeek) {
    count.rows++;
    let same: Row | null = null;
    for (const mine of left) {
      if (!isSame(row, mine) || differing(row, mine).length > 0) continue;
      same = mine;
      break;
    }
    if (same === null) unpaired.push(row);
    else {
      left.delete(same);
      count.found++;
      count.equal++;
      for (const column of columns) took(column, true);
    }
  }
  for (const row of unpaired) {
    let best: Row | null = null;
    let wrong: string[] = columns;
    for (const mine of left) {
      if (!isSame(row, mine)) continue;
      const here = differing(row, mine);
      if (here.length >= wrong.length && best !== null) continue;
      best = mine;
      wrong = here;
    }
    for (const column of columns) took(column, best !== null && !wrong.includes(column));
    if (best === null) {
      tell('(row)', Object.values(row).join(' '), '');
      continue;
    }
    count.found++;
    left.delete(best);
    for (const column of wrong) tell(column, row[column], best[column] ?? '(no column)');
  }
  count.extra += left.size;
  for (const mine of left) tell('(extra)', '', Object.values(mine).join(' '));
}
