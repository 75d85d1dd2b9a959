// Packet time as a count of whole seconds that never runs backwards, whatever the file's time stamps do.

/** A packet this much older than the clock is out of order; newer ones do not move the clock back. */
const toleranceUs = 60e6;
/** So many old packets without a single newer one mean that time really begins anew there. */
const oldPacketLimit = 1000;

/**
 * Ticks once a second of packet time. Jumps forward move it on; packets from the past leave it; a file whose time
 * begins anew (merged days, a corrected clock) goes on ticking from where it was.
 */
export class FlowClock {
  /** Seconds of packet time since the first packet. */
  tick = 0;
  /** A packet outside [lowUs, nextUs) has to be shown to `adjust`. */
  lowUs = Number.POSITIVE_INFINITY;
  nextUs = Number.NEGATIVE_INFINITY;
  #oldPackets = 0;

  /** Takes a time outside the current second; returns true when the tick changed. */
  adjust(timeUs: number): boolean {
    if (this.lowUs === Number.POSITIVE_INFINITY) {
      this.#startSecond(timeUs);
      return false;
    }
    if (timeUs >= this.nextUs) {
      // At most 2^28 ticks (8 years) at once, so that damaged times do not overflow the counter.
      const seconds = Math.min(Math.floor((timeUs - this.nextUs) / 1e6) + 1, 1 << 28);
      this.tick = (this.tick + seconds) & 0x3fffffff;
      this.#startSecond(timeUs);
      return true;
    }
    if (++this.#oldPackets > oldPacketLimit) this.#startSecond(timeUs);
    return false;
  }

  #startSecond(timeUs: number): void {
    this.#oldPackets = 0;
    this.nextUs = timeUs + 1e6;
    this.lowUs = timeUs - toleranceUs;
  }
}
