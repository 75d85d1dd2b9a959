// What the user knows to be harmless: who, what, until when, and why. Matches are counted, never forgotten.

import {
  type Evidence,
  isInNetwork,
  isNamed,
  type NetworkWords,
  parseAddress,
  parseNetwork,
} from '../../core/index.ts';

/** As written in the configuration. */
export interface Exception {
  /** An address, a network (`10.0.0.0/8`), any other text that has to be the alert's key or among its ends (a MAC address, a name; `*.example.com` for all below), or `*`. */
  readonly who: string;
  /** A detector, a group (`scan.*`), or `*`. */
  readonly what: string;
  /** Packet time until which it holds, microseconds; null: for good. */
  readonly untilUs: number | null;
  readonly why: string;
}

/** An exception and how often it was met. */
export interface ExceptionUse extends Exception {
  readonly hits: number;
  readonly lastUs: number | null;
}

interface Ready {
  readonly exception: Exception;
  readonly network: NetworkWords | null;
  hits: number;
  lastUs: number | null;
}

export class Exceptions {
  readonly #all: Ready[];

  constructor(exceptions: readonly Exception[]) {
    this.#all = exceptions.map((exception) => ({
      exception,
      network: parseNetwork(exception.who),
      hits: 0,
      lastUs: null,
    }));
  }

  /** Whether an exception covers the evidence; counts it. */
  covers(detector: string, evidence: Evidence, timeUs: number): boolean {
    for (const ready of this.#all) {
      const { what, untilUs } = ready.exception;
      if (untilUs !== null && timeUs > untilUs) continue;
      if (!isNamed(detector, what) || !isAbout(ready, evidence)) continue;
      ready.hits++;
      ready.lastUs = Math.max(ready.lastUs ?? timeUs, timeUs);
      return true;
    }
    return false;
  }

  uses(): ExceptionUse[] {
    return this.#all.map(({ exception, hits, lastUs }) => ({ ...exception, hits, lastUs }));
  }
}

/** A target is meant only where nobody does it: whoever excepts a server does not except who attacks it. */
function isAbout({ exception: { who }, network }: Ready, { key, sources, targets }: Evidence): boolean {
  if (who === '*') return true;
  const ends = sources.length > 0 ? sources : targets;
  if (network !== null) {
    return ends.some((end) => {
      const address = parseAddress(end);
      return address !== null && isInNetwork(network, address.ipVersion, ...address.words);
    });
  }
  const isBelow = who.startsWith('*.');
  return [key, ...ends].some((end) => end === who || (isBelow && end.endsWith(who.slice(1))));
}
