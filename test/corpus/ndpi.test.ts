// Proves that flows get the names that nDPI published for the same captures, and hardly ever another one.

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasCorpus, readManifest } from './captures.ts';
import { type Compared, compareNdpi } from './ndpi-compare.ts';
import { identificationDocument, tableOf } from './ndpi-document.ts';
import { oursOfNdpi } from './ndpi-names.ts';

/** Flows that are named otherwise on purpose, or where nothing more can be known; `because` names one of the reasons. */
interface Exception {
  readonly capture: string;
  readonly protocol: string;
  readonly said: string;
  readonly flows: number;
  readonly because: string;
}

const { reasons, exceptions } = JSON.parse(
  readFileSync(new URL('./exceptions/ndpi.json', import.meta.url), 'utf8'),
) as {
  reasons: Record<string, string>;
  exceptions: Exception[];
};

const document = new URL('../../docs/56-identification.md', import.meta.url);

async function compareAll(): Promise<Compared[]> {
  const all: Compared[] = [];
  for (const { path } of readManifest()) {
    if (path.startsWith('ndpi/')) all.push(...(await compareNdpi(path.slice('ndpi/'.length))));
  }
  return all;
}

describe('names of nDPI', () => {
  it('are found however they are written', () => {
    expect(oursOfNdpi('ElasticSearch')).toEqual(['elasticsearch']);
    expect(oursOfNdpi('Elastic_Search')).toEqual(['elasticsearch']);
    expect(oursOfNdpi('NoSuchProtocol')).toEqual([]);
  });
});

describe.skipIf(!hasCorpus)('nDPI captures of the corpus (set TAPLIGHT_CORPUS; skipped when absent)', () => {
  let all: Compared[] = [];
  const count = (...verdicts: string[]): number => all.filter((one) => verdicts.includes(one.verdict)).length;

  it('reads them', { timeout: 120_000 }, async () => {
    all = await compareAll();
    expect(all.length).toBeGreaterThan(4500);
    if (process.env.TAPLIGHT_WRITE_DOCS !== undefined) writeFileSync(document, identificationDocument(all));
  });

  it('names at least 97 % of the flows of protocols that are known here as nDPI does, at most 0.5 % otherwise', () => {
    const judged = count('same', 'other', 'unknown');
    expect(judged).toBeGreaterThan(2300);
    expect(count('same') / judged).toBeGreaterThan(0.97);
    expect(count('other') / judged).toBeLessThan(0.005);
  });

  it('gives another name only where the list of exceptions says so', () => {
    const differing = new Map<string, number>();
    for (const { capture, flow, said, verdict } of all) {
      if (verdict !== 'other') continue;
      const text = `${capture}: ${flow.master}, said ${said}`;
      differing.set(text, (differing.get(text) ?? 0) + 1);
    }
    const listed = exceptions.map((one) => [`${one.capture}: ${one.protocol}, said ${one.said}`, one.flows] as const);
    expect([...differing].sort()).toEqual([...listed].sort());
    for (const { because } of exceptions) expect(reasons).toHaveProperty(because);
  });

  it('seldom names what nDPI leaves unknown', () => {
    const unknown = all.filter((one) => one.flow.confidence === 'Unknown');
    const named = unknown.filter((one) => one.said !== '' && one.how !== 'port');
    expect(unknown.length).toBeGreaterThan(1500);
    // Announced media and data channels, damaged copies of known flows, protocols that nDPI does not look for.
    expect(named.length).toBeLessThan(30);
  });

  it('is what docs/56-identification.md shows', () => {
    const shown = readFileSync(document, 'utf8');
    for (const { protocol } of tableOf(all)) expect(shown).toContain(`| ${protocol} |`);
  });
});
