// What detectors are told of flows, hosts and conversations: reused records of numbers, valid only inside the call.

import { waits } from './health.ts';

/** Moments in a flow's life; as bits, so that a detector can ask for several. */
export const moment = {
  /** The first packet of a conversation. */
  opened: 1 << 0,
  /** The originator sends again before it was answered. */
  retried: 1 << 1,
  /** The responder's first packet, unless it refuses. For TCP a SYN-ACK. */
  answered: 1 << 2,
  /** A TCP handshake is complete; or both sides of one joined in the middle acknowledge. */
  established: 1 << 3,
  /** The responder's first answer is a reset. */
  rejected: 1 << 4,
  /** Nobody answered for 5 s (Zeek's `tcp_attempt_delay`). Told once. */
  silent: 1 << 5,
  /** Goes on: told for every flow that lasts, at the latest after each timeout of its protocol. */
  alive: 1 << 6,
  /** Over: its record is complete. Not told of unanswered ones that had to give way to others in a flood. */
  ended: 1 << 7,
  /** Both sides of a TCP conversation finished, or one reset it. Told once, with that packet; `ended` follows later. */
  closed: 1 << 8,
  /** Somebody says something (payload) after a second or more in which the conversation was silent. */
  woke: 1 << 9,
} as const;

/** A moment of one flow. Originator first; address words as in Packet. Times are packet time, microseconds. */
export class FlowSignal {
  moment = 0;
  /** When it happened: never before the detectors' clock by more than 2 s. */
  timeUs = 0.5;
  /** Number of the packet that brought it about; for `silent`, `alive` and `ended` the latest packet of the input. */
  packet = 0.5;
  /** The conversation's id, as in EVE's `flow_id`. */
  id = 0.5;
  ipVersion = 0;
  proto = 0;
  o0 = 0;
  o1 = 0;
  o2 = 0;
  o3 = 0;
  r0 = 0;
  r1 = 0;
  r2 = 0;
  r3 = 0;
  /** Ports; for ICMP the type and its counterpart or code. */
  oPort = 0;
  rPort = 0;
  /** Index into originRules: how it is known who asked. */
  originRule = 0;
  /** Number of the conversation's first packet. */
  firstPacket = 0.5;
  firstUs = 0.5;
  lastUs = 0.5;
  /** Of the packet at hand: whether the originator sent it. False where there is none. */
  isFromOriginator = false;
  /** Of the packet at hand; 0 where there is none. */
  tcpFlags = 0;
  payloadLen = 0;
  ttl = 0;
  /**
   * With `opened` and `answered`: MAC addresses of that frame, first four bytes and last two (0 0: none), outer VLAN (-1:
   * none), inner VLAN where there are two 802.1Q tags (-1: none), and the interface it was captured on.
   */
  srcMac0 = 0;
  srcMac1 = 0;
  dstMac0 = 0;
  dstMac1 = 0;
  vlan = -1;
  vlanInner = -1;
  iface = 0;
  /** About how many conversations this originator has opened lately (a sketch: never too low); told with `opened`. */
  attempts = 0;
  /** Inside a tunnel. */
  isInner = false;
  isEstablished = false;
  /** Counters of the record so far. Bytes are whole frames; payload is of the transport. */
  oPackets = 0;
  rPackets = 0;
  oBytes = 0.5;
  rBytes = 0.5;
  oPayload = 0.5;
  rPayload = 0.5;
  /** Frame bytes since this flow was last told with `alive` or `ended`. */
  oBytesSince = 0.5;
  rBytesSince = 0.5;
  /** With `woke`: how long nothing was sent, microseconds; and who ended it: 0 the originator, 1 the responder. */
  idleUs = 0.5;
  side: 0 | 1 = 0;
  /** With `ended`: index into flowEnds. */
  end = 0;
  /** TCP flags of all packets of each side, or-ed. */
  oFlags = 0;
  rFlags = 0;
  /** With `alive` and `ended`: segments of each side that repeat, and handshake time in microseconds (-1 unknown). */
  oRetransmissions = 0;
  rRetransmissions = 0;
  handshakeRttUs = -1;
  /** With `alive` and `ended`: between the lowest and the highest TTL of each side. */
  oTtlSpread = 0;
  rTtlSpread = 0;
  /** With `alive`, `closed` and `ended`: what it speaks, empty when unknown, and how that was found (`handshake`, `port`, …). */
  app = '';
  appHow = '';
  service = '';
}

/** What one host received or sent in one second of packet time, told where it was much. */
export class RateSignal {
  /** The second, since the epoch. */
  sec = 0.5;
  /** Number of the latest packet of the input, and of the first of this host in this second. */
  packet = 0.5;
  firstPacket = 0.5;
  /** Packet time of the first and the latest of them. */
  firstUs = 0.5;
  lastUs = 0.5;
  /** True: the host received; false: it sent. */
  isTo = false;
  ipVersion = 0;
  w0 = 0;
  w1 = 0;
  w2 = 0;
  w3 = 0;
  packets = 0;
  bytes = 0;
  tcp = 0;
  udp = 0;
  icmp = 0;
  /** IP fragments. */
  fragments = 0;
  /** TCP packets with SYN and without ACK. */
  syns = 0;
  /** TCP packets that carry ACK, RST or FIN and no payload. */
  bare = 0;
}

/** Where an event of a conversation belongs. Client first (who asked). */
export class EventPlace {
  /** When it happened, and the packet that completed it. */
  timeUs = 0.5;
  packet = 0.5;
  flowId = 0.5;
  ipVersion = 0;
  proto = 0;
  c0 = 0;
  c1 = 0;
  c2 = 0;
  c3 = 0;
  s0 = 0;
  s1 = 0;
  s2 = 0;
  s3 = 0;
  cPort = 0;
  sPort = 0;
  /** Whose message it is: 0 the client's, 1 the server's. */
  side: 0 | 1 = 0;
  /**
   * `eve`: one message of a transaction that comes once more as a whole; `log`: that whole; `step`: how far it is, for
   * detectors alone; empty: told once.
   */
  only: '' | 'eve' | 'log' | 'step' = '';
}

/** What contradicts the standards of fragments and segments; told as an OddSignal. */
export const oddities = [
  /** Fragments of one datagram: the same bytes twice with other contents; partly the same bytes; two different ends. */
  'fragment.conflict',
  'fragment.overlap',
  'fragment.end',
  /** A datagram that never became whole within a minute. */
  'fragment.timeout',
  /** A segment repeats bytes with other contents. `value` has bits of `conflictSign`. */
  'tcp.conflict',
  /** A SYN with payload and without the option for it (RFC 7413). */
  'tcp.syn-data',
  /** A SYN of both sides; a SYN-ACK that answers no SYN of the other side, comes after a reset, or comes twice with two numbers. */
  'tcp.split-handshake',
  'tcp.syn-ack-number',
  'tcp.after-reset',
  'tcp.syn-ack-twice',
  'tcp.rst-data',
  /** A reset or a FIN far away from what was sent before. `value` is how far. */
  'tcp.rst-outside',
  'tcp.fin-outside',
  /** The URG flag. `value` is the urgent pointer, `limit` the payload's length. */
  'tcp.urgent',
  /** A checksum is wrong; told only where checksums are verified. */
  'checksum.wrong',
] as const;
export type Oddity = (typeof oddities)[number];

/** What is known of the two copies of a `tcp.conflict`, as bits. */
export const conflictSign = {
  /** The checksum of the later one is wrong. */
  badChecksum: 1,
  /** The TTL differs: they came different ways. */
  otherTtl: 2,
  /** Number, length, IP identification and TTL are the same: one and the same packet, changed. */
  samePacket: 4,
} as const;

/** One oddity. Addresses and ports are those of the packet at hand: who sent it, and to whom. */
export class OddSignal {
  what: Oddity = 'fragment.conflict';
  timeUs = 0.5;
  packet = 0.5;
  ipVersion = 0;
  proto = 0;
  s0 = 0;
  s1 = 0;
  s2 = 0;
  s3 = 0;
  d0 = 0;
  d1 = 0;
  d2 = 0;
  d3 = 0;
  sPort = 0;
  dPort = 0;
  tcpFlags = 0;
  value = 0.5;
  limit = 0.5;
}

/** What is known of the capture itself: since the beginning, or since it was told last. */
export class CaptureFacts {
  /** Packets with an IP header, and those that came twice within 5 ms. */
  packets = 0.5;
  duplicates = 0.5;
  /** Number of the first packet that was a copy, 0 when none was. */
  firstDuplicate = 0.5;
  /** TCP segments; those that acknowledge bytes which were not captured, and those behind a hole. */
  segments = 0.5;
  ackedUnseen = 0.5;
  behindHoles = 0.5;
  /** Packets more than two seconds earlier than one before them, and by how many microseconds at the most. */
  late = 0.5;
  latest = 0.5;
  /** Steps forward of more than an hour. */
  jumps = 0.5;
  /** Checksums left to the network card, where they are verified. */
  offloaded = 0.5;

  constructor() {
    // Began as fractions so that counting never changes how they are kept.
    this.packets = this.duplicates = this.firstDuplicate = this.segments = this.ackedUnseen = 0;
    this.behindHoles = this.late = this.latest = this.jumps = this.offloaded = 0;
  }
}

/** Adds what became known. */
export function addFacts(to: CaptureFacts, more: CaptureFacts): void {
  to.packets += more.packets;
  to.duplicates += more.duplicates;
  if (to.firstDuplicate === 0) to.firstDuplicate = more.firstDuplicate;
  to.segments += more.segments;
  to.ackedUnseen += more.ackedUnseen;
  to.behindHoles += more.behindHoles;
  to.late += more.late;
  to.latest = Math.max(to.latest, more.latest);
  to.jumps += more.jumps;
  to.offloaded += more.offloaded;
}

/** Why a HealthSignal is told. */
export const healthMoment = {
  /** A server took half a second or longer to begin an answer. */
  response: 1,
  /** A receiver's window has been shut for 200 ms or longer; told again when it opens. */
  stall: 2,
  /** A flow that lasts: about once a minute. */
  alive: 3,
  /** A flow is over: its numbers are final. */
  ended: 4,
} as const;

/** How well a TCP flow gets through so far. `o` is what the originator sends, `r` what the responder sends. */
export class HealthSignal {
  /** One of healthMoment. */
  moment = 0;
  /** Whose it is, with the counters of its record. */
  readonly flow = new FlowSignal();
  /** With `response` and `stall`: how long, microseconds, and whether the originator's window is the one that is shut. */
  waitUs = 0.5;
  isOriginStalled = false;
  /** Round trips between here and each side, microseconds; -1 not known. `base` without queues, `top` the worst average. */
  serverBaseUs = -1;
  serverRttUs = -1;
  serverTopUs = -1;
  clientBaseUs = -1;
  clientRttUs = -1;
  clientTopUs = -1;
  /** Lowest round trip of both legs before the path changed to a longer one; -1 when it did not. */
  beforeStepUs = -1;
  /** Round trips measured, up to 62. */
  samples = 0;
  /** Data segments of each side, and among them those repeated (copies made by the capture left out). */
  oSegments = 0;
  rSegments = 0;
  oRepeated = 0;
  rRepeated = 0;
  oOutOfOrder = 0;
  rOutOfOrder = 0;
  oLost = 0;
  rLost = 0;
  /** Duplicate ACKs that each side sent, and runs of three and more. */
  oDuplicateAcks = 0;
  rDuplicateAcks = 0;
  oDuplicateRuns = 0;
  rDuplicateRuns = 0;
  /** Most repetitions in a row without an acknowledgment, up to 7. */
  oUnanswered = 0;
  rUnanswered = 0;
  /** Every packet was captured twice: counts of repetitions mean nothing. */
  isDoubled = false;
  /** Full segments of a side vanish while small ones pass. */
  oBlackHole = false;
  rBlackHole = false;
  /** Largest payload of each side, bytes. */
  oMaxPayload = 0;
  rMaxPayload = 0;
  /** Time each side's window was shut, microseconds. */
  oShutUs = 0.5;
  rShutUs = 0.5;
  responses = 0;
  responseMeanUs = 0.5;
  responseMostUs = 0.5;
  /** Most bytes of each side that were under way at a time. */
  oInFlight = 0;
  rInFlight = 0;
  /** Receive window of each side as told last, bytes; -1 not known. */
  oWindow = -1;
  rWindow = -1;
  /** What it waited for: microseconds each, by `waits`; their sum. */
  readonly waitedUs = new Float64Array(waits.length);
  totalUs = 0.5;
  /** Index into `waits` of the largest, -1 when it waited for nothing. */
  verdict = -1;
  /** One sentence with the shares; empty when there is nothing to say. */
  sentence = '';
}

/** One second of all traffic that this analysis saw, told when it is over. */
export class VolumeSignal {
  sec = 0.5;
  /** Number of the latest packet of the input. */
  packet = 0.5;
  packets = 0;
  bytes = 0;
  /** Most bytes in 10 ms and in 1 ms of it. */
  peak10Bytes = 0;
  peak1Bytes = 0;
  /** Number of 10 ms in which the link was full to 80 % or more; 0 when its speed is not known. */
  fullBins = 0;
  /** Bits per second of the link, 0 when not known. */
  speedBps = 0;
}
