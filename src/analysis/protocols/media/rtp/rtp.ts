// RTP (RFC 3550) over UDP and framed over TCP (RFC 4571), with SRTP (RFC 3711), which leaves the headers in the clear, and
// RTCP on the same port (RFC 5761). What shares the port is told apart by its first byte (RFC 7983):
//
//    0..3 STUN   20..63 DTLS   64..79 TURN channel   128..191 RTP or RTCP

import { u16, u32 } from '../../../../core/index.ts';
import {
  type Conversation,
  defineProtocol,
  type InnerTalk,
  notMine,
  type Probe,
  probed,
  type Side,
  type Talk,
} from '../../protocol.ts';
import { type AnnouncedMedia, announcedMedia } from './codecs.ts';
import { rtcp } from './rtcp.ts';
import { RtcpReader } from './rtcp-reader.ts';
import { type RtpStream, rtpFields } from './rtp-stream.ts';
import { firstMask, isRtcpType, looksFirst, RtpStreams, rtpHeaderLength } from './rtp-streams.ts';

/** Packets within which a flow that nobody announced must prove to be one, and sources it may begin with. */
const proofPackets = 12;
const proofSources = 6;
/** Media that nobody announced is not looked for below, nor where signalling goes. */
const lowestPort = 1024;
const sipPort = 5060;
/** Steps of sequence number and timestamp that a packet may be behind the one before, as long as nothing is proven. */
const proofStep = 16;
const proofTicks = 480_000;
/** Frames of RFC 4571 that must be seen before a stream is believed. */
const proofFrames = 2;

const isEven = (port: number): boolean => (port & 1) === 0;
const isMediaPort = (port: number): boolean => port >= lowestPort && port !== sipPort;

/** Strict: one packet is all there is to see. The next must follow it, see {@link RtpTalk}. */
const probe: Probe = (b, at, end, hint) => {
  if (hint.proto === 6) return probeFramed(b, at, end);
  if (end - at < 13 || (b[at] & firstMask) !== 0x80) return probed.no;
  // One port is even by the rules of old; those that translators choose need not be.
  if (!isEven(hint.rPort) && !isEven(hint.oPort)) return probed.no;
  if (!isMediaPort(hint.rPort) || !isMediaPort(hint.oPort)) return probed.no;
  return looksFirst(b, at, end, hint.length) && u32(b, at + 8) !== 0 ? probed.yes : probed.no;
};

/** Frames of two bytes of length and a packet each: consecutive ones of one source. */
function probeFramed(b: Uint8Array, at: number, end: number): number {
  let o = at;
  let previous = -1;
  for (let n = 0; n < proofFrames; n++) {
    if (end - o >= 3 && (b[o + 2] & firstMask) !== 0x80) return probed.no;
    if (end - o < 14 + 4) return probed.maybe;
    const length = u16(b, o);
    if (!looksFirst(b, o + 2, Math.min(end, o + 2 + length), length)) return probed.no;
    if (previous >= 0 && !follows(b, previous, o + 2)) return probed.no;
    previous = o + 2;
    o += 2 + length;
  }
  return probed.yes;
}

/** Whether the packet at `o` is of the same source as that at `before`, and the next or one soon after it. */
function follows(b: Uint8Array, before: number, o: number): boolean {
  const step = (u16(b, o + 2) - u16(b, before + 2)) & 0xffff;
  return u32(b, o + 8) === u32(b, before + 8) && step > 0 && step <= proofStep;
}

export const rtp = defineProtocol({
  name: 'rtp',
  title: 'RTP',
  family: 'media',
  ports: { tcp: [], udp: [] },
  variants: ['srtp'],
  fields: rtpFields,
  probe,
  open: (conversation) => new RtpTalk(conversation),
});

interface Proof {
  readonly side: Side;
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
}

class RtpTalk implements Talk {
  readonly #conversation: Conversation<typeof rtpFields>;
  readonly #announced: AnnouncedMedia | null;
  readonly #streams: RtpStreams;
  readonly #rtcp: RtcpReader;
  readonly #isStream: boolean;
  /** Nothing contradicts any more. */
  #isSure = false;
  #shown = 0;
  /** While not sure: the first packet of each source. */
  readonly #proofs: Proof[] = [];
  /** Keys were announced, or agreed on here. */
  #isSecure: boolean;
  #stun: InnerTalk | null = null;
  #dtls: InnerTalk | null = null;

  constructor(conversation: Conversation<typeof rtpFields>) {
    this.#conversation = conversation;
    this.#announced = announcedMedia(conversation.given);
    this.#isStream = conversation.proto === 6;
    this.#isSecure = this.#announced?.isSecure === true;
    if (this.#isSecure) conversation.rename('srtp');
    this.#streams = new RtpStreams(this.#announced, (stream, isEnd) => this.#tell(stream, isEnd));
    this.#rtcp = new RtcpReader(this.#announced);
  }

  data(side: Side, b: Uint8Array, at: number, end: number): number {
    if (this.#isStream) return this.#frames(side, b, at, end);
    const conversation = this.#conversation;
    const length = end - at + conversation.missing;
    if (!this.#isSure && !this.#proves(side, b, at, end, length)) return notMine;
    this.#packet(side, b, at, end, length);
    return end - at;
  }

  #packet(side: Side, b: Uint8Array, at: number, end: number, length: number): void {
    if (end - at < 2) return;
    if (b[at] >>> 6 === 2 && !isRtcpType(b[at + 1])) {
      const header = rtpHeaderLength(b, at, end, length);
      if (header > 0) this.#streams.take(side, b, at, header, length, this.#conversation.timeUs);
      return;
    }
    this.#other(side, b, at, end);
  }

  /** What is not RTP. */
  #other(side: Side, b: Uint8Array, at: number, end: number): void {
    const first = b[at];
    const conversation = this.#conversation;
    if (first >>> 6 === 2) {
      if (this.#dtls !== null) return;
      const event = this.#rtcp.read(side, b, at, end, conversation.timeUs);
      if (event !== null) conversation.emitAs(rtcp, event, { side });
    } else if (first <= 3) {
      this.#stun ??= conversation.inner('stun');
      this.#stun.data(side, b, at, end);
    } else if (first >= 20 && first <= 63) {
      if (this.#dtls === null) {
        if (!this.#isSecure && this.#stun === null) conversation.rename('srtp');
        this.#isSecure = true;
        this.#dtls = conversation.inner('dtls');
      }
      this.#dtls.data(side, b, at, end);
    }
  }

  /**
   * Whether the datagram lets the flow be RTP, as long as that is not sure. The first was looked at by the probe, or by who
   * opened this one.
   */
  #proves(side: Side, b: Uint8Array, at: number, end: number, length: number): boolean {
    this.#shown++;
    if (this.#announced !== null) return this.#isAsAnnounced(b, at, end, length);
    if (this.#shown > proofPackets) return false;
    // Reports may go before or between; they prove nothing.
    if (end - at >= 8 && b[at] >>> 6 === 2 && isRtcpType(b[at + 1])) return true;
    if (rtpHeaderLength(b, at, end, length) === 0) return false;
    const sequence = u16(b, at + 2);
    const timestamp = u32(b, at + 4);
    const ssrc = u32(b, at + 8);
    const proof = this.#proofs.find((one) => one.side === side && one.ssrc === ssrc);
    if (proof === undefined) {
      this.#proofs.push({ side, ssrc, sequence, timestamp });
      return this.#proofs.length <= proofSources;
    }
    // Signed: the second may have overtaken the first.
    const step = Math.abs(((sequence - proof.sequence) << 16) >> 16);
    const ticks = Math.abs((timestamp - proof.timestamp) | 0);
    if (step > proofStep || ticks > proofTicks * Math.max(1, step)) return false;
    // The same packet again proves nothing: some captures have all packets twice.
    if (step === 0) return true;
    this.#isSure = true;
    this.#proofs.length = 0;
    this.#conversation.confirm();
    return true;
  }

  #isAsAnnounced(b: Uint8Array, at: number, end: number, length: number): boolean {
    if (end > at && b[at] >>> 6 === 2 && (isRtcpType(b[at + 1]) || rtpHeaderLength(b, at, end, length) > 0)) {
      this.#isSure = true;
      return true;
    }
    // Checks of the way and keys come first; so do a few bytes that open it through a firewall.
    return (end > at && (b[at] <= 3 || (b[at] >= 20 && b[at] <= 63))) || length <= 4;
  }

  /** Frames of RFC 4571. The packets of a whole conversation: only their headers are waited for. */
  #frames(side: Side, b: Uint8Array, at: number, end: number): number {
    let o = at;
    while (end - o >= 2) {
      const length = u16(b, o);
      const to = o + 2 + length;
      if (to > end) break;
      if (length >= 2) this.#packet(side, b, o + 2, to, length);
      o = to;
    }
    if (o > at && !this.#isSure) {
      this.#isSure = true;
      this.#conversation.confirm();
    }
    return o - at;
  }

  #tell(stream: RtpStream, isEnd: boolean): void {
    // A packet of its own with the number of no other is none of a stream, unless it was announced.
    if (stream.packets < 2 && this.#announced === null) return;
    const event = stream.tell(isEnd);
    if (this.#isSecure) event.isSecure = true;
    this.#conversation.emit(event, { side: stream.side, timeUs: stream.lastUs });
  }

  end(): void {
    this.#stun?.end();
    this.#dtls?.end();
    if (this.#isSure) this.#streams.end();
  }
}
