// A flow as the run tells it, into its live row: what never changes once, the rest each time.

import { communityWords, type Flow, flowEnds, formatMac, isOfHouse, tcpStates, waits } from '../../../../core/index.ts';
import { noWhole } from '../slots/slot-columns.ts';
import type { FlowSlots } from './flow-columns.ts';

const states = tcpStates.map((state) => (state === 'none' ? '' : state));
const community = new Int32Array(2);

/** Counters of the record at hand, in the order of `summed`. */
export function countersOf(f: Flow, into: Float64Array): void {
  const isTcp = f.proto === 6;
  into[0] = f.oPackets;
  into[1] = f.rPackets;
  into[2] = f.oBytes;
  into[3] = f.rBytes;
  into[4] = f.oPayloadBytes;
  into[5] = f.rPayloadBytes;
  into[6] = isTcp ? Math.max(0, f.oPayloadBytes - f.oSeqBytes) : 0;
  into[7] = isTcp ? Math.max(0, f.rPayloadBytes - f.rSeqBytes) : 0;
}

/** What a flow has from its first packet on. */
export function setIdentity(slots: FlowSlots, slot: number, f: Flow, iface: string): void {
  const { src, dst, small, number, text } = slots;
  const isV4 = f.ipVersion === 4;
  if (isV4) src.setAddress(slot, 0, 0, 0xffff, f.o0);
  else src.setAddress(slot, f.o0, f.o1, f.o2, f.o3);
  if (isV4) dst.setAddress(slot, 0, 0, 0xffff, f.r0);
  else dst.setAddress(slot, f.r0, f.r1, f.r2, f.r3);
  number.flow_id.values[slot] = f.id;
  number.start_ts.values[slot] = f.firstUs;
  number.outer_id.values[slot] = Math.max(0, f.outerId);
  small.src_port.values[slot] = f.oPort;
  small.dst_port.values[slot] = f.rPort;
  small.proto.values[slot] = f.proto;
  small.vlan.values[slot] = f.vlanOuter;
  small.direction.values[slot] = directionOf(f);
  text.iface.set(slot, iface);
  if (f.hasMac) {
    text.src_mac.set(slot, formatMac(f.mac, 0));
    text.dst_mac.set(slot, formatMac(f.mac, 6));
  }
  const { o0, o1, o2, o3, r0, r1, r2, r3 } = f;
  communityWords(community, f.ipVersion, o0, o1, o2, o3, r0, r1, r2, r3, f.proto, f.oPort, f.rPort);
  slots.community.words[slot * 2] = community[0];
  slots.community.words[slot * 2 + 1] = community[1];
}

/** What may change with every packet, besides counters. */
export function setState(slots: FlowSlots, slot: number, f: Flow): void {
  const { small, number, text, whole } = slots;
  number.end_ts.values[slot] = f.lastUs;
  whole.rtt_us.values[slot] = f.handshakeRttUs < 0 ? noWhole : f.handshakeRttUs;
  whole.server_rtt_us.values[slot] = f.serverRttUs < 0 ? noWhole : f.serverRttUs;
  whole.client_rtt_us.values[slot] = f.clientRttUs < 0 ? noWhole : f.clientRttUs;
  small.part.values[slot] = f.part;
  small.ttl.values[slot] = f.oTtlMin;
  if (f.alerted) small.alerted.values[slot] = 1;
  text.conn_state.set(slot, f.connState);
  text.end_reason.set(slot, flowEnds[f.end]);
  if (f.proto === 6) {
    small.flags_fwd.values[slot] = f.oFlags;
    small.flags_rev.values[slot] = f.rFlags;
    text.state.set(slot, states[f.tcpState]);
  }
  if (f.app !== '') text.app.set(slot, f.app);
  if (f.service !== '') text.service.set(slot, f.service);
  if (f.hasHealth) setHealth(slots, slot, f);
}

function setHealth({ small, text, whole }: FlowSlots, slot: number, f: Flow): void {
  whole.responses.values[slot] = f.responses;
  if (f.responses > 0) {
    whole.response_us.values[slot] = f.responseMeanUs;
    whole.response_most_us.values[slot] = f.responseMostUs;
  }
  if (f.verdict < 0) return;
  text.verdict.set(slot, waits[f.verdict]);
  small.verdict_percent.values[slot] = f.verdictPercent;
}

/** Which side is inside: see the column `direction`. */
function directionOf(f: Flow): number {
  const isSource = isOfHouse(f.ipVersion, f.o0, f.o1, f.o2, f.o3);
  const isTarget = isOfHouse(f.ipVersion, f.r0, f.r1, f.r2, f.r3);
  return isSource ? (isTarget ? 0 : 1) : isTarget ? 2 : 3;
}
