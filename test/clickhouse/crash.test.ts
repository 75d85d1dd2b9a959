// Proves that nothing is lost and nothing is taken twice when servers and sensors are killed (kill -9) at random moments
// and answers do not arrive; that sums equal what they sum up. bench/fleet.mjs does the same for longer.
import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crash } from './crash-rig.ts';
import { missing } from './servers.ts';
import { clickhouseFolder } from './tested-store.ts';

describe.skipIf(missing !== null)('a sensor and its server', () => {
  it('lose nothing and double nothing', { timeout: 120_000 }, async () => {
    const folder = clickhouseFolder();
    try {
      const plan = {
        serverKills: 4,
        sensorKills: 4,
        lostAnswers: 0.3,
        rowsPerBatch: 300,
        pauseMs: 20,
        betweenMs: 1000,
      };
      const report = await crash({ folder, ...plan });
      expect(report).toMatchObject({ lost: [], doubled: [] });
      expect(report.rolledUp).toEqual([report.raw, report.raw]);
      expect(report.taken).toBeGreaterThan(20);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
