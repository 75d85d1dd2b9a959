// Proves that our Zeek logs say what Zeek's own of the same captures say: every column on at least 98 % of the records, and
// every difference is listed with its reason. TAPLIGHT_SHOW=1 prints the table.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { corpusFolder, hasCorpus } from './captures.ts';
import { type Comparison, compareLogs, type Difference } from './zeek-compare.ts';
import { idleExceptions, isLeft, zeekExceptions } from './zeek-exceptions.ts';

const least = 0.98;
/** Records from which on a share says something. */
const enough = 10;

const place = ({ test, log, column }: Difference): string => `${test} ${log}.${column}`;

function counted(differences: readonly Difference[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of differences) counts.set(place(one), (counts.get(place(one)) ?? 0) + 1);
  return counts;
}

function show({ logs, differences }: Comparison): void {
  const rows = [...logs].map(([log, { rows: records, found, equal, extra }]) => ({
    log,
    records,
    found,
    equal,
    extra,
  }));
  console.table(rows);
  for (const [at, count] of counted(differences)) console.log(`${at}: ${count}`);
}

describe.skipIf(!hasCorpus || !existsSync(join(corpusFolder, 'tests.json')))('Zeek logs of the corpus', () => {
  let seen: Comparison;
  beforeAll(async () => {
    seen = await compareLogs({ own: true, leaves: isLeft });
    if (process.env.TAPLIGHT_SHOW === '1') show(seen);
  }, 120_000);

  it('have nearly all of the records', () => {
    const all = [...seen.logs.values()];
    const sum = (pick: (log: (typeof all)[number]) => number): number =>
      all.reduce((total, log) => total + pick(log), 0);
    expect(sum((log) => log.rows)).toBeGreaterThan(1000);
    expect(sum((log) => log.found) / sum((log) => log.rows)).toBeGreaterThan(least);
    expect(sum((log) => log.extra)).toBeLessThan(0.01 * sum((log) => log.rows));
  });

  it('are equal in every column on at least 98 % of the records of all logs', () => {
    const values = [...seen.logs.values()].flatMap(({ columns }) => [...columns.values()]);
    const compared = values.reduce((total, one) => total + one.compared, 0);
    expect(compared).toBeGreaterThan(20_000);
    expect(values.reduce((total, one) => total + one.equal, 0) / compared).toBeGreaterThan(least);
  });

  it('are equal in every column of every log with enough records, but for listed columns', () => {
    const listed = new Map(zeekExceptions.below.flatMap(({ at }) => Object.entries(at)));
    const wrong: string[] = [];
    for (const [log, { columns }] of seen.logs) {
      for (const [column, { compared, equal }] of columns) {
        const name = `${log}.${column}`;
        const share = equal / compared;
        const wanted = listed.get(name) ?? least;
        listed.delete(name);
        if (compared >= enough && share < wanted) wrong.push(`${name}: ${equal} of ${compared}`);
        if (wanted < least && share >= least) wrong.push(`${name}: listed, but good enough`);
      }
    }
    expect(wrong).toEqual([]);
    expect([...listed.keys()]).toEqual([]);
  });

  it('differ only where a reason is known', () => {
    const listed = new Map(zeekExceptions.differences.flatMap(({ at }) => Object.entries(at)));
    const differences = counted(seen.differences);
    const texts = [...differences]
      .filter(([at, count]) => (listed.get(at) ?? 0) < count)
      .map(([at]) => {
        const one = seen.differences.find((each) => place(each) === at) as Difference;
        return `${at} (${differences.get(at)}): ${one.capture}: Zeek ${one.zeek}, here ${one.ours}`;
      });
    expect(texts).toEqual([]);
    expect([...listed].filter(([at, count]) => (differences.get(at) ?? 0) < count)).toEqual([]);
    expect(idleExceptions()).toEqual([]);
  });
});
