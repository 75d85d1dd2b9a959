// Sources that were caught fingerprinting: their odd packets are explained and make no further alert.

import type { Surroundings } from '../../detector.ts';

/** Sources remembered, and for how long. */
const most = 256;
const forUs = 60e6;

export class Crafters {
  readonly #lastUs = new Map<string, number>();

  name(source: string, timeUs: number): void {
    this.#lastUs.delete(source);
    if (this.#lastUs.size >= most) this.#lastUs.delete(this.#lastUs.keys().next().value ?? '');
    this.#lastUs.set(source, timeUs);
  }

  isNamed(source: string, timeUs: number): boolean {
    const lastUs = this.#lastUs.get(source);
    return lastUs !== undefined && timeUs - lastUs <= forUs;
  }
}

export function crafters(around: Surroundings): Crafters {
  return around.shared('scan.crafters', () => new Crafters());
}
