// What this process uses.

import type { SceneSnapshot } from '../../screens/api/index.ts';

/** All of it since the process began, so that a share of the processor is one. */
export function processFigures(): SceneSnapshot['process'] {
  const { user, system } = process.cpuUsage();
  return {
    cpuSec: (user + system) / 1e6,
    memoryBytes: process.memoryUsage.rss(),
    wallSec: process.uptime(),
  };
}
