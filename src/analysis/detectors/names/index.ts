// What is asked of name servers, and what they answer.

import type { Detector } from '../detector.ts';
import { fastFlux } from './answers/fast-flux.ts';
import { hijack } from './answers/hijack.ts';
import { poison } from './answers/poison.ts';
import { rebinding } from './answers/rebinding.ts';
import { dgaName } from './generated/dga-name.ts';
import { dgaNx } from './generated/dga-nx.ts';
import { otherProtocol } from './tunnels/other-protocol.ts';
import { oversize } from './tunnels/oversize.ts';
import { textEntropy } from './tunnels/text-entropy.ts';
import { tunnel } from './tunnels/tunnel.ts';
import { tunnelNoDomain } from './tunnels/tunnel-no-domain.ts';
import { doh, doq, dot } from './use/encrypted.ts';
import { newDomain } from './use/new-domain.ts';
import { resolvers } from './use/resolvers.ts';
import { transfer } from './use/transfer.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const names: readonly Detector<any>[] = [
  tunnel,
  tunnelNoDomain,
  textEntropy,
  oversize,
  otherProtocol,
  dgaNx,
  dgaName,
  rebinding,
  fastFlux,
  poison,
  hijack,
  doh,
  dot,
  doq,
  resolvers,
  newDomain,
  transfer,
];
