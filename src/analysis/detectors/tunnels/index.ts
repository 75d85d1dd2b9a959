// Traffic inside traffic that should not carry any.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const tunnels: readonly Detector<any>[] = [];
