// Scans by tries that fail. The first in the list keeps the book that the others read.

import type { Detector } from '../../detector.ts';
import { blockScan } from './block.ts';
import { darkScan } from './dark.ts';
import { distributedScan } from './distributed.ts';
import { horizontalScan } from './horizontal.ts';
import { slowScan } from './slow.ts';
import { randomWalk } from './trw.ts';
import { udpScan } from './udp-scan.ts';
import { verticalScan } from './vertical.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const probes: readonly Detector<any>[] = [
  verticalScan,
  horizontalScan,
  udpScan,
  blockScan,
  slowScan,
  darkScan,
  randomWalk,
  distributedScan,
];
