// Who answers questions for how many others: a resolver that asks on behalf of many may ask that much more.

import type { EventPlace } from '../../../core/index.ts';
import { type DistinctPool, hashWords, type KeyTable } from '../../sketches/index.ts';
import type { Surroundings } from '../detector.ts';

/** 512 name servers with 260 bytes each for their clients: 160 KiB. */
const capacity = 512;

class NameServers {
  readonly #table: KeyTable;
  readonly #clients: DistinctPool;
  #lastPacket = -1;

  constructor({ table, distinct }: Pick<Surroundings, 'table' | 'distinct'>) {
    this.#table = table({ capacity, keyWords: 5, idleSec: 3600, evicted: (row) => this.#clients.clear(row) });
    this.#clients = distinct(this.#table);
  }

  /** Takes who asked whom; several detectors may tell the same message. */
  note(place: EventPlace, sec: number): void {
    if (place.packet === this.#lastPacket) return;
    this.#lastPacket = place.packet;
    const row = this.#table.claim(sec, place.ipVersion, place.s0, place.s1, place.s2, place.s3);
    if (row < 0) return;
    if (!this.#clients.add(row, hashWords(place.c0, place.c1, place.c2, place.c3))) return;
    this.#table.setWorth(row, this.#clients.count(row));
  }

  /** Clients of the one who asks here, 1 for a host that nobody asks. */
  behind(place: EventPlace): number {
    const row = this.#table.find(place.ipVersion, place.c0, place.c1, place.c2, place.c3);
    return row < 0 ? 1 : Math.max(1, this.#clients.count(row));
  }
}

/** The name servers that all detectors of a run know of. */
export function nameServersOf(around: Pick<Surroundings, 'shared' | 'table' | 'distinct'>): NameServers {
  return around.shared('names.servers', () => new NameServers(around));
}
