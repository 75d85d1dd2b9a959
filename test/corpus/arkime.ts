// What Arkime writes to its database of each session, held against our flows and events of the same capture.
//
// A session of Arkime is a conversation between two ends, tunnels looked through. Ours of the same ends that begin within
// its time are put together: Arkime has one session for all ICMP between two hosts, and none of our time limits.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Flow, formatAddress, formatMac } from '../../src/core/index.ts';
import { analyse } from './analyse.ts';
import { appFields, type Body, normal, type Told, toldNothing } from './arkime-fields.ts';
import { corpusFolder, readManifest } from './captures.ts';

/** One value compared. */
export interface Compared {
  readonly capture: string;
  readonly field: string;
  readonly theirs: string;
  readonly ours: string;
  readonly isEqual: boolean;
}

/** A copy of what is compared of a flow: the record itself is reused. */
interface OurFlow {
  readonly id: number;
  readonly outerId: number;
  readonly proto: number;
  readonly ips: readonly [string, string];
  readonly ports: readonly [number, number];
  readonly macs: readonly [string, string] | null;
  readonly packets: readonly [number, number];
  readonly bytes: readonly [number, number];
  readonly payload: readonly [number, number];
  readonly ttls: readonly [readonly number[], readonly number[]];
  readonly flags: number;
  readonly firstUs: number;
  readonly lastUs: number;
  readonly rttUs: number;
  readonly vlans: readonly number[];
  readonly apps: readonly string[];
}

/** Names of theirs, and those of ours that say the same; names of rules, tags and of what is below IP are not compared. */
const protocolNames: Readonly<Record<string, readonly string[]>> = {
  bacnet: ['bacnet'],
  bgp: ['bgp'],
  bittorrent: ['bittorrent', 'bittorrent-dht'],
  dcerpc: ['dcerpc', 'smb'],
  diameter: ['diameter'],
  dns: ['dns'],
  dtls: ['dtls'],
  esp: ['esp'],
  fbzero: ['fbzero', 'facebook-zero'],
  geneve: ['geneve'],
  gre: ['gre'],
  gtp: ['gtp-u', 'gtp', 'gtp-c'],
  http: ['http', 'websocket', 'http2'],
  http2: ['http2'],
  igmp: ['igmp'],
  imap: ['imap'],
  irc: ['irc'],
  isakmp: ['ike'],
  kafka: ['kafka'],
  krb5: ['kerberos'],
  ldap: ['ldap'],
  mdns: ['mdns'],
  mqtt: ['mqtt'],
  mysql: ['mysql'],
  ntlm: ['ntlm', 'smb', 'http', 'ldap', 'dcerpc'],
  ntp: ['ntp'],
  opcua: ['opcua'],
  openvpn: ['openvpn'],
  oracle: ['oracle', 'tns', 'oracle-tns'],
  ospf: ['ospf'],
  pim: ['pim'],
  pop3: ['pop3'],
  postgresql: ['postgresql'],
  quic: ['quic', 'gquic'],
  radius: ['radius'],
  rdp: ['rdp'],
  s7comm: ['s7comm'],
  's7comm-plus': ['s7comm-plus'],
  sctp: ['sctp'],
  sip: ['sip'],
  smb: ['smb'],
  smtp: ['smtp'],
  snmp: ['snmp'],
  socks: ['socks'],
  ssh: ['ssh'],
  stun: ['stun', 'turn'],
  synchrophasor: ['synchrophasor', 'c37.118', 'ieee-c37118'],
  syslog: ['syslog'],
  tds: ['tds', 'mssql'],
  telnet: ['telnet'],
  tls: ['tls', 'doh', 'dtls'],
  vxlan: ['vxlan'],
  websocket: ['websocket'],
};

interface Ours {
  readonly flows: readonly OurFlow[];
  readonly told: ReadonlyMap<number, Told>;
}

async function ours(path: string): Promise<Ours> {
  const flows: OurFlow[] = [];
  const told = new Map<number, Told>();
  await analyse(path, 10_000, {
    flow: (flow) => flows.push(copyOf(flow)),
    event: (fact) => {
      const of = told.get(fact.flowId) ?? toldNothing();
      told.set(fact.flowId, of);
      of.kinds.add(fact.kind.name);
      if (fact.line.length > 0) gather(of, '', JSON.parse(new TextDecoder().decode(fact.line.slice())));
      gather(of, `${fact.kind.name}:`, fact.values());
    },
  });
  return { flows, told };
}

/** Scalars by path, indexes left out. */
function gather({ values }: Told, path: string, value: unknown): void {
  if (typeof value === 'object' && value !== null) {
    const sep = path === '' || path.endsWith(':') ? '' : '.';
    if (Array.isArray(value)) for (const one of value) gather({ values, kinds: new Set() }, path, one);
    else {
      for (const [key, one] of Object.entries(value)) gather({ values, kinds: new Set() }, path + sep + key, one);
    }
    return;
  }
  // Our own part of an EVE line has the names of the fields.
  const at = path.replace(/^taplight\.(\w+)\./, '$1:');
  const set = values.get(at) ?? new Set();
  values.set(at, set);
  set.add(normal(value));
}

function copyOf(f: Flow): OurFlow {
  return {
    id: f.id,
    outerId: f.outerId,
    proto: f.proto,
    ips: [formatAddress(f.ipVersion, f.o0, f.o1, f.o2, f.o3), formatAddress(f.ipVersion, f.r0, f.r1, f.r2, f.r3)],
    ports: [f.oPort, f.rPort],
    macs: f.hasMac ? [formatMac(f.mac, 0), formatMac(f.mac, 6)] : null,
    packets: [f.oPackets, f.rPackets],
    bytes: [f.oBytes, f.rBytes],
    payload: f.proto === 6 ? [f.oSeqBytes, f.rSeqBytes] : [f.oPayloadBytes, f.rPayloadBytes],
    ttls: [f.oTtlMax === 0 ? [] : [f.oTtlMin, f.oTtlMax], f.rTtlMax === 0 ? [] : [f.rTtlMin, f.rTtlMax]],
    flags: f.oFlags | f.rFlags,
    firstUs: f.firstUs,
    lastUs: f.lastUs,
    rttUs: f.handshakeRttUs,
    vlans: [f.vlanOuter, f.vlanInner].filter((id) => id >= 0),
    apps: [f.app, f.app2, f.app3].filter((name) => name !== ''),
  };
}

/** Protocols whose sessions Arkime makes by addresses (TCP, UDP, ICMP, ESP, SCTP); of IGMP, OSPF, PIM … it makes one of all. */
const hasSessions = (proto: number): boolean => [1, 6, 17, 50, 51, 58, 132].includes(proto);
const hasPorts = (proto: number): boolean => proto === 6 || proto === 17 || proto === 132;

/** Our flows that are a session of theirs; each oriented as theirs is. */
function flowsOf(body: Body, flows: readonly OurFlow[]): { flow: OurFlow; isTurned: boolean }[] {
  const source = body.source as Body;
  const destination = body.destination as Body;
  const ends = [normal(source.ip), normal(destination.ip)];
  const proto = Number(body.ipProtocol);
  // The packets of a capture may be out of order.
  const times = [Number(body.firstPacket), Number(body.lastPacket)];
  const from = Math.min(...times);
  const to = Math.max(...times);
  const found: { flow: OurFlow; isTurned: boolean }[] = [];
  for (const flow of flows) {
    if (flow.proto !== proto || flow.firstUs < from * 1000 - 1000 || flow.firstUs > (to + 1) * 1000) continue;
    const fits = (o: number, r: number): boolean =>
      flow.ips[o] === ends[0] &&
      flow.ips[r] === ends[1] &&
      (!hasPorts(proto) || (flow.ports[o] === source.port && flow.ports[r] === destination.port));
    if (fits(0, 1)) found.push({ flow, isTurned: false });
    else if (fits(1, 0)) found.push({ flow, isTurned: true });
  }
  return found;
}

class Comparison {
  readonly rows: Compared[] = [];
  readonly #capture: string;

  constructor(capture: string) {
    this.#capture = capture;
  }

  add(field: string, theirs: unknown, our: unknown, isEqual = normal(theirs) === normal(our)): void {
    this.rows.push({ capture: this.#capture, field, theirs: String(theirs), ours: String(our).slice(0, 200), isEqual });
  }
}

/** Compares the sessions of one capture; those without IP addresses (broken frames, protocols below IP) are none of ours. */
export async function compareCapture(capture: string): Promise<Compared[]> {
  const file = join(corpusFolder, 'arkime/expected', `${capture.replace(/\.\w+$/, '')}.test.json`);
  const { sessions3 } = JSON.parse(readFileSync(file, 'utf8')) as { sessions3: { body: Body }[] };
  const comparison = new Comparison(capture);
  const { flows, told } = await ours(`arkime/${capture}`);
  for (const { body } of sessions3) {
    if ((body.source as Body).ip === undefined || Number(body.ipProtocol) === 0) continue;
    const found = flowsOf(body, flows);
    comparison.add('session', 'found', found.length > 0 ? 'found' : 'none');
    if (found.length === 0) continue;
    if (hasSessions(Number(body.ipProtocol))) compareFlow(comparison, body, found);
    compareNames(comparison, body, found, flows);
    const all = toldNothing();
    for (const { flow } of found) {
      const one = told.get(flow.id);
      for (const kind of one?.kinds ?? []) all.kinds.add(kind);
      for (const [path, values] of one?.values ?? []) {
        all.values.set(path, new Set([...(all.values.get(path) ?? []), ...values]));
      }
    }
    for (const { field, theirs, ours: our, isEqual } of appFields(body, all))
      comparison.add(field, theirs, our, isEqual);
  }
  return comparison.rows;
}

function compareFlow(comparison: Comparison, body: Body, found: readonly { flow: OurFlow; isTurned: boolean }[]): void {
  const sum = (pick: (flow: OurFlow) => readonly [number, number], side: 0 | 1): number =>
    found.reduce((total, { flow, isTurned }) => total + pick(flow)[isTurned ? 1 - side : side], 0);
  const proto = Number(body.ipProtocol);
  const isTunnelled = found.some(({ flow }) => flow.outerId !== 0);
  for (const [side, name] of [
    [0, 'source'],
    [1, 'destination'],
  ] as const) {
    const end = body[name] as Body;
    comparison.add(
      `${name}.packets`,
      end.packets,
      sum((flow) => flow.packets, side),
    );
    // Theirs are those of whole frames, ours those of the packet inside the tunnel.
    if (!isTunnelled)
      comparison.add(
        `${name}.bytes`,
        end.bytes,
        sum((flow) => flow.bytes, side),
      );
    const client = body[side === 0 ? 'client' : 'server'] as Body;
    if (proto === 6 || proto === 17)
      comparison.add(
        `${name}.payload`,
        client.bytes,
        sum((flow) => flow.payload, side),
      );
    const macs = end.mac as string[] | undefined;
    const mac = found[0].flow.macs?.[found[0].isTurned ? 1 - side : side];
    if (macs !== undefined && mac !== undefined && !isTunnelled)
      comparison.add(`${name}.mac`, macs, mac, macs.includes(mac));
    const ttls = body[side === 0 ? 'srcTTL' : 'dstTTL'] as number[] | undefined;
    if (ttls !== undefined && !isTunnelled) {
      const seen = found.flatMap(({ flow, isTurned }) => flow.ttls[isTurned ? 1 - side : side]);
      const ends = [Math.min(...ttls), Math.max(...ttls)];
      comparison.add(`${name}.ttl`, ends, [Math.min(...seen), Math.max(...seen)]);
    }
  }
  const first = Math.min(...found.map(({ flow }) => flow.firstUs));
  const last = Math.max(...found.map(({ flow }) => flow.lastUs));
  const times = [Number(body.firstPacket), Number(body.lastPacket)];
  comparison.add('firstPacket', Math.min(...times), Math.floor(first / 1000));
  comparison.add('lastPacket', Math.max(...times), Math.floor(last / 1000));
  if (hasPorts(proto)) comparison.add('direction', 'same', found.every((one) => one.isTurned) ? 'turned' : 'same');
  if (proto === 6) compareTcp(comparison, body, found);
  const vlans = ((body.network as Body).vlan as Body | undefined)?.id as number[] | undefined;
  if (vlans !== undefined) {
    const seen = found.flatMap(({ flow }) => flow.vlans);
    for (const id of vlans) comparison.add('vlan', id, seen, seen.includes(id));
  }
}

function compareNames(
  comparison: Comparison,
  body: Body,
  found: readonly { flow: OurFlow }[],
  flows: readonly OurFlow[],
): void {
  const names = new Set(found.flatMap(({ flow }) => namesOf(flow, flows)));
  for (const name of body.protocol as string[]) {
    const same = protocolNames[name];
    if (same !== undefined)
      comparison.add(
        'protocol',
        name,
        [...names],
        same.some((one) => names.has(one)),
      );
  }
}

/** Names of a flow and of the tunnels it came through. */
function namesOf(flow: OurFlow, flows: readonly OurFlow[]): string[] {
  const names = [...flow.apps];
  let outer = flow.outerId;
  for (let depth = 0; outer !== 0 && depth < 8; depth++) {
    const around = flows.find((one) => one.id === outer);
    if (around === undefined) break;
    names.push(...around.apps);
    outer = around.outerId;
  }
  if (flow.proto === 132) names.push('sctp');
  return names;
}

/** Whether a flag came at all: theirs are counted, ours are not. */
function compareTcp(comparison: Comparison, body: Body, found: readonly { flow: OurFlow }[]): void {
  const flags = body.tcpflags as Readonly<Record<string, number>>;
  const seen = found.reduce((all, { flow }) => all | flow.flags, 0);
  for (const [name, bit] of [
    ['fin', 1],
    ['rst', 4],
    ['psh', 8],
    ['urg', 32],
  ] as const) {
    // A SYN, FIN or RST is counted as that, and not as what else the packet is.
    if (name === 'psh' && flags.psh === 0) continue;
    comparison.add(`tcpflags.${name}`, flags[name] > 0, (seen & bit) !== 0);
  }
  comparison.add('tcpflags.syn', flags.syn + flags['syn-ack'] > 0, (seen & 2) !== 0);
  const { rttUs } = found[0].flow;
  if (body.initRTT === undefined || rttUs < 0) return;
  // Half the time from SYN to ACK, in milliseconds, 1 at least; rounded one way or the other.
  const half = Math.max(1, rttUs / 2000);
  comparison.add('initRTT', body.initRTT, half, Math.abs(Number(body.initRTT) - half) <= 1);
}

/** Captures that there are sessions for. */
export const arkimeCaptures = (): string[] =>
  readManifest()
    .map(({ path }) => path)
    .filter((path) => /^arkime\/[^/]+$/.test(path))
    .map((path) => path.slice('arkime/'.length));
