// Passwords and other secrets that can be read on the way.

import type { Detector } from '../detector.ts';
import { cleartext } from './cleartext.ts';
import { hashed } from './hashed.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const credentials: readonly Detector<any>[] = [cleartext, hashed];
