// Traffic volume over packet time: per second for people, per 10 ms and per 1 ms for bursts.

import type { Finding, VolumeSecond } from '../../core/index.ts';

/** Buckets of the overview; when they are full, neighbours are joined and each covers twice the time. */
const bucketCount = 240;
const binUs = 10_000;
const fineUs = 1000;
/** Share of a link's speed above which 10 ms are called full. */
const fullShare = 0.8;

/** Share of a link's speed in a second above which it is called saturated, and in 10 ms above which it is a burst. */
const saturatedShare = 0.8;
const burstShare = 0.95;

/** What one second of traffic held. */
export interface SecondVolume {
  readonly sec: number;
  readonly packets: number;
  readonly bytes: number;
  /** Most bytes in 10 ms and in 1 ms. */
  readonly peak10Bytes: number;
  readonly peak1Bytes: number;
  /** 10 ms that filled the link to 80 % and more. */
  readonly fullBins: number;
}

export class VolumeMeter {
  readonly #packets = new Float64Array(bucketCount);
  readonly #bytes = new Float64Array(bucketCount);
  #startUs = 0;
  /** Seconds one bucket covers. */
  #widthSec = 1;
  #last = -1;
  // current 1 ms, and the 10 ms that it lies in
  #fineEndUs = Number.NEGATIVE_INFINITY;
  #fineStartUs = Number.POSITIVE_INFINITY;
  #fineBytes = 0;
  #finePackets = 0;
  #binStartUs = Number.NEGATIVE_INFINITY;
  #binBytes = 0;
  #binPackets = 0;
  /** The second under way; told to `onSecond` when a later one begins. */
  readonly #second = { sec: -1, packets: 0, bytes: 0, peak10Bytes: 0, peak1Bytes: 0, fullBins: 0 };
  onSecond: (() => void) | null = null;
  peakBinBytes = 0;
  peakBinUs = 0;
  /** Bins that carried more than `burstShare` of the link. */
  burstBins = 0;
  /** Bits per second of the link, 0 when unknown. */
  speedBps = 0;

  /**
   * Counts a packet; one comparison when it falls into the same millisecond as the one before. Takes the packet and not its
   * time, since a time handed to a function that is not inlined is a number allocated.
   */
  add(p: { readonly timeUs: number; readonly wireLen: number }): void {
    if (p.timeUs >= this.#fineEndUs || p.timeUs < this.#fineStartUs) this.#turn(p);
    this.#fineBytes += p.wireLen;
    this.#finePackets++;
  }

  #turn(p: { readonly timeUs: number }): void {
    const { timeUs } = p;
    this.#closeFine();
    this.#fineStartUs = Math.floor(timeUs / fineUs) * fineUs;
    this.#fineEndUs = this.#fineStartUs + fineUs;
    if (timeUs >= this.#binStartUs && timeUs < this.#binStartUs + binUs) return;
    this.flush();
    this.#binStartUs = Math.floor(timeUs / binUs) * binUs;
    if (this.onSecond !== null) this.#turnSecond(Math.floor(timeUs / 1e6));
  }

  /** The second that is over, inside `onSecond`. */
  get second(): SecondVolume {
    return this.#second;
  }

  /** Packets that come late count where the clock is. */
  #turnSecond(sec: number): void {
    const s = this.#second;
    if (sec <= s.sec) return;
    if (s.packets > 0) this.onSecond?.();
    s.sec = sec;
    s.packets = 0;
    s.bytes = 0;
    s.peak10Bytes = 0;
    s.peak1Bytes = 0;
    s.fullBins = 0;
  }

  #closeFine(): void {
    if (this.#fineBytes > this.#second.peak1Bytes) this.#second.peak1Bytes = this.#fineBytes;
    this.#binBytes += this.#fineBytes;
    this.#binPackets += this.#finePackets;
    this.#fineBytes = 0;
    this.#finePackets = 0;
  }

  #countSecond(): void {
    const s = this.#second;
    s.packets += this.#binPackets;
    s.bytes += this.#binBytes;
    if (this.#binBytes > s.peak10Bytes) s.peak10Bytes = this.#binBytes;
    if (this.speedBps > 0 && this.#binBytes * 8 >= (this.speedBps * binUs * fullShare) / 1e6) s.fullBins++;
  }

  /** Adds the bin under way to the overview. */
  flush(): void {
    this.#closeFine();
    if (this.#binPackets === 0) return;
    this.#countSecond();
    if (this.#binBytes > this.peakBinBytes) {
      this.peakBinBytes = this.#binBytes;
      this.peakBinUs = this.#binStartUs;
    }
    if (this.speedBps > 0 && this.#binBytes * 8 > (this.speedBps * binUs * burstShare) / 1e6) this.burstBins++;
    if (this.#last < 0) this.#startUs = Math.floor(this.#binStartUs / 1e6) * 1e6;
    let at = Math.floor((this.#binStartUs - this.#startUs) / (this.#widthSec * 1e6));
    // Packets from before the first one are counted with it.
    if (at < 0) at = 0;
    while (at >= bucketCount) {
      this.#halve();
      at = Math.floor((this.#binStartUs - this.#startUs) / (this.#widthSec * 1e6));
    }
    if (at > this.#last) this.#last = at;
    this.#packets[at] += this.#binPackets;
    this.#bytes[at] += this.#binBytes;
    this.#binBytes = 0;
    this.#binPackets = 0;
  }

  #halve(): void {
    const p = this.#packets;
    const b = this.#bytes;
    for (let i = 0; i < bucketCount / 2; i++) {
      p[i] = p[2 * i] + p[2 * i + 1];
      b[i] = b[2 * i] + b[2 * i + 1];
    }
    p.fill(0, bucketCount / 2);
    b.fill(0, bucketCount / 2);
    this.#widthSec *= 2;
    this.#last >>= 1;
  }

  get widthSec(): number {
    return this.#widthSec;
  }

  /** The overview, one entry a bucket of `widthSec`, without gaps. */
  seconds(): VolumeSecond[] {
    const rows: VolumeSecond[] = [];
    for (let i = 0; i <= this.#last; i++) {
      rows.push({
        sec: this.#startUs / 1e6 + i * this.#widthSec,
        packets: this.#packets[i],
        bytes: this.#bytes[i],
      });
    }
    return rows;
  }

  /** Where the volume itself was the bottleneck. */
  findings(): Finding[] {
    const found: Finding[] = [];
    const rows = this.seconds();
    const peak = rows.reduce((most, row) => Math.max(most, row.bytes), 0) / this.#widthSec;
    const peakBps = peak * 8;
    if (this.speedBps > 0 && peakBps > this.speedBps * saturatedShare) {
      found.push({
        code: 'link-saturated',
        severity: 'warning',
        text: `The link was ${percent(peakBps / this.speedBps)} full at its peak (${megabits(peakBps)} of ${megabits(this.speedBps)}).`,
        advice: 'See the top talkers; shape or move the largest, or use a faster link.',
      });
    } else if (this.burstBins > 0) {
      found.push({
        code: 'burst',
        severity: 'warning',
        text: `${this.burstBins} bursts filled the link for 10 ms or more, though whole seconds look quiet.`,
        advice: 'Short bursts overflow switch and router queues: look for loss and latency at the same times.',
      });
    }
    // Without a link speed, bursts are told by contrast: 10 ms that carried as much as a whole usual second.
    const average =
      rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + row.bytes, 0) / (rows.length * this.#widthSec);
    if (this.speedBps === 0 && rows.length >= 10 && this.peakBinBytes > average && this.peakBinBytes > 1e6) {
      found.push({
        code: 'burst',
        severity: 'info',
        text: `A burst of ${(this.peakBinBytes / 1e6).toFixed(1)} MB came within 10 ms (${megabits((this.peakBinBytes * 8 * 1e6) / binUs)}), as much as an average second.`,
        advice: 'Short bursts overflow queues on the way: look for loss and latency at that time.',
      });
    }
    return found;
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function megabits(bps: number): string {
  return bps >= 1e9 ? `${(bps / 1e9).toFixed(2)} Gb/s` : `${(bps / 1e6).toFixed(1)} Mb/s`;
}
