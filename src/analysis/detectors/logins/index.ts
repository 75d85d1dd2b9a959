// Guessing of passwords, and what comes of it.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const logins: readonly Detector<any>[] = [];
