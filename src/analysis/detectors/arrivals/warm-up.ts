// When a first-comer is news: not in the first hour, and not when so many come that none of them is.

/** Seconds of silence that count as learning at the most: gaps between captures teach nothing. */
const gapSec = 60;

export class WarmUp {
  readonly #learnSec: number;
  readonly #perHour: number;
  #learned = 0;
  #lastSec = Number.NEGATIVE_INFINITY;
  #hour = Number.NEGATIVE_INFINITY;
  #inHour = 0;

  constructor(learnSec: number, perHour: number) {
    this.#learnSec = learnSec;
    this.#perHour = perHour;
  }

  tick(sec: number): void {
    if (this.#lastSec !== Number.NEGATIVE_INFINITY) this.#learned += Math.min(gapSec, sec - this.#lastSec);
    this.#lastSec = sec;
  }

  get isOver(): boolean {
    return this.#learned >= this.#learnSec;
  }

  /** Whether one more may be told in this hour. */
  mayTell(sec: number): boolean {
    if (!this.isOver) return false;
    const hour = Math.floor(sec / 3600);
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#inHour = 0;
    }
    return this.#inHour++ < this.#perHour;
  }
}
