// Looking for hosts, ports and weaknesses.

import type { Detector } from '../detector.ts';
import { icmpSweep } from './icmp-sweep.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const scans: readonly Detector<any>[] = [icmpSweep];
