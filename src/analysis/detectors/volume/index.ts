// Much of something: packets, flows, requests, repetitions.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const volume: readonly Detector<any>[] = [];
