// Proves over the whole corpus: no protocol throws; every EVE line is valid by Suricata's schema without our own key; and
// what TShark finds of names, servers and requests is found, but for the listed exceptions.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/index.ts';
import { hasCorpus, readManifest, readReferences } from './captures.ts';
import { compareTalks, type TalkReference } from './conversations.ts';
import { eveJudge } from './eve-schema.ts';
import { type Story, storyOf } from './events.ts';

/** How many are missing, by capture and list. */
interface Exceptions {
  readonly because: string;
  readonly missing: Readonly<Record<string, Readonly<Record<string, number>>>>;
}
const { exceptions } = JSON.parse(
  readFileSync(new URL('./exceptions/conversations.json', import.meta.url), 'utf8'),
) as { exceptions: readonly Exceptions[] };

async function open(path: string, packets: number): Promise<Story | null> {
  try {
    return await storyOf(path, packets);
  } catch (cause) {
    if (cause instanceof Failure && cause.code === 'UNKNOWN_FILE_FORMAT') return null;
    throw cause;
  }
}

interface Seen {
  lines: number;
  readonly faults: string[];
  readonly invalid: string[];
  readonly totals: Map<string, [wanted: number, missing: number]>;
  readonly missing: Map<string, readonly string[]>;
}

async function readAll(): Promise<Seen> {
  const judge = await eveJudge();
  const references = readReferences() as ReadonlyMap<string, unknown>;
  const seen: Seen = { lines: 0, faults: [], invalid: [], totals: new Map(), missing: new Map() };
  for (const { path, packets } of readManifest()) {
    const story = await open(path, packets ?? 0);
    if (story === null) continue;
    for (const [protocol, fault] of story.faults) seen.faults.push(`${path} ${protocol}: ${fault}`);
    for (const { eve } of story.events) {
      if (eve === null) continue;
      seen.lines++;
      const wrong = judge?.(eve) ?? null;
      if (wrong !== null && seen.invalid.length < 200) seen.invalid.push(`${path} ${String(eve.event_type)}: ${wrong}`);
    }
    const reference = references.get(path);
    if (reference === undefined) continue;
    // A line of reference.jsonl; the reader of captures.ts names other parts of it.
    for (const { what, wanted, missing } of compareTalks(story, reference as TalkReference)) {
      const [sum, lacking] = seen.totals.get(what) ?? [0, 0];
      seen.totals.set(what, [sum + wanted, lacking + missing.length]);
      if (missing.length > 0) seen.missing.set(`${path} ${what}`, missing);
    }
  }
  return seen;
}

describe.skipIf(!hasCorpus)('conversations of the corpus (set TAPLIGHT_CORPUS; skipped when absent)', () => {
  let seen: Seen;

  it('are read without a fault', { timeout: 300_000 }, async () => {
    seen = await readAll();
    if (process.env.TAPLIGHT_SHOW === '1') {
      console.log(seen.lines, 'lines', Object.fromEntries(seen.totals));
      for (const [key, list] of seen.missing)
        console.log(`${key}: ${[...new Set(list)].slice(0, 4).join(' | ').slice(0, 200)}`);
    }
    expect(seen.faults).toEqual([]);
    expect(seen.lines).toBeGreaterThan(10_000);
  });

  it('give EVE lines that are valid', () => {
    expect(seen.invalid).toEqual([]);
  });

  it('have every name and request that TShark has', () => {
    const listed = Object.fromEntries(
      exceptions.flatMap(({ missing }) =>
        Object.entries(missing).flatMap(([capture, lists]) =>
          Object.entries(lists).map(([what, count]) => [`${capture} ${what}`, count]),
        ),
      ),
    );
    expect(Object.fromEntries([...seen.missing].map(([key, list]) => [key, list.length]))).toEqual(listed);
  });
});
