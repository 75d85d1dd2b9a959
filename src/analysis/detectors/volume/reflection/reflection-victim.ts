// Victim of reflection: answers nobody asked for, from many servers at once (CISA alert TA14-017A; Bock et al. 2021 for
// TCP). Who sent the questions with a forged source cannot be seen.

import { type FlowSignal, formatAddress, ipProto, moment, tcpFlag } from '../../../../core/index.ts';
import { CountMin, type DistinctPool, hashWords, type KeyTable } from '../../../sketches/index.ts';
import { count, defineDetector, type OptionValues, perSecond, type Surroundings } from '../../detector.ts';
import { communityOf, counted, grouped, span, toHost } from '../../wording.ts';
import { namedHosts } from '../named-hosts.ts';
import { reflectorServices } from './reflector-ports.ts';

/** Answers to one host in the last seconds from which on it gets a row. */
const warm = 8;
const fadeSec = 5;
const windowSec = 10;
/** Answers from about as many servers in so short a time that a second is not needed. */
const burstPerSec = 300;
/** Port under which answers of any TCP service are counted. */
const tcpService = 0;

const WINDOW = 0;
const COUNT = 1;
const ASKED = 2;
const TOTAL = 3;
const RAISED = 4;
const SEC = 5;
const IN_SEC = 6;
const PEAK = 7;
/** Resets among the answers. */
const RESETS = 8;
const words = 9;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const LAST_US = 2;
const WINDOW_US = 3;
const doubles = 4;

const options = {
  answers: count(100, 'Answers that were not asked for, to one host within 10 s'),
  reflectors: count(10, 'Servers that send them'),
  tcpReflectors: count(50, 'Servers that send them over TCP, where every host answers'),
  perSec: perSecond(100, 'Answers in one second, from which on time is not waited for'),
};

class ReflectionVictim {
  readonly #around: Surroundings<typeof options>;
  readonly #options: OptionValues<typeof options>;
  /** 1024 victims and services, 360 bytes each with their reflectors. */
  readonly #victims: KeyTable;
  readonly #reflectors: DistinctPool;
  /** 32 KiB. */
  readonly #recent = new CountMin(1 << 12);
  readonly #named: ReturnType<typeof namedHosts>;
  #fadedSec = 0;
  readonly moments = moment.opened | moment.answered | moment.rejected | moment.established;

  constructor(around: Surroundings<typeof options>) {
    this.#around = around;
    this.#options = around.options;
    this.#victims = around.table({ capacity: 1024, keyWords: 6, words, doubles, idleSec: 30 });
    this.#reflectors = around.distinct(this.#victims);
    this.#named = namedHosts(around.shared);
  }

  flow(s: FlowSignal): void {
    if (s.proto === ipProto.tcp) this.#tcp(s);
    else if (s.proto === ipProto.udp) this.#udp(s);
  }

  #tcp(s: FlowSignal): void {
    if (s.moment === moment.answered || s.moment === moment.rejected) {
      // An answer as the first packet of all: a SYN-ACK or a reset.
      if (s.oPackets === 0 && (s.tcpFlags & (tcpFlag.syn | tcpFlag.rst)) !== 0) this.#answer(s, true, tcpService);
    } else if (s.moment === moment.opened) {
      if ((s.tcpFlags & (tcpFlag.syn | tcpFlag.ack)) === tcpFlag.syn && this.#victims.used > 0)
        this.#asked(s, tcpService);
    }
  }

  #udp(s: FlowSignal): void {
    if (s.moment === moment.answered) {
      if (s.oPackets === 0 && reflectorServices.has(s.rPort)) this.#answer(s, true, s.rPort);
    } else if (s.moment === moment.opened && s.isFromOriginator) {
      // Between two services' ports, or a server's port that is no well-known one, the first packet told the direction.
      if (reflectorServices.has(s.rPort)) {
        if (this.#victims.used > 0) this.#asked(s, s.rPort);
      } else if (reflectorServices.has(s.oPort)) this.#answer(s, false, s.oPort);
    }
  }

  /** The host asked such a service itself. */
  #asked(s: FlowSignal, service: number): void {
    const row = this.#victims.find(s.ipVersion, s.o0, s.o1, s.o2, s.o3, service);
    if (row >= 0) this.#victims.words[this.#victims.at(row) + ASKED]++;
  }

  /** @param isToOriginator the reflector is the responder, as the ports say */
  #answer(s: FlowSignal, isToOriginator: boolean, service: number): void {
    const v0 = isToOriginator ? s.o0 : s.r0;
    const v1 = isToOriginator ? s.o1 : s.r1;
    const v2 = isToOriginator ? s.o2 : s.r2;
    const v3 = isToOriginator ? s.o3 : s.r3;
    if (this.#recent.add(hashWords(v0, v1, v2, v3, service)) < warm) return;
    const victims = this.#victims;
    const row = victims.claim(this.#around.now.sec, s.ipVersion, v0, v1, v2, v3, service);
    if (row < 0) return;
    const w = victims.words;
    const at = victims.at(row);
    this.#turn(row, s);
    w[at + TOTAL]++;
    w[at + COUNT]++;
    if (++w[at + IN_SEC] > w[at + PEAK]) w[at + PEAK] = w[at + IN_SEC];
    if ((s.tcpFlags & tcpFlag.rst) !== 0) w[at + RESETS]++;
    victims.doubles[row * doubles + LAST_US] = s.timeUs;
    const who = isToOriginator ? hashWords(s.r0, s.r1, s.r2, s.r3) : hashWords(s.o0, s.o1, s.o2, s.o3);
    this.#reflectors.add(row, who);
    this.#judge(row, s, service);
  }

  #turn(row: number, s: FlowSignal): void {
    const { sec } = this.#around.now;
    const w = this.#victims.words;
    const at = this.#victims.at(row);
    const d = row * doubles;
    if (w[at + TOTAL] === 0 || sec - w[at + SEC] > 3 * windowSec) {
      w.fill(0, at, at + words);
      w[at + TOTAL] = warm - 1;
      this.#victims.doubles[d + FIRST_US] = s.timeUs;
      this.#victims.doubles[d + FIRST_PACKET] = s.packet;
    }
    if (w[at + SEC] !== sec) {
      w[at + SEC] = sec;
      w[at + IN_SEC] = 0;
    }
    if (sec - w[at + WINDOW] < windowSec) return;
    w[at + WINDOW] = sec;
    w[at + COUNT] = 0;
    w[at + ASKED] = 0;
    this.#victims.doubles[d + WINDOW_US] = s.timeUs;
    if (w[at + RAISED] === 0) this.#reflectors.clear(row);
  }

  #judge(row: number, s: FlowSignal, service: number): void {
    const w = this.#victims.words;
    const at = this.#victims.at(row);
    const d = row * doubles;
    const limits = this.#options;
    if (w[at + TOTAL] < w[at + RAISED] * 2 || w[at + ASKED] * 5 > w[at + COUNT]) return;
    const spanUs = s.timeUs - this.#victims.doubles[d + WINDOW_US];
    // Fewer are enough where they came all at once: a capture may hold only a short part of the attack.
    const isBurst = w[at + COUNT] >= limits.answers / 3 && w[at + COUNT] * 1e6 >= burstPerSec * spanUs;
    if (w[at + COUNT] < limits.answers && !isBurst) return;
    const reflectors = this.#reflectors.count(row);
    if (reflectors < (service === tcpService || isBurst ? Math.min(limits.tcpReflectors, 30) : limits.reflectors))
      return;
    this.#raise(row, s, service, reflectors);
  }

  #raise(row: number, s: FlowSignal, service: number, reflectors: number): void {
    const victims = this.#victims;
    const w = victims.words;
    const at = victims.at(row);
    const total = w[at + TOTAL];
    w[at + RAISED] = total;
    victims.setWorth(row, total);
    const key = (i: number): number => victims.key(row, i);
    const host = formatAddress(key(0), key(1), key(2), key(3), key(4));
    const firstUs = victims.doubles[row * doubles + FIRST_US];
    const what = service === tcpService ? 'TCP' : (reflectorServices.get(service)?.name ?? `UDP ${service}`);
    const resets = w[at + RESETS] === 0 ? '' : `, ${grouped(w[at + RESETS])} of them resets`;
    this.#named.add(host, this.#around.now.sec);
    this.#around.raise({
      key: `${host} ${what}`,
      sources: [],
      targets: [host],
      observed: total,
      threshold: this.#options.answers,
      unit: 'answers',
      firstUs,
      firstPacket: victims.doubles[row * doubles + FIRST_PACKET],
      count: total,
      explain:
        `${host} got ${counted(total, `${what} answer`)} that it had not asked for${resets}, in ${span(s.timeUs - firstUs)} from ` +
        `about ${counted(reflectors, 'server')}, up to ${grouped(w[at + PEAK])} a second; limit ${this.#options.answers} in 10 s.`,
      against: `${grouped(w[at + ASKED])} questions of its own were seen in the last 10 s`,
      flows: [communityOf(s)],
      filter:
        service === tcpService
          ? `${toHost(host)} && (tcp.flags == 0x012 || tcp.flags.reset == 1)`
          : `${toHost(host)} && udp.srcport == ${service}`,
    });
  }

  tick(sec: number): void {
    if (sec - this.#fadedSec < fadeSec) return;
    if (sec - this.#fadedSec > 60) this.#recent.clear();
    else this.#recent.halve();
    this.#fadedSec = sec;
  }
}

export const reflectionVictim = defineDetector({
  name: 'drdos.victim',
  title: 'Victim of a reflection attack',
  version: 1,
  severity: 'high',
  mitre: 'T1498.002',
  meaning: 'Someone asks servers all over the net in the name of this host, and their larger answers fill its line.',
  benign: 'A resolver whose questions are not in the capture, or one that sees one direction only.',
  next: 'Ask the provider to filter answers of this service; the servers are abused, not the attackers.',
  options,
  open: (around) => new ReflectionVictim(around),
});
