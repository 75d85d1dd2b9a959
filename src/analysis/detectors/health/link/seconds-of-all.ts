// Volume signals of one second from several analyses, added up to the second of the whole link.

import type { VolumeSignal } from '../../../../core/index.ts';

/** Calls `judge` with each second once it is over, that is, when a later one is told. */
export class SecondsOfAll {
  readonly #judge: (second: Readonly<VolumeSignal>) => void;
  readonly #sum = { sec: -1, packet: 0, packets: 0, bytes: 0, peak10Bytes: 0, peak1Bytes: 0, fullBins: 0, speedBps: 0 };

  constructor(judge: (second: Readonly<VolumeSignal>) => void) {
    this.#judge = judge;
  }

  add(s: VolumeSignal): void {
    const sum = this.#sum;
    if (s.sec > sum.sec) {
      this.flush();
      Object.assign(sum, s);
      return;
    }
    if (s.sec < sum.sec) return;
    sum.packet = s.packet;
    sum.packets += s.packets;
    sum.bytes += s.bytes;
    // Peaks of shares need not fall together: the sum is the most there can have been.
    sum.peak10Bytes += s.peak10Bytes;
    sum.peak1Bytes += s.peak1Bytes;
    sum.fullBins = Math.max(sum.fullBins, s.fullBins);
  }

  flush(): void {
    if (this.#sum.sec >= 0) this.#judge(this.#sum);
    this.#sum.sec = -1;
  }
}
