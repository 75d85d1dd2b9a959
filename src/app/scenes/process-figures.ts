// What this process uses.

import type { SceneSnapshot } from '../../screens/api/index.ts';

export function processFigures(beganMs: number): SceneSnapshot['process'] {
  const { user, system } = process.cpuUsage();
  return {
    cpuSec: (user + system) / 1e6,
    memoryBytes: process.memoryUsage.rss(),
    wallSec: (performance.now() - beganMs) / 1000,
  };
}
