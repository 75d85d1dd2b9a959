// What binary messages of a WebSocket carry: often a connection of its own (SSH, TLS) behind a web server.

import type { Conversation, InnerTalk, Side } from '../protocol.ts';

/** Bytes of both sides that are looked at: enough for a handshake and a login. */
const carriedLimit = 262_144;

/** The contents of a WebSocket's binary messages as a conversation. */
export class Carried {
  readonly #inside: InnerTalk;
  /** Masking key of the frame each side is in, and how many of its bytes have passed, modulo 4. */
  readonly #masks: [number, number] = [0, 0];
  readonly #phases: [number, number] = [0, 0];
  #room = carriedLimit;

  constructor(conversation: Conversation) {
    this.#inside = conversation.inner(null);
  }

  /** A frame begins. */
  frame(side: Side, mask: number): void {
    this.#masks[side] = mask;
    this.#phases[side] = 0;
  }

  /** Its payload, as it comes. */
  data(side: Side, b: Uint8Array, at: number, end: number): void {
    if (this.#room <= 0) return;
    this.#room -= end - at;
    const mask = this.#masks[side];
    if (mask === 0) this.#inside.data(side, b, at, end);
    else {
      const plain = new Uint8Array(end - at);
      let phase = this.#phases[side];
      for (let i = 0; i < plain.length; i++) {
        plain[i] = b[at + i] ^ (mask >>> (24 - 8 * phase));
        phase = (phase + 1) & 3;
      }
      this.#phases[side] = phase;
      this.#inside.data(side, plain, 0, plain.length);
    }
    if (this.#room <= 0) this.#inside.end();
  }

  /** Nothing more comes, or where it goes on is not known. */
  end(): void {
    if (this.#room > 0) this.#inside.end();
    this.#room = 0;
  }
}
