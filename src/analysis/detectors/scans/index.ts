// Looking for hosts, ports and weaknesses.

import type { Detector } from '../detector.ts';
import { icmpSweep } from './icmp-sweep.ts';
import { probes } from './probes/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const scans: readonly Detector<any>[] = [...probes, icmpSweep];
