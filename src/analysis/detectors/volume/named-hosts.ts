// Hosts that a detector of floods has just named: one that looks at plain rates keeps quiet about them, so that one
// attack makes one alert.

/** Hosts remembered; the one named longest ago is forgotten first. */
const hostLimit = 1024;
/** Seconds for which a host stays named. */
const namedSec = 60;

export class NamedHosts {
  readonly #secs = new Map<string, number>();

  add(host: string, sec: number): void {
    this.#secs.delete(host);
    this.#secs.set(host, sec);
    if (this.#secs.size > hostLimit) for (const oldest of this.#secs.keys()) return void this.#secs.delete(oldest);
  }

  has(host: string, sec: number): boolean {
    const named = this.#secs.get(host);
    return named !== undefined && sec - named <= namedSec;
  }
}

/** What all detectors of this family share. */
export const namedHosts = (shared: <T>(key: string, make: () => T) => T): NamedHosts =>
  shared('volume.named', () => new NamedHosts());
