// Requests that attack web servers.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const web: readonly Detector<any>[] = [];
