// Flow records as rows of the table `flows`.

import { communityWords, type Flow, flowEnds, isOfHouse, tcpStates, waits } from '../../../core/index.ts';
import { BatchBuilder } from '../batches/index.ts';
import { flows } from '../tables/index.ts';
import type { FlowName } from './flow-names.ts';

/** Where rows come from: the same for all rows of a run. */
export interface RowPlace {
  readonly run: number;
  readonly sensor: string;
}

const states = tcpStates.map((state) => (state === 'none' ? '' : state));
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Which side is inside: see the column `direction`. */
function directionOf(f: Flow): number {
  const isSource = isOfHouse(f.ipVersion, f.o0, f.o1, f.o2, f.o3);
  const isTarget = isOfHouse(f.ipVersion, f.r0, f.r1, f.r2, f.r3);
  return isSource ? (isTarget ? 0 : 1) : isTarget ? 2 : 3;
}

/** A batch of flow rows being filled. */
export class FlowRows {
  readonly #place: RowPlace;
  readonly #community = new Int32Array(2);
  #builder!: BatchBuilder; // Set by #begin, which the constructor calls.
  #columns!: ReturnType<typeof columnsOf>; // Likewise.
  readonly #capacity: number;

  constructor(place: RowPlace, capacity: number) {
    this.#place = place;
    this.#capacity = capacity;
    this.#begin();
  }

  get rows(): number {
    return this.#builder.row;
  }

  take(): ReturnType<BatchBuilder['take']> {
    const batch = this.#builder.take();
    this.#begin();
    return batch;
  }

  #begin(): void {
    this.#builder = new BatchBuilder(flows, this.#capacity);
    this.#columns = columnsOf(this.#builder);
  }

  /** @param startUs when the conversation began, of which this may be a later record */
  add(f: Flow, name: FlowName, startUs: number, iface: string): void {
    const at = this.#builder.row;
    this.#setPlace(at, f, iface);
    this.#setCounts(at, f);
    this.#setTimes(at, f, startUs);
    const c = this.#columns;
    if (f.app !== '') c.app.set(at, f.app);
    if (f.service !== '') c.service.set(at, f.service);
    if (name.host !== '') c.host.set(name.host);
    if (name.ja4 !== '') c.ja4.set(at, name.ja4);
    if (f.alerted) c.alerted.setU8(at, 1);
    this.#builder.endRow();
  }

  #setPlace(at: number, f: Flow, iface: string): void {
    const c = this.#columns;
    c.run.setU64(at, this.#place.run);
    c.sensor.set(at, this.#place.sensor);
    c.flowId.setU64(at, f.id);
    c.src.setAddress(at, f.ipVersion, f.o0, f.o1, f.o2, f.o3);
    c.dst.setAddress(at, f.ipVersion, f.r0, f.r1, f.r2, f.r3);
    c.srcPort.setU16(at, f.oPort);
    c.dstPort.setU16(at, f.rPort);
    c.proto.setU8(at, f.proto);
    c.part.setU16(at, f.part);
    if (iface !== '') c.iface.set(at, iface);
    if (f.vlanOuter >= 0) c.vlan.setU16(at, f.vlanOuter);
    c.direction.setU8(at, directionOf(f));
    c.ttl.setU8(at, f.oTtlMin);
    if (f.outerId > 0) c.outerId.setU64(at, f.outerId);
    if (f.hasMac) {
      c.srcMac.set(at, macText(f.mac, 0));
      c.dstMac.set(at, macText(f.mac, 6));
    }
    const { o0, o1, o2, o3, r0, r1, r2, r3 } = f;
    communityWords(this.#community, f.ipVersion, o0, o1, o2, o3, r0, r1, r2, r3, f.proto, f.oPort, f.rPort);
    c.community.setHash(at, this.#community[0], this.#community[1]);
  }

  #setCounts(at: number, f: Flow): void {
    const c = this.#columns;
    c.pktsFwd.setU64(at, f.oPackets);
    c.pktsRev.setU64(at, f.rPackets);
    c.bytesFwd.setU64(at, f.oBytes);
    c.bytesRev.setU64(at, f.rBytes);
    c.payloadFwd.setU64(at, f.oPayloadBytes);
    c.payloadRev.setU64(at, f.rPayloadBytes);
    if (f.proto !== 6) return;
    // Bytes above those of the stream were sent more than once. Without all packets this is a lower bound.
    c.repeatedFwd.setU64(at, Math.max(0, f.oPayloadBytes - f.oSeqBytes));
    c.repeatedRev.setU64(at, Math.max(0, f.rPayloadBytes - f.rSeqBytes));
    c.flagsFwd.setU8(at, f.oFlags);
    c.flagsRev.setU8(at, f.rFlags);
    c.state.set(at, states[f.tcpState]);
  }

  #setTimes(at: number, f: Flow, startUs: number): void {
    const c = this.#columns;
    c.start.setU64(at, startUs);
    c.end.setU64(at, f.lastUs);
    c.duration.setU64(at, Math.max(0, f.lastUs - startUs));
    c.connState.set(at, f.connState);
    c.endReason.set(at, flowEnds[f.end]);
    if (f.handshakeRttUs >= 0) c.rtt.setU32(at, f.handshakeRttUs);
    if (f.serverRttUs >= 0) c.serverRtt.setU32(at, f.serverRttUs);
    if (f.clientRttUs >= 0) c.clientRtt.setU32(at, f.clientRttUs);
    if (!f.hasHealth) return;
    c.responses.setU32(at, f.responses);
    if (f.responses > 0) {
      c.response.setU32(at, f.responseMeanUs);
      c.responseMost.setU32(at, f.responseMostUs);
    }
    if (f.verdict < 0) return;
    c.verdict.set(at, waits[f.verdict]);
    c.verdictPercent.setU8(at, f.verdictPercent);
  }
}

function macText(mac: Uint8Array, at: number): string {
  return `${hex[mac[at]]}:${hex[mac[at + 1]]}:${hex[mac[at + 2]]}:${hex[mac[at + 3]]}:${hex[mac[at + 4]]}:${hex[mac[at + 5]]}`;
}

function columnsOf(b: BatchBuilder) {
  return {
    run: b.fixed('run'),
    sensor: b.word('sensor'),
    flowId: b.fixed('flow_id'),
    src: b.fixed('src_ip'),
    dst: b.fixed('dst_ip'),
    srcPort: b.fixed('src_port'),
    dstPort: b.fixed('dst_port'),
    proto: b.fixed('proto'),
    part: b.fixed('part'),
    start: b.fixed('start_ts'),
    end: b.fixed('end_ts'),
    duration: b.fixed('duration_us'),
    iface: b.word('iface'),
    vlan: b.fixed('vlan'),
    direction: b.fixed('direction'),
    pktsFwd: b.fixed('pkts_fwd'),
    pktsRev: b.fixed('pkts_rev'),
    bytesFwd: b.fixed('bytes_fwd'),
    bytesRev: b.fixed('bytes_rev'),
    payloadFwd: b.fixed('payload_fwd'),
    payloadRev: b.fixed('payload_rev'),
    repeatedFwd: b.fixed('repeated_fwd'),
    repeatedRev: b.fixed('repeated_rev'),
    flagsFwd: b.fixed('flags_fwd'),
    flagsRev: b.fixed('flags_rev'),
    state: b.word('state'),
    connState: b.word('conn_state'),
    endReason: b.word('end_reason'),
    app: b.word('app'),
    service: b.word('service'),
    host: b.text('host'),
    ja4: b.word('ja4'),
    rtt: b.fixed('rtt_us'),
    serverRtt: b.fixed('server_rtt_us'),
    clientRtt: b.fixed('client_rtt_us'),
    responses: b.fixed('responses'),
    response: b.fixed('response_us'),
    responseMost: b.fixed('response_most_us'),
    verdict: b.word('verdict'),
    verdictPercent: b.fixed('verdict_percent'),
    alerted: b.fixed('alerted'),
    ttl: b.fixed('ttl'),
    srcMac: b.word('src_mac'),
    dstMac: b.word('dst_mac'),
    outerId: b.fixed('outer_id'),
    community: b.fixed('community'),
  };
}
