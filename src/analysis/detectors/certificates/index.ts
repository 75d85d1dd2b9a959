// TLS and certificates that protect less than they promise.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const certificates: readonly Detector<any>[] = [];
