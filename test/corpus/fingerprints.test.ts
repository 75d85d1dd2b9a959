// Proves over the whole corpus that every fingerprint that others published or printed of it is found: JA4 (FoxIO's own
// values), JA3, JA3S, HASSH; nDPI's JA4 after the rules that undo its habits. Community IDs are in community-id.test.ts.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasCorpus, readManifest } from './captures.ts';
import { storyOf } from './events.ts';
import { type Found, foundIn, readWanted, type Wanted } from './fingerprints.ts';
import { habits, ndpiForm } from './ndpi-fingerprint.ts';

/** `values` are written `peer kind value`, by capture. */
interface Exceptions {
  readonly because: string;
  readonly values: Readonly<Record<string, readonly string[]>>;
}

const { exceptions } = JSON.parse(readFileSync(new URL('./exceptions/fingerprints.json', import.meta.url), 'utf8')) as {
  exceptions: readonly Exceptions[];
};

const nameOf = ({ peer, kind, value }: Wanted): string => `${peer} ${kind} ${value}`;

interface Tally {
  wanted: number;
  missing: number;
}

class Comparison {
  readonly totals = new Map<string, Tally>();
  /** How many values agree only after a rule, by its name. */
  readonly served = new Map<string, number>(habits.map(({ name }) => [name, 0]));
  readonly missing = new Set<string>();

  take(wanted: Wanted, found: readonly Found[]): void {
    const key = `${wanted.peer} ${wanted.kind}`;
    const tally = this.totals.get(key) ?? { wanted: 0, missing: 0 };
    this.totals.set(key, tally);
    tally.wanted++;
    const same = found.filter(({ kind, ends }) => kind === wanted.kind && (wanted.ends === '' || ends === wanted.ends));
    if (same.some(({ value }) => value === wanted.value) || this.#byRule(wanted, same)) return;
    tally.missing++;
    this.missing.add(`${wanted.capture} ${nameOf(wanted)}`);
  }

  #byRule({ peer, kind, value }: Wanted, same: readonly Found[]): boolean {
    if (peer !== 'ndpi' || kind !== 'ja4') return false;
    for (const found of same) {
      const form = ndpiForm(found);
      if (form.value !== value) continue;
      for (const name of form.served) this.served.set(name, (this.served.get(name) ?? 0) + 1);
      return true;
    }
    return false;
  }
}

async function compareAll(): Promise<Comparison> {
  const listed = new Map(readManifest().map(({ path, packets }) => [path, packets ?? 0]));
  const byCapture = new Map<string, Wanted[]>();
  for (const wanted of readWanted(new Set(listed.keys()))) {
    const list = byCapture.get(wanted.capture);
    if (list === undefined) byCapture.set(wanted.capture, [wanted]);
    else list.push(wanted);
  }
  const comparison = new Comparison();
  for (const [capture, list] of byCapture) {
    const found = foundIn(await storyOf(capture, listed.get(capture)));
    for (const wanted of list) comparison.take(wanted, found);
  }
  return comparison;
}

describe.skipIf(!hasCorpus)('fingerprints of the corpus (set TAPLIGHT_CORPUS; skipped when absent)', () => {
  let comparison: Comparison;

  it('are those that others found, but for the listed exceptions', { timeout: 120_000 }, async () => {
    comparison = await compareAll();
    if (process.env.TAPLIGHT_SHOW === '1') {
      console.log(Object.fromEntries(comparison.totals), Object.fromEntries(comparison.served));
      for (const one of comparison.missing) console.log(one);
    }
    const excused = new Set(
      exceptions.flatMap(({ values }) =>
        Object.entries(values).flatMap(([capture, all]) => all.map((one) => `${capture} ${one}`)),
      ),
    );
    expect([...comparison.missing].filter((one) => !excused.has(one))).toEqual([]);
    // What is found again needs no exception.
    expect([...excused].filter((one) => !comparison.missing.has(one))).toEqual([]);
  });

  it('are many, of every source', () => {
    const wanted = (key: string): number => comparison.totals.get(key)?.wanted ?? 0;
    expect(wanted('foxio ja4')).toBeGreaterThan(40);
    expect(comparison.totals.get('foxio ja4')?.missing).toBe(0);
    expect(wanted('ndpi ja4')).toBeGreaterThan(350);
    expect(wanted('ndpi ja3s')).toBeGreaterThan(200);
    expect(wanted('tshark ja3')).toBeGreaterThan(300);
    expect(wanted('tshark ja3s')).toBeGreaterThan(280);
    for (const kind of ['ja4', 'ja3', 'ja3 text', 'ja3s', 'hassh', 'hassh server']) {
      expect(wanted(`suricata ${kind}`) + wanted(`arkime ${kind}`), kind).toBeGreaterThan(2);
    }
  });

  it('need every rule for nDPI', () => {
    expect([...comparison.served].filter(([, count]) => count === 0)).toEqual([]);
  });
});
