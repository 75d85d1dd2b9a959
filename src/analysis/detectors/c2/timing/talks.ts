// How conversations go on after a silence: who breaks it, with how much, and how even the silences are. Shared.
//
//   words    wakes of each side 2 | bytes of each side up to then 2 | told 2 | ring position | hundredths of seconds
//            between wakes of the originator, 32
//   doubles  last wake of the originator; what each side had sent at the last wake 2

import type { FlowSignal } from '../../../../core/index.ts';
import type { KeyTable } from '../../../sketches/index.ts';
import type { Surroundings } from '../../detector.ts';
import { medianOf, spreadOf } from './statistics.ts';

const WAKES = 0;
const LARGEST = 2;
const TOLD = 4;
const GAPS = 6;
const RING = 7;
const ring = 32;
const LAST_US = 0;
const BYTES = 1;

/** Detectors that look; each remembers what it told. */
export const lookers = { inflow: 0, shell: 1 } as const;

export class TalkBeats {
  readonly #rows: KeyTable;
  readonly #numbers = new Float64Array(ring);
  /** The packet that was noted last, as several detectors note each. */
  #noted = Number.NaN;
  #notedId = Number.NaN;
  #row = -1;

  /** 2,048 rows of 196 bytes: 0.4 MB. */
  constructor(around: Pick<Surroundings, 'table'>) {
    this.#rows = around.table({ capacity: 2048, keyWords: 2, words: RING + ring, doubles: 3, idleSec: 600 });
  }

  /** Takes a wake, once, however many ask; gives the row, -1 when there is no room. */
  note(s: FlowSignal, sec: number): number {
    if (s.packet === this.#noted && s.id === this.#notedId) return this.#row;
    this.#noted = s.packet;
    this.#notedId = s.id;
    const row = this.#rows.claim(sec, s.id | 0, Math.floor(s.id / 2 ** 32));
    this.#row = row;
    if (row < 0) return row;
    const w = this.#rows.words;
    const at = this.#rows.at(row);
    const d = row * this.#rows.doublesPerRow;
    const numbers = this.#rows.doubles;
    const wakes = ++w[at + WAKES + s.side];
    if (w[at + WAKES] + w[at + WAKES + 1] > 1) {
      // What was said since the last wake.
      w[at + LARGEST] = Math.max(w[at + LARGEST], s.oPayload - numbers[d + BYTES]);
      w[at + LARGEST + 1] = Math.max(w[at + LARGEST + 1], s.rPayload - numbers[d + BYTES + 1]);
    }
    numbers[d + BYTES] = s.oPayload;
    numbers[d + BYTES + 1] = s.rPayload;
    if (s.side === 0) {
      if (wakes > 1) {
        const gap = Math.min(0x7fffffff, Math.max(0, (s.timeUs - numbers[d + LAST_US]) / 1e4));
        w[at + RING + (w[at + GAPS]++ % ring)] = gap;
      }
      numbers[d + LAST_US] = s.timeUs;
    }
    this.#rows.setWorth(row, w[at + WAKES] + w[at + WAKES + 1]);
    return row;
  }

  wakes(row: number, side: 0 | 1): number {
    return this.#rows.words[this.#rows.at(row) + WAKES + side];
  }

  /** The most that a side said between two silences. */
  largest(row: number, side: 0 | 1): number {
    return this.#rows.words[this.#rows.at(row) + LARGEST + side];
  }

  told(row: number, looker: number): number {
    return this.#rows.words[this.#rows.at(row) + TOLD + looker];
  }

  setTold(row: number, looker: number, count: number): void {
    this.#rows.words[this.#rows.at(row) + TOLD + looker] = count;
  }

  /** Median of the originator's intervals in seconds, and how far they stray. */
  rhythm(row: number): readonly [intervalSec: number, spread: number] {
    const w = this.#rows.words;
    const at = this.#rows.at(row);
    const kept = Math.min(w[at + GAPS], ring);
    for (let i = 0; i < kept; i++) this.#numbers[i] = w[at + RING + i];
    const median = medianOf(this.#numbers, kept);
    return [median / 100, spreadOf(this.#numbers, kept, median)];
  }
}

export function openTalkBeats(around: Pick<Surroundings, 'table' | 'shared'>): TalkBeats {
  return around.shared('c2.talks', () => new TalkBeats(around));
}
