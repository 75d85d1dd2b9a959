// HTTP flood: more requests than a person, or all persons together, would make.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { type DistinctPool, hashText, hashWords, type KeyTable } from '../../../sketches/index.ts';
import {
  count,
  defineDetector,
  type OptionValues,
  perSecond,
  type Surroundings,
  seconds,
  share,
} from '../../detector.ts';
import { betweenHosts, clientOf, communityAt, counted, percent, serverOf, toHost } from '../../wording.ts';

const SEC = 0;
const IN_SEC = 1;
const BUSY_SECS = 2;
const WINDOW = 3;
const IN_WINDOW = 4;
const FAILED = 5;
const REFUSED = 6;
const RAISED = 7;
const TOTAL = 8;
const words = 9;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const doubles = 2;
const windowSec = 10;

const options = {
  perSec: perSecond(100, 'Requests of one client to one server'),
  lastsSec: seconds(3, 'Seconds in a row at that rate'),
  perWindow: count(1000, 'Requests of one client to one server within 10 s'),
  serverPerSec: perSecond(500, 'Requests of all clients to one server, when it fails'),
  failing: share(0.2, 'Share of server errors (5xx) and missing answers from which on it fails'),
  clients: count(20, 'Clients from which on the server is told instead of a client'),
};

class HttpFlood {
  readonly #around: Surroundings<typeof options>;
  readonly #options: OptionValues<typeof options>;
  /** 1024 pairs and 256 servers; 85 bytes each, and 260 of names or clients. */
  readonly #pairs: KeyTable;
  readonly #targets: DistinctPool;
  readonly #servers: KeyTable;
  readonly #clients: DistinctPool;

  constructor(around: Surroundings<typeof options>) {
    this.#around = around;
    this.#options = around.options;
    this.#pairs = around.table({ capacity: 1024, keyWords: 4, words, doubles, idleSec: 60 });
    this.#targets = around.distinct(this.#pairs);
    this.#servers = around.table({ capacity: 256, keyWords: 5, words, doubles, idleSec: 60 });
    this.#clients = around.distinct(this.#servers);
  }

  readonly events = { http: (event: AnyEvent, place: EventPlace): void => this.#http(event, place) };

  #http(event: AnyEvent, e: EventPlace): void {
    if (e.only === 'eve') return;
    const status = typeof event.statusCode === 'number' ? event.statusCode : 0;
    const client = hashWords(e.c0, e.c1, e.c2, e.c3);
    const row = this.#pairs.claim(
      this.#around.now.sec,
      client,
      e.c3 ^ e.c0,
      hashWords(e.s0, e.s1, e.s2, e.s3),
      e.s3 ^ e.s0,
    );
    if (row >= 0) {
      this.#turn(this.#pairs, this.#targets, row, e);
      this.#add(this.#pairs, row, status);
      this.#targets.add(row, hashText(typeof event.url === 'string' ? event.url.slice(0, 256) : ''));
      this.#judgePair(row, e);
    }
    const server = this.#servers.claim(this.#around.now.sec, e.ipVersion, e.s0, e.s1, e.s2, e.s3);
    if (server < 0) return;
    this.#turn(this.#servers, this.#clients, server, e);
    this.#add(this.#servers, server, status);
    this.#clients.add(server, client);
    this.#judgeServer(server, e);
  }

  #turn(table: KeyTable, pool: DistinctPool, row: number, e: EventPlace): void {
    const { sec } = this.#around.now;
    const w = table.words;
    const at = table.at(row);
    const gap = sec - w[at + SEC];
    if (gap === 0) return;
    if (w[at + TOTAL] === 0 || gap > 3 * windowSec) {
      w.fill(0, at, at + words);
      pool.clear(row);
      table.doubles[row * doubles + FIRST_US] = e.timeUs;
      table.doubles[row * doubles + FIRST_PACKET] = e.packet;
    }
    const limit = table === this.#pairs ? this.#options.perSec : this.#options.serverPerSec;
    w[at + BUSY_SECS] = gap === 1 && w[at + IN_SEC] >= limit ? w[at + BUSY_SECS] + 1 : 0;
    w[at + SEC] = sec;
    w[at + IN_SEC] = 0;
    if (sec - w[at + WINDOW] < windowSec) return;
    w[at + WINDOW] = sec;
    w[at + IN_WINDOW] = 0;
    w[at + FAILED] = 0;
    w[at + REFUSED] = 0;
    if (w[at + RAISED] === 0) pool.clear(row);
  }

  #add(table: KeyTable, row: number, status: number): void {
    const w = table.words;
    const at = table.at(row);
    w[at + TOTAL]++;
    w[at + IN_SEC]++;
    w[at + IN_WINDOW]++;
    if (status === 0 || status >= 500) w[at + FAILED]++;
    else if (status >= 400) w[at + REFUSED]++;
  }

  #isMuch(table: KeyTable, row: number, perSec: number, perWindow: number): boolean {
    const w = table.words;
    const at = table.at(row);
    if (w[at + TOTAL] < w[at + RAISED] * 2) return false;
    const isLong = w[at + BUSY_SECS] + 1 >= this.#options.lastsSec && w[at + IN_SEC] >= perSec;
    return isLong || w[at + IN_WINDOW] >= perWindow;
  }

  #judgePair(row: number, e: EventPlace): void {
    const { perSec, perWindow } = this.#options;
    if (!this.#isMuch(this.#pairs, row, perSec, perWindow)) return;
    const w = this.#pairs.words;
    const at = this.#pairs.at(row);
    const names = this.#targets.count(row);
    // One that asks for what is not there, each time for something else, looks for weaknesses: a scan.
    if (w[at + REFUSED] * 10 >= w[at + IN_WINDOW] * 8 && names * 2 >= w[at + IN_WINDOW]) return;
    const total = w[at + TOTAL];
    w[at + RAISED] = total;
    this.#pairs.setWorth(row, total);
    const client = clientOf(e);
    const server = serverOf(e);
    this.#around.raise({
      key: `${client} → ${server}`,
      sources: [client],
      targets: [server],
      observed: total,
      threshold: perWindow,
      unit: 'requests',
      firstUs: this.#pairs.doubles[row * doubles + FIRST_US],
      firstPacket: this.#pairs.doubles[row * doubles + FIRST_PACKET],
      count: total,
      explain:
        `${client} made ${counted(total, 'HTTP request')} to ${server} for ${counted(names, 'different path')}, ` +
        `${w[at + IN_WINDOW]} of them within 10 s; limit ${perSec} a second for ${this.#options.lastsSec} s.`,
      against: `${percent(w[at + FAILED] / Math.max(1, w[at + IN_WINDOW]))} failed`,
      flows: [communityAt(e)],
      filter: `${betweenHosts(client, server)} && http.request`,
    });
  }

  #judgeServer(row: number, e: EventPlace): void {
    const { serverPerSec, failing, clients } = this.#options;
    if (!this.#isMuch(this.#servers, row, serverPerSec, serverPerSec * windowSec)) return;
    const w = this.#servers.words;
    const at = this.#servers.at(row);
    const who = this.#clients.count(row);
    if (who < clients || w[at + FAILED] < w[at + IN_WINDOW] * failing) return;
    const total = w[at + TOTAL];
    w[at + RAISED] = total;
    this.#servers.setWorth(row, total);
    const server = serverOf(e);
    this.#around.raise({
      key: server,
      sources: [],
      targets: [server],
      observed: total,
      threshold: serverPerSec,
      unit: 'requests',
      firstUs: this.#servers.doubles[row * doubles + FIRST_US],
      firstPacket: this.#servers.doubles[row * doubles + FIRST_PACKET],
      count: total,
      explain:
        `${server} got ${counted(total, 'HTTP request')} from about ${counted(who, 'client')}, ` +
        `${w[at + IN_WINDOW]} of them within 10 s, of which it failed ${w[at + FAILED]}; limit ${serverPerSec} a second.`,
      against: `${percent(1 - w[at + FAILED] / Math.max(1, w[at + IN_WINDOW]))} were answered`,
      filter: `${toHost(server)} && http.request`,
    });
  }
}

export const httpFlood = defineDetector({
  name: 'flood.http',
  title: 'HTTP flood',
  version: 1,
  severity: 'medium',
  mitre: 'T1499.002',
  meaning: 'Requests that cost the server much and the sender little keep it from answering others.',
  benign: 'A proxy with many people behind it, a crawler, a load test, or a program that asks again and again.',
  next: 'See whether the requests differ in program and address, and whether the server still answers others.',
  options,
  open: (around) => new HttpFlood(around),
});
