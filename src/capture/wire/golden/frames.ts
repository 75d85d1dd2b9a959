// All golden frames.

import type { GoldenFrame } from './expectation.ts';
import { ipFrames } from './ip-frames.ts';
import { linkFrames } from './link-frames.ts';
import { tunnelFrames } from './tunnel-frames.ts';

export const goldenFrames: readonly GoldenFrame[] = [...linkFrames, ...ipFrames, ...tunnelFrames];
