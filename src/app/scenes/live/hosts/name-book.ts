// Names that addresses were called by: who said so and how often, and the best one of each.

import { type Batch, names as namesTable, valueReader } from '../../../../output/store/index.ts';

/** Addresses that have names here, and names of each; the oldest give way. */
const mostAddresses = 65_536;
const mostNames = 10;

/** Who knows best: a device of itself, then what a client asked for, then who answered with the address. */
const origins = ['dhcp', 'mdns', 'llmnr', 'tls', 'quic', 'http', 'dns'];
const rankOf = (origin: string): number => (origins.includes(origin) ? origins.indexOf(origin) : origins.length);

interface Known {
  readonly name: string;
  rank: number;
  count: number;
}

export class NameBook {
  readonly #byAddress = new Map<string, Known[]>();

  /** Rows of the table `names`. @param changed hears of each address whose names have changed */
  hear(batch: Batch, changed: (ip: string) => void): void {
    const at = (name: string): number => namesTable.columns.findIndex((column) => column.name === name);
    const [ip, name, origin, count] = ['ip', 'name', 'origin', 'count'].map((column) =>
      valueReader(namesTable.columns[at(column)].kind, batch.columns[at(column)]),
    );
    for (let row = 0; row < batch.rows; row++) {
      const address = String(ip(row));
      this.#note(address, String(name(row)), rankOf(String(origin(row))), Number(count(row)));
      changed(address);
    }
  }

  /** The best name; empty where none is known. */
  best(ip: string): string {
    const known = this.#byAddress.get(ip);
    if (known === undefined) return '';
    return known.reduce((best, each) => (isBetter(each, best) ? each : best)).name;
  }

  /** The most usual first. */
  all(ip: string): readonly string[] {
    const known = this.#byAddress.get(ip) ?? [];
    return known.toSorted((a, b) => b.count - a.count).map(({ name }) => name);
  }

  #note(ip: string, name: string, rank: number, count: number): void {
    const known = this.#byAddress.get(ip);
    if (known === undefined) {
      if (this.#byAddress.size >= mostAddresses) this.#byAddress.delete(this.#byAddress.keys().next().value ?? '');
      this.#byAddress.set(ip, [{ name, rank, count }]);
      return;
    }
    const same = known.find((each) => each.name === name);
    if (same !== undefined) {
      same.count += count;
      same.rank = Math.min(same.rank, rank);
      return;
    }
    // The rarest of the least telling gives way.
    if (known.length >= mostNames) known.splice(known.indexOf(known.reduce((a, b) => (isBetter(a, b) ? b : a))), 1);
    known.push({ name, rank, count });
  }
}

const isBetter = (a: Known, b: Known): boolean => (a.rank === b.rank ? a.count > b.count : a.rank < b.rank);
