// What is unlike the same host or network before.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const baselines: readonly Detector<any>[] = [];
