// Passwords that anyone on the way can read.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const credentials: readonly Detector<any>[] = [];
