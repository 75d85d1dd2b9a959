// One flow as a line of Suricata's EVE JSON (event type `flow`), written straight into memory.
//
// What Suricata has a field for stands where Suricata puts it; everything else stands under `taplight`.

import {
  asciiBytes,
  type Flow,
  flowEnd,
  flowEnds,
  icmpCounterpart,
  ipProto,
  ipProtoName,
  originRules,
  printable,
  tcpStates,
  waits,
  writeAddress,
  writeBytes,
  writeCommunityId,
  writeHexByte,
  writeInteger,
  writeMac,
  writeTime,
  writeWord,
} from '../../core/index.ts';

const quote = 0x22;
const comma = 0x2c;
const closeBracket = 0x5d;
const closeBrace = 0x7d;
const lineFeed = 0x0a;

const keys = {
  timestamp: asciiBytes('{"timestamp":"'),
  flowId: asciiBytes('+0000","flow_id":'),
  inIface: asciiBytes(',"in_iface":'),
  eventType: asciiBytes(',"event_type":"flow"'),
  vlan: asciiBytes(',"vlan":['),
  srcIp: asciiBytes(',"src_ip":"'),
  srcPort: asciiBytes('","src_port":'),
  destIp: asciiBytes(',"dest_ip":"'),
  destIpQuoted: asciiBytes('","dest_ip":"'),
  destPort: asciiBytes('","dest_port":'),
  ipV4: asciiBytes(',"ip_v":4,"proto":"'),
  ipV6: asciiBytes(',"ip_v":6,"proto":"'),
  icmpType: asciiBytes('","icmp_type":'),
  icmpCode: asciiBytes(',"icmp_code":'),
  responseType: asciiBytes(',"response_icmp_type":'),
  appProto: asciiBytes('","app_proto":"'),
  appProtoOrig: asciiBytes('","app_proto_orig":"'),
  flow: asciiBytes(',"flow":{"pkts_toserver":'),
  flowQuoted: asciiBytes('","flow":{"pkts_toserver":'),
  pktsToClient: asciiBytes(',"pkts_toclient":'),
  bytesToServer: asciiBytes(',"bytes_toserver":'),
  bytesToClient: asciiBytes(',"bytes_toclient":'),
  start: asciiBytes(',"start":"'),
  end: asciiBytes('+0000","end":"'),
  age: asciiBytes('+0000","age":'),
  alerted: asciiBytes(',"alerted":true}'),
  notAlerted: asciiBytes(',"alerted":false}'),
  srcMacs: asciiBytes(',"ether":{"dest_macs":["'),
  destMacs: asciiBytes('"],"src_macs":["'),
  endMacs: asciiBytes('"]}'),
  communityId: asciiBytes(',"community_id":"'),
  tcpFlags: asciiBytes('","tcp":{"tcp_flags":"'),
  tcpFlagsTs: asciiBytes('","tcp_flags_ts":"'),
  tcpFlagsTc: asciiBytes('","tcp_flags_tc":"'),
  taplight: asciiBytes(',"taplight":{"end":"'),
  taplightQuoted: asciiBytes('","taplight":{"end":"'),
  connState: asciiBytes('","conn_state":"'),
  history: asciiBytes('","history":"'),
  originRule: asciiBytes('","origin_rule":"'),
  app: asciiBytes('","app":"'),
  appHow: asciiBytes('","app_how":"'),
  appConfidence: asciiBytes('","app_confidence":'),
  also: asciiBytes(',"also":["'),
  nextAlso: asciiBytes('","'),
  endAlso: asciiBytes('"]'),
  service: asciiBytes(',"service":"'),
  ipBytesToServer: asciiBytes(',"ip_bytes_toserver":'),
  ipBytesToClient: asciiBytes(',"ip_bytes_toclient":'),
  payloadToServer: asciiBytes(',"payload_bytes_toserver":'),
  payloadToClient: asciiBytes(',"payload_bytes_toclient":'),
  ttlToServer: asciiBytes(',"ttl_toserver":['),
  ttlToClient: asciiBytes(',"ttl_toclient":['),
  handshakeRtt: asciiBytes(',"handshake_rtt_us":'),
  serverRtt: asciiBytes(',"server_rtt_us":'),
  clientRtt: asciiBytes(',"client_rtt_us":'),
  outerFlow: asciiBytes(',"outer_flow_id":'),
  tunnel: asciiBytes(',"tunnel_id":'),
  part: asciiBytes(',"part":'),
  health: asciiBytes(',"health":{"responses":'),
  serverLeg: asciiBytes(',"rtt_server_us":'),
  clientLeg: asciiBytes(',"rtt_client_us":'),
  responseMean: asciiBytes(',"response_mean_us":'),
  responseMost: asciiBytes(',"response_max_us":'),
  verdict: asciiBytes(',"verdict":"'),
  verdictPercent: asciiBytes('","verdict_percent":'),
};

/** `","state":…,"reason":…` as one piece: there are three states and three reasons. */
const stateAndReason = ['new', 'established', 'closed'].map((state) =>
  ['timeout', 'forced', 'shutdown'].map((reason) => asciiBytes(`,"state":"${state}","reason":"${reason}"`)),
);
const isNew = 0;
const isEstablished = 1;
const isClosed = 2;

/** Suricata's three reasons for our ends: it has no word for FIN and RST, after which its flows time out. */
const reasonOfEnd = new Uint8Array(flowEnds.length);
reasonOfEnd[flowEnd.open] = 1;
reasonOfEnd[flowEnd.activeTimeout] = 1;
reasonOfEnd[flowEnd.eviction] = 1;
reasonOfEnd[flowEnd.shutdown] = 2;

/** Suricata's flow state by our TCP state: data may still flow until both sides have finished. */
const stateOfTcp = Uint8Array.from(tcpStates, (state) => {
  if (state === 'none' || state === 'syn_sent' || state === 'syn_recv') return isNew;
  return state === 'closed' || state === 'time_wait' || state === 'last_ack' ? isClosed : isEstablished;
});

const endNames = flowEnds.map(asciiBytes);
const waitNames = waits.map(asciiBytes);
const originNames = originRules.map(asciiBytes);
const protoNames = Array.from({ length: 256 }, (_, number) => asciiBytes(ipProtoName(number)));
const tcpStateTexts = tcpStates.map((state) => asciiBytes(state === 'none' ? '}' : `,"state":"${state}"}`));

/** `,"syn":true` and its siblings for every combination of flags, in Suricata's order. */
const flagTexts = Array.from({ length: 256 }, (_, flags) => {
  const names = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ecn', 'cwr'];
  const order = [1, 0, 2, 3, 4, 5, 6, 7];
  const set = order.filter((bit) => (flags & (1 << bit)) !== 0);
  return asciiBytes(set.map((bit) => `,"${names[bit]}":true`).join(''));
});

/** An interface's name as a JSON string; of anything but ASCII only escapes remain. */
export function interfaceBytes(name: string): Uint8Array {
  const json = JSON.stringify(printable(name).slice(0, 255));
  return asciiBytes(json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`));
}

function writeNumber(out: Uint8Array, at: number, key: Uint8Array, value: number): number {
  return writeInteger(out, writeBytes(out, at, key), value);
}

function hasPorts(proto: number): boolean {
  return proto === ipProto.tcp || proto === ipProto.udp || proto === ipProto.sctp;
}

/** Addresses, ports, protocol. Ends after the protocol's name, its closing quote not written. */
function writeEndpoints(out: Uint8Array, at: number, flow: Flow): number {
  const withPorts = hasPorts(flow.proto);
  at = writeBytes(out, at, keys.srcIp);
  at = writeAddress(out, at, flow.ipVersion, flow.o0, flow.o1, flow.o2, flow.o3);
  if (withPorts) at = writeNumber(out, at, keys.srcPort, flow.oPort);
  at = writeBytes(out, at, withPorts ? keys.destIp : keys.destIpQuoted);
  at = writeAddress(out, at, flow.ipVersion, flow.r0, flow.r1, flow.r2, flow.r3);
  if (withPorts) at = writeNumber(out, at, keys.destPort, flow.rPort);
  else out[at++] = quote;
  at = writeBytes(out, at, flow.ipVersion === 6 ? keys.ipV6 : keys.ipV4);
  at = writeBytes(out, at, protoNames[flow.proto & 255]);
  return withPorts ? writeAppProto(out, at, flow) : at;
}

/** Suricata says nothing while it knows nothing, and `failed` when bytes told it nothing; so is a guess by port. */
function writeAppProto(out: Uint8Array, at: number, flow: Flow): number {
  const isKnown = flow.app !== '' && flow.appHow !== 'port';
  if (!isKnown && flow.oPayloadBytes + flow.rPayloadBytes === 0) return at;
  at = writeWord(out, writeBytes(out, at, keys.appProto), isKnown ? flow.eveApp : 'failed');
  if (!isKnown || flow.eveAppBefore === '') return at;
  return writeWord(out, writeBytes(out, at, keys.appProtoOrig), flow.eveAppBefore);
}

/** What the flow speaks, and how that was found. Begins with the closing quote of what stands before. */
function writeApp(out: Uint8Array, at: number, flow: Flow): number {
  at = writeWord(out, writeBytes(out, at, keys.app), flow.app);
  at = writeWord(out, writeBytes(out, at, keys.appHow), flow.appHow);
  at = writeNumber(out, at, keys.appConfidence, flow.appConfidence);
  if (flow.app2 !== '') {
    at = writeWord(out, writeBytes(out, at, keys.also), flow.app2);
    if (flow.app3 !== '') at = writeWord(out, writeBytes(out, at, keys.nextAlso), flow.app3);
    at = writeBytes(out, at, keys.endAlso);
  }
  if (flow.service === '') return at;
  at = writeWord(out, writeBytes(out, at, keys.service), flow.service);
  out[at++] = quote;
  return at;
}

/** Type and code. Begins with the closing quote of the protocol's name. */
function writeIcmp(out: Uint8Array, at: number, flow: Flow): number {
  const counterpart = icmpCounterpart(flow.proto === ipProto.icmpv6 ? 6 : 4, flow.oPort);
  at = writeNumber(out, at, keys.icmpType, flow.oPort);
  // Where a type has a counterpart the flow keeps that instead of the code, which the RFCs fix at 0.
  at = writeNumber(out, at, keys.icmpCode, counterpart < 0 ? flow.rPort : 0);
  if (counterpart >= 0 && flow.rPackets > 0) at = writeNumber(out, at, keys.responseType, counterpart);
  return at;
}

function flowState(flow: Flow): number {
  if (flow.proto === ipProto.tcp) return stateOfTcp[flow.tcpState];
  return flow.oPackets > 0 && flow.rPackets > 0 ? isEstablished : isNew;
}

function writeCounters(out: Uint8Array, at: number, flow: Flow): number {
  at = writeInteger(out, at, flow.oPackets);
  at = writeNumber(out, at, keys.pktsToClient, flow.rPackets);
  at = writeNumber(out, at, keys.bytesToServer, flow.oBytes);
  at = writeNumber(out, at, keys.bytesToClient, flow.rBytes);
  at = writeTime(out, writeBytes(out, at, keys.start), flow.firstUs);
  at = writeTime(out, writeBytes(out, at, keys.end), flow.lastUs);
  // Suricata takes the difference of whole seconds, not the seconds of the difference.
  const age = Math.floor(flow.lastUs / 1e6) - Math.floor(flow.firstUs / 1e6);
  at = writeNumber(out, at, keys.age, Math.max(age, 0));
  at = writeBytes(out, at, stateAndReason[flowState(flow)][reasonOfEnd[flow.end]]);
  return writeBytes(out, at, flow.alerted ? keys.alerted : keys.notAlerted);
}

function writeMacs(out: Uint8Array, at: number, flow: Flow): number {
  at = writeMac(out, writeBytes(out, at, keys.srcMacs), flow.mac, 6);
  at = writeMac(out, writeBytes(out, at, keys.destMacs), flow.mac, 0);
  return writeBytes(out, at, keys.endMacs);
}

/** Begins with the closing quote of what stands before. */
function writeTcp(out: Uint8Array, at: number, flow: Flow): number {
  const flags = (flow.oFlags | flow.rFlags) & 255;
  at = writeHexByte(out, writeBytes(out, at, keys.tcpFlags), flags);
  at = writeHexByte(out, writeBytes(out, at, keys.tcpFlagsTs), flow.oFlags & 255);
  at = writeHexByte(out, writeBytes(out, at, keys.tcpFlagsTc), flow.rFlags & 255);
  out[at++] = quote;
  at = writeBytes(out, at, flagTexts[flags]);
  return writeBytes(out, at, tcpStateTexts[flow.tcpState]);
}

function writeTtl(out: Uint8Array, at: number, key: Uint8Array, min: number, max: number): number {
  at = writeNumber(out, at, key, min);
  out[at++] = comma;
  at = writeInteger(out, at, max);
  out[at++] = closeBracket;
  return at;
}

/** What Suricata has no field for; unknown values are left out. Ends the object. */
function writeOwn(out: Uint8Array, at: number, flow: Flow): number {
  at = writeBytes(out, at, endNames[flow.end]);
  at = writeWord(out, writeBytes(out, at, keys.connState), flow.connState);
  if (flow.history.length > 0) at = writeWord(out, writeBytes(out, at, keys.history), flow.history);
  at = writeBytes(out, writeBytes(out, at, keys.originRule), originNames[flow.originRule]);
  if (flow.app !== '') at = writeApp(out, at, flow);
  else out[at++] = quote;
  at = writeNumber(out, at, keys.ipBytesToServer, flow.oIpBytes);
  at = writeNumber(out, at, keys.ipBytesToClient, flow.rIpBytes);
  at = writeNumber(out, at, keys.payloadToServer, flow.oPayloadBytes);
  at = writeNumber(out, at, keys.payloadToClient, flow.rPayloadBytes);
  if (flow.oTtlMax > 0) at = writeTtl(out, at, keys.ttlToServer, flow.oTtlMin, flow.oTtlMax);
  if (flow.rTtlMax > 0) at = writeTtl(out, at, keys.ttlToClient, flow.rTtlMin, flow.rTtlMax);
  if (flow.handshakeRttUs >= 0) at = writeNumber(out, at, keys.handshakeRtt, flow.handshakeRttUs);
  if (flow.serverRttUs >= 0) at = writeNumber(out, at, keys.serverRtt, flow.serverRttUs);
  if (flow.clientRttUs >= 0) at = writeNumber(out, at, keys.clientRtt, flow.clientRttUs);
  if (flow.outerId !== 0) at = writeNumber(out, at, keys.outerFlow, flow.outerId);
  if (flow.tunnelId >= 0) at = writeNumber(out, at, keys.tunnel, flow.tunnelId);
  if (flow.part > 0) at = writeNumber(out, at, keys.part, flow.part);
  if (flow.hasHealth) at = writeHealth(out, at, flow);
  out[at++] = closeBrace;
  return at;
}

/** How a TCP flow got through; what is not known is left out. */
function writeHealth(out: Uint8Array, at: number, flow: Flow): number {
  at = writeNumber(out, at, keys.health, flow.responses);
  if (flow.serverLegUs >= 0) at = writeNumber(out, at, keys.serverLeg, flow.serverLegUs);
  if (flow.clientLegUs >= 0) at = writeNumber(out, at, keys.clientLeg, flow.clientLegUs);
  if (flow.responses > 0) {
    at = writeNumber(out, at, keys.responseMean, flow.responseMeanUs);
    at = writeNumber(out, at, keys.responseMost, flow.responseMostUs);
  }
  if (flow.verdict >= 0) {
    at = writeBytes(out, writeBytes(out, at, keys.verdict), waitNames[flow.verdict]);
    at = writeNumber(out, at, keys.verdictPercent, flow.verdictPercent);
  }
  out[at++] = closeBrace;
  return at;
}

function writeVlan(out: Uint8Array, at: number, flow: Flow): number {
  at = writeNumber(out, at, keys.vlan, flow.vlanOuter);
  // One tag is both the outermost and the innermost.
  if (flow.vlanInner >= 0 && flow.vlanInner !== flow.vlanOuter) {
    out[at++] = comma;
    at = writeInteger(out, at, flow.vlanInner);
  }
  out[at++] = closeBracket;
  return at;
}

/**
 * Writes the line, its line feed included; at most about 4 KiB and the interface's name.
 *
 * @param iface the interface's name as {@link interfaceBytes}, null when it was not captured live.
 * @returns the position after the line.
 */
export function writeEveFlow(out: Uint8Array, at: number, flow: Flow, iface: Uint8Array | null): number {
  at = writeTime(out, writeBytes(out, at, keys.timestamp), flow.lastUs);
  at = writeNumber(out, at, keys.flowId, flow.id);
  if (iface !== null) at = writeBytes(out, writeBytes(out, at, keys.inIface), iface);
  at = writeBytes(out, at, keys.eventType);
  if (flow.vlanOuter >= 0) at = writeVlan(out, at, flow);
  at = writeEndpoints(out, at, flow);
  const isIcmp = flow.proto === ipProto.icmp || flow.proto === ipProto.icmpv6;
  if (isIcmp) at = writeIcmp(out, at, flow);
  at = writeBytes(out, at, isIcmp ? keys.flow : keys.flowQuoted);
  at = writeCounters(out, at, flow);
  if (flow.hasMac) at = writeMacs(out, at, flow);
  at = writeBytes(out, at, keys.communityId);
  at = writeCommunityId(
    out,
    at,
    flow.ipVersion,
    flow.o0,
    flow.o1,
    flow.o2,
    flow.o3,
    flow.r0,
    flow.r1,
    flow.r2,
    flow.r3,
    flow.proto,
    flow.oPort,
    flow.rPort,
  );
  const isTcp = flow.proto === ipProto.tcp;
  if (isTcp) at = writeTcp(out, at, flow);
  at = writeBytes(out, at, isTcp ? keys.taplight : keys.taplightQuoted);
  at = writeOwn(out, at, flow);
  out[at] = closeBrace;
  out[at + 1] = lineFeed;
  return at + 2;
}
