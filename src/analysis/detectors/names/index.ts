// What is asked of name servers, and what they answer.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const names: readonly Detector<any>[] = [];
