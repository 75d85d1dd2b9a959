// Much of something: packets, flows, requests, repetitions. Detectors of a certain flood come before those that look at
// plain rates, which keep quiet about a host that is named already.

import type { Detector } from '../detector.ts';
import { destinationFlood } from './floods/destination-flood.ts';
import { fragmentFlood } from './floods/fragment-flood.ts';
import { icmpFlood } from './floods/icmp-flood.ts';
import { segmentFlood } from './floods/segment-flood.ts';
import { synFlood } from './floods/syn-flood.ts';
import { udpFlood } from './floods/udp-flood.ts';
import { broadcastStorm } from './rates/broadcast-storm.ts';
import { flowFlood } from './rates/flow-flood.ts';
import { hostRate } from './rates/host-rate.ts';
import { backscatter } from './reflection/backscatter.ts';
import { reflectionVictim } from './reflection/reflection-victim.ts';
import { reflector } from './reflection/reflector.ts';
import { httpFlood } from './requests/http-flood.ts';
import { slowHttp } from './requests/slow-http.ts';
import { waterTorture } from './requests/water-torture.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const volume: readonly Detector<any>[] = [
  synFlood,
  icmpFlood,
  fragmentFlood,
  reflectionVictim,
  udpFlood,
  segmentFlood,
  destinationFlood,
  hostRate,
  flowFlood,
  reflector,
  backscatter,
  broadcastStorm,
  httpFlood,
  slowHttp,
  waterTorture,
];
