// Names, addresses and fingerprints on lists of the user.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const intel: readonly Detector<any>[] = [];
