// Names that addresses were called by, folded within a batch: who said so, when first and last, how often.

import { type EventFact, formatAddress, parseAddress } from '../../../core/index.ts';
import { type Batch, BatchBuilder } from '../batches/index.ts';
import { names } from '../tables/index.ts';
import { textOf } from './flow-names.ts';
import type { RowPlace } from './flow-rows.ts';

interface Seen {
  readonly address: string;
  readonly name: string;
  readonly origin: string;
  firstUs: number;
  lastUs: number;
  count: number;
}

type Values = Readonly<Record<string, unknown>>;
type Tell = (address: string, name: string) => void;

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((v) => typeof v === 'string') : [];
const server = (fact: EventFact): string => {
  const w = fact.words;
  return formatAddress(fact.ipVersion, w[4], w[5], w[6], w[7]);
};

/** By kind of event: which address it names, and how. */
const readers: Readonly<Record<string, (values: Values, fact: EventFact, tell: Tell) => void>> = {
  dns: answered,
  mdns: answered,
  llmnr: answered,
  tls: (values, fact, tell) => tell(server(fact), textOf(values.sni)),
  quic: (values, fact, tell) => tell(server(fact), textOf(values.sni)),
  http: (values, fact, tell) => tell(server(fact), textOf(values.host)),
  dhcp: (values, _fact, tell) => {
    const name = textOf(values.clientFqdn) || textOf(values.hostName);
    tell(textOf(values.assignedAddress) || textOf(values.clientAddress), name);
  },
};

/** Names lead to the addresses of the answer; what else an answer holds is no address. */
function answered(values: Values, _fact: EventFact, tell: Tell): void {
  const query = textOf(values.query);
  for (const result of textsOf(values.results)) tell(result, query);
}

/** A batch of names being filled. */
export class NameRows {
  readonly #place: RowPlace;
  #seen = new Map<string, Seen>();

  constructor(place: RowPlace) {
    this.#place = place;
  }

  get rows(): number {
    return this.#seen.size;
  }

  hear(fact: EventFact, values: Values): void {
    const { name: origin } = fact.kind;
    readers[origin]?.(values, fact, (address, name) => {
      if (name === '' || name.length > 255 || address === '' || address === name) return;
      this.#note(address, name, origin, fact.timeUs);
    });
  }

  take(): Batch {
    const b = new BatchBuilder(names, Math.max(16, this.#seen.size));
    const [run, sensor, ip] = [b.fixed('run'), b.word('sensor'), b.fixed('ip')];
    const [name, origin] = [b.text('name'), b.word('origin')];
    const [first, last, count] = [b.fixed('first_ts'), b.fixed('last_ts'), b.fixed('count')];
    for (const seen of this.#seen.values()) {
      const address = parseAddress(seen.address);
      if (address === null) continue;
      run.setU64(b.row, this.#place.run);
      sensor.set(b.row, this.#place.sensor);
      ip.setAddress(b.row, address.ipVersion, ...address.words);
      name.set(seen.name);
      origin.set(b.row, seen.origin);
      first.setU64(b.row, seen.firstUs);
      last.setU64(b.row, seen.lastUs);
      count.setU64(b.row, seen.count);
      b.endRow();
    }
    this.#seen = new Map();
    return b.take();
  }

  #note(address: string, name: string, origin: string, timeUs: number): void {
    const key = `${origin} ${address} ${name}`;
    const seen = this.#seen.get(key);
    if (seen === undefined) {
      this.#seen.set(key, { address, name, origin, firstUs: timeUs, lastUs: timeUs, count: 1 });
      return;
    }
    seen.firstUs = Math.min(seen.firstUs, timeUs);
    seen.lastUs = Math.max(seen.lastUs, timeUs);
    seen.count++;
  }
}
