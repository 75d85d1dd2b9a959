// RTCP (RFC 3550 §6): reads compound packets into what they say of loss, jitter and round trip.
//
//   | V=2 2 | P 1 | count 5 | type 8 | length 16, in words without the first | SSRC 32 | by type |
//   sender report 200:   NTP time 64 | RTP time 32 | packets 32 | bytes 32 | report blocks
//   receiver report 201: report blocks
//   report block: | SSRC 32 | fraction lost 8 | lost 24 | highest 32 | jitter 32 | last SR 32 | delay since 32 |

import { type EventOf, number, objects, text, texts, u16, u24, u32, wireText } from '../../../../core/index.ts';
import { otherSide, type Side } from '../../protocol.ts';
import { type AnnouncedMedia, isEventCodec } from './codecs.ts';

export const rtcpFields = {
  packetTypes: texts('Packets in the datagram: sr, rr, sdes, bye, app, xr, rtpfb, psfb'),
  ssrc: number('Who reports', { filter: 'rtcp.senderssrc' }),
  cname: text('Canonical name of who reports', { filter: 'rtcp.sdes.text' }),
  senderPackets: number('Packets sent so far', { filter: 'rtcp.sender.packetcount' }),
  senderBytes: number('Payload sent so far', { filter: 'rtcp.sender.octetcount', unit: 'bytes' }),
  fractionLost: number('Part of the packets that was lost since the last report, 0 to 1: the worst of the streams'),
  lost: number('Packets lost so far, of that stream'),
  jitterUs: number('Interarrival jitter, of that stream', { unit: 'us' }),
  roundTripUs: number('From the capture to who reports and back', { unit: 'us' }),
  mosListening: number('Estimated quality of listening, 1 to 5 (RFC 3611 §4.7)'),
  mosConversation: number('Estimated quality of conversation, 1 to 5 (RFC 3611 §4.7)'),
  rFactor: number('Estimated quality as R factor (RFC 3611 §4.7)'),
  reports: objects<ReportBlock>('What is said of each stream'),
  bye: text('Reason for leaving; `-` when none is given'),
  callId: text('Call or session that announced it'),
};

export interface ReportBlock {
  ssrc: number;
  fractionLost: number;
  lost: number;
  highestSequence: number;
  /** In units of the timestamp. */
  jitterTicks: number;
  jitterUs?: number;
  roundTripUs?: number;
}

const packetTypes: Readonly<Record<number, string>> = {
  200: 'sr',
  201: 'rr',
  202: 'sdes',
  203: 'bye',
  204: 'app',
  205: 'rtpfb',
  206: 'psfb',
  207: 'xr',
};

/** Packets read of a datagram, report blocks kept of it, sender reports remembered of a side. */
const packetLimit = 32;
const blockLimit = 8;
const reportLimit = 4;
/** Feedback comes with every lost packet: only so often it is told, unless it says more. */
const tellUs = 1e6;
/** Characters of a name or reason. */
const textLimit = 255;
/** A delay of more than this is no round trip but a wrong clock. */
const roundTripLimitUs = 60e6;

/**
 * Whether the datagram is nothing but whole packets of RTCP from its first to its last byte. `length` is its size on the
 * wire: what was not captured is not looked at.
 */
export function isCompound(b: Uint8Array, at: number, end: number, length: number): boolean {
  const wireEnd = at + length;
  let o = at;
  for (let n = 0; n < packetLimit && end - o >= 4; n++) {
    if (b[o] >>> 6 !== 2 || b[o + 1] < 192 || b[o + 1] > 223) return false;
    o += 4 + u16(b, o + 2) * 4;
    if (o === wireEnd) return true;
    if (o > wireEnd) return false;
  }
  return o > end && o <= wireEnd && end < wireEnd;
}

interface SenderReport {
  /** Middle of its NTP time. */
  readonly mark: number;
  readonly timeUs: number;
}

export class RtcpReader {
  readonly #announced: AnnouncedMedia | null;
  readonly #clockHz: number;
  /** Last sender reports of each side. */
  readonly #reports: readonly [SenderReport[], SenderReport[]] = [[], []];
  readonly #toldUs: [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  readonly #names: [string, string] = ['', ''];

  constructor(announced: AnnouncedMedia | null) {
    this.#announced = announced;
    this.#clockHz = commonClock(announced);
  }

  /** Reads a datagram. Null when there is nothing to tell: encrypted, damaged, or only what was told before. */
  read(side: Side, b: Uint8Array, at: number, end: number, timeUs: number): EventOf<typeof rtcpFields> | null {
    if (this.#announced?.isSecure === true || !isCompound(b, at, end, end - at)) return null;
    const event: EventOf<typeof rtcpFields> = { packetTypes: [] };
    let o = at;
    for (let n = 0; n < packetLimit && end - o >= 4; n++) {
      const to = o + 4 + u16(b, o + 2) * 4;
      this.#packet(side, b, o, to, event, timeUs);
      o = to;
    }
    const isNews = event.bye !== undefined || (event.cname !== undefined && event.cname !== this.#names[side]);
    const hasReport = event.reports !== undefined || event.senderPackets !== undefined || event.rFactor !== undefined;
    if (!isNews && (!hasReport || timeUs - this.#toldUs[side] < tellUs)) return null;
    this.#toldUs[side] = timeUs;
    if (event.cname !== undefined) this.#names[side] = event.cname;
    if (this.#announced !== null && this.#announced.callId !== '') event.callId = this.#announced.callId;
    return event;
  }

  #packet(side: Side, b: Uint8Array, o: number, to: number, event: EventOf<typeof rtcpFields>, timeUs: number): void {
    const type = b[o + 1];
    const count = b[o] & 31;
    const name = packetTypes[type];
    if (name !== undefined && !event.packetTypes?.includes(name)) event.packetTypes?.push(name);
    if (to - o < 8) return;
    if (type !== 202) event.ssrc ??= u32(b, o + 4);
    if (type === 200) {
      if (to - o < 28) return;
      this.#senderReport(side, b, o, event, timeUs);
      this.#blocks(side, b, o + 28, to, count, event, timeUs);
    } else if (type === 201) this.#blocks(side, b, o + 8, to, count, event, timeUs);
    else if (type === 202) readNames(b, o + 4, to, event);
    else if (type === 203) readBye(b, o + 4 + count * 4, to, event);
    else if (type === 207) readExtended(b, o + 8, to, event);
  }

  #senderReport(side: Side, b: Uint8Array, o: number, event: EventOf<typeof rtcpFields>, timeUs: number): void {
    event.senderPackets = u32(b, o + 20);
    event.senderBytes = u32(b, o + 24);
    const list = this.#reports[side];
    if (list.length >= reportLimit) list.shift();
    list.push({ mark: u32(b, o + 10), timeUs });
  }

  #blocks(
    side: Side,
    b: Uint8Array,
    from: number,
    to: number,
    count: number,
    event: EventOf<typeof rtcpFields>,
    timeUs: number,
  ): void {
    for (let n = 0, o = from; n < count && o + 24 <= to; n++, o += 24) {
      const block: ReportBlock = {
        ssrc: u32(b, o),
        fractionLost: Math.round((b[o + 4] / 256) * 1000) / 1000,
        // 24 bits with a sign: duplicates may outnumber losses.
        lost: (u24(b, o + 5) << 8) >> 8,
        highestSequence: u32(b, o + 8),
        jitterTicks: u32(b, o + 12),
      };
      if (this.#clockHz > 0) block.jitterUs = Math.round((block.jitterTicks * 1e6) / this.#clockHz);
      const roundTripUs = this.#roundTrip(side, u32(b, o + 16), u32(b, o + 20), timeUs);
      if (roundTripUs >= 0) block.roundTripUs = roundTripUs;
      event.reports ??= [];
      if (event.reports.length < blockLimit) event.reports.push(block);
      if (event.fractionLost === undefined || block.fractionLost > event.fractionLost) {
        event.fractionLost = block.fractionLost;
        event.lost = block.lost;
        if (block.jitterUs !== undefined) event.jitterUs = block.jitterUs;
      }
      if (roundTripUs >= 0) event.roundTripUs = Math.max(event.roundTripUs ?? 0, roundTripUs);
    }
  }

  /** Time since the other side's report passed here, without what the answer waited (RFC 3550 §6.4.1); -1 unknown. */
  #roundTrip(side: Side, lastReport: number, delay: number, timeUs: number): number {
    if (lastReport === 0) return -1;
    const report = this.#reports[otherSide(side)].find(({ mark }) => mark === lastReport);
    if (report === undefined) return -1;
    const us = Math.round(timeUs - report.timeUs - (delay * 1e6) / 65_536);
    return us >= 0 && us <= roundTripLimitUs ? us : -1;
  }
}

/** Clock of all codecs of a session where they share one, Hz; else 0: reports do not say which they are about. */
function commonClock(announced: AnnouncedMedia | null): number {
  let clockHz = 0;
  if (announced === null) return 0;
  for (const codec of announced.codecs.values()) {
    const other = isEventCodec(codec) ? 0 : codec.clockHz;
    if (other > 0 && clockHz > 0 && other !== clockHz) return 0;
    if (other > 0) clockHz = other;
  }
  return clockHz;
}

/** Source description (§6.5): chunks of a source and items of type, length, text. Only CNAME is told. */
function readNames(b: Uint8Array, from: number, to: number, event: EventOf<typeof rtcpFields>): void {
  let o = from;
  if (to - o < 4) return;
  event.ssrc ??= u32(b, o);
  o += 4;
  while (o + 2 <= to && b[o] !== 0) {
    const end = o + 2 + b[o + 1];
    if (end > to) return;
    if (b[o] === 1) {
      event.cname = wireText(b, o + 2, Math.min(end, o + 2 + textLimit));
      return;
    }
    o = end;
  }
}

function readBye(b: Uint8Array, o: number, to: number, event: EventOf<typeof rtcpFields>): void {
  const hasReason = o < to && o + 1 + b[o] <= to && b[o] > 0;
  event.bye = hasReason ? wireText(b, o + 1, o + 1 + Math.min(b[o], textLimit)) : '-';
}

/** Extended reports (RFC 3611): only the metrics of voice, block 7; 127 stands for what is not known. */
function readExtended(b: Uint8Array, from: number, to: number, event: EventOf<typeof rtcpFields>): void {
  for (let o = from, n = 0; n < packetLimit && o + 4 <= to; n++) {
    const end = o + 4 + u16(b, o + 2) * 4;
    if (end > to) return;
    if (b[o] === 7 && end - o >= 36) {
      if (b[o + 24] !== 127) event.rFactor = b[o + 24];
      if (b[o + 26] !== 127) event.mosListening = b[o + 26] / 10;
      if (b[o + 27] !== 127) event.mosConversation = b[o + 27] / 10;
    }
    o = end;
  }
}
