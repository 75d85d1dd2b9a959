// Proves that our EVE lines have at least 95 % of what suricata-verify's checks ask for, and that all else is listed, with a
// reason, in exceptions/suricata.json.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasCorpus } from './captures.ts';
import { type Check, eveLinesOf, judge, suricataChecks } from './suricata-checks.ts';

interface Exception {
  readonly captures: readonly string[];
  readonly type: string;
  /** `*`: all of them. */
  readonly keys: readonly string[];
  readonly because: string;
}

const { exceptions } = JSON.parse(readFileSync(new URL('./exceptions/suricata.json', import.meta.url), 'utf8')) as {
  exceptions: Exception[];
};

interface Sum {
  checks: number;
  exact: number;
  keys: number;
  missing: number;
}

/** One key that no line of ours has. */
interface Miss {
  readonly capture: string;
  readonly type: string;
  readonly key: string;
  readonly text: string;
}

async function holdAll(): Promise<{ sums: Map<string, Sum>; misses: Miss[] }> {
  const byCapture = new Map<string, Check[]>();
  for (const check of suricataChecks()) byCapture.set(check.capture, [...(byCapture.get(check.capture) ?? []), check]);
  const sums = new Map<string, Sum>();
  const misses: Miss[] = [];
  for (const [capture, checks] of byCapture) {
    const lines = await eveLinesOf(capture);
    for (const check of checks) {
      const type = String(check.match.event_type);
      const sum = sums.get(type) ?? { checks: 0, exact: 0, keys: 0, missing: 0 };
      sums.set(type, sum);
      const { found, missing, keys } = judge(check, lines);
      sum.checks++;
      sum.keys += keys;
      sum.missing += missing.length;
      if (found === check.count) sum.exact++;
      for (const text of missing) {
        misses.push({ capture: capture.slice('suricata/'.length), type, key: text.slice(0, text.indexOf(': ')), text });
      }
    }
  }
  return { sums, misses };
}

const isListed = ({ captures, type, keys }: Exception, miss: Miss): boolean =>
  type === miss.type && captures.includes(miss.capture) && (keys.includes(miss.key) || keys.includes('*'));

describe.skipIf(!hasCorpus)('suricata-verify (set TAPLIGHT_CORPUS; skipped when absent)', () => {
  let sums = new Map<string, Sum>();
  let misses: Miss[] = [];

  it('finds at least 95 % of the keys it asks for, exceptions counted as missing', { timeout: 120_000 }, async () => {
    ({ sums, misses } = await holdAll());
    let keys = 0;
    let missing = 0;
    for (const sum of sums.values()) {
      keys += sum.keys;
      missing += sum.missing;
    }
    if (process.env.TAPLIGHT_SHOW === '1') {
      console.table(Object.fromEntries(sums));
      console.log(`${keys - missing} of ${keys} keys`);
    }
    expect(keys).toBeGreaterThan(8000);
    expect((keys - missing) / keys).toBeGreaterThanOrEqual(0.95);
  });

  it('finds at least 90 % of the keys of each type of event', () => {
    const poor = [...sums].filter(([, { keys, missing }]) => missing > Math.max(3, keys / 10));
    expect(poor).toEqual([]);
  });

  it('differs nowhere but where it is listed', () => {
    const unlisted = misses.filter((miss) => !exceptions.some((one) => isListed(one, miss)));
    expect(unlisted.map(({ capture, type, text }) => `${capture} ${type}: ${text}`.slice(0, 200))).toEqual([]);
  });

  it('lists nothing in vain', () => {
    const idle = exceptions.filter((one) => !misses.some((miss) => isListed(one, miss)));
    expect(idle).toEqual([]);
    expect(exceptions.every(({ because }) => because.length > 20)).toBe(true);
  });
});
