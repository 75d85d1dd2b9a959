// Data that leaves.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const exfil: readonly Detector<any>[] = [];
