// Proves that no protocol throws, hangs or keeps memory when its conversations are damaged. `npm run fuzz` does the same for
// as long as asked (10 million messages and more).
import { describe, expect, it } from 'vitest';
import { hasCorpus } from '../corpus/captures.ts';
import { fuzz } from './fuzz.ts';
import { collectSeeds } from './seeds.ts';

/** In CI a minute's worth, elsewhere a few seconds. */
const maxMs = process.env.CI === undefined ? 5000 : 30_000;

describe('damaged conversations', () => {
  it(`neither break nor stop a protocol${hasCorpus ? '' : ' (no corpus: made-up ones only)'}`, {
    timeout: 120_000,
  }, async () => {
    const seeds = await collectSeeds(300);
    const result = fuzz(seeds, 2_000_000, maxMs);
    expect(result.findings).toEqual([]);
    expect(result.messages).toBeGreaterThan(1000);
  });
});
