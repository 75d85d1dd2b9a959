// Proves that our flows and events say at least 95 % of what Arkime's sessions say, field by field, and that all else is
// listed, with a reason, in exceptions/arkime.json.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { arkimeCaptures, type Compared, compareCapture } from './arkime.ts';
import { hasCorpus } from './captures.ts';

interface Exception {
  readonly captures: readonly string[];
  /** `*` at the end stands for anything. */
  readonly fields: readonly string[];
  readonly because: string;
}

const { exceptions } = JSON.parse(readFileSync(new URL('./exceptions/arkime.json', import.meta.url), 'utf8')) as {
  exceptions: Exception[];
};

const isListed = ({ captures, fields }: Exception, { capture, field }: Compared): boolean =>
  captures.includes(capture) &&
  fields.some((one) => (one.endsWith('*') ? field.startsWith(one.slice(0, -1)) : one === field));

describe.skipIf(!hasCorpus)("Arkime's sessions (set TAPLIGHT_CORPUS; skipped when absent)", () => {
  const rows: Compared[] = [];

  it('are ours in at least 95 % of their values, exceptions counted as different', { timeout: 120_000 }, async () => {
    for (const capture of arkimeCaptures()) rows.push(...(await compareCapture(capture)));
    const equal = rows.filter((row) => row.isEqual).length;
    if (process.env.TAPLIGHT_SHOW === '1') {
      console.table(byField(rows));
      console.log(`${equal} of ${rows.length} values`);
    }
    expect(rows.length).toBeGreaterThan(9000);
    expect(equal / rows.length).toBeGreaterThanOrEqual(0.95);
  });

  it('differ nowhere but where it is listed', () => {
    const unlisted = rows.filter((row) => !row.isEqual && !exceptions.some((one) => isListed(one, row)));
    expect(
      unlisted.map(({ capture, field, theirs, ours }) => `${capture} ${field}: ${theirs}, ours ${ours}`.slice(0, 200)),
    ).toEqual([]);
  });

  it('differ wherever it is listed', () => {
    const idle = exceptions.flatMap((one) =>
      one.captures.filter((capture) => !rows.some((r) => r.capture === capture && !r.isEqual && isListed(one, r))),
    );
    expect(idle).toEqual([]);
  });
});

function byField(all: readonly Compared[]): Record<string, { values: number; equal: number }> {
  const table: Record<string, { values: number; equal: number }> = {};
  for (const { field, isEqual } of all) {
    table[field] ??= { values: 0, equal: 0 };
    table[field].values++;
    if (isEqual) table[field].equal++;
  }
  return table;
}
