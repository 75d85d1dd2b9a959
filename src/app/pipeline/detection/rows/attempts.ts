// About how many conversations each originator has opened lately.

import { CountMin, hashWords } from '../../../../analysis/sketches/index.ts';
import type { FlowSignal } from '../../../../core/index.ts';

/**
 * Seconds after which an originator's openings count half; sooner when there are very many, or a flood of forged sources
 * would fill the sketch until everyone seems to have opened much (ageing as in TinyLFU, Einziger et al. 2017).
 */
const halfSec = 10;
const width = 1 << 14;
const most = 4 * width;

export class Attempts {
  /** 128 KiB. */
  readonly #counts = new CountMin(width);
  #added = 0;
  #halvedSec = 0;

  /** To be called when a second is over. */
  turn(sec: number): void {
    if (sec - this.#halvedSec >= halfSec) this.#fade(sec);
  }

  /** Counts a conversation that was opened; gives its originator's number. */
  add(s: FlowSignal, sec: number): number {
    if (++this.#added >= most) this.#fade(sec);
    return this.#counts.add(hashWords(s.o0, s.o1, s.o2, s.o3));
  }

  #fade(sec: number): void {
    this.#halvedSec = sec;
    this.#added = 0;
    this.#counts.halve();
  }
}
