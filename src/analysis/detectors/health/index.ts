// Slow and failing traffic.

import type { Detector } from '../detector.ts';
import { bufferbloat } from './delay/bufferbloat.ts';
import { jitter } from './delay/jitter.ts';
import { rtt } from './delay/rtt.ts';
import { slowDns } from './delay/slow-dns.ts';
import { slowServer } from './delay/slow-server.ts';
import { verdict } from './delay/verdict.ts';
import { connectFail } from './link/connect-fail.ts';
import { flapping } from './link/flapping.ts';
import { icmpErrors } from './link/icmp-errors.ts';
import { microburst } from './link/microburst.ts';
import { saturation } from './link/saturation.ts';
import { asymmetric } from './transport/asymmetric.ts';
import { duplicateAcks } from './transport/duplicate-acks.ts';
import { loss } from './transport/loss.ts';
import { mtu } from './transport/mtu.ts';
import { outOfOrder } from './transport/out-of-order.ts';
import { receiveWindow } from './transport/receive-window.ts';
import { resets } from './transport/resets.ts';
import { retransmissions } from './transport/retransmissions.ts';
import { zeroWindow } from './transport/zero-window.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const health: readonly Detector<any>[] = [
  retransmissions,
  loss,
  duplicateAcks,
  outOfOrder,
  zeroWindow,
  receiveWindow,
  mtu,
  asymmetric,
  resets,
  rtt,
  bufferbloat,
  slowServer,
  slowDns,
  jitter,
  verdict,
  connectFail,
  icmpErrors,
  saturation,
  microburst,
  flapping,
];
