// Packets that are made by hand.

import type { Detector } from '../../detector.ts';
import { osFingerprint } from './os-fingerprint.ts';
import { stealthScan } from './stealth.ts';
import { slammer } from './worm.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const crafted: readonly Detector<any>[] = [osFingerprint, stealthScan, slammer];
