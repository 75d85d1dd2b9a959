// When a rate that was not told anew is over: after three seconds of whoever looks on. A demo that is played ten times as
// fast goes through thirty seconds of packet time meanwhile, so packet time is measured by how often it is told.

/** Of live captures, generously. */
const commonStepUs = 2e5;
const leastUs = 3e6;
/** Pulses in three seconds. */
const pulses = 30;

export class Silence {
  #lastUs = 0;
  #stepUs = 0;

  /** Packet time goes on, told about ten times a second. @returns packet time after which nothing told is silence */
  after(us: number): number {
    // A pause of the network is no speed: one long step counts little.
    const most = Math.max(commonStepUs, 2 * this.#stepUs);
    const step = this.#lastUs === 0 ? 0 : Math.max(0, Math.min(most, us - this.#lastUs));
    this.#lastUs = Math.max(us, this.#lastUs);
    this.#stepUs += (step - this.#stepUs) / 10;
    return Math.max(leastUs, this.#stepUs * pulses);
  }
}
