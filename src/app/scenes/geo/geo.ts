// Where addresses are and who has them, out of databases of the user's own.

/** What is known of an address; null where the databases say nothing. */
export interface Place {
  /** Two letters (ISO 3166-1). */
  readonly country: string | null;
  /** Degrees; null without a database of cities. */
  readonly lat: number | null;
  readonly lon: number | null;
  /** Number of the autonomous system, and who runs it. */
  readonly asn: number | null;
  readonly organisation: string | null;
}

export interface Geo {
  /** Null where nothing is known: addresses of the house, addresses that no database has. */
  look(ip: string): Place | null;
}

/** `AS15169 Google LLC`; empty where it is not known. */
export function asnText(place: Place | null): string {
  return place === null || place.asn === null ? '' : `AS${place.asn} ${place.organisation ?? ''}`.trim();
}
