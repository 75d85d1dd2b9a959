// Moving from one Windows machine to the next.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const lateral: readonly Detector<any>[] = [];
