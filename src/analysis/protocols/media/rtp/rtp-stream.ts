// Statistics of one RTP stream, a source as one side sends it: loss, order, duplicates (RFC 3550 §6.4.1, A.1, A.3) and
// interarrival jitter (A.8).
//
//   | V=2 2 | P 1 | X 1 | CC 4 | M 1 | PT 7 | sequence 16 | timestamp 32 | SSRC 32 | CSRC 32 * CC | extension | payload |
//
// Sequence numbers in the window before the highest are remembered as bits, so that a packet that comes late is told from
// one that comes twice:
//
//    seen1 (33..64 before)   seen0 (1..32 before)   highest
//    31 ................ 0   31 ................ 0     *

import { type EventOf, flag, number, numbers, text } from '../../../../core/index.ts';
import type { Side } from '../../protocol.ts';
import { type AnnouncedMedia, codecOf, isEventCodec } from './codecs.ts';

/** Fields of the `rtp` event. Counts are of the whole stream so far. */
export const rtpFields = {
  ssrc: number('Synchronization source, the number of the stream', { filter: 'rtp.ssrc' }),
  payloadType: number('Payload type', { filter: 'rtp.p_type' }),
  payloadTypes: numbers('Payload types, where there are several'),
  codec: text('Name of the codec'),
  clockHz: number('Rate of the timestamps', { unit: 'Hz' }),
  packets: number('Packets'),
  payloadBytes: number('Payload of all packets', { unit: 'bytes' }),
  lost: number('Packets that never came'),
  reordered: number('Packets that came late'),
  duplicates: number('Packets that came again'),
  jitterUs: number('Interarrival jitter (RFC 3550)', { unit: 'us' }),
  maxJitterUs: number('The highest it was', { unit: 'us' }),
  maxGapUs: number('The longest time between packets, silence left out', { unit: 'us' }),
  durationUs: number('From the first packet to the last', { unit: 'us' }),
  isEnd: flag('The stream is over; else more is to come'),
  callId: text('Call or session that announced it'),
  isSecure: flag('Encrypted as SRTP'),
};

/** Steps of the sequence number that are a gap, and steps back that are a late packet (RFC 3550 A.1). */
const gapLimit = 3000;
const lateLimit = 100;
/** Payload types listed of one stream. */
const typeLimit = 8;
/** Places in {@link RtpStream.times}. */
const firstUs = 0;
const arrivalUs = 1;
const jitterUs = 2;
const maxJitterUs = 3;
const usPerTick = 4;
const maxGapUs = 5;
const toldUs = 6;

const isComfortNoise = (payloadType: number): boolean => payloadType === 13 || payloadType === 19;

export class RtpStream {
  readonly side: Side;
  /** As signed number, like `timestamp`: stays a small integer. */
  readonly ssrc: number;
  readonly #announced: AnnouncedMedia | null;
  /** Times in microseconds, at the places above. Numbers with fractions in a typed array are changed in place. */
  readonly times = new Float64Array(7);
  packets = 0;
  payloadBytes = 0;
  duplicates = 0;
  reordered = 0;
  /** Packets that were due before the sequence began anew, and those of them that came. */
  #dueBefore = 0;
  /** Different packets since the sequence began. */
  #came = 0;
  #base = 0;
  /** Highest sequence number, counted on past 65535. */
  #highest = 0;
  #seen0 = 0;
  #seen1 = 0;
  /** The sequence number that would prove that the sequence began anew; -1 when there is none. */
  #bad = -1;
  #timestamp = 0;
  #lastType = -1;
  /** The type that is told: the first that is neither comfort noise nor events. */
  #type = -1;
  #types: readonly number[] = [];
  #codec = '';
  #clockHz = 0;

  constructor(side: Side, ssrc: number, announced: AnnouncedMedia | null) {
    this.side = side;
    this.ssrc = ssrc;
    this.#announced = announced;
  }

  /** When a packet came last, and when the stream was told of last. */
  get lastUs(): number {
    return this.times[arrivalUs];
  }
  get toldUs(): number {
    return this.times[toldUs];
  }

  /** @param timestamp as signed number */
  take(timeUs: number, sequence: number, timestamp: number, mark: number, type: number, bytes: number): void {
    const { times } = this;
    const wasNoise = isComfortNoise(this.#lastType);
    if (type !== this.#lastType) this.#changeType(type);
    this.payloadBytes += bytes;
    if (this.packets++ === 0) {
      this.#begin(sequence);
      times[firstUs] = timeUs;
      times[toldUs] = timeUs;
    } else {
      this.#order(sequence);
      const isLate = ((timestamp - this.#timestamp) | 0) < 0;
      this.#timing(timeUs, timestamp, mark !== 0 || wasNoise || isLate || isComfortNoise(type));
    }
    times[arrivalUs] = timeUs;
    this.#timestamp = timestamp;
  }

  #begin(sequence: number): void {
    this.#base = sequence;
    this.#highest = sequence;
    this.#seen0 = 0;
    this.#seen1 = 0;
    this.#bad = -1;
    this.#came = 1;
  }

  #order(sequence: number): void {
    const step = (sequence - this.#highest) & 0xffff;
    if (step === 0) {
      this.duplicates++;
      return;
    }
    if (step < gapLimit) {
      this.#highest += step;
      this.#shift(step);
      this.#came++;
      this.#bad = -1;
      return;
    }
    const back = 65_536 - step;
    if (back <= lateLimit) {
      this.#late(back);
      return;
    }
    // Two packets in a row, far away: the sender began anew, or so much was lost that nobody can count it.
    if (sequence === this.#bad) {
      this.#dueBefore += this.#highest - this.#base + 1 - this.#came;
      this.#begin(sequence);
      this.#base--;
      this.#seen0 = 1;
      this.#came = 2;
    } else this.#bad = (sequence + 1) & 0xffff;
  }

  /** Moves the window on; the packet that was highest stands in it from now on. */
  #shift(step: number): void {
    if (step === 1) {
      this.#seen1 = (this.#seen1 << 1) | (this.#seen0 >>> 31);
      this.#seen0 = (this.#seen0 << 1) | 1;
    } else if (step < 32) {
      this.#seen1 = (this.#seen1 << step) | (this.#seen0 >>> (32 - step));
      this.#seen0 = (this.#seen0 << step) | (1 << (step - 1));
    } else if (step === 32) {
      // A shift by 32 is none in this language.
      this.#seen1 = this.#seen0;
      this.#seen0 = 1 << 31;
    } else if (step < 64) {
      this.#seen1 = (this.#seen0 << (step - 32)) | (1 << (step - 33));
      this.#seen0 = 0;
    } else {
      this.#seen1 = step === 64 ? 1 << 31 : 0;
      this.#seen0 = 0;
    }
  }

  /** A packet from before the highest: late, or there already. Beyond the window it is taken for late. */
  #late(back: number): void {
    if (back <= 64) {
      const bit = 1 << ((back - 1) & 31);
      if (((back <= 32 ? this.#seen0 : this.#seen1) & bit) !== 0) {
        this.duplicates++;
        return;
      }
      if (back <= 32) this.#seen0 |= bit;
      else this.#seen1 |= bit;
    }
    this.reordered++;
    this.#came++;
    // The capture may have begun between a packet and one that it overtook.
    if (this.#highest - back < this.#base) this.#base = this.#highest - back;
  }

  /** RFC 3550 A.8, in microseconds. The highest is not taken from packets that follow a silence or come late. */
  #timing(timeUs: number, timestamp: number, isOutOfLine: boolean): void {
    const { times } = this;
    const gapUs = timeUs - times[arrivalUs];
    if (gapUs > times[maxGapUs] && !isOutOfLine) times[maxGapUs] = gapUs;
    if (times[usPerTick] === 0) return;
    const offUs = gapUs - ((timestamp - this.#timestamp) | 0) * times[usPerTick];
    times[jitterUs] += ((offUs < 0 ? -offUs : offUs) - times[jitterUs]) / 16;
    if (times[jitterUs] > times[maxJitterUs] && !isOutOfLine) times[maxJitterUs] = times[jitterUs];
  }

  #changeType(type: number): void {
    const codec = codecOf(type, this.#announced);
    const isEvent = codec !== null && isEventCodec(codec);
    this.#lastType = type;
    // All packets of one event carry its first timestamp (RFC 4733 §2.2.1): they tell nothing of jitter.
    this.times[usPerTick] = codec === null || isEvent || codec.clockHz <= 0 ? 0 : 1e6 / codec.clockHz;
    if (!this.#types.includes(type) && this.#types.length < typeLimit) this.#types = [...this.#types, type];
    if (this.#type >= 0 && (this.#codec !== '' || codec === null)) return;
    if (isEvent || isComfortNoise(type)) return;
    this.#type = type;
    this.#codec = codec?.name ?? '';
    this.#clockHz = codec?.clockHz ?? 0;
  }

  /** Packets that never came. Duplicates do not make up for them. */
  get lost(): number {
    return Math.max(0, this.#dueBefore + this.#highest - this.#base + 1 - this.#came);
  }

  /** What is known by now; with `isEnd` for the last time. */
  tell(isEnd: boolean): EventOf<typeof rtpFields> {
    const { times } = this;
    times[toldUs] = times[arrivalUs];
    const hasClock = this.#clockHz > 0;
    const durationUs = Math.max(0, Math.round(times[arrivalUs] - times[firstUs]));
    const callId = this.#announced?.callId;
    return {
      ssrc: this.ssrc >>> 0,
      payloadType: this.#type < 0 ? this.#lastType : this.#type,
      ...(this.#types.length > 1 ? { payloadTypes: [...this.#types] } : {}),
      ...(this.#codec === '' ? {} : { codec: this.#codec }),
      ...(hasClock ? { clockHz: this.#clockHz } : {}),
      packets: this.packets,
      payloadBytes: this.payloadBytes,
      lost: this.lost,
      reordered: this.reordered,
      duplicates: this.duplicates,
      ...(hasClock ? { jitterUs: Math.round(times[jitterUs]), maxJitterUs: Math.round(times[maxJitterUs]) } : {}),
      maxGapUs: Math.round(times[maxGapUs]),
      durationUs,
      isEnd,
      ...(callId === undefined || callId === '' ? {} : { callId }),
    };
  }
}
