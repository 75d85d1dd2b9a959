// Streams of a QUIC connection that were told: packets that are sent or captured again must not open them anew.

/** How many are remembered. */
const limit = 1024;

export class ClosedStreams {
  readonly #ids = new Set<number>();

  has(id: number): boolean {
    return this.#ids.has(id);
  }

  add(id: number): void {
    this.#ids.add(id);
    if (this.#ids.size <= limit) return;
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest);
      return;
    }
  }
}
