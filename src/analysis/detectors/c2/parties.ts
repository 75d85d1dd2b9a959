// Who talks to whom outside: keys of tables, and which destinations are of no interest here.

import { type FlowSignal, ipProto } from '../../../core/index.ts';
import { hashWords } from '../../sketches/index.ts';
import type { Network } from '../detector.ts';

export type Key = readonly [number, number, number, number, number, number];

/** Originator, responder and its port, as six words. */
export function partiesOf(s: FlowSignal): Key {
  const kind = s.ipVersion | (s.proto << 4) | (s.rPort << 12);
  if (s.ipVersion === 4) return [kind, s.o0, 0, s.r0, 0, 0];
  return [
    kind,
    hashWords(s.o0, s.o1, s.o2, s.o3),
    hashWords(s.o3, s.o2, s.o1, s.o0, 1),
    hashWords(s.r0, s.r1, s.r2, s.r3),
    hashWords(s.r3, s.r2, s.r1, s.r0, 1),
    0,
  ];
}

/** Whether the originator, or the responder, belongs to the network that is watched. */
export const isFromLocal = (network: Network, s: FlowSignal): boolean =>
  network.isLocal(s.ipVersion, s.o0, s.o1, s.o2, s.o3);
export const isToLocal = (network: Network, s: FlowSignal): boolean =>
  network.isLocal(s.ipVersion, s.r0, s.r1, s.r2, s.r3);

/** Names, time, addresses, neighbours: services that are asked at even intervals by nature. */
const housekeeping = new Set([53, 67, 68, 123, 137, 138, 161, 162, 514, 546, 547, 853, 1900, 3702, 5353, 5355]);

/** TCP or UDP to one host, and no housekeeping. */
export function isOfInterest(s: FlowSignal): boolean {
  if ((s.proto !== ipProto.tcp && s.proto !== ipProto.udp) || s.rPort === 0 || housekeeping.has(s.rPort)) return false;
  return s.proto === ipProto.tcp || !isToMany(s);
}

/** Multicast and broadcast. */
function isToMany(s: FlowSignal): boolean {
  const first = s.r0 >>> 24;
  return s.ipVersion === 4 ? first >= 224 || (s.r0 & 255) === 255 : first === 0xff;
}
