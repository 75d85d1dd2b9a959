// Very many new conversations of one host: absolutely, or against what it did in the minutes before.

import { type FlowSignal, formatAddress, moment } from '../../../../core/index.ts';
import { CountMin, hashWords, type KeyTable } from '../../../sketches/index.ts';
import { count, defineDetector, type OptionValues, type Surroundings } from '../../detector.ts';
import { counted, grouped, withHost } from '../../wording.ts';
import { namedHosts } from '../named-hosts.ts';

/** Openings in the last seconds from which on a host gets a row. */
const warm = 64;
const fadeSec = 10;
/** Spread of a usual minute that is allowed at least, of the logarithm. */
const leastSpread = 0.15;
/** Weight of a new minute in what is usual. */
const weight = 0.15;

const MINUTE = 0;
const COUNT = 1;
const MINUTES = 2;
const RAISED = 3;
const words = 4;
const MEAN = 0;
const VARIANCE = 1;
const FIRST_PACKET = 2;
const doubles = 3;

const options = {
  perMinute: count(256, 'New flows of one host in a minute, where that is far more than usual'),
  deviations: count(6, 'Standard deviations above what is usual (of the logarithm)'),
  minutes: count(10, 'Minutes with many flows that must be known before anything is usual'),
  most: count(10_000, 'New flows of one host in a minute, whatever is usual'),
};

class FlowFlood {
  readonly #around: Surroundings<typeof options>;
  readonly #options: OptionValues<typeof options>;
  /** 1024 hosts each way, 80 bytes each. */
  readonly #hosts: KeyTable;
  /** 64 KiB. */
  readonly #recent = new CountMin(1 << 13);
  readonly #named: ReturnType<typeof namedHosts>;
  #fadedSec = 0;
  readonly moments = moment.opened;

  constructor(around: Surroundings<typeof options>) {
    this.#around = around;
    this.#options = around.options;
    this.#hosts = around.table({ capacity: 2048, keyWords: 6, words, doubles, idleSec: 1800 });
    this.#named = namedHosts(around.shared);
  }

  flow(s: FlowSignal): void {
    // Who has opened few lately is known already.
    if (s.attempts >= warm) this.#count(0, s, s.o0, s.o1, s.o2, s.o3);
    if (this.#recent.add(hashWords(s.r0, s.r1, s.r2, s.r3)) >= warm) this.#count(1, s, s.r0, s.r1, s.r2, s.r3);
  }

  #count(way: number, s: FlowSignal, a0: number, a1: number, a2: number, a3: number): void {
    const { sec } = this.#around.now;
    const hosts = this.#hosts;
    const row = hosts.claim(sec, (s.ipVersion << 1) | way, a0, a1, a2, a3, 0);
    if (row < 0) return;
    const w = hosts.words;
    const at = hosts.at(row);
    const minute = Math.floor(sec / 60);
    if (w[at + MINUTE] !== minute) this.#turn(row, minute, s.packet);
    const n = ++w[at + COUNT];
    if (n < this.#options.perMinute || n < w[at + RAISED] * 2) return;
    if (n < this.#options.most && !this.#isUnusual(row, n)) return;
    w[at + RAISED] = n;
    const host = formatAddress(s.ipVersion, a0, a1, a2, a3);
    if (!this.#named.has(host, sec)) this.#raise(row, host, way, n);
  }

  /** Learns the minute that is over. Minutes without many flows teach nothing: usual is what it does when it is at work. */
  #turn(row: number, minute: number, packet: number): void {
    const w = this.#hosts.words;
    const at = this.#hosts.at(row);
    const v = this.#hosts.doubles;
    const d = row * doubles;
    if (w[at + MINUTE] !== 0) this.#learn(row, w[at + COUNT]);
    w[at + MINUTE] = minute;
    w[at + COUNT] = w[at + MINUTES] === 0 ? warm - 1 : 0;
    w[at + RAISED] = 0;
    v[d + FIRST_PACKET] = packet;
    this.#hosts.setWorth(row, Math.round(Math.exp(v[d + MEAN])));
  }

  #learn(row: number, n: number): void {
    const w = this.#hosts.words;
    const at = this.#hosts.at(row);
    const v = this.#hosts.doubles;
    const d = row * doubles;
    const x = Math.log1p(n);
    const off = x - v[d + MEAN];
    const share = Math.max(weight, 1 / (w[at + MINUTES] + 1));
    // What was alarming teaches little.
    const drift = w[at + RAISED] > 0 ? share / 10 : share;
    v[d + MEAN] += drift * off;
    v[d + VARIANCE] = (1 - drift) * (v[d + VARIANCE] + drift * off * off);
    w[at + MINUTES]++;
  }

  #isUnusual(row: number, n: number): boolean {
    if (this.#hosts.words[this.#hosts.at(row) + MINUTES] < this.#options.minutes) return false;
    const v = this.#hosts.doubles;
    const spread = Math.max(leastSpread, Math.sqrt(v[row * doubles + VARIANCE]));
    const off = Math.log1p(n) - v[row * doubles + MEAN];
    return off >= this.#options.deviations * spread && n >= 8 * Math.expm1(v[row * doubles + MEAN]);
  }

  #raise(row: number, host: string, way: number, n: number): void {
    const isUsual = this.#hosts.words[this.#hosts.at(row) + MINUTES] >= this.#options.minutes;
    const usual = Math.round(Math.expm1(this.#hosts.doubles[row * doubles + MEAN]));
    const minute = this.#hosts.words[this.#hosts.at(row) + MINUTE];
    this.#around.raise({
      key: `${host} ${way === 0 ? 'opens' : 'is asked'}`,
      sources: way === 0 ? [host] : [],
      targets: way === 0 ? [] : [host],
      observed: n,
      threshold: n >= this.#options.most ? this.#options.most : this.#options.perMinute,
      unit: 'flows a minute',
      ...(isUsual ? { expected: usual } : {}),
      firstUs: minute * 60e6,
      firstPacket: this.#hosts.doubles[row * doubles + FIRST_PACKET],
      count: n,
      explain:
        `${host} ${way === 0 ? 'opened' : 'was asked for'} ${counted(n, 'conversation')} within a minute` +
        `${isUsual ? `, usually ${grouped(usual)}` : ''}; limit ${grouped(this.#options.most)}, ` +
        `or ${this.#options.perMinute} when that is unusual.`,
      filter: withHost(host),
    });
  }

  tick(sec: number): void {
    if (sec - this.#fadedSec < fadeSec) return;
    if (sec - this.#fadedSec > 60) this.#recent.clear();
    else this.#recent.halve();
    this.#fadedSec = sec;
  }
}

export const flowFlood = defineDetector({
  name: 'flood.flows',
  title: 'Very many new conversations',
  version: 1,
  severity: 'low',
  mitre: 'T1499',
  meaning: 'New conversations fill the tables of firewalls and servers on the way, whatever they carry.',
  benign: 'Resolvers, proxies, crawlers, file sharing, and many people behind one address.',
  next: 'See what the conversations are, and whether the host has a new task.',
  options,
  open: (around) => new FlowFlood(around),
});
