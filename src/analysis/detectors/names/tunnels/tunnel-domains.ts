// Domains over which a tunnel was seen: other detectors leave them alone, so that one attack is one alert.

import type { Surroundings } from '../../detector.ts';

/** Domains remembered at the most; the oldest go first. */
const most = 256;

class TunnelDomains {
  readonly #hashes = new Set<number>();

  add(domainHash: number): void {
    this.#hashes.add(domainHash);
    if (this.#hashes.size <= most) return;
    for (const oldest of this.#hashes) {
      this.#hashes.delete(oldest);
      break;
    }
  }

  has(domainHash: number): boolean {
    return this.#hashes.has(domainHash);
  }
}

export function tunnelDomainsOf(around: Pick<Surroundings, 'shared'>): TunnelDomains {
  return around.shared('names.tunnel-domains', () => new TunnelDomains());
}

/** Text inside the quotes of a display filter. */
export const quoted = (text: string): string => text.replace(/[^a-z0-9._-]/gi, '');
