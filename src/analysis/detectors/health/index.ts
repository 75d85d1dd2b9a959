// Slow and failing traffic.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const health: readonly Detector<any>[] = [];
