// What detectors hear of the book of tries.

import type { FlowSignal } from '../../../../../core/index.ts';

/** What a detector hears of the book; the slot is read with the book's getters. */
export interface BookReader {
  /** One more port of a host, or host of a port, was tried. Told only from `least` on. */
  host?(s: FlowSignal, slot: Slot): void;
  port?(s: FlowSignal, slot: Slot): void;
  /** A try failed that had not failed before: refused, or silent for 5 s. `row` is its source's. */
  failure?(s: FlowSignal, row: number): void;
  /** Any try that failed or was answered, first or not; without a row. */
  outcome?(s: FlowSignal, isAnswered: boolean): void;
  /** A slot of which something was told is given up, or the input is over. `key` is the hash it was made for. */
  over?(slot: Slot, key: number): void;
}

/** One host or one port that a source tries; reused. */
export class Slot {
  row = 0;
  /** Number of the slot in its row: hosts first. */
  index = 0;
  /** Different ports (or hosts) tried without an answer, and how many of the ports are below 1024. */
  count = 0;
  system = 0;
  /** True: a host, whose ports are counted; false: a port, whose hosts are. */
  isHost = true;
  answered = 0;
  refused = 0;
  sinceSec = 0;
  lastSec = 0;
  /** What `told` was set to last. */
  told = 0;
  firstUs = 0;
  firstPacket = 0;
}
