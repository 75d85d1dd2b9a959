// Flows, packets and bytes by what they speak.

import type { AppVolume } from '../../core/index.ts';

export class AppCounts {
  readonly #flows: Float64Array;
  readonly #packets: Float64Array;
  readonly #bytes: Float64Array;
  readonly #names: readonly string[];

  /** @param names by number, 0 is the unknown */
  constructor(names: readonly string[]) {
    this.#names = names;
    this.#flows = new Float64Array(names.length);
    this.#packets = new Float64Array(names.length);
    this.#bytes = new Float64Array(names.length);
  }

  /** @param flows 1 for a conversation, 0 for a further part of one */
  add(name: number, flows: number, packets: number, bytes: number): void {
    this.#flows[name] += flows;
    this.#packets[name] += packets;
    this.#bytes[name] += bytes;
  }

  copy(): AppCounts {
    const copy = new AppCounts(this.#names);
    copy.#flows.set(this.#flows);
    copy.#packets.set(this.#packets);
    copy.#bytes.set(this.#bytes);
    return copy;
  }

  /** Those that were seen, most bytes first. */
  rows(): Record<string, AppVolume> {
    const seen = [...this.#names.keys()].filter((i) => this.#packets[i] > 0);
    seen.sort((a, b) => this.#bytes[b] - this.#bytes[a]);
    return Object.fromEntries(
      seen.map((i) => [this.#names[i], { flows: this.#flows[i], packets: this.#packets[i], bytes: this.#bytes[i] }]),
    );
  }
}
