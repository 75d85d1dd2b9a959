// Data that leaves.

import type { Detector } from '../detector.ts';
import { exfilOffHours } from './off-hours.ts';
import { exfilRatio } from './ratio.ts';
import { exfilSlow } from './slow.ts';
import { exfilVolume } from './volume.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const exfil: readonly Detector<any>[] = [exfilVolume, exfilRatio, exfilSlow, exfilOffHours];
