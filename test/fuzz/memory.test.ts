// Proves that what a talk keeps does not grow with what it is told: after thousands of messages no more than after a third.
import { describe, expect, it } from 'vitest';
import { growthOf, heldBytes } from './memory.ts';
import { collectSeeds } from './seeds.ts';

/** What collecting garbage leaves to chance, and tables that fill up late. */
const slackBytes = 1 << 20;
const messages = process.env.CI === undefined ? 3000 : 20_000;

describe('a flow that goes on and on', () => {
  it('does not make its talk grow', { timeout: 600_000 }, async () => {
    const seeds = await collectSeeds(200);
    const grown: string[] = [];
    for (const [name, list] of seeds) {
      const [longest] = list.filter(({ steps }) => steps.length > 0).sort((a, b) => b.steps.length - a.steps.length);
      if (longest === undefined) continue;
      let growth = growthOf(longest, messages);
      // Again: the compiler and the machine keep things, too.
      for (let i = 0; i < 3 && growth > slackBytes; i++) growth = Math.min(growth, growthOf(longest, messages));
      if (growth > slackBytes) grown.push(`${name}: ${growth} bytes`);
    }
    expect(grown).toEqual([]);
    expect(heldBytes()).toBeGreaterThan(0);
  });
});
