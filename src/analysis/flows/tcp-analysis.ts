// The TCP analysis of all flows of a table: memory, counters and the counts of each direction. What the notes mean, and how
// a direction lies in memory, stands with the rules.

import type { Packet } from '../../core/packet.ts';
import { COUNTS, judge, LAST_AT, passOrdinary, stateWords, tcpNextWord, tcpNote } from './tcp-analysis-rules.ts';

export { tcpNote };

/** Segments per note, over all flows. A segment counts under each of its notes. */
export type TcpCounters = { readonly [note in keyof typeof tcpNote]: number };

/** Columns of the counts kept per direction of a row; `retransmissions` holds plain, fast and spurious ones. */
export const tcpCount = {
  retransmissions: 0,
  outOfOrder: 1,
  lostSegments: 2,
  duplicateAcks: 3,
  zeroWindows: 4,
} as const;

const noteNames = Object.keys(tcpNote) as (keyof typeof tcpNote)[];
const repetition = tcpNote.retransmission | tcpNote.fastRetransmission | tcpNote.spuriousRetransmission;

/**
 * Where the state of rows lies: both directions of row r, two times {@link tcpStateWords} words, begin at word
 * `r * stride + at`. Multiples of 32 for both keep them one pair of cache lines.
 */
export interface TcpPlace {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly stride: number;
  readonly at: number;
}

/** Memory of its own for rows 0‥capacity-1, resident only where touched. */
export function tcpMemory(capacity: number): TcpPlace {
  const memory = new ArrayBuffer(capacity * 2 * stateWords * 4);
  return { words: new Int32Array(memory), doubles: new Float64Array(memory), stride: 2 * stateWords, at: 0 };
}

/** TCP sequence analysis of the rows of a table. Never throws. */
export class TcpAnalysis {
  readonly #words: Int32Array;
  readonly #times: Float64Array;
  /** Segments per note, by the number of its bit. */
  readonly #noted = new Float64Array(noteNames.length);

  readonly #stride: number;
  readonly #at: number;

  constructor(place: TcpPlace) {
    this.#words = place.words;
    this.#times = place.doubles;
    this.#stride = place.stride;
    this.#at = place.at;
  }

  /** Forgets the row, counts included: a new conversation begins on it. Not needed before the first. */
  reset(row: number): void {
    const a = row * this.#stride + this.#at;
    this.#words.fill(0, a, a + 2 * stateWords);
  }

  /** Segments per note since construction, as of now. */
  get counters(): TcpCounters {
    return Object.fromEntries(noteNames.map((name, i) => [name, this.#noted[i]])) as TcpCounters;
  }

  /** One count (a `tcpCount` column) of what direction `dir` of the row has sent. */
  count(row: number, dir: number, column: number): number {
    return this.#words[row * this.#stride + this.#at + dir * stateWords + COUNTS + column] >>> 0;
  }

  /** The highest byte that direction `dir` of the row has sent, plus one; 0 when not known. */
  next(row: number, dir: number): number {
    return this.#words[row * this.#stride + this.#at + dir * stateWords + tcpNextWord];
  }

  /** When direction `dir` of the row sent last, 0 when never. */
  lastUs(row: number, dir: number): number {
    return this.#times[((row * this.#stride + this.#at + dir * stateWords) >> 1) + LAST_AT];
  }

  /** Segments that acknowledge what was not captured, and those behind a hole, over all flows. */
  get ackedUnseen(): number {
    return this.#noted[noteNames.indexOf('ackLostSegment')];
  }
  get behindHoles(): number {
    return this.#noted[noteNames.indexOf('lostSegment')];
  }

  /**
   * Judges one segment of direction `dir` and learns from it. Returns `tcpNote` bits, 0 when there is nothing to note.
   * A SYN that cannot belong to the conversation known starts over by itself; the counts of the row stay then.
   */
  see(row: number, dir: 0 | 1, p: Packet): number {
    const f = row * this.#stride + this.#at + dir * stateWords;
    const w = this.#words;
    const t = this.#times;
    if (passOrdinary(w, t, f, p)) return 0;
    const note = judge(w, t, f, p);
    if (note !== 0) this.#tally(f, note);
    return note;
  }

  #tally(f: number, note: number): void {
    const n = this.#noted;
    for (let rest = note; rest !== 0; rest &= rest - 1) n[31 - Math.clz32(rest & -rest)]++;
    const w = this.#words;
    const at = f + COUNTS;
    if ((note & repetition) !== 0) w[at + tcpCount.retransmissions]++;
    if ((note & tcpNote.outOfOrder) !== 0) w[at + tcpCount.outOfOrder]++;
    if ((note & tcpNote.lostSegment) !== 0) w[at + tcpCount.lostSegments]++;
    if ((note & tcpNote.duplicateAck) !== 0) w[at + tcpCount.duplicateAcks]++;
    if ((note & tcpNote.zeroWindow) !== 0) w[at + tcpCount.zeroWindows]++;
  }
}
