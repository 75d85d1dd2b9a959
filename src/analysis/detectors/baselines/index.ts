// What is unlike the same host or network before.

import type { Detector } from '../detector.ts';
import { entropyShift } from './entropy-shift.ts';
import { hostBaseline } from './host-baseline.ts';
import { hourOfWeek } from './hour-of-week.ts';
import { networkBaseline } from './network-baseline.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const baselines: readonly Detector<any>[] = [networkBaseline, hostBaseline, entropyShift, hourOfWeek];
