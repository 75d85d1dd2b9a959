// Headers and segments that contradict the standards, and captures that contradict themselves.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const anomalies: readonly Detector<any>[] = [];
