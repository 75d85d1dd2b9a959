// The book of logins that failed: one row per client, server and service, shared by all detectors of this family.
//
//   words    failures | raised | successes | success second | last second | sessions | server port | proto, IP version
//            client 4 | server 4 | times of 16 failures, ms since the first | of 8 failed sessions | 8 packets, since the first
//   doubles  time and packet of the first failure

import { communityId, formatAddress } from '../../../core/index.ts';
import { type DistinctPool, hashText, hashWords, type KeyTable } from '../../sketches/index.ts';
import type { Surroundings } from '../detector.ts';
import { type Attempt, type Service, services } from './attempt.ts';

const FAILURES = 0;
const RAISED = 1;
const SUCCESSES = 2;
const SUCCESS_SEC = 3;
const LAST_SEC = 4;
const SESSIONS = 5;
const PORT = 6;
const KIND = 7;
const CLIENT = 8;
const SERVER = 12;
const TIMES = 16;
const timesMost = 16;
const SESSION_TIMES = TIMES + timesMost;
const sessionsMost = 8;
const PACKETS = SESSION_TIMES + sessionsMost;
const packetsMost = 8;
const rowWords = PACKETS + packetsMost;
const FIRST_US = 0;
const FIRST_PACKET = 1;
/** Seconds without a failure after which counting begins anew, unless an alert was raised. */
export const memorySec = 1800;

/** So many that failed are a spray: who gets in then need not have failed before. */
const manyUsers = 10;

/** Hears of every try, after it was written down; `row` is where. */
export type Listener = (attempt: Attempt, row: number) => void;

export class Ledger {
  readonly #rows: KeyTable;
  readonly #users: DistinctPool;
  readonly #tried: Listener[] = [];
  readonly #guessed: Listener[] = [];

  /** 4,096 rows: 0.8 MB, and as many counters of user names. */
  constructor(around: Pick<Surroundings, 'table' | 'distinct'>) {
    this.#rows = around.table({ capacity: 4096, keyWords: 5, words: rowWords, doubles: 2, idleSec: memorySec });
    this.#users = around.distinct(this.#rows);
  }

  onTried(listener: Listener): void {
    this.#tried.push(listener);
  }

  /** Called when the tries of a row were first found to be too many. */
  onGuessed(listener: Listener): void {
    this.#guessed.push(listener);
  }

  /** Writes down a try and gives its row, -1 when there is no room. A success where nothing failed is not written down. */
  note(attempt: Attempt, sec: number, wantsSuccess = false): number {
    const row =
      attempt.isSuccess && !wantsSuccess
        ? this.#rows.find(...keyOf(attempt))
        : this.#rows.claim(sec, ...keyOf(attempt));
    if (row < 0) return row;
    const w = this.#rows.words;
    const at = this.#rows.at(row);
    if (w[at + KIND] === 0) this.#begin(at, attempt);
    if (attempt.isSuccess) {
      w[at + SUCCESSES]++;
      w[at + SUCCESS_SEC] = sec;
    } else this.#failed(row, at, attempt, sec);
    for (const listener of this.#tried) listener(attempt, row);
    return row;
  }

  /** The row of a try's client, server and service; -1 when it has none. */
  find(attempt: Attempt): number {
    return this.#rows.find(...keyOf(attempt));
  }

  #begin(at: number, attempt: Attempt): void {
    const w = this.#rows.words;
    w[at + KIND] = attempt.proto | (attempt.ipVersion << 8);
    for (let i = 0; i < 4; i++) {
      w[at + CLIENT + i] = attempt.client[i];
      w[at + SERVER + i] = attempt.server[i];
    }
    w[at + PORT] = attempt.sPort;
  }

  #failed(row: number, at: number, attempt: Attempt, sec: number): void {
    const w = this.#rows.words;
    const d = this.#rows.doubles;
    const q = row * this.#rows.doublesPerRow;
    if (w[at + RAISED] === 0 && sec - w[at + LAST_SEC] > memorySec) this.forget(row);
    if (w[at + FAILURES] === 0) {
      d[q + FIRST_US] = attempt.timeUs;
      d[q + FIRST_PACKET] = attempt.packet;
    }
    const n = w[at + FAILURES]++;
    w[at + LAST_SEC] = sec;
    w[at + TIMES + (n % timesMost)] = msBetween(d[q + FIRST_US], attempt.timeUs);
    if (n < packetsMost) w[at + PACKETS + n] = Math.min(0x7fffffff, attempt.packet - d[q + FIRST_PACKET]);
    if (attempt.user !== '') this.#users.add(row, hashText(attempt.user));
    this.#rows.setWorth(row, Math.min(0x7fffffff, w[at + FAILURES] + (w[at + RAISED] > 0 ? 1000 : 0)));
  }

  /** A connection ended without a login. */
  sessionFailed(row: number, timeUs: number): void {
    const w = this.#rows.words;
    const at = this.#rows.at(row);
    const n = w[at + SESSIONS]++;
    const firstUs = this.#rows.doubles[row * this.#rows.doublesPerRow + FIRST_US];
    w[at + SESSION_TIMES + (n % sessionsMost)] = msBetween(firstUs, timeUs);
  }

  /** Takes back failures that turned out to belong to a login that went well in the end. */
  forgive(row: number, count: number): void {
    const w = this.#rows.words;
    const at = this.#rows.at(row);
    if (w[at + RAISED] === 0) w[at + FAILURES] = Math.max(0, w[at + FAILURES] - count);
  }

  forget(row: number): void {
    const w = this.#rows.words;
    const at = this.#rows.at(row);
    w[at + FAILURES] = 0;
    w[at + SESSIONS] = 0;
    this.#users.clear(row);
  }

  failures(row: number): number {
    return this.#rows.words[this.#rows.at(row) + FAILURES];
  }

  successes(row: number): number {
    return this.#rows.words[this.#rows.at(row) + SUCCESSES];
  }

  successSec(row: number): number {
    return this.#rows.words[this.#rows.at(row) + SUCCESS_SEC];
  }

  lastSec(row: number): number {
    return this.#rows.words[this.#rows.at(row) + LAST_SEC];
  }

  raised(row: number): number {
    return this.#rows.words[this.#rows.at(row) + RAISED];
  }

  /** Different user names among the failures. */
  users(row: number): number {
    return this.#users.count(row);
  }

  /** Whether the user is among those that failed; true when that is not known. */
  hasFailed(row: number, user: string): boolean {
    const users = this.#users.count(row);
    return user === '' || users === 0 || users >= manyUsers || this.#users.has(row, hashText(user));
  }

  /** Whether the last `count` failures (16 at the most) came within so many seconds. */
  isWithin(row: number, count: number, sec: number): boolean {
    return this.#isDense(this.#rows.at(row), FAILURES, TIMES, timesMost, count, sec);
  }

  /** Whether the last `count` failed sessions (8 at the most) came within so many seconds. */
  areSessionsWithin(row: number, count: number, sec: number): boolean {
    return this.#isDense(this.#rows.at(row), SESSIONS, SESSION_TIMES, sessionsMost, count, sec);
  }

  #isDense(at: number, counter: number, ring: number, size: number, count: number, sec: number): boolean {
    const w = this.#rows.words;
    const n = w[at + counter];
    const some = Math.min(Math.max(1, Math.ceil(count)), size);
    if (n < count || n < some) return false;
    return w[at + ring + ((n - 1) % size)] - w[at + ring + ((n - some) % size)] <= sec * 1000;
  }

  /** Marks a row as told with as many failures as there are now; tells who listens when it is the first time. */
  raise(row: number, attempt: Attempt): void {
    const w = this.#rows.words;
    const at = this.#rows.at(row);
    const isFirst = w[at + RAISED] === 0;
    w[at + RAISED] = w[at + FAILURES];
    this.#rows.setWorth(row, 1_000_000);
    if (isFirst) for (const listener of this.#guessed) listener(attempt, row);
  }

  /** Rows of a service whose alert has older numbers than they. */
  newer(service: Service): number[] {
    const rows = [];
    for (let row = 0; row < this.#rows.capacity; row++) {
      if (!this.#rows.isUsed(row) || this.#rows.key(row, 0) >>> 8 !== services.indexOf(service)) continue;
      const at = this.#rows.at(row);
      if (this.#rows.words[at + RAISED] > 0 && this.#rows.words[at + FAILURES] > this.#rows.words[at + RAISED])
        rows.push(row);
    }
    return rows;
  }

  client(row: number): string {
    return this.#address(row, CLIENT);
  }

  server(row: number): string {
    return this.#address(row, SERVER);
  }

  #address(row: number, from: number): string {
    const w = this.#rows.words;
    const at = this.#rows.at(row);
    const a = at + from;
    return formatAddress(w[at + KIND] >>> 8, w[a], w[a + 1], w[a + 2], w[a + 3]);
  }

  port(row: number): number {
    return this.#rows.words[this.#rows.at(row) + PORT];
  }

  proto(row: number): number {
    return this.#rows.words[this.#rows.at(row) + KIND] & 255;
  }

  firstUs(row: number): number {
    return this.#rows.doubles[row * this.#rows.doublesPerRow + FIRST_US];
  }

  firstPacket(row: number): number {
    return this.#rows.doubles[row * this.#rows.doublesPerRow + FIRST_PACKET];
  }

  /** Packets of the first failures. */
  packets(row: number): number[] {
    const at = this.#rows.at(row);
    const first = this.firstPacket(row);
    const count = Math.min(packetsMost, this.failures(row));
    return Array.from({ length: count }, (_, i) => first + this.#rows.words[at + PACKETS + i]);
  }
}

function keyOf({
  service,
  ipVersion,
  client: c,
  server: s,
}: Attempt): readonly [number, number, number, number, number] {
  const kind = (services.indexOf(service) << 8) | ipVersion;
  if (ipVersion === 4) return [kind, c[0], 0, s[0], 0];
  return [
    kind,
    hashWords(c[0], c[1], c[2], c[3]),
    hashWords(c[3], c[2], c[1], c[0], 1),
    hashWords(s[0], s[1], s[2], s[3]),
    hashWords(s[3], s[2], s[1], s[0], 1),
  ];
}

const msBetween = (fromUs: number, toUs: number): number =>
  Math.max(-0x7fffffff, Math.min(0x7fffffff, Math.round((toUs - fromUs) / 1000)));

/** The one ledger of a run; counted under the detector that asks first. */
export function openLedger(around: Pick<Surroundings, 'table' | 'distinct' | 'shared'>): Ledger {
  return around.shared('logins', () => new Ledger(around));
}

/** Community ID of the connection a try came by. */
export function communityOfAttempt({ ipVersion, client: c, server: s, proto, cPort, sPort }: Attempt): string {
  return communityId(ipVersion, c[0], c[1], c[2], c[3], s[0], s[1], s[2], s[3], proto, cPort, sPort);
}
