// What was written within a day: Zeek tells a certificate once in that time (base/files/x509, known certificates).

const dayUs = 86_400e6;
const keyLimit = 50_000;

/** Remembers keys for a day of the traffic's own time; forgets the oldest ones when there are too many. */
export class SeenToday {
  readonly #toldUs = new Map<string, number>();

  /** Whether the key was not asked for within a day before; remembers it then. */
  isNew(key: string, timeUs: number): boolean {
    const told = this.#toldUs.get(key);
    if (told !== undefined && timeUs - told < dayUs) return false;
    this.#toldUs.delete(key);
    this.#toldUs.set(key, timeUs);
    if (this.#toldUs.size > keyLimit) this.#toldUs.delete(this.#toldUs.keys().next().value as string);
    return true;
  }
}
