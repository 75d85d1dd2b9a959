// Questions that tell about a network rather than use it.

import type { Detector } from '../../detector.ts';
import { localSweeps } from './local-sweeps.ts';
import { traceroute } from './traceroute.ts';
import { vulnerabilityScan } from './vulnerability.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const recon: readonly Detector<any>[] = [traceroute, ...localSweeps, vulnerabilityScan];
