// Conversations that look like a machine reporting to its master.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const c2: readonly Detector<any>[] = [];
