// Which ARP questions (RFC 826) were answered, and how long others have been waiting.

import type { KeyTable } from '../../../sketches/index.ts';
import type { Surroundings } from '../../detector.ts';
import type { ArpMessage } from './arp-message.ts';

/** Words of a question: when it was asked first since its last answer, how often, when it was answered, whether ever. */
const FIRST_SEC = 0;
const ASKED = 1;
const ANSWERED_SEC = 2;
const EVER = 3;
const WORDS = 4;

/** Seconds in which an answer belongs to its question. */
const answerSec = 10;

export class Questions {
  readonly #arp: ArpMessage;
  readonly #table: KeyTable;

  constructor(arp: ArpMessage, table: Surroundings['table']) {
    this.#arp = arp;
    // Who asks for whom in which VLAN: 4,096 of 40 bytes, 0.16 MB.
    this.#table = table({ capacity: 4096, keyWords: 3, words: WORDS, idleSec: 600 });
  }

  /** Counts the question at hand. */
  ask(sec: number): void {
    const { vlan, senderIp, targetIp } = this.#arp;
    const row = this.#table.claim(sec, vlan, senderIp, targetIp);
    if (row < 0) return;
    const at = this.#table.at(row);
    const w = this.#table.words;
    if (w[at + ASKED] === 0) w[at + FIRST_SEC] = sec;
    if (w[at + ASKED] < 1e9) w[at + ASKED]++;
  }

  /** Whether the reply at hand has a question that was asked or answered a moment ago. */
  answer(sec: number): boolean {
    const { vlan, senderIp, targetIp } = this.#arp;
    const row = this.#table.find(vlan, targetIp, senderIp);
    if (row < 0) return false;
    const at = this.#table.at(row);
    const w = this.#table.words;
    const isFresh = sec - this.#table.lastSec(row) <= answerSec || sec - w[at + ANSWERED_SEC] <= answerSec;
    w[at + ASKED] = 0;
    w[at + ANSWERED_SEC] = sec;
    w[at + EVER] = 1;
    return isFresh;
  }

  /** How often the question at hand was asked without an answer; -1 when it is not known. */
  get unanswered(): number {
    const { vlan, senderIp, targetIp } = this.#arp;
    const row = this.#table.find(vlan, senderIp, targetIp);
    return row < 0 ? -1 : this.#table.words[this.#table.at(row) + ASKED];
  }

  /** Seconds since it was asked for the first time without an answer. */
  waiting(sec: number): number {
    const { vlan, senderIp, targetIp } = this.#arp;
    const row = this.#table.find(vlan, senderIp, targetIp);
    return row < 0 ? 0 : sec - this.#table.words[this.#table.at(row) + FIRST_SEC];
  }

  /** Seconds since one address had an answer to its question for another; infinite when it had none. */
  answerAge(sec: number, vlan: number, from: number, to: number): number {
    const row = this.#table.find(vlan, from, to);
    if (row < 0) return Number.POSITIVE_INFINITY;
    const at = this.#table.at(row);
    const w = this.#table.words;
    return w[at + EVER] === 0 ? Number.POSITIVE_INFINITY : sec - w[at + ANSWERED_SEC];
  }
}
