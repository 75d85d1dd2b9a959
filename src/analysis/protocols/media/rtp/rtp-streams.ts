// The RTP streams of one flow: reads headers, keeps the statistics of a few sources of each side, and says when to tell them.

import { u16, u32 } from '../../../../core/index.ts';
import type { Side } from '../../protocol.ts';
import { type AnnouncedMedia, isPlausiblePayload } from './codecs.ts';
import { RtpStream } from './rtp-stream.ts';

export const rtpHeaderBytes = 12;
/** Sources kept of a side; more than these are not counted until one has been silent for a while. */
const streamLimit = 8;
const silentUs = 10e6;
/** How often a stream that goes on is told. */
const tellUs = 30e6;

/** Bits of the first byte that are the same in all first packets: version, no padding, one mixed source at most. */
export const firstMask = 0xee;

/** RTP and RTCP on one port are told apart by the second byte (RFC 5761 §4). */
export const isRtcpType = (second: number): boolean => second >= 192 && second <= 223;

/** Bytes of header, sources and extension of an RTP packet of `length` bytes; 0 when it is none. */
export function rtpHeaderLength(b: Uint8Array, at: number, end: number, length: number): number {
  if (end - at < rtpHeaderBytes || b[at] >>> 6 !== 2) return 0;
  let bytes = rtpHeaderBytes + (b[at] & 15) * 4;
  if ((b[at] & 0x10) !== 0) {
    if (at + bytes + 4 > end) return length > end - at ? bytes : 0;
    bytes += 4 + u16(b, at + bytes + 2) * 4;
  }
  return bytes <= length ? bytes : 0;
}

/**
 * Whether a packet that nobody announced looks like the first of a stream: no padding, few mixed sources, an extension only of
 * the usual profiles (RFC 8285), a known type with whole frames.
 */
export function looksFirst(b: Uint8Array, at: number, end: number, length: number): boolean {
  if (end - at < rtpHeaderBytes || (b[at] & firstMask) !== 0x80) return false;
  const bytes = rtpHeaderLength(b, at, end, length);
  if (bytes === 0) return false;
  if ((b[at] & 0x10) !== 0) {
    const extension = at + rtpHeaderBytes + (b[at] & 15) * 4;
    if (extension + 2 > end) return false;
    const profile = u16(b, extension);
    if (profile !== 0xbede && profile >>> 4 !== 0x100) return false;
  }
  return isPlausiblePayload(b[at + 1] & 0x7f, length - bytes);
}

export class RtpStreams {
  readonly #announced: AnnouncedMedia | null;
  readonly #tell: (stream: RtpStream, isEnd: boolean) => void;
  readonly #streams: readonly [RtpStream[], RtpStream[]] = [[], []];
  /** Whose packet came last of the client and of the server: nearly always the next one's, too. */
  #last0: RtpStream | null = null;
  #last1: RtpStream | null = null;

  /** @param tell called every now and then with each stream, and at its end */
  constructor(announced: AnnouncedMedia | null, tell: (stream: RtpStream, isEnd: boolean) => void) {
    this.#announced = announced;
    this.#tell = tell;
  }

  /** Takes a packet that {@link rtpHeaderLength} accepted. */
  take(side: Side, b: Uint8Array, at: number, headerBytes: number, length: number, timeUs: number): void {
    const ssrc = u32(b, at + 8) | 0;
    let stream = side === 0 ? this.#last0 : this.#last1;
    if (stream === null || stream.ssrc !== ssrc) {
      stream = this.#streamOf(side, ssrc, timeUs);
      if (stream === null) return;
      if (side === 0) this.#last0 = stream;
      else this.#last1 = stream;
    }
    const second = b[at + 1];
    const timestamp = (b[at + 4] << 24) | (b[at + 5] << 16) | (b[at + 6] << 8) | b[at + 7];
    stream.take(timeUs, u16(b, at + 2), timestamp, second & 0x80, second & 0x7f, length - headerBytes);
    if (timeUs - stream.toldUs >= tellUs) this.#tell(stream, false);
  }

  #streamOf(side: Side, ssrc: number, timeUs: number): RtpStream | null {
    const list = this.#streams[side];
    for (let i = 0; i < list.length; i++) if (list[i].ssrc === ssrc) return list[i];
    if (list.length >= streamLimit) {
      let silent = 0;
      for (let i = 1; i < list.length; i++) if (list[i].lastUs < list[silent].lastUs) silent = i;
      if (timeUs - list[silent].lastUs < silentUs) return null;
      this.#tell(list[silent], true);
      list.splice(silent, 1);
    }
    const stream = new RtpStream(side, ssrc, this.#announced);
    list.push(stream);
    return stream;
  }

  /** Packets of the sources that are kept. */
  get packets(): number {
    let packets = 0;
    for (const list of this.#streams) for (const stream of list) packets += stream.packets;
    return packets;
  }

  /** Tells all streams for the last time. */
  end(): void {
    for (const list of this.#streams) {
      for (const stream of list) this.#tell(stream, true);
      list.length = 0;
    }
    this.#last0 = null;
    this.#last1 = null;
  }
}
