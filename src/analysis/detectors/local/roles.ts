// What hosts are, learned from what they do: routers, address translators, name servers, servers of addresses,
// time, mail and pages, printers. Other detectors ask so that what is usual for a role is not told as strange
// (detection.md §2.6).
//
//   const roles = rolesOf(around);
//   limit *= roles.nameFactor(ipVersion, w0, w1, w2, w3);          clients of a resolver, else 1
//   limit *= roles.sourceFactor(ipVersion, w0, w1, w2, w3);        4 for an address that many hosts share, else 1

import {
  type AnyEvent,
  type EventPlace,
  type FlowSignal,
  formatAddress,
  ipProto,
  isLocalAddress,
  moment,
} from '../../../core/index.ts';
import { hashWords, type KeyTable } from '../../sketches/index.ts';
import type { Moment, Surroundings, Watch } from '../detector.ts';
import { type Neighbours, neighboursOf } from './neighbours.ts';

/** Roles that a host can have; `router` and `nat` are told by other signs than the rest. */
export const roleNames = ['router', 'nat', 'resolver', 'dhcp', 'ntp', 'mail', 'web', 'printer'] as const;
export type Role = (typeof roleNames)[number];

/** Clients that make a server one; a single answer makes one of those that have few clients. */
const clientsNeeded: Readonly<Record<Exclude<Role, 'router' | 'nat'>, number>> = {
  resolver: 5,
  dhcp: 1,
  ntp: 2,
  mail: 2,
  web: 2,
  printer: 1,
};

const portRoles: Readonly<Record<number, Role>> = {
  25: 'mail',
  53: 'resolver',
  67: 'dhcp',
  80: 'web',
  110: 'mail',
  123: 'ntp',
  143: 'mail',
  443: 'web',
  465: 'mail',
  515: 'printer',
  547: 'dhcp',
  587: 'mail',
  631: 'printer',
  853: 'resolver',
  993: 'mail',
  995: 'mail',
  8080: 'web',
  8443: 'web',
  9100: 'printer',
};

/** Words of a server in one role: a bit for each client. */
const CLIENTS0 = 0;
const CLIENTS1 = 1;
/** Words of a host that opens conversations: three times to live with their counts, and counts of operating systems. */
const TTL = 0;
const SYSTEMS = 3;
const WORDS = 4;
const slots = 3;
/** Conversations per time to live, and requests per operating system, that make one sure. */
const sureTtl = 5;
const sureSystem = 3;
/** Six bits each in one word. */
const systems: readonly (readonly [mark: string, shift: number])[] = [
  ['Android', 0],
  ['iPhone', 6],
  ['iPad', 6],
  ['Windows NT', 12],
  ['Macintosh', 18],
  ['Linux', 24],
];
/** Characters of a User-Agent that are looked at. */
const agentLimit = 256;

export class Roles implements Watch {
  readonly moments = moment.opened | moment.answered;
  readonly #hosts: KeyTable;
  readonly #now: Moment;
  readonly #neighbours: Neighbours;
  readonly events = { http: (event: AnyEvent, place: EventPlace): void => this.#agent(event, place) };

  // biome-ignore lint/suspicious/noExplicitAny: options of every shape
  constructor(around: Surroundings<any>) {
    this.#now = around.now;
    this.#neighbours = neighboursOf(around);
    // 4,096 hosts in a role, 48 bytes each: 0.2 MB.
    this.#hosts = around.table({ capacity: 4096, keyWords: 5, words: WORDS, idleSec: 7200 });
  }

  flow(s: FlowSignal): void {
    if (s.isInner) return;
    if (s.moment === moment.answered) this.#serve(s);
    // A source that was hardly heard of before may be forged.
    else if (s.attempts > 2 && s.ttl > 32) this.#originate(s);
  }

  #serve(s: FlowSignal): void {
    const role = portRoles[s.rPort];
    if (role === undefined || (s.proto !== ipProto.tcp && s.proto !== ipProto.udp)) return;
    const row = this.#hosts.claim(this.#now.sec, keyOf(role, s.ipVersion), s.r0, s.r1, s.r2, s.r3);
    if (row < 0) return;
    const bit = hashWords(s.o0, s.o1, s.o2, s.o3) & 63;
    this.#hosts.words[this.#hosts.at(row) + (bit < 32 ? CLIENTS0 : CLIENTS1)] |= 1 << (bit & 31);
    this.#hosts.setWorth(row, 2);
  }

  /** Which times to live come from an address: hosts behind a translator differ in system and in distance. */
  #originate(s: FlowSignal): void {
    if (!isLocalAddress(s.ipVersion, s.o0, s.o1, s.o2, s.o3)) return;
    const row = this.#hosts.claim(this.#now.sec, keyOf('nat', s.ipVersion), s.o0, s.o1, s.o2, s.o3);
    if (row < 0) return;
    const w = this.#hosts.words;
    const at = this.#hosts.at(row) + TTL;
    for (let i = at; i < at + slots; i++) {
      if (w[i] !== 0 && w[i] >>> 16 !== s.ttl) continue;
      if ((w[i] & 0xffff) < 0xffff) w[i] = (s.ttl << 16) | ((w[i] & 0xffff) + 1);
      return;
    }
  }

  #agent(event: AnyEvent, place: EventPlace): void {
    if (place.only === 'log' || typeof event.userAgent !== 'string') return;
    const agent = event.userAgent.slice(0, agentLimit);
    const found = systems.find(([mark]) => agent.includes(mark));
    if (found === undefined || !isLocalAddress(place.ipVersion, place.c0, place.c1, place.c2, place.c3)) return;
    const key = keyOf('nat', place.ipVersion);
    const row = this.#hosts.claim(this.#now.sec, key, place.c0, place.c1, place.c2, place.c3);
    if (row < 0) return;
    const at = this.#hosts.at(row) + SYSTEMS;
    const [, shift] = found;
    if (((this.#hosts.words[at] >>> shift) & 63) < 63) this.#hosts.words[at] += 1 << shift;
  }

  /** Whether a host has a role. What was not seen is not known: false says nothing. */
  has(role: Role, ipVersion: number, w0: number, w1: number, w2: number, w3: number): boolean {
    if (role === 'router') return this.isRouter(ipVersion, w0, w1, w2, w3);
    if (role === 'nat') return this.isNat(ipVersion, w0, w1, w2, w3);
    return this.clients(role, ipVersion, w0, w1, w2, w3) >= clientsNeeded[role];
  }

  /** About how many clients a server answered in a role (a sketch of 64 bits: exact for few, good to about 150). */
  clients(role: Role, ipVersion: number, w0: number, w1: number, w2: number, w3: number): number {
    const row = this.#hosts.find(keyOf(role, ipVersion), w0, w1, w2, w3);
    if (row < 0) return 0;
    const at = this.#hosts.at(row);
    const empty = 64 - bits(this.#hosts.words[at + CLIENTS0]) - bits(this.#hosts.words[at + CLIENTS1]);
    return Math.round(64 * Math.log(64 / Math.max(1, empty)));
  }

  /** Passes on what others send: its MAC address carries hosts elsewhere, or claims several addresses. */
  isRouter(ipVersion: number, w0: number, w1: number, w2: number, w3: number): boolean {
    const known = this.#neighbours;
    const row = known.find(ipVersion, -1, w0, w1, w2, w3);
    return row >= 0 && known.isRouter(known.mac0(row), known.mac1(row));
  }

  /** Several hosts speak with this address: three different times to live, or two operating systems. */
  isNat(ipVersion: number, w0: number, w1: number, w2: number, w3: number): boolean {
    const row = this.#hosts.find(keyOf('nat', ipVersion), w0, w1, w2, w3);
    if (row < 0) return false;
    const w = this.#hosts.words;
    const at = this.#hosts.at(row);
    let ttls = 0;
    for (let i = at + TTL; i < at + TTL + slots; i++) if ((w[i] & 0xffff) >= sureTtl) ttls++;
    let kinds = 0;
    for (let shift = 0; shift < 30; shift += 6) if (((w[at + SYSTEMS] >>> shift) & 63) >= sureSystem) kinds++;
    return ttls >= slots || kinds >= 2;
  }

  /** How much more than a single host an address may do before it is strange. */
  sourceFactor(ipVersion: number, w0: number, w1: number, w2: number, w3: number): number {
    return this.isNat(ipVersion, w0, w1, w2, w3) ? 4 : 1;
  }

  /** Likewise for name queries: a resolver asks for all of its clients. */
  nameFactor(ipVersion: number, w0: number, w1: number, w2: number, w3: number): number {
    const clients = this.clients('resolver', ipVersion, w0, w1, w2, w3);
    return clients >= clientsNeeded.resolver ? clients : 1;
  }

  /** All roles that are known, ordered by address and role. */
  list(): readonly { readonly ip: string; readonly role: Role }[] {
    const hosts = this.#hosts;
    const all: { ip: string; role: Role }[] = [];
    for (let row = 0; row < hosts.capacity; row++) {
      if (!hosts.isUsed(row)) continue;
      const key = hosts.key(row, 0);
      const role = roleNames[key >>> 4];
      const at = [key & 15, hosts.key(row, 1), hosts.key(row, 2), hosts.key(row, 3), hosts.key(row, 4)] as const;
      if (this.has(role, ...at)) all.push({ ip: formatAddress(...at), role });
    }
    return all.sort((a, b) => (a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : a.role < b.role ? -1 : 1));
  }
}

const keyOf = (role: Role, ipVersion: number): number => (roleNames.indexOf(role) << 4) | ipVersion;

function bits(word: number): number {
  let n = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) n++;
  return n;
}

/** The one that all detectors share. */
// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export function rolesOf(around: Surroundings<any>): Roles {
  return around.learner('roles', () => new Roles(around));
}
