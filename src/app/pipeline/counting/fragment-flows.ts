// How fragments join the flow of their datagram.

import * as row from '../../../analysis/flows/flow-row.ts';
import type { FlowTracker, FragmentEntry } from '../../../analysis/flows/index.ts';
import { Packet } from '../../../core/index.ts';
import type { PacketKeeper } from '../keeping/packets/packet-keeper.ts';

export class FragmentFlows {
  readonly #flows: FlowTracker;
  readonly #keeper: PacketKeeper | null;
  readonly #packet = new Packet();

  /** @param keeper hears which flow fragments belong to; null: no packets are kept */
  constructor(flows: FlowTracker, keeper: PacketKeeper | null = null) {
    this.#flows = flows;
    this.#keeper = keeper;
  }

  /** Gives the last fragment the ports of the datagram it completed. */
  label(p: Packet, whole: Packet): void {
    p.proto = whole.proto;
    p.srcPort = whole.srcPort;
    p.dstPort = whole.dstPort;
    p.icmpType = whole.icmpType;
    p.icmpCode = whole.icmpCode;
    p.l4Ok = whole.l4Ok === 0 ? 0 : 2;
  }

  /** Adds the fragments that came before the transport was known. */
  join(entry: FragmentEntry, hit: number): void {
    if (entry.pendingPackets === 0) return;
    const r = hit >> 1;
    const dir = hit & 1;
    const table = this.#flows.table;
    const q = r * row.ROW_DOUBLES;
    table.words[r * row.ROW_WORDS + row.W_PACKETS + dir] += entry.pendingPackets;
    table.doubles[q + row.D_BYTES + dir] += entry.pendingBytes;
    table.doubles[q + row.D_IP_BYTES + dir] += entry.pendingIpBytes;
    if (entry.startUs < table.doubles[q + row.D_FIRST_US]) table.doubles[q + row.D_FIRST_US] = entry.startUs;
    entry.pendingPackets = 0;
    this.#keeper?.join(entry, r);
  }

  /** A datagram was given up before its ports were known: its fragments make a flow without ports. */
  abandoned(entry: FragmentEntry): void {
    const p = this.#packet;
    p.ipVersion = entry.ipVersion;
    p.proto = entry.proto;
    [p.src0, p.src1, p.src2, p.src3, p.dst0, p.dst1, p.dst2, p.dst3] = entry.address;
    p.timeUs = entry.startUs;
    p.wireLen = entry.pendingBytes;
    p.ipLen = entry.pendingIpBytes;
    p.l4Ok = 0;
    p.srcPort = 0;
    p.dstPort = 0;
    p.payloadLen = 0;
    this.#flows.prepare(p);
    const hit = this.#flows.see(p);
    // The call above counted them all as one packet.
    const o = (hit >> 1) * row.ROW_WORDS;
    this.#flows.table.words[o + row.W_PACKETS + (hit & 1)] += entry.pendingPackets - 1;
    this.#keeper?.join(entry, hit >> 1);
  }
}
