// DNS water torture: random names under one domain, asked by many clients, that no cache can answer; all of them end at
// the servers of that domain (also called random subdomain attack, RFC 9520 §1 tells of its failures).

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { type DistinctPool, hashText, hashWords, type KeyTable } from '../../../sketches/index.ts';
import { count, defineDetector, type OptionValues, type Surroundings, seconds, share } from '../../detector.ts';
import { counted, percent, serverOf, toHost } from '../../wording.ts';

/** Second-level names under which names are registered: `co.uk`, `com.br`. */
const publicSecond = /^(?:ac|co|com|edu|gov|ltd|me|net|or|org|go|ne|gob|nom|mil)$/;

/** The registered domain of a name as far as its form tells; empty for a name without a label below it. */
function domainOf(name: string): string {
  const labels = name.toLowerCase().replace(/\.$/, '').split('.');
  const n = labels.length;
  const size = n >= 3 && labels[n - 1].length === 2 && publicSecond.test(labels[n - 2]) ? 3 : 2;
  return n > size ? labels.slice(n - size).join('.') : '';
}

const BEGAN = 0;
const ASKED = 1;
const FAILED = 2;
const RAISED = 3;
const words = 4;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const doubles = 2;

const options = {
  names: count(500, 'Different names under one domain within `windowSec`'),
  failing: share(0.8, 'Share of them that do not exist, or are not answered'),
  clients: count(5, 'Clients that ask for them'),
  windowSec: seconds(60, 'Window in which they are counted'),
};

class WaterTorture {
  readonly #around: Surroundings<typeof options>;
  readonly #options: OptionValues<typeof options>;
  /** 512 domains at a server, 590 bytes each with their names and clients. */
  readonly #domains: KeyTable;
  readonly #names: DistinctPool;
  readonly #clients: DistinctPool;

  constructor(around: Surroundings<typeof options>) {
    this.#around = around;
    this.#options = around.options;
    this.#domains = around.table({ capacity: 512, keyWords: 4, words, doubles, idleSec: 120 });
    this.#names = around.distinct(this.#domains);
    this.#clients = around.distinct(this.#domains);
  }

  readonly events = { dns: (event: AnyEvent, place: EventPlace): void => this.#dns(event, place) };

  #dns(event: AnyEvent, e: EventPlace): void {
    if (e.only === 'eve' || typeof event.query !== 'string') return;
    const name = event.query.slice(0, 255);
    const domain = domainOf(name);
    if (domain === '' || domain.endsWith('.arpa')) return;
    const rcode = typeof event.rcodeName === 'string' ? event.rcodeName : '';
    const isFailed = rcode !== 'NOERROR' && rcode !== 'REFUSED';
    const server = hashWords(e.s0, e.s1, e.s2, e.s3);
    const key = [hashText(domain), domain.length, server, e.s0 ^ e.s3] as const;
    const row = isFailed ? this.#domains.claim(this.#around.now.sec, ...key) : this.#domains.find(...key);
    if (row < 0) return;
    const w = this.#domains.words;
    const at = this.#domains.at(row);
    if (w[at + BEGAN] === 0 || this.#around.now.sec - w[at + BEGAN] > this.#options.windowSec) this.#begin(row, e);
    w[at + ASKED]++;
    if (!isFailed) return;
    w[at + FAILED]++;
    this.#names.add(row, hashText(name));
    this.#clients.add(row, hashWords(e.c0, e.c1, e.c2, e.c3));
    if (w[at + FAILED] >= this.#options.names) this.#judge(row, e, domain);
  }

  #begin(row: number, e: EventPlace): void {
    const w = this.#domains.words;
    const at = this.#domains.at(row);
    w.fill(0, at, at + words);
    w[at + BEGAN] = this.#around.now.sec;
    this.#names.clear(row);
    this.#clients.clear(row);
    this.#domains.doubles[row * doubles + FIRST_US] = e.timeUs;
    this.#domains.doubles[row * doubles + FIRST_PACKET] = e.packet;
  }

  #judge(row: number, e: EventPlace, domain: string): void {
    const w = this.#domains.words;
    const at = this.#domains.at(row);
    const names = this.#names.count(row);
    const clients = this.#clients.count(row);
    const limits = this.#options;
    if (names < limits.names || clients < limits.clients || names < w[at + RAISED] * 2) return;
    if (w[at + FAILED] < w[at + ASKED] * limits.failing) return;
    w[at + RAISED] = names;
    this.#domains.setWorth(row, names);
    const server = serverOf(e);
    this.#around.raise({
      key: `${domain} at ${server}`,
      sources: [],
      targets: [server],
      observed: names,
      threshold: limits.names,
      unit: 'names',
      firstUs: this.#domains.doubles[row * doubles + FIRST_US],
      firstPacket: this.#domains.doubles[row * doubles + FIRST_PACKET],
      count: w[at + FAILED],
      explain:
        `${counted(clients, 'client')} asked ${server} for about ${counted(names, 'different name')} under ${domain} within ` +
        `${limits.windowSec} s, and ${percent(w[at + FAILED] / w[at + ASKED])} got no address; limit ${limits.names}.`,
      against: `${w[at + ASKED] - w[at + FAILED]} of ${w[at + ASKED]} questions were answered`,
      filter: `${toHost(server)} && dns.qry.name contains "${domain.replace(/[^a-z0-9._-]/g, '?')}"`,
    });
  }
}

export const waterTorture = defineDetector({
  name: 'dns.water-torture',
  title: 'Random names under one domain',
  version: 1,
  severity: 'high',
  mitre: 'T1499.002',
  meaning:
    'Names that no cache knows all end at the servers of the domain, until these and the resolvers before them give up.',
  benign: 'Reputation services that put what they ask for into the name; those names mostly exist.',
  next: 'See who asks: clients that were taken over, or an open resolver; let the resolver limit what it asks for that domain.',
  options,
  open: (around) => new WaterTorture(around),
});
