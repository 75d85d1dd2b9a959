// Feeds a conversation that is carried inside another one: decrypted bytes.

import { type InnerTalk, otherSide, type Side } from '../protocols/protocol.ts';
import type { FlowTalk } from './flow-talk.ts';

export class Inside implements InnerTalk {
  readonly #talk: FlowTalk;
  readonly #around: FlowTalk;
  /** How the sides lay when it was opened: what it finds out itself is its own matter. */
  readonly #isSwapped: boolean;

  constructor(talk: FlowTalk, around: FlowTalk) {
    this.#talk = talk;
    this.#around = around;
    this.#isSwapped = talk.isSwapped;
  }

  data(side: Side, bytes: Uint8Array, at: number, end: number): void {
    this.#now();
    this.#talk.stream(this.#from(side), bytes, at, end);
    if (this.#talk.isOver) this.#talk.release();
  }
  gap(side: Side, missing: number): void {
    this.#now();
    this.#talk.streamGap(this.#from(side), missing);
  }
  end(): void {
    this.#now();
    this.#talk.finish();
  }

  /** A talk tells sides as it sees them; a conversation is fed by who sent. */
  #from(side: Side): Side {
    return this.#isSwapped ? otherSide(side) : side;
  }

  #now(): void {
    this.#talk.timeUs = this.#around.timeUs;
    this.#talk.packet = this.#around.packet;
  }
}
