// Looking for hosts, ports and weaknesses.

import type { Detector } from '../detector.ts';
import { crafted } from './crafted/index.ts';
import { icmpSweep } from './icmp-sweep.ts';
import { probes } from './probes/index.ts';
import { recon } from './recon/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const scans: readonly Detector<any>[] = [...probes, ...crafted, icmpSweep, ...recon];
