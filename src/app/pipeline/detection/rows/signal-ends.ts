// Who a signal is about: addresses, MAC addresses and places out of flow rows, packets and conversations.

import * as row from '../../../../analysis/flows/flow-row.ts';
import type { EmitOptions } from '../../../../analysis/protocols/index.ts';
import type { FlowVoice } from '../../../../analysis/talks/index.ts';
import type { EventPlace, FlowSignal, Packet } from '../../../../core/index.ts';
import type { SignalTarget } from '../signal-target.ts';

export function fillEnds(s: FlowSignal, w: Int32Array, o: number, isHigh: boolean): void {
  const low = o + row.W_LOW;
  const high = o + row.W_HIGH;
  if (s.ipVersion !== 6) {
    s.o0 = w[isHigh ? high : low];
    s.r0 = w[isHigh ? low : high];
    s.o1 = s.o2 = s.o3 = s.r1 = s.r2 = s.r3 = 0;
    return;
  }
  const a = o + (isHigh ? row.W_HIGH_V6 : row.W_LOW_V6);
  const b = o + (isHigh ? row.W_LOW_V6 : row.W_HIGH_V6);
  s.o0 = w[a];
  s.o1 = w[a + 1];
  s.o2 = w[a + 2];
  s.o3 = w[isHigh ? high : low];
  s.r0 = w[b];
  s.r1 = w[b + 1];
  s.r2 = w[b + 2];
  s.r3 = w[isHigh ? low : high];
}

export function fillMacs(s: FlowSignal, p: Packet): void {
  const b = p.bytes;
  const src = p.level === 0 ? p.srcMacAt : -1;
  const dst = p.level === 0 ? p.dstMacAt : -1;
  s.srcMac0 = src < 0 ? 0 : (b[src] << 24) | (b[src + 1] << 16) | (b[src + 2] << 8) | b[src + 3];
  s.srcMac1 = src < 0 ? 0 : (b[src + 4] << 8) | b[src + 5];
  s.dstMac0 = dst < 0 ? 0 : (b[dst] << 24) | (b[dst + 1] << 16) | (b[dst + 2] << 8) | b[dst + 3];
  s.dstMac1 = dst < 0 ? 0 : (b[dst + 4] << 8) | b[dst + 5];
  s.vlan = p.vlanOuter;
  s.vlanInner =
    p.vlanTags > 1 && src >= 0 && isCustomerTag(b, src + 6) && isCustomerTag(b, src + 10) ? p.vlanInner : -1;
  s.iface = p.iface;
}

/** 802.1Q's own tag, not that of a provider. */
const isCustomerTag = (b: Uint8Array, at: number): boolean => b[at] === 0x81 && b[at + 1] === 0;

export function fillPlace(
  at: EventPlace,
  talk: FlowVoice,
  options: EmitOptions | undefined,
  target: SignalTarget,
): EventPlace {
  const { ends, isSwapped } = talk;
  const c = isSwapped ? ends.rWords : ends.oWords;
  const s = isSwapped ? ends.oWords : ends.rWords;
  at.timeUs = target.clamp(options?.timeUs ?? talk.timeUs);
  at.packet = talk.packet;
  at.flowId = ends.flowId;
  at.ipVersion = ends.ipVersion;
  at.proto = ends.proto;
  at.c0 = c[0];
  at.c1 = c[1];
  at.c2 = c[2];
  at.c3 = c[3];
  at.s0 = s[0];
  at.s1 = s[1];
  at.s2 = s[2];
  at.s3 = s[3];
  at.cPort = talk.oPort;
  at.sPort = talk.rPort;
  at.side = options?.side ?? 0;
  at.only = options?.only ?? '';
  return at;
}
