// What the detectors of Windows networks share: calls by name, steps of one host toward another within a while.

import type { AnyEvent, EventPlace } from '../../../core/index.ts';
import { hashWords, type KeyTable } from '../../sketches/index.ts';
import type { Surroundings } from '../detector.ts';

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
export const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** `svcctl CreateServiceW` of a call that was told as a whole; empty for what is none. */
export function callOf(event: AnyEvent, at: EventPlace): string {
  return at.only === 'log' && event.endpoint !== undefined
    ? `${textOf(event.endpoint)} ${textOf(event.operation)}`
    : '';
}

/** The last part of a share's path: `ADMIN$` of `\\\\host\\ADMIN$`. */
export function shareName(path: unknown): string {
  const text = textOf(path);
  return text.slice(text.lastIndexOf('\\') + 1).toUpperCase();
}

/** Shares that only administrators may use. */
export const isAdminShare = (path: unknown): boolean => /^(?:ADMIN|[A-Z])\$$/.test(shareName(path));
/** What Windows runs when told to. */
export const isProgramFile = (name: unknown): boolean =>
  /\.(?:exe|dll|bat|cmd|ps1|vbs|sys|scr|msi|hta|js|com)$/i.test(textOf(name));

const BITS = 0;
const RAISED = 1;
const COUNT = 2;
const SINCE = 3;
const FIRST_US = 0;
const FIRST_PACKET = 1;

/** Steps that a client takes toward a server. Reused. */
export interface Steps {
  /** All bits that were set. */
  bits: number;
  /** Bits that were set when it was told last. */
  told: number;
  count: number;
  firstUs: number;
  firstPacket: number;
}

/** Remembers steps by client and server, as bits, and forgets them after a while. */
export class StepTable {
  readonly #table: KeyTable;
  readonly #around: Pick<Surroundings, 'now'>;
  readonly #windowSec: number;
  readonly #steps: Steps = { bits: 0, told: 0, count: 0, firstUs: 0, firstPacket: 0 };
  #row = -1;

  constructor(around: Pick<Surroundings, 'now' | 'table'>, windowSec: number, capacity = 256) {
    this.#around = around;
    this.#windowSec = windowSec;
    this.#table = around.table({ capacity, keyWords: 6, words: 4, doubles: 2, idleSec: windowSec });
  }

  /** One more step; null when there is no room to remember it. */
  step(at: EventPlace, bit: number): Steps | null {
    const table = this.#table;
    const { sec } = this.#around.now;
    const client = hashWords(at.c0, at.c1, at.c2, at.c3);
    const row = table.claim(sec, at.s0, at.s1, at.s2, at.s3, client, at.ipVersion);
    this.#row = row;
    if (row < 0) return null;
    const w = table.words;
    const o = table.at(row);
    const d = row * table.doublesPerRow;
    if (w[o + COUNT] === 0 || sec - w[o + SINCE] > this.#windowSec) {
      w.fill(0, o, o + 4);
      w[o + SINCE] = sec;
      table.doubles[d + FIRST_US] = at.timeUs;
      table.doubles[d + FIRST_PACKET] = at.packet;
    }
    w[o + BITS] |= bit;
    w[o + COUNT]++;
    table.setWorth(row, w[o + COUNT]);
    const steps = this.#steps;
    steps.bits = w[o + BITS];
    steps.told = w[o + RAISED];
    steps.count = w[o + COUNT];
    steps.firstUs = table.doubles[d + FIRST_US];
    steps.firstPacket = table.doubles[d + FIRST_PACKET];
    return steps;
  }

  /** The steps of the last call were told. */
  told(): void {
    if (this.#row < 0) return;
    const o = this.#table.at(this.#row);
    this.#table.words[o + RAISED] = this.#table.words[o + BITS];
  }
}
