// Who is who on the wire: which MAC address has which IP address, learned from ARP, neighbour discovery and IP
// frames, and which of them pass on what others send. Shared by the detectors of this family, which are told after
// it.

import {
  type AnyEvent,
  type EventPlace,
  type FlowSignal,
  ipProto,
  isLocalAddress,
  moment,
  type Packet,
  parseAddress,
} from '../../../core/index.ts';
import { hashWords, type KeyTable } from '../../sketches/index.ts';
import type { Moment, Surroundings, Watch } from '../detector.ts';
import { ArpMessage, arpReply } from './arp/arp-message.ts';
import { Questions } from './arp/questions.ts';
import { NdMessage, ndAdvertisement, ndSolicitation } from './ipv6/nd-message.ts';
import { isGroupMac, isSharedMac, macHigh, macHighOf, macLow, macLowOf } from './mac.ts';
import { RecentFrames } from './recent-frames.ts';

/** Words of a binding: an IP address and the MAC that claimed it last. */
const B_MAC0 = 0;
const B_MAC1 = 1;
const B_SOURCE = 2;
const B_FIRST_SEC = 3;
/** The MAC that had it before. */
const B_PREVIOUS0 = 4;
const B_PREVIOUS1 = 5;
const B_WORDS = 6;

/** How a binding was learned: by an IP frame only, or because its owner said so. */
export const learned = { frame: 1, claim: 2, lease: 4 } as const;

/** Words of a MAC address. */
const M_IP = 0;
const M_CLAIMED = 1;
const M_CARRIED = 2;
const M_BITS = 3;
const M_WORDS = 4;
const hasAnswer = 1;
const speaksRouting = 2;
/** What only routers say: EIGRP, OSPF, PIM, VRRP; and over UDP RIP, RIPng, HSRP. */
const routingProtocols = new Set([88, 89, 103, 112]);
const routingPorts = new Set([520, 521, 1985]);

export class Neighbours implements Watch {
  /** The ARP message at hand; `operation` 0 when the frame is none. */
  readonly arp = new ArpMessage();
  /** The neighbour discovery message at hand; `type` 0 when the frame is none. */
  readonly nd = new NdMessage();
  /** The message at hand came a moment ago already: a capture that sees a frame coming and going. */
  isRepeat = false;
  /** The reply at hand answers a question that was seen. */
  isAnswer = false;
  /** The message at hand takes an address from another MAC; of that the words, and whether it is there and has no other. */
  isTaken = false;
  before0 = 0;
  before1 = 0;
  wasOwner = false;
  beforeSource = 0;
  /** Row of the MAC address that sent the flow signal at hand; -1 when there is none. */
  source = -1;
  /** MAC of a router seen last (0 0: none). */
  router0 = 0;
  router1 = 0;
  /** Packet time of the first second, from when on a question may have been seen. */
  firstSec = Number.NEGATIVE_INFINITY;
  readonly moments = moment.opened | moment.answered;
  readonly bindings: KeyTable;
  readonly macs: KeyTable;
  readonly questions: Questions;
  readonly #now: Moment;
  readonly #recent = new RecentFrames();

  constructor({ now, table }: Surroundings) {
    this.#now = now;
    // 56 and 36 bytes a row: 0.75 MB in all, resident where used.
    this.bindings = table({ capacity: 8192, keyWords: 5, words: B_WORDS, idleSec: 7200 });
    this.macs = table({ capacity: 8192, keyWords: 2, words: M_WORDS, idleSec: 7200 });
    this.questions = new Questions(this.arp, table);
  }

  tick(sec: number): void {
    if (this.firstSec === Number.NEGATIVE_INFINITY) this.firstSec = sec;
  }

  frame(p: Packet): void {
    this.arp.operation = 0;
    this.nd.type = 0;
    if (p.level !== 0) return;
    if (p.proto === ipProto.icmpv6) this.#readNd(p);
    else if (p.ipVersion === 0 && this.arp.read(p)) this.#readArp(p);
    else if (routingProtocols.has(p.proto) && p.srcMacAt >= 0)
      this.#mark(this.#now.sec, macHigh(p.bytes, p.srcMacAt), macLow(p.bytes, p.srcMacAt + 4), speaksRouting);
  }

  #readArp(p: Packet): void {
    const { arp } = this;
    const sec = this.#now.sec;
    this.isRepeat = this.#recent.isRepeat(p.timeUs, p.bytes, p.l3At, 28);
    if (this.isRepeat) return;
    this.isAnswer = arp.operation === arpReply && this.questions.answer(sec);
    if (this.isAnswer && arp.isUnicast) this.#mark(sec, arp.to0, arp.to1, hasAnswer);
    this.isTaken = false;
    if (arp.operation !== arpReply && !arp.isProbe && !arp.isAnnouncement) this.questions.ask(sec);
    if (arp.isProbe || isGroupMac(arp.sender0) || (arp.sender0 | arp.sender1) === 0) return;
    this.#claim(sec, 4, arp.vlan, arp.sender0, arp.sender1, arp.senderIp, 0, 0, 0);
  }

  #readNd(p: Packet): void {
    const { nd } = this;
    if (!nd.read(p)) return;
    this.isRepeat = this.#recent.isRepeat(p.timeUs, p.bytes, p.l4At, Math.min(72, p.payloadEnd - p.l4At));
    this.isTaken = false;
    if (this.isRepeat || (nd.mac0 | nd.mac1) === 0) return;
    const sec = this.#now.sec;
    if (nd.type === ndAdvertisement)
      this.#claim(sec, 6, p.vlanOuter, nd.mac0, nd.mac1, nd.target0, nd.target1, nd.target2, nd.target3);
    else if (nd.type === ndSolicitation && (p.src0 | p.src3) !== 0)
      this.#claim(sec, 6, p.vlanOuter, nd.mac0, nd.mac1, p.src0, p.src1, p.src2, p.src3);
  }

  /** A MAC says that an address is its own. */
  #claim(sec: number, ip: number, vlan: number, m0: number, m1: number, a: number, b: number, c: number, d: number) {
    const { bindings, macs } = this;
    const row = bindings.claim(sec, keyOf(ip, vlan), a, b, c, d);
    if (row >= 0) {
      const w = bindings.words;
      const at = bindings.at(row);
      const isNew = w[at + B_SOURCE] === 0;
      if (!isNew && (w[at + B_MAC0] !== m0 || w[at + B_MAC1] !== m1)) this.#take(row, ip, a, m0, m1);
      if (isNew || this.isTaken) w[at + B_FIRST_SEC] = sec;
      w[at + B_MAC0] = m0;
      w[at + B_MAC1] = m1;
      w[at + B_SOURCE] |= learned.claim;
      bindings.setWorth(row, 2);
    }
    const mac = macs.claim(sec, m0, m1);
    if (mac < 0) return;
    const at = macs.at(mac);
    if (ip === 4) {
      macs.words[at + M_IP] = a;
      macs.words[at + M_CLAIMED] |= bitOf(a, 0, 0, 0);
    }
    macs.setWorth(mac, 2);
  }

  /**
   * Remembers from whom an address is taken: who has it, or who had it before that one went elsewhere. What only came
   * through a router was never that router's.
   */
  #take(row: number, ip: number, a: number, m0: number, m1: number): void {
    const w = this.bindings.words;
    const at = this.bindings.at(row);
    const isGone = ip === 4 && !this.#isAt(w[at + B_MAC0], w[at + B_MAC1], a);
    const hasPrevious = isGone && this.#isAt(w[at + B_PREVIOUS0], w[at + B_PREVIOUS1], a);
    this.before0 = w[at + (hasPrevious ? B_PREVIOUS0 : B_MAC0)];
    this.before1 = w[at + (hasPrevious ? B_PREVIOUS1 : B_MAC1)];
    this.beforeSource = w[at + B_SOURCE];
    w[at + B_SOURCE] = 0;
    if (this.before0 === m0 && this.before1 === m1) return;
    w[at + B_PREVIOUS0] = this.before0;
    w[at + B_PREVIOUS1] = this.before1;
    if (isSharedMac(m0, m1) || isSharedMac(this.before0, this.before1)) return;
    if ((this.beforeSource & learned.claim) === 0 && this.isRouter(this.before0, this.before1)) return;
    this.isTaken = true;
    this.wasOwner = !isGone || hasPrevious;
  }

  /** Whether a MAC is known and has said no other IPv4 address since. */
  #isAt(m0: number, m1: number, ip: number): boolean {
    const row = this.macs.find(m0, m1);
    if (row < 0) return false;
    const last = this.macs.words[this.macs.at(row) + M_IP];
    return last === ip || last === 0;
  }

  flow(s: FlowSignal): void {
    if (s.isInner || (s.srcMac0 | s.srcMac1) === 0) {
      this.source = -1;
      return;
    }
    const isOpened = s.moment === moment.opened;
    const { macs } = this;
    const sec = this.#now.sec;
    const row = this.#sourceOf(sec, s.srcMac0, s.srcMac1);
    if (row >= 0 && s.rPort === s.oPort && routingPorts.has(s.rPort))
      macs.words[macs.at(row) + M_BITS] |= speaksRouting;
    if (isOpened) this.#see(sec, s, s.o0, s.o1, s.o2, s.o3);
    else {
      this.#carry(sec, s.srcMac0, s.srcMac1, s.ipVersion, s.r0, s.r1, s.r2, s.r3);
      this.#carry(sec, s.dstMac0, s.dstMac1, s.ipVersion, s.o0, s.o1, s.o2, s.o3);
      this.#see(sec, s, s.r0, s.r1, s.r2, s.r3);
    }
  }

  /** The row of a source; a flood comes from the same one again and again. */
  #sourceOf(sec: number, m0: number, m1: number): number {
    const { macs, source } = this;
    const isSame =
      source >= 0 && macs.key(source, 0) === m0 && macs.key(source, 1) === m1 && macs.lastSec(source) === sec;
    if (isSame) return source;
    this.source = macs.claim(sec, m0, m1);
    return this.source;
  }

  /** An IP frame: what nobody claimed belongs to who sent it, until someone does. */
  #see(sec: number, s: FlowSignal, a: number, b: number, c: number, d: number): void {
    if (!isLocalAddress(s.ipVersion, a, b, c, d) || (a | b | c | d) === 0) return;
    const { bindings } = this;
    const key = keyOf(s.ipVersion, s.vlan);
    const known = bindings.find(key, a, b, c, d);
    if (known < 0 && this.isRouter(s.srcMac0, s.srcMac1)) return;
    const row = bindings.claim(sec, key, a, b, c, d);
    if (row < 0) return;
    const at = bindings.at(row);
    const w = bindings.words;
    if (w[at + B_SOURCE] !== 0) return;
    w[at + B_MAC0] = s.srcMac0;
    w[at + B_MAC1] = s.srcMac1;
    w[at + B_SOURCE] = learned.frame;
    w[at + B_FIRST_SEC] = sec;
  }

  /** An answered conversation of a host elsewhere went through this MAC: two of them make a router. */
  #carry(sec: number, m0: number, m1: number, ip: number, a: number, b: number, c: number, d: number): void {
    if ((m0 | m1) === 0 || isGroupMac(m0) || isLocalAddress(ip, a, b, c, d)) return;
    const { macs } = this;
    const row = macs.claim(sec, m0, m1);
    if (row < 0) return;
    const at = macs.at(row) + M_CARRIED;
    macs.words[at] |= bitOf(a, b, c, d);
    if (bitsIn(macs.words[at]) < 2) return;
    macs.setWorth(row, 3);
    this.router0 = m0;
    this.router1 = m1;
  }

  #mark(sec: number, m0: number, m1: number, bit: number): void {
    const row = this.macs.claim(sec, m0, m1);
    if (row >= 0) this.macs.words[this.macs.at(row) + M_BITS] |= bit;
  }

  readonly events = { dhcp: (event: AnyEvent, place: EventPlace): void => this.#lease(event, place) };

  /** A lease was given: this MAC has that address by right. */
  #lease(event: AnyEvent, place: EventPlace): void {
    if (place.only === 'log' || event.dhcpType !== 'ack') return;
    const { clientMac, assignedIp } = event;
    if (typeof clientMac !== 'string' || typeof assignedIp !== 'string') return;
    const address = parseAddress(assignedIp);
    const m0 = macHighOf(clientMac);
    const m1 = macLowOf(clientMac);
    if (address === null || address.words[0] === 0 || (m0 | m1) === 0) return;
    const row = this.bindings.claim(this.#now.sec, keyOf(4, -1), address.words[0]);
    if (row < 0) return;
    const at = this.bindings.at(row);
    this.bindings.words[at + B_MAC0] = m0;
    this.bindings.words[at + B_MAC1] = m1;
    this.bindings.words[at + B_SOURCE] = learned.lease | learned.claim;
  }

  /** Passes on what others send: several hosts elsewhere answer or are answered through it. */
  carries(m0: number, m1: number): boolean {
    const row = this.macs.find(m0, m1);
    return row >= 0 && bitsIn(this.macs.words[this.macs.at(row) + M_CARRIED]) >= 2;
  }

  /** Carries, speaks what only routers speak, or has claimed four addresses or more. */
  isRouter(m0: number, m1: number): boolean {
    const row = this.macs.find(m0, m1);
    if (row >= 0 && (this.macs.words[this.macs.at(row) + M_BITS] & speaksRouting) !== 0) return true;
    return this.carries(m0, m1) || this.claimed(m0, m1) >= 4;
  }

  /** About how many IPv4 addresses a MAC has claimed (never too many). */
  claimed(m0: number, m1: number): number {
    const row = this.macs.find(m0, m1);
    return row < 0 ? 0 : bitsIn(this.macs.words[this.macs.at(row) + M_CLAIMED]);
  }

  /** Whether the capture has shown an answer to a question of this MAC: it sees what is sent to it alone. */
  seesAnswersTo(m0: number, m1: number): boolean {
    const row = this.macs.find(m0, m1);
    return row >= 0 && (this.macs.words[this.macs.at(row) + M_BITS] & hasAnswer) !== 0;
  }

  /** IPv4 address that a MAC claimed last; 0 when it claimed none. */
  ipOf(m0: number, m1: number): number {
    const row = this.macs.find(m0, m1);
    return row < 0 ? 0 : this.macs.words[this.macs.at(row) + M_IP];
  }

  /** Seconds since a MAC was heard; infinite when it is not known. */
  silence(m0: number, m1: number): number {
    const row = this.macs.find(m0, m1);
    return row < 0 ? Number.POSITIVE_INFINITY : this.#now.sec - this.macs.lastSec(row);
  }

  /** IPv4 address that the source of the flow signal at hand claimed last, 0 when it claimed none or carries for others. */
  get ownIp(): number {
    const { source, macs } = this;
    if (source < 0) return 0;
    const at = macs.at(source);
    const ip = macs.words[at + M_IP];
    const isRouter = (macs.words[at + M_BITS] & speaksRouting) !== 0 || bitsIn(macs.words[at + M_CARRIED]) >= 2;
    return isRouter || bitsIn(macs.words[at + M_CLAIMED]) >= 4 ? 0 : ip;
  }

  /** Row of the binding of an address, -1 when there is none. */
  find(ip: number, vlan: number, a: number, b = 0, c = 0, d = 0): number {
    return this.bindings.find(keyOf(ip, vlan), a, b, c, d);
  }

  mac0(row: number): number {
    return this.bindings.words[this.bindings.at(row) + B_MAC0];
  }

  mac1(row: number): number {
    return this.bindings.words[this.bindings.at(row) + B_MAC1];
  }
}

const keyOf = (ip: number, vlan: number): number => ip | ((vlan + 1) << 8);
const bitOf = (a: number, b: number, c: number, d: number): number => 1 << (hashWords(a, b, c, d) & 31);

function bitsIn(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The one that all detectors share. */
// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export function neighboursOf(around: Surroundings<any>): Neighbours {
  return around.learner('neighbours', () => new Neighbours(around));
}
