// Which flows are tries of a source, and whose.

import { type FlowSignal, ipProto, tcpFlag } from '../../../../../core/index.ts';

const handshakeFlags = tcpFlag.syn | tcpFlag.ack | tcpFlag.rst | tcpFlag.fin;

/** Whether TCP flags are those of a first call. */
export const isCall = (flags: number): boolean => (flags & handshakeFlags) === tcpFlag.syn;

/** Transports are kept apart. */
export function keyOf(s: FlowSignal): number {
  return (s.proto << 8) | s.ipVersion;
}

/** Group and broadcast addresses are no host that is tried. */
export function isGroup(s: FlowSignal): boolean {
  return s.ipVersion === 6 ? s.r0 >>> 24 === 0xff : s.r0 >>> 28 >= 14;
}

/** A UDP datagram from what looks like a service's port to what looks like a client's: an answer, not a question. */
export function isReply(s: FlowSignal): boolean {
  return s.proto === ipProto.udp && s.oPort < s.rPort && s.oPort < 10_000 && s.rPort >= 10_000;
}
