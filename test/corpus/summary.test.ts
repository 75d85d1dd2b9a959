// Proves that the summary of every capture of the corpus says what TShark and capinfos say, but for the listed exceptions.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/index.ts';
import { summaryDocument } from '../../src/screens/present/index.ts';
import { type Analysed, analyse } from './analyse.ts';
import { hasCorpus, readManifest, readReferences, readTables } from './captures.ts';
import { type Compared, compare, type Summary } from './expectation.ts';

/** A difference that is wanted; `because` names one of the reasons. Packet: the first where the two part, 0 for none. */
interface Exception {
  readonly capture: string;
  readonly fields: Readonly<Record<string, readonly [ours: unknown, theirs: unknown]>>;
  readonly packet: number;
  readonly because: string;
}

const { reasons, exceptions } = JSON.parse(
  readFileSync(new URL('./exceptions/summary.json', import.meta.url), 'utf8'),
) as { reasons: Record<string, string>; exceptions: Exception[] };

/** The analysis, or null for a file in a format that is not read. */
async function open(path: string, packets: number): Promise<Analysed | null> {
  try {
    return await analyse(path, packets);
  } catch (cause) {
    if (cause instanceof Failure && cause.code === 'UNKNOWN_FILE_FORMAT') return null;
    throw cause;
  }
}

async function compareAll(): Promise<Map<string, Compared[]>> {
  const references = readReferences();
  const all = new Map<string, Compared[]>();
  for (const { path, packets, tshark } of readManifest()) {
    const reference = references.get(path);
    if (reference === undefined) continue;
    const analysed = await open(path, packets ?? 0);
    if (analysed === null) continue;
    const source = { kind: 'file', names: [path], damage: analysed.damage?.name ?? null } as const;
    const summary = summaryDocument(analysed.snapshot, source, 'test') as Summary;
    all.set(path, compare(summary, reference, tshark === undefined ? null : readTables(tshark)));
  }
  return all;
}

const text = (capture: string, { field, ours, theirs }: Compared): string =>
  `${capture}: ${field} ${ours}, theirs ${theirs}`;

describe.skipIf(!hasCorpus)('summaries of the corpus (set TAPLIGHT_CORPUS; skipped when absent)', () => {
  const listed = exceptions.flatMap(({ capture, fields }) =>
    Object.entries(fields).map(([field, [ours, theirs]]) => text(capture, { field, ours, theirs, isEqual: false })),
  );
  let all = new Map<string, Compared[]>();

  it('says what the peers say, field by field', { timeout: 90_000 }, async () => {
    all = await compareAll();
    expect(all.size).toBeGreaterThan(2900);
    const differences = [...all].flatMap(([capture, rows]) =>
      rows.filter((row) => !row.isEqual).map((row) => text(capture, row)),
    );
    expect(differences.sort()).toEqual([...listed].sort());
  });

  it('agrees nearly everywhere before any exception', () => {
    const counts = new Map<string, { equal: number; compared: number }>();
    for (const row of [...all.values()].flat()) {
      const group = /^(link|ip)\./.test(row.field) ? 'protocols' : row.field;
      const count = counts.get(group) ?? { equal: 0, compared: 0 };
      count.compared++;
      if (row.isEqual) count.equal++;
      counts.set(group, count);
    }
    if (process.env.TAPLIGHT_SHOW) console.table(Object.fromEntries(counts));
    for (const [field, { equal, compared }] of counts) expect(equal / compared, field).toBeGreaterThan(0.99);
  });

  it('gives a reason and a packet for every exception', () => {
    for (const { capture, because } of exceptions) expect(reasons[because], capture).toMatch(/^\S.{20,}$/);
    expect(new Set(exceptions.map(({ because }) => because))).toEqual(new Set(Object.keys(reasons)));
  });
});
