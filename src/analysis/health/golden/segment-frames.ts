// Segments of the simulator as Ethernet frames for tests: headers only, lengths as on the wire.

import type { SeenSegment } from './tcp-simulator.ts';

/** Ethernet, IPv4, TCP with room for timestamps. */
export const frameBytes = 14 + 20 + 32;

export interface Ends {
  readonly client: readonly number[];
  readonly server: readonly number[];
  readonly clientPort: number;
  readonly serverPort: number;
}

/** Writes a frame's headers at `at`; returns its length on the wire. */
export function writeFrame(out: Uint8Array, at: number, s: SeenSegment, ends: Ends, id: number): number {
  const view = new DataView(out.buffer, out.byteOffset + at, frameBytes);
  out.fill(0, at, at + frameBytes);
  out.set([2, 0, 0, 0, 0, s.isFromClient ? 2 : 1, 2, 0, 0, 0, 0, s.isFromClient ? 1 : 2, 8, 0], at);
  const wireIp = 52 + s.length;
  view.setUint8(14, 0x45);
  view.setUint16(16, wireIp);
  view.setUint16(18, id & 0xffff);
  view.setUint8(22, 64);
  view.setUint8(23, 6);
  out.set(s.isFromClient ? [...ends.client, ...ends.server] : [...ends.server, ...ends.client], at + 26);
  view.setUint16(34, s.isFromClient ? ends.clientPort : ends.serverPort);
  view.setUint16(36, s.isFromClient ? ends.serverPort : ends.clientPort);
  view.setUint32(38, s.seq >>> 0);
  view.setUint32(42, s.ack >>> 0);
  view.setUint8(46, 8 << 4);
  view.setUint8(47, s.flags);
  view.setUint16(48, s.window);
  // Options: window scale 7 with SYN, timestamps otherwise when there are any, else NOPs.
  out.fill(1, at + 54, at + 66);
  if ((s.flags & 2) !== 0) out.set([3, 3, 7], at + 55);
  else if (s.stamp >= 0) {
    out.set([8, 10], at + 56);
    view.setUint32(58, s.stamp >>> 0);
    view.setUint32(62, s.echo >>> 0);
  }
  return 14 + wireIp;
}
