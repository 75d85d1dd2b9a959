// SYN flood: many half-open connections at one server (RFC 4987), from forged sources or from few real ones.

import { type FlowSignal, formatAddress, ipProto, moment, tcpFlag } from '../../../../core/index.ts';
import { CountMin, type DistinctPool, hashWords, type KeyTable } from '../../../sketches/index.ts';
import { count, defineDetector, type OptionValues, perSecond, type Surroundings, share } from '../../detector.ts';
import { counted, grouped, span, toHost } from '../../wording.ts';
import { namedHosts } from '../named-hosts.ts';

/** Openings to one port, or to any port of a host, in the last seconds, from which on a row is worth it. */
const warmPort = 16;
const warmHost = 64;
/** Seconds after which the sketch forgets half. */
const fadeSec = 2;
/** Nobody can have completed a handshake sooner than this: a first judgement waits for it. */
const graceUs = 50_000;
/** Openings in one second that need no waiting. */
const muchPerSec = 500;
/** A burst so short that it is seen only afterwards: openings, different sources, and how fast. */
const burst = { syns: 30, sources: 15, perSec: 300 } as const;
const anyPort = -1;
const windowSec = 10;
/** Quiet seconds after which a flood is a new one. */
const pauseSec = 30;

const SEC = 0;
const SYNS_1 = 1;
const WINDOW = 2;
const SYNS_10 = 3;
const DONE_10 = 4;
const TOTAL = 5;
const DONE = 6;
const PEAK = 7;
const RAISED = 8;
/** One of the sources. */
const SOURCE = 9;
const words = 13;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const LAST_US = 2;
const doubles = 3;

const options = {
  perSec: perSecond(100, 'Half-open connections of one server in one second'),
  perWindow: count(200, 'Half-open connections of one server in 10 s from many sources'),
  completed: share(0.2, 'Share of completed handshakes from which on it is no flood'),
  sources: count(50, 'Different sources that make many'),
};

class SynFlood {
  readonly #around: Surroundings<typeof options>;
  readonly #options: OptionValues<typeof options>;
  /** 2048 victims, by address and port (or any port): 128 bytes and 260 of sources each. */
  readonly #victims: KeyTable;
  readonly #sources: DistinctPool;
  /** 64 KiB. */
  readonly #recent = new CountMin(1 << 13);
  readonly #named: ReturnType<typeof namedHosts>;
  #fadedSec = 0;

  constructor(around: Surroundings<typeof options>) {
    this.#around = around;
    this.#options = around.options;
    this.#victims = around.table({ capacity: 2048, keyWords: 6, words, doubles, idleSec: 60 });
    this.#sources = around.distinct(this.#victims);
    this.#named = namedHosts(around.shared);
  }

  readonly moments = moment.opened | moment.retried | moment.established;

  flow(s: FlowSignal): void {
    if (s.proto !== ipProto.tcp) return;
    if (s.moment === moment.opened) {
      if ((s.tcpFlags & (tcpFlag.syn | tcpFlag.ack)) === tcpFlag.syn && s.isFromOriginator) this.#asked(s);
      return;
    }
    // Where only one direction is captured, the client's acknowledgement tells that it was answered.
    if (s.moment === moment.retried && (s.tcpFlags & (tcpFlag.syn | tcpFlag.ack)) !== tcpFlag.ack) return;
    if (this.#victims.used === 0 || s.timeUs - s.firstUs > windowSec * 1e6) return;
    this.#completed(this.#victims.find(s.ipVersion, s.r0, s.r1, s.r2, s.r3, s.rPort));
    this.#completed(this.#victims.find(s.ipVersion, s.r0, s.r1, s.r2, s.r3, anyPort));
  }

  #completed(row: number): void {
    if (row < 0) return;
    const at = this.#victims.at(row);
    this.#victims.words[at + DONE_10]++;
    this.#victims.words[at + DONE]++;
  }

  #asked(s: FlowSignal): void {
    let port = s.rPort;
    const host = hashWords(s.r0, s.r1, s.r2, s.r3);
    const onHost = this.#recent.add(host);
    let seen = this.#recent.add(hashWords(host, s.rPort));
    if (seen < warmPort) {
      if (onHost < warmHost) return;
      port = anyPort;
      seen = onHost;
    }
    const victims = this.#victims;
    const row = victims.claim(this.#around.now.sec, s.ipVersion, s.r0, s.r1, s.r2, s.r3, port);
    if (row < 0) return;
    this.#count(row, s, seen);
    this.#judge(row, false);
  }

  #count(row: number, s: FlowSignal, seen: number): void {
    const w = this.#victims.words;
    const at = this.#victims.at(row);
    const d = row * doubles;
    const { sec } = this.#around.now;
    const values = this.#victims.doubles;
    if (w[at + TOTAL] === 0 || sec - w[at + SEC] > pauseSec) {
      w.fill(0, at, at + words);
      this.#sources.clear(row);
      values[d + FIRST_US] = s.timeUs;
      values[d + FIRST_PACKET] = s.packet;
      w[at + SYNS_1] = seen - 1;
      w[at + SYNS_10] = seen - 1;
      w[at + TOTAL] = seen - 1;
      w[at + SEC] = sec;
      w[at + WINDOW] = sec;
    }
    if (w[at + SEC] !== sec) {
      w[at + SEC] = sec;
      w[at + SYNS_1] = 0;
      if (sec - w[at + WINDOW] >= windowSec) {
        w[at + WINDOW] = sec;
        w[at + SYNS_10] = 0;
        w[at + DONE_10] = 0;
        if (w[at + RAISED] === 0) this.#sources.clear(row);
      }
    }
    w[at + TOTAL]++;
    w[at + SYNS_10]++;
    if (++w[at + SYNS_1] > w[at + PEAK]) w[at + PEAK] = w[at + SYNS_1];
    values[d + LAST_US] = s.timeUs;
    if (this.#sources.add(row, hashWords(s.o0, s.o1, s.o2, s.o3))) {
      w[at + SOURCE] = s.o0;
      w[at + SOURCE + 1] = s.o1;
      w[at + SOURCE + 2] = s.o2;
      w[at + SOURCE + 3] = s.o3;
    }
  }

  /** @param isLate handshakes have had their time: a second is over, or the input */
  #judge(row: number, isLate: boolean): void {
    const w = this.#victims.words;
    const at = this.#victims.at(row);
    const isFast = w[at + SYNS_1] >= this.#options.perSec;
    if (!isFast && w[at + SYNS_10] < this.#options.perWindow && !isLate) return;
    if (w[at + TOTAL] < w[at + RAISED] * 2) return;
    if (w[at + DONE_10] >= w[at + SYNS_10] * this.#options.completed) return;
    const d = row * doubles;
    const spanUs = this.#victims.doubles[d + LAST_US] - this.#victims.doubles[d + FIRST_US];
    const isOnce = w[at + RAISED] > 0 || isLate || spanUs >= graceUs || w[at + SYNS_1] >= muchPerSec;
    if (!isOnce) return;
    if (this.#isMuch(row, isFast)) this.#raise(row);
    else if (isLate && this.#isBurst(row, spanUs)) this.#raise(row, 'medium');
  }

  #isMuch(row: number, isFast: boolean): boolean {
    const w = this.#victims.words;
    const at = this.#victims.at(row);
    if (!isFast && w[at + SYNS_10] < this.#options.perWindow) return false;
    // One that asks many ports of a host is looking for services: a scan.
    if (isFast && this.#victims.key(row, 5) !== anyPort) return true;
    return this.#sources.count(row) >= this.#options.sources;
  }

  #isBurst(row: number, spanUs: number): boolean {
    const syns = this.#victims.words[this.#victims.at(row) + SYNS_10];
    return (
      syns >= burst.syns &&
      this.#sources.count(row) >= burst.sources &&
      (syns - warmPort) * 1e6 >= burst.perSec * spanUs
    );
  }

  #raise(row: number, severity?: 'medium'): void {
    const victims = this.#victims;
    const w = victims.words;
    const at = victims.at(row);
    const d = row * doubles;
    const total = w[at + TOTAL];
    w[at + RAISED] = total;
    victims.setWorth(row, total);
    const key = (i: number): number => victims.key(row, i);
    const host = formatAddress(key(0), key(1), key(2), key(3), key(4));
    const port = key(5);
    const sources = this.#sources.count(row);
    const one = formatAddress(key(0), w[at + SOURCE], w[at + SOURCE + 1], w[at + SOURCE + 2], w[at + SOURCE + 3]);
    const firstUs = victims.doubles[d + FIRST_US];
    const from = sources === 1 ? one : `about ${counted(sources, 'source')}`;
    const where = port === anyPort ? 'many ports' : `port ${port}`;
    this.#named.add(host, this.#around.now.sec);
    if (sources === 1) this.#named.add(one, this.#around.now.sec);
    this.#around.raise({
      key: host,
      sources: sources === 1 ? [one] : [],
      targets: [host],
      ...(severity === undefined ? {} : { severity }),
      observed: total,
      threshold: w[at + PEAK] >= this.#options.perSec ? this.#options.perSec : this.#options.perWindow,
      unit: 'connection requests',
      firstUs,
      firstPacket: victims.doubles[d + FIRST_PACKET],
      count: total,
      explain:
        `${host} was asked for ${counted(total, 'connection')} to ${where} by ${from} within ` +
        `${span(victims.doubles[d + LAST_US] - firstUs)}, up to ${grouped(w[at + PEAK])} a second, ` +
        `and ${grouped(w[at + DONE])} were completed; limit ${this.#options.perSec} a second.`,
      against: `${grouped(w[at + DONE])} of ${grouped(total)} handshakes were completed`,
      filter: `${toHost(host)} && tcp.flags.syn == 1 && tcp.flags.ack == 0${port === anyPort ? '' : ` && tcp.dstport == ${port}`}`,
    });
  }

  tick(sec: number): void {
    if (sec - this.#fadedSec >= fadeSec) {
      if (sec - this.#fadedSec > 60) this.#recent.clear();
      else this.#recent.halve();
      this.#fadedSec = sec;
    }
    if (this.#victims.used > 0) this.#lookBack(sec);
  }

  /** Judges what came in the seconds before. */
  #lookBack(sec: number): void {
    for (let row = 0; row < this.#victims.capacity; row++) {
      if (!this.#victims.isUsed(row)) continue;
      const last = this.#victims.words[this.#victims.at(row) + SEC];
      if (last < sec && sec - last <= 2 * windowSec) this.#judge(row, true);
    }
  }

  end(): void {
    this.#lookBack(this.#around.now.sec + 1);
  }
}

export const synFlood = defineDetector({
  name: 'flood.syn',
  title: 'SYN flood',
  version: 1,
  severity: 'high',
  mitre: 'T1499.001',
  meaning:
    'Half-open connections fill the server’s table until it takes no more: those who want its service are locked out.',
  benign:
    'A server that has just failed is asked again and again; a load test that begins, or a capture of one direction only.',
  next: 'See whether the server still completes handshakes, and turn on SYN cookies; sources are most likely forged.',
  options,
  open: (around) => new SynFlood(around),
});
