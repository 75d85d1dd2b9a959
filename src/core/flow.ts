// A flow as facts about it travel: one reused record of numbers and short strings, filled by the reader of the queue.

/** Why a flow's record was written. */
export const flowEnds = [
  'open',
  'fin',
  'rst',
  'timeout',
  'active timeout',
  'eviction',
  'shutdown',
  'tcp reuse',
] as const;
export type FlowEnd = (typeof flowEnds)[number];
export const flowEnd = {
  open: 0,
  fin: 1,
  rst: 2,
  timeout: 3,
  activeTimeout: 4,
  eviction: 5,
  shutdown: 6,
  tcpReuse: 7,
} as const;

/** TCP state of a conversation, in EVE's words; `none` for other protocols. */
export const tcpStates = [
  'none',
  'syn_sent',
  'syn_recv',
  'established',
  'fin_wait1',
  'fin_wait2',
  'time_wait',
  'last_ack',
  'close_wait',
  'closing',
  'closed',
] as const;
export type TcpState = (typeof tcpStates)[number];

/** How the originator was told (detection.md §1.0): by the handshake, by the rule of ports, or by who spoke first. */
export const originRules = ['handshake', 'ports', 'first'] as const;
export type OriginRule = (typeof originRules)[number];

/**
 * One flow, originator first. `o` fields are sent by the originator, `r` fields by the responder. Counters are whole
 * numbers; times are microseconds since the epoch.
 */
export class Flow {
  /** Stable for the same input, below 2^53, unique within one run. */
  id = 0;
  /** Flow of the enclosing tunnel, 0 when there is none. */
  outerId = 0;
  ipVersion = 4;
  proto = 0;
  /** Address words as in Packet. */
  o0 = 0;
  o1 = 0;
  o2 = 0;
  o3 = 0;
  r0 = 0;
  r1 = 0;
  r2 = 0;
  r3 = 0;
  /** Ports; for ICMP the type and its counterpart or code, as Community ID and Zeek put them. */
  oPort = 0;
  rPort = 0;
  firstUs = 0;
  lastUs = 0;
  /** When a TCP connection was over: reset, or finished by both; 0 when it was not. */
  closedUs = 0;
  oPackets = 0;
  rPackets = 0;
  /** Bytes of whole frames on the wire. */
  oBytes = 0;
  rBytes = 0;
  /** Bytes from the IP header on. */
  oIpBytes = 0;
  rIpBytes = 0;
  /** Bytes of transport payload, as the headers say. */
  oPayloadBytes = 0;
  rPayloadBytes = 0;
  /** Bytes of the TCP stream by sequence numbers: each once, those that were not captured too. 0 for other protocols. */
  oSeqBytes = 0;
  rSeqBytes = 0;
  /** All TCP flags seen, or-ed. */
  oFlags = 0;
  rFlags = 0;
  /** Lowest and highest TTL or hop limit seen; 0 when that side was silent. */
  oTtlMin = 0;
  oTtlMax = 0;
  rTtlMin = 0;
  rTtlMax = 0;
  /** Index into tcpStates. */
  tcpState = 0;
  /** Zeek's conn_state. */
  connState = 'OTH';
  /** Zeek's history letters. */
  history = '';
  /** Index into flowEnds. */
  end = 0;
  /** Index into originRules. */
  originRule = 0;
  /** Lowest SYN to SYN-ACK, SYN-ACK to ACK, and SYN to ACK times in microseconds; -1 when not seen. */
  serverRttUs = -1;
  clientRttUs = -1;
  handshakeRttUs = -1;
  /** Outermost and innermost VLAN id, -1 when untagged. */
  vlanOuter = -1;
  vlanInner = -1;
  /** Index into the source's interfaces. */
  iface = 0;
  /** Tunnel identifier around this flow, -1 when none. */
  tunnelId = -1;
  /** MAC addresses of the first frame, 6 bytes each, originator's first; `hasMac` false when the link has none. */
  readonly mac = new Uint8Array(12);
  hasMac = false;
  /** How many records of this conversation were written before (it went silent and spoke again). */
  part = 0;
  /** What it speaks, as in `protocols.app`; empty when unknown. Then what it changed to (STARTTLS, Upgrade), if anything. */
  app = '';
  app2 = '';
  app3 = '';
  /** EVE's word for what it spoke last; and for `app`, where it changed to that in the clear, else empty. */
  eveApp = '';
  eveAppBefore = '';
  /** Zeek's words for all names, a comma between; empty when it has none. */
  zeekServices = '';
  /** How `app` was found, and the confidence in per cent; empty and 0 when unknown. */
  appHow = '';
  appConfidence = 0;
  /** Service by server name, empty when unknown. */
  service = '';
  /** Set once an alert named it. */
  alerted = false;
  /** Health of a TCP flow: whether anything is known, round trips of each leg without queues (-1 unknown), answers. */
  hasHealth = false;
  serverLegUs = -1;
  clientLegUs = -1;
  responses = 0;
  responseMeanUs = 0;
  responseMostUs = 0;
  /** Index into `waits` of what it waited for most (-1: too short to say), and how much of its time, per cent. */
  verdict = -1;
  verdictPercent = 0;
}
