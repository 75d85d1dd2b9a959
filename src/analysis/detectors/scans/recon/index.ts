// Questions that tell about a network rather than use it.

import type { Detector } from '../../detector.ts';
import { serviceSweeps } from './service-sweeps.ts';
import { traceroute } from './traceroute.ts';
import { vulnerabilityScan } from './vulnerability.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const recon: readonly Detector<any>[] = [traceroute, ...serviceSweeps, vulnerabilityScan];
