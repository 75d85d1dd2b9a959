// Attacks on web programs, and what comes from them.

import type { Detector } from '../detector.ts';
import { oddAgent, scanner } from './agents.ts';
import { commandInjection, crossSite, hiddenFile, sqlInjection, traversal } from './attacks.ts';
import { executable } from './executable.ts';
import { log4shell } from './log4shell.ts';
import { shellshock } from './shellshock.ts';
import { smuggling } from './smuggling.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const web: readonly Detector<any>[] = [
  sqlInjection,
  crossSite,
  commandInjection,
  traversal,
  hiddenFile,
  log4shell,
  shellshock,
  smuggling,
  scanner,
  oddAgent,
  executable,
];
