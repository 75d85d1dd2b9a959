// What is asked of name servers, and what they answer.

import type { Detector } from '../detector.ts';
import { otherProtocol } from './tunnels/other-protocol.ts';
import { oversize } from './tunnels/oversize.ts';
import { textEntropy } from './tunnels/text-entropy.ts';
import { tunnel } from './tunnels/tunnel.ts';
import { tunnelNoDomain } from './tunnels/tunnel-no-domain.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const names: readonly Detector<any>[] = [tunnel, tunnelNoDomain, textEntropy, oversize, otherProtocol];
