// What is written on a flow's row when it begins: VLANs, the tunnel it is inside of, the MAC addresses of its first frame.

import * as row from '../../../analysis/flows/flow-row.ts';
import { type FlowTable, flowId } from '../../../analysis/flows/index.ts';
import type { Packet } from '../../../core/index.ts';

/** Writes VLANs, the tunnel around it (row -1: none) and MAC addresses of a flow that begins. */
export function labelFlow(table: FlowTable, r: number, p: Packet, outerRow: number, tunnelId: number): void {
  const o = r * row.ROW_WORDS;
  table.words[o + row.W_VLAN] = (p.vlanOuter + 1) | ((p.vlanInner + 1) << 16);
  if (outerRow >= 0) nestFlow(table, r, outerRow, tunnelId);
  if (p.level === 0 && p.srcMacAt >= 0) keepMac(table.words, o, p);
}

/** Links a flow inside a tunnel to the flow around it. */
function nestFlow(table: FlowTable, r: number, outerRow: number, tunnelId: number): void {
  const o = outerRow * row.ROW_WORDS;
  table.words[r * row.ROW_WORDS + row.W_TUNNEL_ID] = tunnelId + 1;
  table.doubles[r * row.ROW_DOUBLES + row.D_OUTER_ID] = flowId(table.words, table.doubles, o, o >> 1);
}

/** Keeps the addresses of a frame in the row at word `o`. */
function keepMac(w: Int32Array, o: number, p: Packet): void {
  const b = p.bytes;
  const src = p.srcMacAt;
  const dst = p.dstMacAt;
  w[o + row.W_MAC] = b[src] | (b[src + 1] << 8) | (b[src + 2] << 16) | (b[src + 3] << 24);
  w[o + row.W_MAC + 1] = b[src + 4] | (b[src + 5] << 8);
  w[o + row.W_MAC + 2] = 0;
  if (dst >= 0) {
    w[o + row.W_MAC + 1] |= (b[dst] << 16) | (b[dst + 1] << 24);
    w[o + row.W_MAC + 2] = b[dst + 2] | (b[dst + 3] << 8) | (b[dst + 4] << 16) | (b[dst + 5] << 24);
  }
  w[o + row.W_STATE] |= row.STATE_HAS_MAC;
}
