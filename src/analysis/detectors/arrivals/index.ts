// What is there for the first time: devices, hosts, services.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const arrivals: readonly Detector<any>[] = [];
