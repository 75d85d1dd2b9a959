import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.ts'],
    testTimeout: 20_000,
    pool: 'forks',
    maxWorkers: 2,
    // Programs that tests start keep their alerts here, not in the journal of who runs the tests.
    env: { XDG_STATE_HOME: join(tmpdir(), 'taplight-test-state') },
  },
});
