// Headers and segments that contradict the standards, and captures that contradict themselves.

import type { Detector } from '../detector.ts';
import { asymmetry } from './capture/asymmetry.ts';
import { clock } from './capture/clock.ts';
import { duplicates } from './capture/duplicates.ts';
import { loss } from './capture/loss.ts';
import { badNeighbor } from './exploits/bad-neighbor.ts';
import { dnsName } from './exploits/dns-name.ts';
import { sessionHijack } from './exploits/session-hijack.ts';
import { urgent11 } from './exploits/urgent11.ts';
import { frag } from './fragments/frag.ts';
import { pingOfDeath } from './fragments/ping-of-death.ts';
import { teardrop } from './fragments/teardrop.ts';
import { checksum } from './headers/checksum.ts';
import { header } from './headers/header.ts';
import { ipv6Options } from './headers/ipv6-options.ts';
import { land } from './headers/land.ts';
import { smallMtu } from './headers/small-mtu.ts';
import { smurf } from './headers/smurf.ts';
import { sourceRoute } from './headers/source-route.ts';
import { ttl } from './headers/ttl.ts';
import { tcp } from './segments/tcp.ts';
import { winnuke } from './segments/winnuke.ts';
import { weird } from './weird/weird.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const anomalies: readonly Detector<any>[] = [
  // Before `frag`, which leaves to it what it knows.
  teardrop,
  frag,
  pingOfDeath,
  land,
  smurf,
  ipv6Options,
  sourceRoute,
  smallMtu,
  ttl,
  checksum,
  header,
  tcp,
  winnuke,
  weird,
  urgent11,
  badNeighbor,
  dnsName,
  sessionHijack,
  duplicates,
  loss,
  asymmetry,
  clock,
];
